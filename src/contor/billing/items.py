"""Billable items as rows: store them, hold and release them, drop what is not billed, give back what is."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from contor.billing import tables
from contor.billing.types import BELOW_MINIMUM, CREDITS, BillableRow, Item, family_of
from contor.contracts.periods import instant
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

_READ = msgspec.json.Decoder(BillableRow).decode


class End(NamedTuple):
    """What became of a due item."""

    document_id: int | None
    reason: str | None = None
    error: str | None = None


_COLUMNS = (
    "item_id", "contract_id", "holder_ident", "of_order", "customer_ident", "billing_group_ident", "origin_type", "origin_ident",
    "kind", "period_start", "period_end", "sequence", "type", "business_case", "processing_status", "processing_at", "processed_at",
    "processing_error", "status_reason", "related_item_id", "document_id", "total", "currency", "content",
)  # fmt: skip


def store(uow: Uow, new: Sequence[Item], ends: Mapping[int, End], on_hold: Mapping[int, str] | None = None) -> None:
    """New items with what became of them. `on_hold`: why no run takes them before they are released."""
    now, held = uow.ctx.now(), on_hold or {}
    uow.copy(tables.billable_item, _COLUMNS, [_columns(item, ends.get(item.item_id), held.get(item.item_id), now) for item in new])


def _columns(item: Item, end: End | None, held: str | None, now: dt.datetime) -> tuple[Any, ...]:
    header = item.header
    return (
        item.item_id, item.contract_id, item.contract_ident, item.of_order, header.customer_ident, header.billing_group_ident,
        item.origin_type, item.origin_ident, item.kind, item.period_start, item.period_end, item.sequence, item.type,
        item.business_case, status(end), None if held else item.processing_at, now if end else None, end.error if end else None,
        end.reason if end else held, item.related_item_id, end.document_id if end else None, item.row.total, header.currency, item.row,
    )  # fmt: skip


def status(end: End | None) -> str:
    if end is None:
        return "NOT_STARTED"
    return "ERROR" if end.error else "COMPLETED"


# --- stored items ----------------------------------------------------------------------------------------------------------------


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
    return [Stored(row, _READ(row.row), *credits.get(row.item_id, (ZERO, 0, ZERO))) for row in rows]


def with_successors(uow: Uow, item_ids: Collection[int]) -> dict[int, list[Stored]]:
    """Items that are not dropped, each followed by those that took its place when its document was corrected."""
    found: dict[int, list[Stored]] = {}
    where = "(i.item_id = ANY (%s) OR i.related_item_id = ANY (%s)) AND i.kind <> 'CREDIT' AND i.processing_status <> 'TERMINATED'"
    for stored in items_where(uow, where, (sorted(item_ids), sorted(item_ids))):
        root = stored.row.item_id if stored.row.item_id in item_ids else stored.row.related_item_id
        found.setdefault(root, []).append(stored)
    return found


def shorten(uow: Uow, stored: Stored, wanted: Item) -> None:
    """An item that is not billed yet is for the days until the end."""
    uow.run(
        "UPDATE billable_item SET period_end = %s, total = %s, content = %s, looked_on = NULL WHERE item_id = %s",
        (wanted.period_end, wanted.row.total, encoded(wanted.row), stored.row.item_id),
    )
    _lower_credits(uow, stored, wanted.row.total)


def rewrite(uow: Uow, stored: Stored, kind: str, row: BillableRow) -> None:
    """An item that is not billed yet becomes another: `kind` is DEBIT or CREDIT."""
    uow.run(
        "UPDATE billable_item SET type = %s, total = %s, content = %s, looked_on = NULL WHERE item_id = %s",
        (kind, row.total, encoded(row), stored.row.item_id),
    )
    _lower_credits(uow, stored, row.total)


def _lower_credits(uow: Uow, stored: Stored, total: Decimal) -> None:
    """What waits to be credited of an item that is not billed yet is no more than the item costs now; the latest credits give way."""
    over = stored.credited - total
    if over <= ZERO:
        return
    for row in uow.rows(
        "SELECT item_id, total, content::text AS row FROM billable_item WHERE related_item_id = %s"
        " AND processing_status = 'RELATED_ITEM_PENDING' ORDER BY item_id DESC",
        (stored.row.item_id,),
    ):
        less = min(over, row.total)
        over -= less
        kept = row.total - less
        if kept <= ZERO:
            drop(uow, [row.item_id], "the item costs less than what was credited of it")
        elif less:
            content = replace(_READ(row.row), unit_price=kept, total=kept)
            sql = "UPDATE billable_item SET total = %s, content = %s WHERE item_id = %s"
            uow.run(sql, (kept, encoded(content), row.item_id))


def drop(uow: Uow, items: Collection[int], reason: str) -> None:
    """Nothing will come of items that are not billed, nor of the credits that waited for them."""
    uow.run(
        "UPDATE billable_item SET processing_status = 'TERMINATED', status_reason = %s WHERE processing_status <> 'COMPLETED'"
        " AND (item_id = ANY (%s) OR related_item_id = ANY (%s))",
        (reason, list(items), list(items)),
    )


def hold(uow: Uow, items: Collection[int], reason: str) -> None:
    """No run takes them until they are released."""
    uow.run("UPDATE billable_item SET processing_at = NULL, status_reason = %s WHERE item_id = ANY (%s)", (reason, list(items)))


def wait(uow: Uow, items: Collection[int], day: dt.date) -> None:
    """They stay due; on this day their document is too small."""
    if items:
        uow.run(
            "UPDATE billable_item SET status_reason = %s, looked_on = %s WHERE item_id = ANY (%s)",
            (BELOW_MINIMUM, day, sorted(items)),
        )


def release(uow: Uow, items: Collection[int], at: dt.datetime) -> None:
    """They are due from an instant on."""
    uow.run("UPDATE billable_item SET processing_at = %s, status_reason = NULL WHERE item_id = ANY (%s)", (at, list(items)))


def give_back(
    uow: Uow, stored: Stored, amount: Decimal, since: dt.date | None, case: str = "CANCELLATION", *, granted: bool = False
) -> int | None:
    """Take back `amount` of an item by the next run: a credit of what was charged, a charge of what was reduced; its number. It bears
    the tax, category and accounts of the row that it takes back. An item that is not billed yet holds it until it is. `granted`: by
    hand, whatever was ordered."""
    row = stored.row
    if amount <= ZERO or (stored.is_billed and row.document_id is None):
        return None
    family = family_of(row.business_case)
    number = uow.next_id()
    entry = {
        "item_id": number,
        **{name: getattr(row, name) for name in _COPIED},
        "kind": "CREDIT",
        "sequence": stored.next_credit,
        "type": "DEBIT" if row.type == "CREDIT" else "CREDIT",
        "business_case": f"{family}_CANCELLATION" if family else case,
        "processing_status": "NOT_STARTED" if stored.is_billed else "RELATED_ITEM_PENDING",
        "processing_at": instant(uow.ctx.today(), uow.ctx.zone),
        "related_item_id": row.item_id,
        "total": amount,
        "content": replace(credited_row(stored, amount, since), granted=granted),
    }
    uow.insert(tables.billable_item, [entry])
    return number


def credited_row(stored: Stored, amount: Decimal, since: dt.date | None) -> BillableRow:
    """The row by which `amount` of an item is taken back, for the time from `since` on."""
    content = stored.content
    begin, end = content.service_start, content.service_end
    return replace(
        content,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=amount,
        total=amount,
        extras=(),
        post_tax=(),
        service_start=since if since is not None and end is not None and since < end else begin,
        credited_row=f"i-{stored.row.item_id}",
        price_calculation_basis=None,
    )


def bill_anew(uow: Uow, stored: Stored, row: BillableRow, kind: str | None = None, case: str = "CORRECTION_CREATION") -> int:
    """A further item of the same origin and period, due at once: what remains of one that was taken back, or what came to be more. It
    names the item that was there first. What paid on that one's document has paid; usages were rated, they are not again."""
    number, old = uow.next_id(), stored.row
    origin = "USAGE" if old.kind == "USAGE_CORRECTION" else old.kind
    sequence = uow.value(
        "SELECT max(sequence) FROM billable_item WHERE contract_id = %s AND origin_type = %s AND origin_ident = %s"
        " AND period_start = %s AND kind = %s",
        (old.contract_id, old.origin_type, old.origin_ident, old.period_start, origin),
    )
    entry = {
        "item_id": number,
        **{name: getattr(old, name) for name in _COPIED},
        "kind": origin,
        "sequence": ((sequence or 0) // CREDITS + 1) * CREDITS + old.sequence % CREDITS,
        "type": kind or old.type,
        "business_case": "SELF_BILLED" if family_of(old.business_case) == "SELF_BILLED" else case,
        "related_item_id": old.related_item_id or old.item_id,
        "processing_status": "NOT_STARTED",
        "processing_at": instant(uow.ctx.today(), uow.ctx.zone),
        "total": row.total,
        "content": replace(row, post_tax=()),
    }
    uow.insert(tables.billable_item, [entry])
    return number


def encoded(row: BillableRow) -> str:
    return ENCODER.encode(row).decode()


_COPIED = (
    "contract_id", "holder_ident", "of_order", "customer_ident", "billing_group_ident", "origin_type", "origin_ident", "period_start",
    "period_end", "currency",
)  # fmt: skip
