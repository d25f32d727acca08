"""What was earned: the lines on accounts of revenue and of its reductions, with the documents behind them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.reporting.accounts import account_names
from contor.bookkeeping.roles import Role
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow

REVENUE_GROUPS: Final = frozenset({"REVENUE", "REDUCTIONS"})
"""Groups of the chart whose accounts are revenue; beside them that of overpayments that were kept (UStAE 10.1 (3))."""


class EarnedLine(NamedTuple):
    """A line of revenue. `amount` is credit less debit."""

    document_id: int | None
    account: int
    amount: Decimal
    currency: str
    tax_key: str | None
    tax_rate: Decimal | None
    cost_centre: str | None
    country: str | None


class _OnAccount(NamedTuple):
    account: int
    amount: Decimal


_CREDIT = "CASE l.side WHEN 'C' THEN l.amount ELSE -l.amount END"


def revenue_accounts(uow: Uow) -> list[int]:
    """The numbers of the accounts that are revenue."""
    return sorted(
        number
        for number, account in account_names(uow).items()
        if account.group in REVENUE_GROUPS or account.role is Role.OTHER_REVENUE
    )


def earned_in(uow: Uow, first: dt.date, last: dt.date) -> Iterator[EarnedLine]:
    """What was posted on these days, document by document; lines of one document that differ in nothing else are one."""
    sql = (
        f"SELECT e.document_id, l.account, sum({_CREDIT}) AS amount, l.currency, l.tax_key, l.tax_rate, l.cost_centre, l.country"
        " FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
        " WHERE e.posting_date BETWEEN %s AND %s AND l.account = ANY (%s) GROUP BY 1, 2, 4, 5, 6, 7, 8"
        " ORDER BY 1, 2, 4, 5, 6, 7, 8"
    )
    return streamed(uow, EarnedLine, sql, (first, last, revenue_accounts(uow)))


def earned_by_account(uow: Uow, first: dt.date, last: dt.date) -> dict[int, Decimal]:
    """The turnover of each account of revenue on these days, from the lines of the account."""
    sql = (
        f"SELECT l.account, sum({_CREDIT}) AS amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id"
        " AND e.id = l.entry_id WHERE l.account = ANY (%s) AND e.posting_date BETWEEN %s AND %s GROUP BY l.account"
    )
    return dict(uow.all(_OnAccount, sql, (revenue_accounts(uow), first, last)))
