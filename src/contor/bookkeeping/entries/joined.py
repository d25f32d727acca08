"""The journal as rows: its columns are listed here, for all who read it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.bookkeeping import tables
from contor.bookkeeping.types import Side
from contor.kernel.money import shown

Indicator = Literal["DEBIT", "CREDIT"]


class JournalRow(NamedTuple):
    """A line of the journal with its entry."""

    entry_id: int
    fiscal_year: int
    journal_number: int
    posted_at: dt.datetime
    posting_date: dt.date
    document_date: dt.date
    entry_tax_date: dt.date | None
    kind: str
    text: str
    document_id: int | None
    document_ident: str | None
    reference: str | None
    actor: str
    request_id: str
    reversal_of: int | None
    position: int
    account: int
    side: Side
    amount: Decimal
    currency: str
    tax_key: str | None
    tax_base: Decimal | None
    tax_rate: Decimal | None
    party: str | None
    cost_centre: str | None
    country: str | None
    foreign_amount: Decimal | None
    foreign_currency: str | None
    line_tax_date: dt.date | None
    """Where it is another day than the entry's."""

    @property
    def tax_date(self) -> dt.date | None:
        """Of the line, else of the entry."""
        return self.line_tax_date or self.entry_tax_date

    @property
    def indicator(self) -> Indicator:
        return "DEBIT" if self.side == "D" else "CREDIT"

    @property
    def shown_foreign(self) -> Decimal | None:
        """The foreign amount with the places of its currency."""
        if self.foreign_amount is None or self.foreign_currency is None:
            return self.foreign_amount
        return shown(self.foreign_amount, self.foreign_currency)


_OTHERWISE: Final = {
    "entry_tax_date": "e.tax_date",
    "line_tax_date": "l.tax_date",
    "tax_date": "coalesce(l.tax_date, e.tax_date)",
    "booking_date": "e.posting_date",
    "business_transaction": "e.kind",
    "customer_ident": "l.party",
    "id": "l.entry_id || '-' || l.position",
    "period": "to_char(e.posting_date, 'YYYY-MM')",
    "debit_credit_indicator": "CASE l.side WHEN 'D' THEN 'DEBIT' ELSE 'CREDIT' END",
}
"""What is not called as it is in the tables, or in both of them, or is in neither."""


def _said(name: str) -> str:
    if name in _OTHERWISE:
        return f"{_OTHERWISE[name]} AS {name}"
    return f"l.{name}" if name in tables.journal_line.columns else f"e.{name}"


def journal_rows(names: Iterable[str]) -> str:
    """SQL: these of the lines `l` and their entries `e`, without a condition."""
    said = ", ".join(_said(name) for name in names)
    return f"SELECT {said} FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"


JOURNAL_ROWS: Final = journal_rows(JournalRow._fields)
