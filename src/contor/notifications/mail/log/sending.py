"""Mails that a person wants sent again, what a person knows of one that is held, and what other packages have sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Language
from contor.notifications.mail.addresses import address_problem
from contor.notifications.mail.letters import follow
from contor.notifications.mail.log.listed import MailView, OneMail, get_mail, rows_of
from contor.notifications.mail.queue import SECRET, Wanted, queue_mails
from contor.notifications.mail.work import MAILING
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """What another package has sent: `facts` are what the templates of the kind name."""

    kind: str
    about: str
    recipient: str
    language: Language
    facts: Mapping[str, object]
    recipient_name: str | None = None
    customer_ident: str | None = None
    document_ident: str | None = None
    document_id: int | None = None


@operation("mail.resend", permission="notifications.write")
def resend_mail(uow: Uow, command: OneMail) -> MailView:
    """Send a mail again, whatever became of it, under a Message-ID of its own. One that is just being sent, or waits, is not sent twice."""
    (row,) = rows_of(uow, [command.mail_ident], lock=True)
    if row.status == "SENDING":
        raise Refused(Kind.CONFLICT, Problem("mail_is_sent_just_now", f"The mail to {row.recipient} is being sent just now."))
    if row.kind in SECRET and row.status == "SENT":
        message = "What is good once is sent once, and forgotten then: a new one is asked for."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_is_over", message))
    if (why := address_problem(row.recipient)) is not None:
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_address_invalid", f"{row.recipient} {why}", None, row.recipient))
    again = 0 if row.status == "WAITING" else 1
    uow.run(
        "UPDATE mail SET status = 'WAITING', reason = NULL, due_at = %s, first_try_at = NULL, resends = resends + %s, tries = 0,"
        " last_modified_at = %s WHERE ident = %s",
        (uow.runtime.clock(), again, uow.ctx.now(), row.ident),
    )
    follow(uow, [row.ident])
    uow.audit("mail", row.ident, {"status": "WAITING", "before": row.status})
    uow.mark(MAILING)
    return get_mail(uow, command)


@operation("mail.confirm", permission="notifications.write")
def confirm_mail(uow: Uow, command: OneMail) -> MailView:
    """Say of a mail of which it is not known that the server took it: it is found there under its Message-ID."""
    (row,) = rows_of(uow, [command.mail_ident], lock=True)
    if row.status != "HELD" or row.message_id is None or row.tries == 0:
        message = f"The mail to {row.recipient} is {row.status}: only one that is HELD, and was tried, can be confirmed."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_not_in_doubt", message))
    sql = "UPDATE mail SET status = 'SENT', reason = NULL, sent_at = %s, last_modified_at = %s WHERE ident = %s"
    now = uow.ctx.now()
    uow.run(sql, (now, now, row.ident))
    follow(uow, [row.ident])
    uow.audit("mail", row.ident, {"status": "SENT", "sent_at": now, "before": row.status, "confirmed": True})
    return get_mail(uow, command)


@operation("mail.send", permission="notifications.write")
def send_mail(uow: Uow, command: SendMail) -> str | None:
    """Send something to one recipient, once about a thing; its ident, None: it is in the queue already."""
    mail = Wanted(
        kind=command.kind,
        about=command.about,
        recipient=command.recipient,
        recipient_name=command.recipient_name,
        language=command.language,
        facts=command.facts,
        customer_ident=command.customer_ident,
        document_ident=command.document_ident,
        document_id=command.document_id,
    )
    made = queue_mails(uow, [mail])
    for ident in made.values():
        uow.audit("mail", ident, {"kind": mail.kind, "about": mail.about})
    return next(iter(made.values()), None)
