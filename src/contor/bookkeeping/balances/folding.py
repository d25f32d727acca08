"""The balances of months, kept: entries that are there are added up from time to time, so that a balance is read from a few rows and
from what came since.

Journal numbers are drawn under a lock that is held until the commit, so that all entries up to a number that is seen are seen: what was
added up is named by a number of each fiscal year, and nothing is counted twice or left out, whatever month it belongs to.
"""

import datetime as dt
from typing import NamedTuple

from contor.bookkeeping.balances.personal import keep_of_each
from contor.bookkeeping.chart import CREDITORS, DEBTORS
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

FEW = 5_000
"""Entries that are read as they are; more are added up."""
_SOON = 600
_IS_DEBTOR = f"l.account >= {DEBTORS.start} AND l.account < {DEBTORS.stop}"
_IS_CREDITOR = f"l.account >= {CREDITORS.start} AND l.account < {CREDITORS.stop}"
POSTED = (
    "SELECT to_char(e.posting_date, 'YYYY-MM') AS month,"
    f" CASE WHEN {_IS_DEBTOR} THEN 'D' WHEN {_IS_CREDITOR} THEN 'C' ELSE 'G' END AS kind,"
    f" CASE WHEN l.account >= {DEBTORS.start} AND l.account < {CREDITORS.stop} THEN 0 ELSE l.account END AS account, l.currency,"
    " coalesce(sum(l.amount) FILTER (WHERE l.side = 'D'), 0) AS debit, coalesce(sum(l.amount) FILTER (WHERE l.side = 'C'), 0) AS credit"
    " FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
)
"""SQL: what entries posted, by month and account; its conditions follow, and `GROUPED`."""
GROUPED = " GROUP BY 1, 2, 3, 4"
_THROUGH = "CASE WHEN f.through IS NULL THEN 0 ELSE f.through END"
"""Not `coalesce`, behind which row-level security lets no index be searched."""
BALANCES = (
    "SELECT month, kind, account, currency, sum(debit) AS debit, sum(credit) AS credit FROM ("
    "SELECT month, kind, account, currency, debit, credit FROM account_month UNION ALL"
    " SELECT t.month, t.kind, t.account, t.currency, t.debit, t.credit FROM journal_counter c"
    " LEFT JOIN ledger_fold f ON f.tenant_id = c.tenant_id AND f.fiscal_year = c.fiscal_year CROSS JOIN LATERAL ("
    f"{POSTED} WHERE e.fiscal_year = c.fiscal_year AND e.journal_number > {_THROUGH}{GROUPED}) t"
    ") kept GROUP BY month, kind, account, currency"
)
"""SQL: every balance, from what is added up and what came since."""


@shape
class FoldLedger:
    at_least: int = FEW
    """Years with fewer entries since the last time are left as they are."""


class _Year(NamedTuple):
    fiscal_year: int
    through: int
    of_each: int
    """Through which number the personal accounts are added up, each by itself."""
    last: int


@operation("ledger.fold", permission="bookkeeping.write")
def fold(uow: Uow, command: FoldLedger) -> int:
    """Add up what was posted since the last time; how many entries that were. It changes no balance."""
    uow.lock("ledger", ["fold"])
    years = uow.all(
        _Year,
        "SELECT c.fiscal_year, coalesce(f.through, 0) AS through, coalesce(p.through, 0) AS of_each, coalesce(m.last, 0) AS last"
        " FROM journal_counter c LEFT JOIN ledger_fold f ON f.tenant_id = c.tenant_id AND f.fiscal_year = c.fiscal_year"
        " LEFT JOIN personal_fold p ON p.tenant_id = c.tenant_id AND p.fiscal_year = c.fiscal_year CROSS JOIN LATERAL"
        " (SELECT max(e.journal_number) AS last FROM journal_entry e WHERE e.fiscal_year = c.fiscal_year) m ORDER BY c.fiscal_year",
    )
    added = 0
    for year in years:
        behind = min(year.through, year.of_each)
        if year.last - behind < max(command.at_least, 1):
            continue
        if year.through < year.last:
            _fold_accounts(uow, year)
        if year.of_each < year.last:
            keep_of_each(uow, year.fiscal_year, year.of_each, year.last)
        uow.audit("ledger", str(year.fiscal_year), {"folded_through": year.last})
        added += year.last - behind
    return added


def _fold_accounts(uow: Uow, year: _Year) -> None:
    uow.run(
        "INSERT INTO account_month AS k (tenant_id, month, kind, account, currency, debit, credit) SELECT"
        " contor_tenant(), p.month, p.kind, p.account, p.currency, p.debit, p.credit FROM ("
        f"{POSTED} WHERE e.fiscal_year = %s AND e.journal_number > %s AND e.journal_number <= %s{GROUPED}) p"
        " ON CONFLICT (tenant_id, month, kind, account, currency)"
        " DO UPDATE SET debit = k.debit + excluded.debit, credit = k.credit + excluded.credit",
        (year.fiscal_year, year.through, year.last),
    )
    uow.run(
        "INSERT INTO ledger_fold AS k (tenant_id, fiscal_year, through) VALUES (contor_tenant(), %s, %s)"
        " ON CONFLICT (tenant_id, fiscal_year) DO UPDATE SET through = excluded.through",
        (year.fiscal_year, year.last),
    )


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """After changes."""
    runtime.execute(fold, FoldLedger(), caller("ledger", tenant_id))
    return None


every_tenant(work(Work(name="ledger", look=look, after_change=_SOON)), every=dt.timedelta(days=1))
