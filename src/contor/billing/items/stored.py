"""Items that are stored, with what was taken back of them."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.billing.items.types import CREDITS, BillableRow, BusinessCase, Direction, ItemKind, OriginType, Status
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow

content_of = msgspec.json.Decoder(BillableRow).decode
"""The row of an item, of its JSON text."""


class StoredRow(NamedTuple):
    """A row of `billable_item`, its content as JSON text."""

    item_id: int
    contract_id: int
    holder_ident: str
    of_order: bool
    customer_ident: str
    billing_group_ident: str
    origin_type: OriginType
    origin_ident: str
    kind: ItemKind
    period_start: dt.date
    period_end: dt.date
    sequence: int
    type: Direction
    business_case: BusinessCase
    processing_status: Status
    processing_at: dt.datetime | None
    processed_at: dt.datetime | None
    processing_error: str | None
    status_reason: str | None
    related_item_id: int | None
    document_id: int | None
    total: Decimal
    currency: str
    content: str


STORED_COLUMNS = ", ".join(f"i.{name}" for name in StoredRow._fields[:-1]) + ", i.content::text AS content"
"""Of table `billable_item` named `i`. The content comes as text, for it is decoded once, into its own shape."""


class CreditedRow(NamedTuple):
    """What was taken back of an item by credits that are not dropped; `n` counts the dropped ones too, for their sequences are used."""

    related_item_id: int
    total: Decimal
    n: int
    granted: Decimal


class Stored(NamedTuple):
    """A debit item, or a reduction of its own, with what was taken back of it."""

    row: StoredRow
    content: BillableRow
    credited: Decimal
    credits: int
    granted: Decimal = ZERO
    """Of that, what was credited by hand, beside what was ordered."""

    @property
    def left(self) -> Decimal:
        return self.content.total - self.credited

    @property
    def next_credit(self) -> int:
        """Sequence of the next credit, unique among those of all items of the period."""
        # counted with the dropped ones: a sequence is used once, for the key of the table does not know states
        return self.row.sequence * CREDITS + self.credits

    @property
    def is_billed(self) -> bool:
        return self.row.processing_status == "COMPLETED"


def document_ids(items: Iterable[Stored]) -> set[int]:
    """Numbers of the documents on which these items stand."""
    return {stored.row.document_id for stored in items if stored.row.document_id is not None}


def stored_items(uow: Uow, condition: str, *values: object) -> list[Stored]:
    """The items, without credits and what was dropped, for which a condition on table `billable_item` (named `i`) holds; in the order
    in which they came. Their customers are locked until the end of the transaction, so that no run bills them meanwhile."""
    wanted = f"{condition} AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    sql = f"SELECT DISTINCT customer_ident FROM billable_item i WHERE {wanted}"
    # a run that has them now may bill them meanwhile: they are read once it has committed
    uow.lock("billing", uow.column(str, sql, values))
    return items_where(uow, wanted, values)


def items_where(uow: Uow, condition: str, params: Sequence[object]) -> list[Stored]:
    """As `stored_items`, of every kind and state, without locks."""
    rows = uow.all(StoredRow, f"SELECT {STORED_COLUMNS} FROM billable_item i WHERE {condition} ORDER BY i.item_id", params)
    if not rows:
        return []
    credits: Mapping[int, tuple[Decimal, int, Decimal]] = {
        row.related_item_id: (row.total, row.n, row.granted)
        for row in uow.all(
            CreditedRow,
            "SELECT related_item_id, coalesce(sum(total) FILTER (WHERE processing_status <> 'TERMINATED'), 0) AS total, count(*) AS n,"
            " coalesce(sum(total) FILTER (WHERE processing_status <> 'TERMINATED' AND content ->> 'granted' = 'true'), 0) AS granted"
            " FROM billable_item WHERE related_item_id = ANY (%s) AND kind = 'CREDIT' GROUP BY related_item_id",
            ([row.item_id for row in rows],),
        )
    }
    return [Stored(row, content_of(row.content), *credits.get(row.item_id, (ZERO, 0, ZERO))) for row in rows]


def with_successors(uow: Uow, item_ids: Collection[int]) -> dict[int, list[Stored]]:
    """Items that are not dropped, each followed by those that took its place when its document was corrected."""
    found: dict[int, list[Stored]] = {}
    where = "(i.item_id = ANY (%s) OR i.related_item_id = ANY (%s)) AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    for stored in items_where(uow, where, (sorted(item_ids), sorted(item_ids))):
        root = stored.row.item_id if stored.row.item_id in item_ids else stored.row.related_item_id
        assert root is not None
        found.setdefault(root, []).append(stored)
    return found
