"""Corrections of final invoices: deposits that were deducted cannot be deducted again, so such a document is corrected row by row, and by
no more than its tax groups came to without them (accounting reference 2). Who wants more back corrects it by documents."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from contor.billing.items import Stored
from contor.documents.credits import exceeds, group_key
from contor.documents.related import related_documents
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


def final_invoices(uow: Uow, document_ids: Collection[int]) -> dict[int, str]:
    """The numbers of those documents that deducted deposits."""
    if not document_ids:
        return {}
    rows = uow.rows(
        "SELECT DISTINCT d.id, d.ident FROM document d JOIN document_relation r ON r.tenant_id = d.tenant_id AND r.document_id = d.id"
        " WHERE d.id = ANY (%s) AND d.document_type = 'INVOICE' ORDER BY d.id",
        (sorted(document_ids),),
    )
    return {row.id: row.ident for row in rows}


def require_rest(uow: Uow, finals: Mapping[int, str], amounts: Collection[tuple[Stored, Decimal]]) -> None:
    """That what is taken back of items on final invoices, and what waits to be, leaves none of their tax groups negative."""
    ours = [(stored, amount) for stored, amount in amounts if stored.row.document_id in finals and amount > ZERO]
    if not ours:
        return
    known = related_documents(uow, {finals[stored.row.document_id] for stored, _ in ours})
    taken: dict[tuple[str, tuple[object, ...]], Decimal] = defaultdict(Decimal)
    for number, ident, amount, sign in [
        *((stored.row.item_id, finals[stored.row.document_id], amount, _sign(stored.row.type)) for stored, amount in ours),
        *((row.related_item_id, finals[row.document_id], row.total, _sign(row.type)) for row in _waiting(uow, finals)),
    ]:
        left = known[ident].left if ident in known else None
        found = left.rows.get(f"i-{number}") if left is not None else None
        if left is not None and found is not None:
            tax = found.item.taxes[0]
            key = group_key(found.item.category_code, found.item.rate, tax.code, tax.name, left.several_taxes)
            taken[ident, key] += sign * amount
    for (ident, key), amount in taken.items():
        group = known[ident].left.groups.get(key)
        if group is not None and exceeds(amount, group.agreed):
            message = f"{ident} deducted deposits and comes to {group.agreed}: it is corrected by documents."
            raise Refused(Kind.CONFLICT, Problem("order_final_invoice", message, None, ident))


def _sign(kind: str) -> int:
    return -1 if kind == "CREDIT" else 1


def _waiting(uow: Uow, finals: Mapping[int, str]) -> list[Any]:
    """Credits of these documents that are not billed yet, with the type of what they take back."""
    return uow.rows(
        "SELECT c.related_item_id, i.document_id, c.total, i.type FROM billable_item c JOIN billable_item i"
        " ON i.tenant_id = c.tenant_id AND i.item_id = c.related_item_id WHERE i.document_id = ANY (%s) AND c.kind = 'CREDIT'"
        " AND c.processing_status NOT IN ('COMPLETED', 'TERMINATED')",
        (sorted(finals),),
    )
