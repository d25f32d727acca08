"""Who sends a mail: one process, which says so before; and what is known of a mail whose sender was killed.

Three steps are written down, each committed before the next one begins: SENDING under a Message-ID; that its end is said next; how that
ended. Killed between the first and the second, the mail is in no mailbox, and is tried again. Killed between the second and the third
(the time of one answer), nobody but the server knows: it is held for a person, with its Message-ID, and never sent again by itself.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.notifications.mail import tables
from contor.notifications.mail.configuration import Posting, configured, posting_of
from contor.notifications.mail.kinds import KINDS, TO_CUSTOMERS
from contor.notifications.mail.letters import follow
from contor.notifications.mail.message import message_id_of
from contor.notifications.mail.queue import MailFile, Own, opened
from contor.notifications.mail.sending.plan import Outcome, after
from contor.notifications.mail.templates import Values, Wording, wording_chosen, wordings_of
from contor.notifications.mail.work import MAILING
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BEGIN_SECONDS = 150
"""For so long a mail is its sender's before its end is said: longer than connection and conversation may take."""
OF_INSTALLATION = frozenset({"USER_INVITATION", "PASSWORD_RESET"})
UNKNOWN = (
    "Its sender ended, or lost the connection, while the server was told that the mail is complete: whether the server took it is not"
    " known. Look there for the Message-ID; then confirm that it was sent, or resend it."
)
MEGABYTE = 1024 * 1024
MOST_TRIES = 100
"""After which a mail is held whose sender ended each time."""
HELD_AT_ONCE = 1_000
ENDED = "Its sender ended before the mail was handed over."
NO_SERVER = "There is no mail server: neither the configuration nor the installation (CONTOR_SMTP_URL) names one."
NO_TEST_RECIPIENT = "From TEST nothing is mailed to customers: say a testRecipient in the mail configuration, then resend it."


@shape
class ClaimMail:
    holder: str
    seconds: int = BEGIN_SECONDS


@shape
class EndMail:
    mail_ident: str
    holder: str
    seconds: int
    """For so long it is this one's."""


@shape
class RecordMail:
    mail_ident: str
    holder: str
    outcome: Outcome
    answer: str
    subject: str | None = None
    code: int | None = None


class Claimed(NamedTuple):
    """A mail that is to be sent now, with all that it takes."""

    ident: str
    kind: str
    recipient: str
    recipient_name: str | None
    language: str
    facts: Values
    files: Sequence[MailFile]
    posting: Posting
    wording: Wording
    message_id: str
    date: dt.datetime
    most_bytes: int
    is_test: bool
    own: Own


class _Row(NamedTuple):
    ident: str
    kind: str
    recipient: str
    recipient_name: str | None
    language: str
    facts: Mapping[str, object]
    files: Sequence[Mapping[str, object]]
    resends: int
    own: Mapping[str, object] | None
    template_ident: str | None


@operation("mail.claim", permission="notifications.write")
def claim(uow: Uow, command: ClaimMail) -> Claimed | None:
    """The next mail for who sends; None: nothing is due. What was left by who was killed is due again, or held."""
    now = uow.runtime.clock()
    _recover(uow, now)
    while (row := _next(uow, now)) is not None:
        is_test = uow.ctx.environment == "TEST"
        configuration = configured(uow)
        posting = posting_of(uow, is_of_installation=row.kind in OF_INSTALLATION)
        if posting is None:
            _hold(uow, now, NO_SERVER, OF_INSTALLATION if row.kind in OF_INSTALLATION else KINDS.keys() - OF_INSTALLATION)
            continue
        recipient, name, own = row.recipient, row.recipient_name, msgspec.convert(row.own or {}, Own)
        if is_test and row.kind in TO_CUSTOMERS:
            if configuration is None or configuration.test_recipient is None:
                _hold(uow, now, NO_TEST_RECIPIENT, TO_CUSTOMERS)
                continue
            recipient, name, posting = configuration.test_recipient, None, posting._replace(bcc=())
            own = replace(own, cc=(), bcc=())
        message_id = message_id_of(row.ident, row.resends, posting.sender)
        uow.run(
            "UPDATE mail SET status = 'SENDING', reason = NULL, holder = %s, held_until = %s, is_ending = false, message_id = %s,"
            " delivered_to = %s, tries = tries + 1, first_try_at = coalesce(first_try_at, %s), last_modified_at = %s WHERE ident = %s",
            (command.holder, now + dt.timedelta(seconds=command.seconds), message_id, recipient, now, uow.ctx.now(), row.ident),
        )
        megabytes = configuration.most_attachment_megabytes if configuration is not None else 10
        return Claimed(
            row.ident,
            row.kind,
            recipient,
            name,
            row.language,
            opened(uow, row.ident, row.facts),
            [MailFile(str(f["name"]), str(f["media_type"]), str(f["sha256"]), int(str(f["size"]))) for f in row.files],
            posting,
            wording_chosen(uow, row.template_ident) or wordings_of(uow, [(row.kind, row.language)])[row.kind, row.language],
            message_id,
            uow.ctx.now(),
            megabytes * MEGABYTE,
            is_test,
            own,
        )
    return None


