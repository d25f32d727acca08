"""What must hold of postings that are cleared."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Uneven(NamedTuple):
    clearing_id: int
    amount: Decimal
    debit: Decimal
    credit: Decimal


@check("bookkeeping.what_is_cleared_is_even")
def even(uow: Uow) -> Iterable[str]:
    """Debits and credits of a clearing are its amount, all on its account and in its currency."""
    for row in uow.all(
        _Uneven,
        "SELECT c.clearing_id, c.amount, coalesce(sum(x.effect) FILTER (WHERE i.side = 'D'), 0) AS debit,"
        " coalesce(-sum(x.effect) FILTER (WHERE i.side = 'C'), 0) AS credit FROM ledger_clearing c LEFT JOIN ledger_clearing_line i"
        " ON i.tenant_id = c.tenant_id AND i.clearing_id = c.clearing_id LEFT JOIN LATERAL"
        " (SELECT l.account, l.currency, CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END AS effect FROM journal_line l"
        "  WHERE l.tenant_id = i.tenant_id AND l.entry_id = i.entry_id AND l.position = i.position) x ON true"
        " GROUP BY c.tenant_id, c.clearing_id HAVING coalesce(sum(x.effect) FILTER (WHERE i.side = 'D'), 0) <> c.amount"
        " OR coalesce(-sum(x.effect) FILTER (WHERE i.side = 'C'), 0) <> c.amount OR c.amount <= 0"
        " OR bool_or((x.account, x.currency) IS DISTINCT FROM (c.account, c.currency))",
    ):
        yield f"clearing {row.clearing_id} of {row.amount}: debits {row.debit}, credits {row.credit}"
