"""How far documents can be corrected. Nothing is taken back beyond what a tax group came to; and of a final invoice the deposits cannot
be deducted again, so it is corrected row by row (accounting reference 2). Who wants more back corrects it by documents."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from contor.billing.items import Stored
from contor.documents.amounts import group_key
from contor.documents.queries import idents_by_id
from contor.documents.request import related_documents
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


def require_rest(uow: Uow, amounts: Collection[tuple[Stored, Decimal]]) -> None:
    """That what is taken back of items, and what waits to be, is no more than the tax groups of their documents came to: reductions and
    deducted deposits have lowered them."""
    ours = [(stored, amount) for stored, amount in amounts if stored.row.document_id is not None and amount > ZERO]
    if not ours:
        return
    names = idents_by_id(uow, {stored.row.document_id for stored, _ in ours})
    known = related_documents(uow, names.values())
    taken: dict[tuple[str, tuple[object, ...]], Decimal] = defaultdict(Decimal)
    for number, ident, amount, sign in [
        *((stored.row.item_id, names[stored.row.document_id], amount, _sign(stored.row.type)) for stored, amount in ours),
        *((row.related_item_id, names[row.document_id], row.total, _sign(row.type)) for row in _waiting(uow, names)),
    ]:
        left = known[ident].left if ident in known else None
        found = left.rows.get(f"i-{number}") if left is not None else None
        if left is not None and found is not None:
            tax = found.item.taxes[0]
            key = group_key(found.item.category_code, found.item.rate, tax.code, tax.name, left.several_taxes)
            taken[ident, key] += sign * amount
    for (ident, key), amount in taken.items():
        group = known[ident].left.groups.get(key)
        if group is not None and amount > max(group.agreed, ZERO):
            message = f"{ident} comes to {group.agreed} at {group.rate} %, less than would be taken back: allowances or deposits lower it."
            raise Refused(Kind.CONFLICT, Problem("credit_above_document", message, None, ident))


def _sign(kind: str) -> int:
    return -1 if kind == "CREDIT" else 1


def _waiting(uow: Uow, names: Mapping[int, str]) -> list[Any]:
    """Credits of these documents that are not billed yet, with the type of what they take back."""
    return uow.rows(
        "SELECT c.related_item_id, i.document_id, c.total, i.type FROM billable_item c JOIN billable_item i"
        " ON i.tenant_id = c.tenant_id AND i.item_id = c.related_item_id WHERE i.document_id = ANY (%s) AND c.kind = 'CREDIT'"
        " AND c.processing_status NOT IN ('COMPLETED', 'TERMINATED')",
        (sorted(names),),
    )