def _next(uow: Uow, now: dt.datetime) -> _Row | None:
    return uow.first(
        _Row,
        f"SELECT {columns(_Row)} FROM mail WHERE status = 'WAITING' AND due_at <= %s ORDER BY due_at, ident LIMIT 1 FOR UPDATE SKIP LOCKED",
        (now,),
    )


def _recover(uow: Uow, now: dt.datetime) -> None:
    """Of mails whose sender has said nothing for too long."""
    held = uow.column(
        str,
        "UPDATE mail SET status = 'HELD', reason = %s, holder = NULL, held_until = NULL, is_ending = false, last_modified_at = %s"
        " WHERE status = 'SENDING' AND held_until < %s AND is_ending RETURNING ident",
        (UNKNOWN, uow.ctx.now(), now),
    )
    again = uow.column(
        str,
        "UPDATE mail SET status = CASE WHEN tries < %(most)s THEN 'WAITING' ELSE 'HELD' END, due_at = %(now)s, holder = NULL,"
        " held_until = NULL, reason = %(reason)s, last_modified_at = %(at)s WHERE status = 'SENDING' AND held_until < %(now)s"
        " AND NOT is_ending RETURNING ident",
        {"most": MOST_TRIES, "now": now, "at": uow.ctx.now(), "reason": ENDED},
    )
    if held or again:
        follow(uow, [*held, *again])


def _hold(uow: Uow, now: dt.datetime, reason: str, kinds: Collection[str]) -> None:
    """What is due of these kinds, for they share the trouble: many at once, as there may be very many."""
    held = uow.column(
        str,
        "UPDATE mail SET status = 'HELD', reason = %s, last_modified_at = %s WHERE ident IN (SELECT ident FROM mail"
        " WHERE status = 'WAITING' AND due_at <= %s AND kind = ANY (%s) ORDER BY due_at, ident LIMIT %s FOR UPDATE SKIP LOCKED)"
        " RETURNING ident",
        (reason, uow.ctx.now(), now, sorted(kinds), HELD_AT_ONCE),
    )
    follow(uow, held)


@operation("mail.end", permission="notifications.write")
def say_end(uow: Uow, command: EndMail) -> bool:
    """Write down that the end of a mail is said next; False: it is another one's by now, and nothing may be said."""
    now = uow.runtime.clock()
    until = now + dt.timedelta(seconds=command.seconds)
    sql = "UPDATE mail SET is_ending = true, held_until = %s WHERE ident = %s AND holder = %s AND status = 'SENDING' AND held_until > %s"
    return uow.run(sql, (until, command.mail_ident, command.holder, now)) == 1


class _Tried(NamedTuple):
    tries: int
    first_try_at: dt.datetime


@operation("mail.record", permission="notifications.write")
def record_mail(uow: Uow, command: RecordMail) -> None:
    """Write down how a try ended, and what becomes of the mail. The answer of a server counts, whoever holds the mail by then."""
    now = uow.runtime.clock()
    held = uow.first(
        _Tried,
        "SELECT tries, first_try_at FROM mail WHERE ident = %s AND (holder = %s OR %s) FOR UPDATE",
        (command.mail_ident, command.holder, command.outcome == "SENT"),
    )
    if held is None:
        return
    following = after(command.outcome, held.tries, held.first_try_at, now)
    reason = UNKNOWN if command.outcome == "UNKNOWN" else None if following.status == "SENT" else command.answer
    uow.insert(
        tables.mail_attempt,
        [
            {
                "mail_ident": command.mail_ident,
                "id": uow.next_id(),
                "at": now,
                "outcome": command.outcome,
                "code": command.code,
                "answer": command.answer,
            }
        ],
    )
    uow.run(
        "UPDATE mail SET status = %(status)s, reason = %(reason)s, due_at = coalesce(%(due)s, due_at), holder = NULL, held_until = NULL,"
        " is_ending = false, subject = coalesce(%(subject)s, subject), last_modified_at = %(now)s,"
        " sent_at = CASE WHEN %(status)s = 'SENT' THEN %(now)s::timestamptz ELSE sent_at END,"
        " facts = CASE WHEN %(status)s = 'SENT' AND facts ? 'sealed' THEN '{}'::jsonb ELSE facts END WHERE ident = %(ident)s",
        {
            "status": following.status,
            "reason": reason,
            "due": following.due_at,
            "subject": command.subject,
            "now": uow.ctx.now(),
            "ident": command.mail_ident,
        },
    )
    follow(uow, [command.mail_ident])
    sent_at = uow.ctx.now() if following.status == "SENT" else None
    change = {"status": following.status, "sent_at": sent_at, "outcome": command.outcome, "code": command.code}
    uow.audit("mail", command.mail_ident, change)
    if following.due_at is not None:
        uow.mark(MAILING, max(0, int((following.due_at - now).total_seconds()) + 1))
