"""What must hold of carts."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.runtime.uow import Uow


@check("checkout.a_completed_cart_has_what_was_ordered")
def completed(uow: Uow) -> Iterable[str]:
    """And no other one has anything: what is interrupted has not been."""
    sql = (
        "SELECT ident FROM checkout_cart WHERE (status = 'COMPLETED') <> (completed_at IS NOT NULL AND customer_ident IS NOT NULL"
        " AND (contract_ident IS NOT NULL OR order_ident IS NOT NULL)) OR (status <> 'COMPLETED' AND (document_id IS NOT NULL"
        " OR intent_ident IS NOT NULL OR paid_at IS NOT NULL OR contract_ident IS NOT NULL OR order_ident IS NOT NULL)) ORDER BY ident"
    )
    for ident in uow.column(str, sql):
        yield f"cart {ident} is COMPLETED without what was ordered, or has some of it without being so"


@check("checkout.what_was_ordered_was_ordered_once")
def once(uow: Uow) -> Iterable[str]:
    """No two carts have the same contract or order."""
    for column in ("contract_ident", "order_ident"):
        sql = f"SELECT {column} FROM checkout_cart WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1 ORDER BY 1"
        for ident in uow.column(str, sql):
            yield f"several carts have the {column.removesuffix('_ident')} {ident}"
