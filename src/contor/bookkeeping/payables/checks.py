"""What must hold of suppliers in the books."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.types import EntryKind
from contor.expenses.queries import OF_SUPPLIERS, owed_to_suppliers
from contor.kernel.checks import check
from contor.kernel.money import ZERO, worded
from contor.runtime.uow import Uow


class _Standing(NamedTuple):
    account: int
    currency: str
    amount: Decimal


@check("bookkeeping.accounts_of_suppliers_agree_with_expenses")
def suppliers(uow: Uow) -> Iterable[str]:
    """What stands on the account of a supplier, credit less debit, is what of his posted expenses is not paid, in each currency."""
    amount = "coalesce(l.foreign_amount, l.amount)"
    booked = {
        (row.account, row.currency): row.amount
        for row in uow.all(
            _Standing,
            "SELECT l.account, coalesce(l.foreign_currency, l.currency) AS currency,"
            f" sum(CASE l.side WHEN 'C' THEN {amount} ELSE -{amount} END) AS amount FROM journal_line l JOIN journal_entry e"
            " ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
            # of one month, and in the ledger's currency
            f" WHERE e.kind <> %s AND l.account IN ({OF_SUPPLIERS}) GROUP BY 1, 2",
            (EntryKind.REVALUATION.value,),
        )
    }
    owed = {(row.account, row.currency): row.gross for row in owed_to_suppliers(uow)}
    for key in sorted({*booked, *owed}):
        if booked.get(key, ZERO) != owed.get(key, ZERO):
            account, currency = key
            said = f"{worded(booked.get(key, ZERO), currency)} booked, {worded(owed.get(key, ZERO), currency)} by expenses"
            yield f"supplier's account {account}: {said}"
