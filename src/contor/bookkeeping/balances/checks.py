"""What must hold of the balances that are kept."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.balances.folding import GROUPED, POSTED
from contor.bookkeeping.balances.personal import OF_EACH
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


class _UnlikeOne(NamedTuple):
    month: str
    account: int
    currency: str
    debit: Decimal
    credit: Decimal
    posted_debit: Decimal
    posted_credit: Decimal


class _Listed(NamedTuple):
    account: int
    currency: str
    first_month: str | None
    party: str | None
    posted_first: str | None
    posted_party: str | None


_POSTED_OF_EACH = (
    "SELECT account, currency, month, max(party) AS party, sum(debit) AS debit, sum(credit) AS credit FROM personal_fold f"
    f" CROSS JOIN LATERAL ({OF_EACH.format(year='f.fiscal_year', after='0', through='f.through')}) t GROUP BY 1, 2, 3"
)


@check("bookkeeping.kept_balances_of_personal_accounts_are_those_of_the_journal")
def kept_of_each(uow: Uow) -> Iterable[str]:
    """What is added up of each month and personal account is what its entries posted, and each account is listed from its first month."""
    for row in uow.all(
        _UnlikeOne,
        "SELECT coalesce(k.month, p.month) AS month, coalesce(k.account, p.account) AS account,"
        " coalesce(k.currency, p.currency) AS currency, coalesce(k.debit, 0) AS debit, coalesce(k.credit, 0) AS credit,"
        " coalesce(p.debit, 0) AS posted_debit, coalesce(p.credit, 0) AS posted_credit"
        f" FROM personal_month k FULL JOIN ({_POSTED_OF_EACH}) p"
        " ON p.account = k.account AND p.currency = k.currency AND p.month = k.month"
        " WHERE k.debit IS DISTINCT FROM p.debit OR k.credit IS DISTINCT FROM p.credit ORDER BY 1, 2, 3",
    ):
        kept_as = f"{worded(row.debit, row.currency)} debit, {worded(row.credit, row.currency)} credit"
        posted = f"{worded(row.posted_debit, row.currency)} and {worded(row.posted_credit, row.currency)}"
        yield f"{row.month}, personal account {row.account}: {kept_as} are kept, {posted} are posted"
    for at in uow.all(
        _Listed,
        "SELECT coalesce(k.account, p.account) AS account, coalesce(k.currency, p.currency) AS currency, k.first_month, k.party,"
        " p.first_month AS posted_first, p.party AS posted_party FROM personal_account k FULL JOIN"
        f" (SELECT account, currency, min(month) AS first_month, max(party) AS party FROM ({_POSTED_OF_EACH}) q GROUP BY 1, 2) p"
        " ON p.account = k.account AND p.currency = k.currency"
        " WHERE (k.first_month, k.party) IS DISTINCT FROM (p.first_month, p.party) ORDER BY 1, 2",
    ):
        posted = f"from {at.posted_first or 'no month'} as {at.posted_party or 'nobody'}'s"
        yield f"personal account {at.account}: listed from {at.first_month or 'no month'} as {at.party or 'nobody'}'s, posted {posted}"
