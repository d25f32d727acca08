"""What accounts come to: opening balance, turnover of a month on both sides, closing balance."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import CREDITORS, DEBTORS, chart_of
from contor.bookkeeping.roles import Role
from contor.runtime.streaming import streamed
from contor.runtime.uow import Uow


class Balance(NamedTuple):
    """An account in a month. Balances are debit less credit."""

    account: int
    before: Decimal
    """Of the years before."""
    this_year: Decimal
    """From the first of January until the month begins."""
    debit: Decimal
    credit: Decimal


_DEBIT = "CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END"
_ACCOUNT = "CASE WHEN l.account >= %(debtors)s AND l.account < %(creditors)s THEN %(control)s"
_BALANCES = f"""
SELECT account, coalesce(sum(debit) FILTER (WHERE posting_date < %(year)s), 0) AS before,
       coalesce(sum(debit) FILTER (WHERE posting_date >= %(year)s AND posting_date < %(first)s), 0) AS this_year,
       coalesce(sum(amount) FILTER (WHERE posting_date >= %(first)s AND side = 'D'), 0) AS debit,
       coalesce(sum(amount) FILTER (WHERE posting_date >= %(first)s AND side = 'C'), 0) AS credit
  FROM (SELECT {_ACCOUNT} WHEN l.account >= %(creditors)s AND l.account < %(beyond)s THEN %(vendors)s ELSE l.account END AS account,
               e.posting_date, l.side, l.amount, {_DEBIT} AS debit
          FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
         WHERE e.posting_date <= %(last)s) x
 GROUP BY account ORDER BY account
"""


def balances(uow: Uow, first: dt.date, last: dt.date) -> list[Balance]:
    """Every account that was ever posted to until `last`, the last day of a month that begins at `first`; personal accounts under their
    control account."""
    chart = chart_of(uow)
    return uow.all(
        Balance,
        _BALANCES,
        {
            "year": first.replace(month=1, day=1),
            "first": first,
            "last": last,
            "debtors": DEBTORS.start,
            "creditors": CREDITORS.start,
            "beyond": CREDITORS.stop,
            "control": chart[Role.RECEIVABLES].number,
            "vendors": chart[Role.PAYABLES].number,
        },
    )


class Personal(NamedTuple):
    """What stands on the accounts of a party: customer or self-billed partner, doubtful receivables among them."""

    party: str
    balance: Decimal


def personal_balances(uow: Uow, last: dt.date) -> Iterator[Personal]:
    """By party, debit less credit, of what was posted until `last` on personal accounts and on that of doubtful receivables; parties
    without a balance are left out."""
    sql = (
        f"SELECT coalesce(l.party, '') AS party, sum({_DEBIT}) AS balance FROM journal_line l JOIN journal_entry e"
        " ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE e.posting_date <= %s"
        " AND (l.account BETWEEN %s AND %s OR l.account = %s) GROUP BY 1"
        f" HAVING sum({_DEBIT}) <> 0 ORDER BY 1"
    )
    doubtful = chart_of(uow)[Role.DOUBTFUL].number
    return streamed(uow, Personal, sql, (last, DEBTORS.start, CREDITORS.stop - 1, doubtful))
