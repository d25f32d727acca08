"""Letters: listed, read with their documents, downloaded, withdrawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.dunning import tables
from contor.dunning.claims import waive_open
from contor.dunning.events import LettersWithdrawn
from contor.dunning.letters.mailed import WHY_NOT_SENT, why_not_sent
from contor.dunning.queries import letter_numbered
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.openitems.dunned import set_levels
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

LetterStatus = Literal["PREVIEWED", "MADE", "CHANGED", "CANCELLED", "WITHDRAWN"]
_UNSAID = {"letter_id", "document_id", "opening", "outcome", "level_before"}


@dataclass(frozen=True, slots=True)
class ListLetters:
    query: ListQuery


@shape
class OneLetter:
    letter_ident: str


@shape
class LetterItem:
    """A document on a letter. Credits are negative; `level`: what it has by the letter."""

    document_ident: str
    document_date: dt.date
    due_date: dt.date
    opening_amount: Money
    outstanding: Money
    level: int
    fee: Money
    flat: Money
    interest: Money
    interest_from: dt.date | None
    interest_until: dt.date | None
    interest_deducted: Money | None
    earlier_fees: Money | None
    earlier_flat: Money | None
    earlier_interest: Money | None
    earlier_interest_from: dt.date | None
    earlier_interest_until: dt.date | None
    return_costs: Money | None


@shape
class LetterView:
    """`demand` = `outstanding` + `costs` + `interest`; costs and interest are all that its documents owe of them."""

    letter_ident: str
    run_ident: str
    customer_ident: str
    status: LetterStatus
    level: int
    letter_date: dt.date
    pay_until: dt.date
    currency: str
    outstanding: Money
    costs: Money
    interest: Money
    demand: Money
    items: tuple[LetterItem, ...]
    has_file: bool
    file_sha256: str | None
    file_size: int | None
    sent: bool
    sent_at: dt.datetime | None
    """When the mail server took it."""
    recipient: str | None
    """Whom a mail brought it, or is to bring it."""
    not_sent_reason: str | None
    made_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    paid_at: dt.datetime | None
    """Since when nothing is open of what it asked for."""


class _Row(NamedTuple):
    letter_id: int
    letter_ident: str
    run_ident: str
    customer_ident: str
    status: LetterStatus
    level: int
    letter_date: dt.date
    pay_until: dt.date
    currency: str
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    demand: Decimal
    file_sha256: str | None
    file_size: int | None
    sent_at: dt.datetime | None
    recipient: str | None
    not_sent_reason: str | None
    made_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    paid_at: dt.datetime | None


class _Item(NamedTuple):
    letter_id: int
    document_id: int
    document_ident: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    outstanding: Decimal
    outcome: str
    level_before: int
    level: int
    fee: Decimal
    flat: Decimal
    interest: Decimal
    interest_from: dt.date | None
    interest_until: dt.date | None
    interest_deducted: Decimal | None
    earlier_fees: Decimal | None
    earlier_flat: Decimal | None
    earlier_interest: Decimal | None
    earlier_interest_from: dt.date | None
    earlier_interest_until: dt.date | None
    return_costs: Decimal | None


LETTERS = searchable(
    tables.dunning_letter,
    LetterView,
    (
        "letter_ident",
        "letter_id",
        "run_ident",
        "customer_ident",
        "status",
        "level",
        "letter_date",
        "pay_until",
        "currency",
        "outstanding",
        "costs",
        "interest",
        "demand",
        "made_at",
        "withdrawn_at",
        "sent_at",
        "recipient",
        "paid_at",
    ),
    default_sort="letter_id,desc",
    places={
        "has_file": worked_out("dunning_letter.file_sha256 IS NOT NULL", bool),
        "sent": worked_out("dunning_letter.sent_at IS NOT NULL", bool),
        "not_sent_reason": worked_out(WHY_NOT_SENT, str),
    },
)


@operation("dunning_letter.list", permission="bookkeeping.read", reads=True)
def list_letters(uow: Uow, command: ListLetters) -> Page:
    """Letters, the latest first, also those that are only previewed."""
    return listed_by_key(uow, tables.dunning_letter, command.query, LETTERS, "letter_ident", lambda them: letter_views(uow, them))


def letter_views(uow: Uow, idents: list[str]) -> Mapping[str, LetterView]:
    """By ident."""
    sql = f"SELECT {columns(_Row)} FROM dunning_letter WHERE letter_ident = ANY (%s)"
    return _views(uow, uow.all(_Row, sql, (idents,)))


@operation("dunning_letter.get", permission="bookkeeping.read", reads=True)
def get_letter(uow: Uow, command: OneLetter) -> LetterView:
    """A letter with the documents that it is about."""
    row = _row(uow, command.letter_ident)
    return _views(uow, [row])[row.letter_ident]


@operation("dunning_letter.file", permission="bookkeeping.read", reads=True)
def letter_file(uow: Uow, command: OneLetter) -> FileContent:
    """The letter as PDF, as it was made."""
    row = _row(uow, command.letter_ident)
    if row.made_at is None:
        message = f"The letter is {row.status}: only what went out has a file."
        raise Refused(Kind.ILLEGAL_STATE, Problem("letter_not_made", message))
    if row.file_sha256 is None:
        raise Refused(Kind.NOT_READY, Problem("file_not_made_yet", f"The file of {row.letter_ident} is being made."))
    try:
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.file_sha256)
    except (BlobMissing, BlobDamaged) as error:
        message = f"The file of {row.letter_ident} is not what was kept: it has to come from a backup."
        raise Refused(Kind.DAMAGED, Problem("file_damaged", message)) from error
    return FileContent(content, "application/pdf", f"{row.letter_ident}.pdf")


@shape
class OpenLetter:
    letter_id: int


@operation("dunning_letter.open", permission="bookkeeping.read", reads=True)
def open_letter(uow: Uow, command: OpenLetter) -> FileContent:
    """The letter of this number as PDF, for who has a link to it."""
    ident = letter_numbered(uow, command.letter_id)
    if ident is None:
        raise not_found("dunning_letter", str(command.letter_id))
    content: FileContent = letter_file(uow, OneLetter(letter_ident=ident))
    return content


@operation("dunning_letter.withdraw", permission="bookkeeping.write")
def withdraw_letter(uow: Uow, command: OneLetter) -> LetterView:
    """Take a letter back that should not have gone out: its documents have the level of the letter before again, and what is open of its
    claims is waived. The last letter of each of its documents first."""
    row = _row(uow, command.letter_ident, lock=True)
    if row.status != "MADE":
        raise Refused(Kind.CONFLICT, Problem("letter_not_made", f"The letter is {row.status}."))
    items = _items(uow, [row.letter_id])
    dunned = [item for item in items if item.outcome == "DUNNED"]
    later = uow.column(
        str,
        "SELECT DISTINCT l.letter_ident FROM dunning_item i JOIN dunning_letter l ON l.tenant_id = i.tenant_id"
        " AND l.letter_id = i.letter_id WHERE i.document_id = ANY (%s) AND i.letter_id > %s AND i.outcome = 'DUNNED'"
        " AND l.status = 'MADE' ORDER BY 1",
        ([item.document_id for item in dunned], row.letter_id),
    )
    handed = uow.column(
        str,
        "SELECT document_ident FROM dunning_handover WHERE document_id = ANY (%s) AND taken_back_on IS NULL",
        ([item.document_id for item in dunned],),
    )
    if later:
        message = f"Its documents were dunned again by {', '.join(later)}: withdraw that first."
        raise Refused(Kind.CONFLICT, Problem("letter_not_last", message))
    if handed:
        message = f"{', '.join(sorted(handed))} went to collection by it: take it back first, by lifting its dunning block."
        raise Refused(Kind.CONFLICT, Problem("letter_handed_over", message))
    sql = "UPDATE dunning_letter SET status = 'WITHDRAWN', withdrawn_at = %s WHERE letter_id = %s"
    uow.run(sql, (uow.ctx.now(), row.letter_id))
    set_levels(uow, {item.document_id: item.level_before for item in dunned})
    waive_open(uow, row.letter_id, f"{row.letter_ident} was withdrawn")
    uow.audit("dunning_letter", row.letter_ident, {"status": "WITHDRAWN"})
    uow.emit(LettersWithdrawn(letter_idents=(row.letter_ident,)))
    return get_letter(uow, OneLetter(letter_ident=row.letter_ident))


# helpers in calling order


def _row(uow: Uow, ident: str, *, lock: bool = False) -> _Row:
    sql = f"SELECT {columns(_Row)} FROM dunning_letter WHERE letter_ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(_Row, sql, (ident,))
    if row is None:
        raise not_found("dunning_letter", ident)
    return row


def _items(uow: Uow, letters: list[int]) -> list[_Item]:
    sql = f"SELECT {columns(_Item)} FROM dunning_item WHERE letter_id = ANY (%s) ORDER BY letter_id, due_date, document_id"
    return uow.all(_Item, sql, (letters,))


def _views(uow: Uow, rows: list[_Row]) -> dict[str, LetterView]:
    items: dict[int, list[_Item]] = {row.letter_id: [] for row in rows}
    for item in _items(uow, list(items)):
        items[item.letter_id].append(item)
    return {row.letter_ident: _view(row, items[row.letter_id]) for row in rows}


def _view(row: _Row, items: list[_Item]) -> LetterView:
    said = {name: value for name, value in row._asdict().items() if name not in ("letter_id", "not_sent_reason")}
    shown, is_sent = tuple(_shown(item) for item in items), row.sent_at is not None
    reason = None if is_sent else why_not_sent(row.status, row.not_sent_reason)
    return LetterView(**said, items=shown, has_file=row.file_sha256 is not None, sent=is_sent, not_sent_reason=reason)


def _shown(item: _Item) -> LetterItem:
    said = {name: value for name, value in item._asdict().items() if name not in _UNSAID}
    return LetterItem(**said, opening_amount=item.opening)
