"""The journal, read posting by posting, with the accounts on the other side."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping import tables
from contor.bookkeeping.entries.joined import JOURNAL_ROWS, Indicator, JournalRow, journal_rows
from contor.bookkeeping.types import EntryKind
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import page_of
from contor.runtime.uow import Uow

_OF_LINES = "booking_entry AS (SELECT entry_id, position FROM journal_line)"
_JOINED = f"booking_entry AS ({journal_rows(column.name for column in tables.booking_entry.columns)})"
"""A list reads these by the name of a table that does not exist."""
_FIELDS = [column.name for column in tables.booking_entry.columns if column.name != "position"]


@dataclass(frozen=True, slots=True)
class ListEntries:
    query: ListQuery


@shape
class ContraEntry:
    account: int
    debit_credit_indicator: Indicator
    amount: Money


@shape
class BookingEntry:
    """One posting on one account. A negative amount is a reversal (Generalumkehr)."""

    id: str
    """Entry and position."""
    entry_id: int
    journal_number: int
    fiscal_year: int
    account: int
    debit_credit_indicator: Indicator
    amount: Money
    currency: str
    booking_date: dt.date
    period: str
    document_date: dt.date
    tax_date: dt.date | None = None
    business_transaction: EntryKind
    text: str
    document_id: int | None = None
    document_ident: str | None = None
    reference: str | None = None
    customer_ident: str | None = None
    cost_centre: str | None = None
    country: str | None = None
    tax_key: str | None = None
    tax_base: Money | None = None
    tax_rate: Decimal | None = None
    foreign_amount: Decimal | None = None
    foreign_currency: str | None = None
    reversal_of: int | None = None
    posted_at: dt.datetime
    actor: str
    contra_entries: tuple[ContraEntry, ...]


ENTRIES = searchable(tables.booking_entry, BookingEntry, _FIELDS, default_sort="entry_id")


class _Place(NamedTuple):
    entry_id: int
    position: int


@operation("booking_entry.list", permission="bookkeeping.read", reads=True)
def list_entries(uow: Uow, command: ListEntries) -> Page:
    """Immutable double-entry postings."""
    # nothing but the lines themselves decides about their order
    source = _OF_LINES if command.query.where is None and not command.query.order else _JOINED
    rows, page = page_of(uow, tables.booking_entry, command.query, ENTRIES, _Place._fields, source=source)
    keys = [_Place(**row) for row in rows]
    views = _views(uow, sorted({key.entry_id for key in keys}))
    return page([views[key] for key in keys])


def _views(uow: Uow, entries: list[int]) -> dict[tuple[int, int], BookingEntry]:
    rows = uow.all(JournalRow, f"{JOURNAL_ROWS} WHERE l.entry_id = ANY (%s) ORDER BY l.entry_id, l.position", (entries,))
    by_entry: dict[int, list[JournalRow]] = {}
    for row in rows:
        by_entry.setdefault(row.entry_id, []).append(row)
    return {(row.entry_id, row.position): _view(row, by_entry[row.entry_id]) for row in rows}


def _view(row: JournalRow, lines: list[JournalRow]) -> BookingEntry:
    return BookingEntry(
        id=f"{row.entry_id}-{row.position}",
        entry_id=row.entry_id,
        journal_number=row.journal_number,
        fiscal_year=row.fiscal_year,
        account=row.account,
        debit_credit_indicator=row.indicator,
        amount=row.amount,
        currency=row.currency,
        booking_date=row.posting_date,
        period=f"{row.posting_date:%Y-%m}",
        document_date=row.document_date,
        tax_date=row.tax_date,
        business_transaction=EntryKind(row.kind),
        text=row.text,
        document_id=row.document_id,
        document_ident=row.document_ident,
        reference=row.reference,
        customer_ident=row.party,
        cost_centre=row.cost_centre,
        country=row.country,
        tax_key=row.tax_key,
        tax_base=row.tax_base,
        tax_rate=row.tax_rate,
        foreign_amount=row.shown_foreign,
        foreign_currency=row.foreign_currency,
        reversal_of=row.reversal_of,
        posted_at=row.posted_at,
        actor=row.actor,
        contra_entries=tuple(
            ContraEntry(account=line.account, debit_credit_indicator=line.indicator, amount=line.amount)
            for line in lines
            if line.side != row.side
        ),
    )
