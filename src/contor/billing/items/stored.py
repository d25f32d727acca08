"""Items that are stored, with what was taken back of them."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from contor.billing.items.types import CREDITS, BillableRow
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow

content_of = msgspec.json.Decoder(BillableRow).decode
"""The row of an item, of its JSON text."""


class Stored(NamedTuple):
    """A debit item, or a reduction of its own, with what was taken back of it."""

    row: Any
    content: BillableRow
    credited: Decimal
    credits: int
    granted: Decimal = ZERO
    """Of that, what was credited by hand, whatever was ordered."""

    @property
    def left(self) -> Decimal:
        return self.content.total - self.credited

    @property
    def next_credit(self) -> int:
        """Sequence of the next credit, unique among those of all items of the period."""
        return int(self.row.sequence) * CREDITS + self.credits

    @property
    def is_billed(self) -> bool:
        return bool(self.row.processing_status == "COMPLETED")


def stored_items(uow: Uow, condition: str, *values: Any) -> list[Stored]:
    """The items, without credits and what was dropped, for which a condition on table `billable_item` (named `i`) holds; in the order
    in which they came. Their customers are locked until the end of the transaction, so that no run bills them meanwhile."""
    wanted = f"{condition} AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    sql = f"SELECT DISTINCT customer_ident FROM billable_item i WHERE {wanted}"
    uow.lock("billing", [row.customer_ident for row in uow.rows(sql, values)])
    return items_where(uow, wanted, values)


def items_where(uow: Uow, condition: str, params: Sequence[Any]) -> list[Stored]:
    """As `stored_items`, of every kind and state, without locks."""
    rows = uow.rows(f"SELECT i.*, i.content::text AS row FROM billable_item i WHERE {condition} ORDER BY i.item_id", params)
    if not rows:
        return []
    credits: Mapping[int, tuple[Decimal, int, Decimal]] = {
        row.related_item_id: (row.total, row.n, row.granted)
        for row in uow.rows(
            "SELECT related_item_id, coalesce(sum(total) FILTER (WHERE processing_status <> 'TERMINATED'), 0) AS total, count(*) AS n,"
            " coalesce(sum(total) FILTER (WHERE processing_status <> 'TERMINATED' AND content ->> 'granted' = 'true'), 0) AS granted"
            " FROM billable_item WHERE related_item_id = ANY (%s) AND kind = 'CREDIT' GROUP BY related_item_id",
            ([row.item_id for row in rows],),
        )
    }
    return [Stored(row, content_of(row.row), *credits.get(row.item_id, (ZERO, 0, ZERO))) for row in rows]


def with_successors(uow: Uow, item_ids: Collection[int]) -> dict[int, list[Stored]]:
    """Items that are not dropped, each followed by those that took its place when its document was corrected."""
    found: dict[int, list[Stored]] = {}
    where = "(i.item_id = ANY (%s) OR i.related_item_id = ANY (%s)) AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    for stored in items_where(uow, where, (sorted(item_ids), sorted(item_ids))):
        root = stored.row.item_id if stored.row.item_id in item_ids else stored.row.related_item_id
        found.setdefault(root, []).append(stored)
    return found
