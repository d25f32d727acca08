"""Letters of dunning say how the mails with them stand: dunning does not know of mail."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from contor.customers.emails import readers
from contor.dunning.events import LettersFiled, LettersMade, LettersWithdrawn
from contor.dunning.letters import Posted, write_posted
from contor.dunning.queries import letters_told
from contor.kernel.events import on
from contor.notifications.mail.configuration import configured
from contor.notifications.post.configuration import configured_provider
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ABOUT: Final = "dunning:"
"""What the mail with a letter is about begins so; then comes the letter's ident."""
KIND_IS_OFF: Final = "DUNNING_LETTER is not among the kinds of the mail configuration"
NO_FILE: Final = "its file is being made"
NO_ADDRESS: Final = "the customer has no e-mail address"
NO_WISH: Final = "the customer wants no mail"
ON_PAPER: Final = "the customer wants it on paper: it goes by post when its file is there"
WITHDRAWN: Final = "the letter was withdrawn"
_WAITS: Final = "the mail to {recipient} waits to be sent"
_STANDS: Final = {
    "WAITING": "the mail to {recipient} waits: {reason}",
    "HELD": "the mail to {recipient} is held: {reason}",
    "REFUSED": "the mail to {recipient} was refused: {reason}",
    "FAILED": "the mail to {recipient} was given up: {reason}",
}


class _Mail(NamedTuple):
    about: str
    recipient: str
    status: str
    reason: str | None
    delivered_to: str | None
    sent_at: dt.datetime | None


@on(LettersMade)
def letters_wait(uow: Uow, fact: LettersMade) -> None:
    _say(uow, fact.letter_ids, is_filed=False)


@on(LettersFiled)
def letters_filed(uow: Uow, fact: LettersFiled) -> None:
    _say(uow, fact.letter_ids, is_filed=True)


@on(LettersWithdrawn)
def letters_withdrawn(uow: Uow, fact: LettersWithdrawn) -> None:
    """What waits is not sent any more, unless a person says so."""
    held = uow.column(
        str,
        "UPDATE mail SET status = 'HELD', reason = %s, last_modified_at = %s WHERE about = ANY (%s) AND kind = 'DUNNING_LETTER'"
        " AND status = 'WAITING' RETURNING ident",
        (WITHDRAWN, uow.ctx.now(), [f"{ABOUT}{ident}" for ident in fact.letter_idents]),
    )
    for ident in held:
        uow.audit("mail", ident, {"status": "HELD", "reason": WITHDRAWN})
    follow(uow, held)


def _say(uow: Uow, ids: Collection[int], *, is_filed: bool) -> None:
    """Why letters are not mailed, or not yet; where no mail is configured, nothing."""
    if (configuration := configured(uow)) is None:
        return
    letters = letters_told(uow, ids)
    found = readers(uow, {letter.customer_ident for letter in letters})
    is_posted = configured_provider(uow) is not None
    posted = list[Posted]()
    for letter in letters:
        reader = found.get(letter.customer_ident)
        if letter.status != "MADE":
            why = WITHDRAWN
        elif is_posted and reader is not None and reader.invoice_delivery == "POST":
            why = ON_PAPER
        elif "DUNNING_LETTER" not in configuration.kinds:
            why = KIND_IS_OFF
        elif reader is not None and reader.wants_no_mail:
            why = NO_WISH
        elif reader is None or not reader.email:
            why = NO_ADDRESS
        elif not is_filed:
            why = NO_FILE
        else:  # what its mail says is written when that is in the queue
            continue
        posted.append(Posted(letter.letter_ident, not_sent_reason=why))
    write_posted(uow, posted)


def follow(uow: Uow, mails: Iterable[str]) -> None:
    """Write to the letters that these mails bring how each mail stands. Others are nothing to letters."""
    rows = uow.all(
        _Mail,
        f"SELECT {columns(_Mail)} FROM mail WHERE ident = ANY (%s) AND kind = 'DUNNING_LETTER' ORDER BY about, created_at, ident",
        (sorted(mails),),
    )
    write_posted(uow, list({one.letter_ident: one for one in _posted(rows)}.values()))


def _posted(rows: Iterable[_Mail]) -> Iterator[Posted]:
    for row in rows:
        if not row.about.startswith(ABOUT) or row.status == "SENDING":
            continue
        ident = row.about.removeprefix(ABOUT)
        if row.status == "SENT":
            yield Posted(ident, row.sent_at, row.delivered_to or row.recipient)
            continue
        sentence = _STANDS[row.status] if row.reason else _WAITS
        yield Posted(ident, None, row.recipient, sentence.format(recipient=row.recipient, reason=row.reason))
