"""The journal in the order of its numbers (GoBD no. 82, 94: the view by time)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.types import Side
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class JournalRow(NamedTuple):
    """A posting with its entry."""

    fiscal_year: int
    journal_number: int
    position: int
    posting_date: dt.date
    document_date: dt.date
    tax_date: dt.date | None
    kind: str
    text: str
    document_ident: str | None
    reference: str | None
    account: int
    side: Side
    amount: Decimal
    currency: str
    tax_key: str | None
    tax_rate: Decimal | None
    tax_base: Decimal | None
    party: str | None
    cost_centre: str | None
    country: str | None
    foreign_amount: Decimal | None
    foreign_currency: str | None
    reversal_of: int | None
    """The journal number of the entry that it takes back."""
    posted_at: dt.datetime
    actor: str


_JOURNAL = """
SELECT e.fiscal_year, e.journal_number, l.position, e.posting_date, e.document_date, coalesce(l.tax_date, e.tax_date) AS tax_date,
       e.kind, e.text, e.document_ident, e.reference, l.account, l.side, l.amount, l.currency, l.tax_key, l.tax_rate, l.tax_base, l.party,
       l.cost_centre, l.country, l.foreign_amount, l.foreign_currency, r.journal_number AS reversal_of, e.posted_at, e.actor
  FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
  LEFT JOIN journal_entry r ON r.tenant_id = e.tenant_id AND r.id = e.reversal_of
 WHERE e.posting_date BETWEEN %s AND %s
 ORDER BY e.fiscal_year, e.journal_number, l.position
"""


def journal_of(uow: Uow, first: dt.date, last: dt.date) -> Iterator[JournalRow]:
    """The postings of these days."""
    return streamed(uow, JournalRow, _JOURNAL, (first, last))


class Counted(NamedTuple):
    """How much was posted in a month."""

    period: str
    """YYYY-MM."""
    lines: int
    debit: Decimal
    credit: Decimal


def counted_by_month(uow: Uow, months: list[str]) -> dict[str, Counted]:
    """Of these months: by the entries alone, whose lines are counted one entry by the other."""
    sql = (
        "SELECT to_char(e.posting_date, 'YYYY-MM') AS period, sum(l.lines)::bigint AS lines, sum(l.debit) AS debit,"
        " sum(l.credit) AS credit FROM journal_entry e CROSS JOIN LATERAL (SELECT count(*) AS lines,"
        " coalesce(sum(amount) FILTER (WHERE side = 'D'), 0) AS debit, coalesce(sum(amount) FILTER (WHERE side = 'C'), 0) AS credit"
        " FROM journal_line WHERE tenant_id = e.tenant_id AND entry_id = e.id) l"
        " WHERE to_char(e.posting_date, 'YYYY-MM') = ANY (%s) GROUP BY 1"
    )
    return {row.period: row for row in uow.all(Counted, sql, (months,))} if months else {}
