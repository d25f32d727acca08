"""How far documents can be corrected. Nothing is taken back beyond what stands of a tax group, over all documents on which its rows were
taken back or billed again; and of a final invoice the deposits cannot be deducted again, so it is corrected row by row (accounting
reference 2). Who wants more back corrects it by documents."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import Stored, items_where
from contor.documents.amounts import Left, group_key
from contor.documents.queries import headers_by_id
from contor.documents.request import related_documents
from contor.documents.types import DocumentItem
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


class Group(NamedTuple):
    """A tax group of a document."""

    document: int
    key: tuple[object, ...]
    rate: Decimal


def require_rest(uow: Uow, amounts: Collection[tuple[Stored, Decimal]]) -> None:
    """That what is taken back of items is no more than what stands of the tax groups of their documents. Reductions and deducted deposits
    lower them; a reduction that was taken back, or is going to be, does no longer, whatever document bills it."""
    ours = [(stored, amount) for stored, amount in amounts if stored.row.document_id is not None and amount > ZERO]
    if not ours:
        return
    names = headers_by_id(uow, {stored.row.document_id for stored, _ in ours if stored.row.document_id is not None})
    of_type = {number: header.document_type for number, header in names.items()}
    lefts = {number: related.left for number, related in related_documents(uow, of_type).items()}
    stands: dict[Group, Decimal] = defaultdict(Decimal)
    for number, left in lefts.items():
        for row in left.rows.values():
            if row.item.deposit_ident is not None:
                stands[tax_group(number, left, row.item)] += row.agreed
    where = "i.document_id = ANY (%s) AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    for stored in items_where(uow, where, (sorted(names),)):
        if (group := group_of(stored, lefts)) is not None:
            stands[group] += _signed(stored, stored.left)
    taken: dict[Group, Decimal] = defaultdict(Decimal)
    for stored, amount in ours:
        if (group := group_of(stored, lefts)) is not None:
            taken[group] += _signed(stored, amount)
    for group, amount in taken.items():
        rest = max(stands[group], ZERO)
        # beyond it the credit would lower a tax that these documents never showed (section 17 (1) UStG)
        if amount > rest:
            ident = names[group.document].ident
            message = f"{ident} comes to {rest} at {group.rate} %, less than would be taken back: allowances or deposits lower it."
            raise Refused(Kind.CONFLICT, Problem("credit_above_document", message, None, ident))


def group_of(stored: Stored, lefts: Mapping[int, Left]) -> Group | None:
    """Where an item stands; None: it is no row of its document, for it pays."""
    number = stored.row.document_id or 0
    row = lefts[number].rows.get(f"i-{stored.row.item_id}")
    return None if row is None else tax_group(number, lefts[number], row.item)


def tax_group(number: int, left: Left, item: DocumentItem) -> Group:
    tax = item.taxes[0]
    return Group(number, group_key(item.category_code, item.rate, tax.code, tax.name, left.several_taxes), item.rate)


def _signed(stored: Stored, amount: Decimal) -> Decimal:
    return -amount if stored.row.type == "CREDIT" else amount
