"""Items as they were billed, with what was given back of each; and giving back more."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from contor.billing import tables
from contor.billing.types import BillableRow, Item
from contor.contracts.periods import instant
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

_READ = msgspec.json.Decoder(BillableRow).decode


class Stored(NamedTuple):
    """An item with what was credited of it before."""

    row: Any
    content: BillableRow
    credited: Decimal
    credits: int

    @property
    def stands(self) -> Decimal:
        """What it came to and was not given back."""
        return self.content.total - self.credited

    @property
    def next_credit(self) -> int:
        """Sequence of the next credit, unique among those of all items of the period."""
        return int(self.row.sequence) * 1000 + self.credits


def stored_items(uow: Uow, where: str, params: Sequence[Any]) -> list[Stored]:
    """The items for which `where` holds, a condition of this program on columns of `billable_item`, in the order of their numbers."""
    rows = uow.rows(f"SELECT *, content::text AS row FROM billable_item WHERE {where} ORDER BY item_id", params)
    if not rows:
        return []
    credits: Mapping[int, tuple[Decimal, int]] = {
        row.related_item_id: (row.total, row.n)
        for row in uow.rows(
            "SELECT related_item_id, sum(total) AS total, count(*) AS n FROM billable_item WHERE contract_id = ANY (%s)"
            " AND kind = 'CREDIT' AND processing_status <> 'TERMINATED' GROUP BY related_item_id",
            (sorted({row.contract_id for row in rows}),),
        )
    }
    return [Stored(row, _READ(row.row), *credits.get(row.item_id, (ZERO, 0))) for row in rows]


def credited_row(stored: Stored, amount: Decimal, since: dt.date) -> BillableRow:
    """The row by which `amount` of an item is given back, for the time from `since` on: tax, category and accounts are those of the
    item."""
    return replace(
        stored.content,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=amount,
        total=amount,
        service_start=since if since < stored.content.service_end else stored.content.service_start,
        credited_row=f"i-{stored.row.item_id}",
        price_calculation_basis=None,
    )


def credit(uow: Uow, stored: Stored, amount: Decimal, since: dt.date) -> None:
    """Give back `amount` of a billed item, by the next run."""
    if amount <= ZERO or stored.row.document_id is None:
        return
    row = stored.row
    uow.insert(
        tables.billable_item,
        [
            {
                "item_id": uow.next_id(),
                **{name: getattr(row, name) for name in _COPIED},
                "kind": "CREDIT",
                "sequence": stored.next_credit,
                "type": "CREDIT",
                "business_case": "CANCELLATION",
                "processing_status": "NOT_STARTED",
                "processing_at": instant(uow.ctx.today(), uow.ctx.zone),
                "related_item_id": row.item_id,
                "total": amount,
                "content": credited_row(stored, amount, since),
            }
        ],
    )


_COPIED = (
    "contract_id", "customer_ident", "billing_group_ident", "origin_type", "origin_ident", "period_start", "period_end", "currency",
)  # fmt: skip


def stored_row(item: Item) -> dict[str, Any]:
    """A new item that waits to be billed, as a row."""
    return {
        "item_id": item.item_id,
        "contract_id": item.contract_id,
        "customer_ident": item.header.customer_ident,
        "billing_group_ident": item.header.billing_group_ident,
        "origin_type": item.origin_type,
        "origin_ident": item.origin_ident,
        "kind": item.kind,
        "period_start": item.period_start,
        "period_end": item.period_end,
        "sequence": item.sequence,
        "type": item.type,
        "business_case": item.business_case,
        "processing_status": "NOT_STARTED",
        "processing_at": item.processing_at,
        "total": item.row.total,
        "currency": item.header.currency,
        "content": item.row,
    }
