"""What stands on personal accounts and on that of doubtful receivables, by party."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import CREDITORS, DEBTORS, chart_of
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import EntryKind
from contor.expenses.queries import OF_SUPPLIERS
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class Personal(NamedTuple):
    """What stands on the accounts of a party: customer or self-billed partner, doubtful receivables among them."""

    party: str
    balance: Decimal


def personal_balances(uow: Uow, last: dt.date) -> Iterator[Personal]:
    """By party, debit less credit, of what was posted until `last`; parties without a balance are left out."""
    debit = "sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END)"
    sql = (
        f"SELECT coalesce(l.party, '') AS party, {debit} AS balance FROM journal_line l JOIN journal_entry e"
        " ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE e.posting_date <= %s"
        f" AND (l.account BETWEEN %s AND %s OR l.account = %s) AND l.account NOT IN ({OF_SUPPLIERS})"
        f" GROUP BY 1 HAVING {debit} <> 0 ORDER BY 1"
    )
    doubtful = chart_of(uow)[Role.DOUBTFUL].number
    return streamed(uow, Personal, sql, (last, DEBTORS.start, CREDITORS.stop - 1, doubtful))


class Revalued(NamedTuple):
    """By what the closing of a month values what is open of a party in a foreign currency otherwise (section 256a HGB)."""

    party: str
    currency: str
    amount: Decimal


def revalued_on(uow: Uow, last: dt.date) -> list[Revalued]:
    """What stands of revaluations on personal accounts at the end of the day: they are taken back on the next one."""
    debit = "sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END)"
    sql = (
        f"SELECT coalesce(l.party, '') AS party, l.currency, {debit} AS amount FROM journal_entry e JOIN journal_line l"
        " ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.posting_date = %s AND e.kind = %s AND e.reversal_of IS NULL"
        f" AND l.account BETWEEN %s AND %s AND l.account NOT IN ({OF_SUPPLIERS}) GROUP BY 1, 2 HAVING {debit} <> 0 ORDER BY 1, 2"
    )
    return uow.all(Revalued, sql, (last, EntryKind.REVALUATION.value, DEBTORS.start, CREDITORS.stop - 1))
