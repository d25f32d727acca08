"""What each account was moved by, and stood at, in a period: for exports."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow


class AccountBalance(NamedTuple):
    """An account that was ever booked on, by the end of a period."""

    account: int
    currency: str
    opening: Decimal
    """At the beginning of its first day, in the debit direction."""
    debit: Decimal
    """Booked on the debit side in the period; a reversal counts below zero on its own side (Generalumkehr)."""
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """In the debit direction."""
        return self.opening + self.debit - self.credit


def balances_between(uow: Uow, first: dt.date, last: dt.date, journal: Mapping[int, int]) -> list[AccountBalance]:
    """By account and currency. `journal`: by fiscal year the last journal number that counts."""
    return uow.all(
        AccountBalance,
        "SELECT l.account, l.currency,"
        " coalesce(sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END) FILTER (WHERE e.posting_date < %(first)s), 0) AS opening,"
        " coalesce(sum(l.amount) FILTER (WHERE e.posting_date >= %(first)s AND l.side = 'D'), 0) AS debit,"
        " coalesce(sum(l.amount) FILTER (WHERE e.posting_date >= %(first)s AND l.side = 'C'), 0) AS credit"
        " FROM unnest(%(years)s::integer[], %(numbers)s::bigint[]) y(fiscal_year, last_number)"
        " JOIN journal_entry e ON e.fiscal_year = y.fiscal_year AND e.journal_number <= y.last_number AND e.posting_date <= %(last)s"
        " JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
        " GROUP BY l.account, l.currency ORDER BY l.account, l.currency",
        {"first": first, "last": last, "years": list(journal), "numbers": list(journal.values())},
    )


class ChartRow(NamedTuple):
    """An account of the chart."""

    account_number: int
    currency: str
    account_type: str
    account_group: str
    name: str
    description: str | None
    automatic: bool
    tax_key: str | None
    opos_account: bool
    role: str | None
    created_at: dt.datetime


def chart_rows(uow: Uow) -> list[ChartRow]:
    """The chart of accounts as it is. Personal accounts stand at the customers."""
    return uow.all(
        ChartRow,
        "SELECT account_number, currency, account_type, account_group, name, description, automatic, tax_key, opos_account, role,"
        " created_at FROM booking_account ORDER BY account_number, currency",
    )
