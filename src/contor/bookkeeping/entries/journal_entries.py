"""The journal, entry by entry with all lines, in the order of time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from contor.bookkeeping import tables
from contor.bookkeeping.entries.joined import JOURNAL_ROWS, Indicator, JournalRow
from contor.bookkeeping.types import EntryKind
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListJournal:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneEntry:
    journal_entry_id: int


@shape
class JournalLine:
    """A posting of an entry. A negative amount is a reversal (Generalumkehr)."""

    booking_entry_id: str
    """By which the list of booking entries has it."""
    account: int
    debit_credit_indicator: Indicator
    amount: Money
    currency: str
    customer_ident: str | None = None
    cost_centre: str | None = None
    country: str | None = None
    tax_key: str | None = None
    tax_base: Money | None = None
    tax_rate: Decimal | None = None
    tax_date: dt.date | None = None
    """Where it is another day than the entry's."""
    foreign_amount: Decimal | None = None
    foreign_currency: str | None = None


@shape
class JournalEntry:
    """What one event of the business put into the books."""

    id: int
    fiscal_year: int
    journal_number: int
    """Gapless within the year, in the order in which entries were written."""
    posted_at: dt.datetime
    booking_date: dt.date
    period: str
    """The posting period, YYYY-MM."""
    document_date: dt.date
    tax_date: dt.date | None = None
    """The day that decides its VAT period, for the lines that do not say another."""
    business_transaction: EntryKind
    text: str
    document_id: int | None = None
    document_ident: str | None = None
    reference: str | None = None
    """Of the payment, assignment, decision or closing behind it."""
    actor: str
    request_id: str
    reversal_of: int | None = None
    """Id of the entry that it takes back."""
    lines: tuple[JournalLine, ...]


JOURNAL = searchable(
    tables.journal_entry,
    JournalEntry,
    ("id", "fiscal_year", "journal_number"),
    default_sort="id",
    places={
        "booking_date": "posting_date",
        "business_transaction": "kind",
        "period": worked_out("to_char(journal_entry.posting_date, 'YYYY-MM')", str),
    },
)


@operation("journal_entry.list", permission="bookkeeping.read", reads=True)
def list_journal(uow: Uow, command: ListJournal) -> Page:
    """Entries with their lines, as they were written; `sort=fiscalYear,journalNumber` is the order of the journal's numbers."""
    return listed_by_key(uow, tables.journal_entry, command.query, JOURNAL, "id", lambda ids: _views(uow, ids))


@operation("journal_entry.get", permission="bookkeeping.read", reads=True)
def get_journal_entry(uow: Uow, command: OneEntry) -> JournalEntry:
    """One entry."""
    found = _views(uow, [command.journal_entry_id])
    if not found:
        raise not_found("journal_entry", command.journal_entry_id)
    return found[command.journal_entry_id]


def _views(uow: Uow, ids: Sequence[int]) -> dict[int, JournalEntry]:
    rows = uow.all(JournalRow, f"{JOURNAL_ROWS} WHERE l.entry_id = ANY (%s) ORDER BY l.entry_id, l.position", (list(ids),))
    return {entry: _view(list(lines)) for entry, lines in groupby(rows, lambda row: row.entry_id)}


def _view(rows: Sequence[JournalRow]) -> JournalEntry:
    entry = rows[0]
    return JournalEntry(
        id=entry.entry_id,
        fiscal_year=entry.fiscal_year,
        journal_number=entry.journal_number,
        posted_at=entry.posted_at,
        booking_date=entry.posting_date,
        period=f"{entry.posting_date:%Y-%m}",
        document_date=entry.document_date,
        tax_date=entry.entry_tax_date,
        business_transaction=EntryKind(entry.kind),
        text=entry.text,
        document_id=entry.document_id,
        document_ident=entry.document_ident,
        reference=entry.reference,
        actor=entry.actor,
        request_id=entry.request_id,
        reversal_of=entry.reversal_of,
        lines=tuple(_line(row) for row in rows),
    )


def _line(row: JournalRow) -> JournalLine:
    return JournalLine(
        booking_entry_id=f"{row.entry_id}-{row.position}",
        account=row.account,
        debit_credit_indicator=row.indicator,
        amount=row.amount,
        currency=row.currency,
        customer_ident=row.party,
        cost_centre=row.cost_centre,
        country=row.country,
        tax_key=row.tax_key,
        tax_base=row.tax_base,
        tax_rate=row.tax_rate,
        tax_date=row.line_tax_date,
        foreign_amount=row.shown_foreign,
        foreign_currency=row.foreign_currency,
    )
