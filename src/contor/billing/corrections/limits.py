"""How much of billed items can still be taken back: what no credit has taken of their rows, whoever wrote it. Limits of credits are limits
of rows; deposits that an invoice deducted and reductions that stand beside them are rows of their own (accounting reference, amendment g).
"""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import Stored, document_ids
from contor.documents.amounts import creditable
from contor.documents.queries import headers_by_id
from contor.documents.request import related_documents
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow


class _Waiting(NamedTuple):
    """What is going to be credited of an item."""

    related_item_id: int
    total: Decimal


def rests_of(uow: Uow, items: Collection[Stored]) -> dict[int, Decimal]:
    """What is left of each item, by its number: less what its own credits take, and never more than its row has left over all documents
    and what waits to be credited."""
    of_type = {number: header.document_type for number, header in headers_by_id(uow, document_ids(items)).items()}
    lefts = {number: related.left for number, related in related_documents(uow, of_type).items()}
    waiting = dict(
        uow.all(
            _Waiting,
            "SELECT related_item_id, sum(total) AS total FROM billable_item WHERE related_item_id = ANY (%s) AND kind = 'CREDIT'"
            " AND processing_status NOT IN ('COMPLETED', 'TERMINATED') GROUP BY 1",
            ([stored.row.item_id for stored in items],),
        )
    )
    found = {}
    for stored in items:
        number = stored.row.item_id
        found[number] = stored.left
        row = lefts[stored.row.document_id].rows.get(f"i-{number}") if stored.row.document_id is not None else None
        if row is not None:  # else it is not billed, or it pays
            found[number] = max(min(stored.left, abs(creditable(row)) - waiting.get(number, ZERO)), ZERO)
    return found
