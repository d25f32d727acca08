"""What must hold of the balances that are kept."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.balances.folding import GROUPED, POSTED
from contor.kernel.checks import check
from contor.kernel.money import worded
from contor.runtime.uow import Uow


class _Unlike(NamedTuple):
    month: str
    kind: str
    account: int
    currency: str
    debit: Decimal
    credit: Decimal
    posted_debit: Decimal
    posted_credit: Decimal


@check("bookkeeping.kept_balances_are_those_of_the_journal")
def kept(uow: Uow) -> Iterable[str]:
    """What is added up of each month and account is what its entries posted, up to the number that says how far."""
    for row in uow.all(
        _Unlike,
        "SELECT coalesce(k.month, p.month) AS month, coalesce(k.kind, p.kind) AS kind, coalesce(k.account, p.account) AS account,"
        " coalesce(k.currency, p.currency) AS currency, coalesce(k.debit, 0) AS debit, coalesce(k.credit, 0) AS credit,"
        " coalesce(p.debit, 0) AS posted_debit, coalesce(p.credit, 0) AS posted_credit FROM account_month k FULL JOIN ("
        "SELECT month, kind, account, currency, sum(debit) AS debit, sum(credit) AS credit FROM ledger_fold f CROSS JOIN LATERAL ("
        f"{POSTED} WHERE e.fiscal_year = f.fiscal_year AND e.journal_number <= f.through{GROUPED}) t GROUP BY 1, 2, 3, 4) p"
        " ON p.month = k.month AND p.kind = k.kind AND p.account = k.account AND p.currency = k.currency"
        " WHERE coalesce(k.debit, 0) <> coalesce(p.debit, 0) OR coalesce(k.credit, 0) <> coalesce(p.credit, 0) ORDER BY 1, 2, 3",
    ):
        of = {"D": "debtors", "C": "creditors"}.get(row.kind, f"account {row.account}")
        kept_as = f"{worded(row.debit, row.currency)} debit, {worded(row.credit, row.currency)} credit"
        posted = f"{worded(row.posted_debit, row.currency)} and {worded(row.posted_credit, row.currency)}"
        yield f"{row.month}, {of}: {kept_as} are kept, {posted} are posted"
