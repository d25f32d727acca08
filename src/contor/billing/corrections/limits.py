"""How far documents can be corrected. Nothing is taken back beyond what a tax group came to; and of a final invoice the deposits cannot
be deducted again, so it is corrected row by row (accounting reference 2). Who wants more back corrects it by documents."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import Direction, Stored
from contor.documents.amounts import group_key
from contor.documents.queries import idents_by_id
from contor.documents.request import related_documents
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


def require_rest(uow: Uow, amounts: Collection[tuple[Stored, Decimal]]) -> None:
    """That what is taken back of items, and what waits to be, is no more than the tax groups of their documents came to: reductions and
    deducted deposits have lowered them."""
    ours = [
        (stored.row.document_id, stored.row, amount)
        for stored, amount in amounts
        if stored.row.document_id is not None and amount > ZERO
    ]
    if not ours:
        return
    names = idents_by_id(uow, {document_id for document_id, _, _ in ours})
    known = related_documents(uow, names.values())
    taken: dict[tuple[str, tuple[object, ...]], Decimal] = defaultdict(Decimal)
    for number, ident, amount, sign in [
        *((row.item_id, names[document_id], amount, _sign(row.type)) for document_id, row, amount in ours),
        *((one.related_item_id, names[one.document_id], one.total, _sign(one.type)) for one in _waiting(uow, names)),
    ]:
        left = known[ident].left if ident in known else None
        found = left.rows.get(f"i-{number}") if left is not None else None
        if left is not None and found is not None:
            tax = found.item.taxes[0]
            key = group_key(found.item.category_code, found.item.rate, tax.code, tax.name, left.several_taxes)
            taken[ident, key] += sign * amount
    for (ident, key), amount in taken.items():
        group = known[ident].left.groups.get(key)
        # beyond it the credit would lower a tax that this document never showed (section 17 (1) UStG)
        if group is not None and amount > max(group.agreed, ZERO):
            message = f"{ident} comes to {group.agreed} at {group.rate} %, less than would be taken back: allowances or deposits lower it."
            raise Refused(Kind.CONFLICT, Problem("credit_above_document", message, None, ident))


def _sign(kind: Direction) -> int:
    return -1 if kind == "CREDIT" else 1


class Waiting(NamedTuple):
    """A credit that is not billed yet, with the type of what it takes back."""

    related_item_id: int
    document_id: int
    total: Decimal
    type: Direction


def _waiting(uow: Uow, names: Mapping[int, str]) -> list[Waiting]:
    """Credits of these documents that are not billed yet."""
    return uow.all(
        Waiting,
        "SELECT c.related_item_id, i.document_id, c.total, i.type FROM billable_item c JOIN billable_item i"
        " ON i.tenant_id = c.tenant_id AND i.item_id = c.related_item_id WHERE i.document_id = ANY (%s) AND c.kind = 'CREDIT'"
        " AND c.processing_status NOT IN ('COMPLETED', 'TERMINATED')",
        (sorted(names),),
    )
