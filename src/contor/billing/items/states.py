"""Billable items as rows, from state to state: stored, held, released, shortened, dropped."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing import tables
from contor.billing.items.stored import Stored, StoredRow, content_of
from contor.billing.items.types import BillableRow, Code, End, Item, Status
from contor.contracts.calendar import instant
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow


def store(uow: Uow, new: Sequence[Item], ends: Mapping[int, End], on_hold: Mapping[int, str] | None = None) -> None:
    """New items with their outcomes, by number. `on_hold`: why no run takes them before they are released."""
    now, held = uow.ctx.now(), on_hold or {}
    uow.copy(
        tables.billable_item,
        StoredRow._fields,
        [_values(item, ends.get(item.item_id), held.get(item.item_id), now) for item in new],
    )


def _values(item: Item, end: End | None, held: str | None, now: dt.datetime) -> tuple[object, ...]:
    """In the order of `StoredRow`."""
    header = item.header
    return (
        item.item_id,
        item.contract_id,
        item.contract_ident,
        item.of_order,
        header.customer_ident,
        header.billing_group_ident,
        item.origin_type,
        item.origin_ident,
        item.kind,
        item.period_start,
        item.period_end,
        item.sequence,
        item.type,
        item.business_case,
        status(end),
        None if held else item.processing_at,
        now if end else None,
        end.error if end else None,
        end.reason if end else held,
        item.related_item_id,
        end.document_id if end else None,
        item.row.total,
        header.currency,
        # for good, with the price that was chosen by it: another default site takes nothing over that is proposed
        replace(item.row, operating_site_ident=item.row.operating_site_ident or header.operating_site_ident),
    )


def status(end: End | None) -> Status:
    if end is None:
        return "NOT_STARTED"
    return "ERROR" if end.error else "COMPLETED"


def finish(uow: Uow, ends: Sequence[tuple[int, End]]) -> None:
    """Outcome of stored items; credits that waited for one that is billed are due now."""
    if not ends:
        return
    uow.run(
        "UPDATE billable_item i SET processing_status = x.status, processed_at = %s, document_id = x.document_id,"
        " status_reason = x.reason, processing_error = x.error"
        " FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[]) AS x(id, status, document_id, reason, error)"
        " WHERE i.item_id = x.id",
        (
            uow.ctx.now(),
            [number for number, _ in ends],
            [status(end) for _, end in ends],
            [end.document_id for _, end in ends],
            [end.reason for _, end in ends],
            [end.error for _, end in ends],
        ),
    )
    uow.run(
        "UPDATE billable_item SET processing_status = 'NOT_STARTED', processing_at = greatest(processing_at, %s)"
        " WHERE related_item_id = ANY (%s) AND processing_status = 'RELATED_ITEM_PENDING'",
        # an item with an error is not billed: its credits go on waiting for it
        (instant(uow.ctx.today(), uow.ctx.zone), [number for number, end in ends if not end.error]),
    )


def set_amounts(uow: Uow, rows: Mapping[int, BillableRow]) -> None:
    """The rows of stored items that are not billed yet, by the items' numbers: their amounts are known now, or were agreed anew."""
    if rows:
        uow.run(
            "UPDATE billable_item i SET total = x.total, content = x.content"
            " FROM unnest(%s::bigint[], %s::numeric[], %s::jsonb[]) AS x(id, total, content) WHERE i.item_id = x.id",
            (list(rows), [row.total for row in rows.values()], [encoded(row) for row in rows.values()]),
        )


def shorten(uow: Uow, stored: Stored, wanted: Item) -> None:
    """An item that is not billed yet is for the days until the end, and due as soon as these are over; one that someone holds is due
    when it is released."""
    uow.run(
        "UPDATE billable_item SET period_end = %s, total = %s, content = %s, looked_on = NULL,"
        " processing_at = CASE WHEN processing_at > %s THEN %s ELSE processing_at END WHERE item_id = %s",
        (
            wanted.period_end,
            wanted.row.total,
            encoded(
                replace(
                    wanted.row,
                    operating_site_ident=stored.content.operating_site_ident,
                    tax_location=stored.content.tax_location,
                    performance_location=stored.content.performance_location,
                )
            ),
            wanted.processing_at,
            wanted.processing_at,
            stored.row.item_id,
        ),
    )
    # as of one that is billed: what is not charged any more needs no credit
    _lower_credits(uow, stored, stored.content.total - wanted.row.total)


def reshape(uow: Uow, stored: Stored, wanted: Item) -> None:
    """An item that is not billed yet becomes what its period is now, and is due when that says; one that someone holds is due when it is
    released."""
    content = replace(
        wanted.row,
        operating_site_ident=stored.content.operating_site_ident,
        tax_location=stored.content.tax_location,
        performance_location=stored.content.performance_location,
    )
    uow.run(
        "UPDATE billable_item SET period_end = %s, total = %s, content = %s, looked_on = NULL,"
        " processing_at = CASE WHEN processing_at IS NULL THEN NULL ELSE %s END WHERE item_id = %s",
        (wanted.period_end, wanted.row.total, encoded(content), wanted.processing_at, stored.row.item_id),
    )
    _lower_credits(uow, stored, stored.content.total - wanted.row.total)


def rewrite(uow: Uow, stored: Stored, kind: str, row: BillableRow) -> None:
    """An item that is not billed yet becomes another: `kind` is DEBIT or CREDIT."""
    uow.run(
        "UPDATE billable_item SET type = %s, total = %s, content = %s, looked_on = NULL WHERE item_id = %s",
        (kind, row.total, encoded(row), stored.row.item_id),
    )
    _lower_credits(uow, stored, stored.credited - row.total)


class WaitingCredit(NamedTuple):
    """A credit of an item that is not billed, its row as JSON text."""

    item_id: int
    total: Decimal
    content: str


def _lower_credits(uow: Uow, stored: Stored, over: Decimal) -> None:
    """Lower what waits to be credited of an item that is not billed yet by so much, the latest credits first."""
    if over <= ZERO:
        return
    for row in uow.all(
        WaitingCredit,
        "SELECT item_id, total, content::text AS content FROM billable_item WHERE related_item_id = %s"
        " AND processing_status = 'RELATED_ITEM_PENDING' ORDER BY item_id DESC",
        (stored.row.item_id,),
    ):
        less = min(over, row.total)
        over -= less
        kept = row.total - less
        if kept <= ZERO:
            drop(uow, [row.item_id], "what it credited of the item is not charged any more")
        elif less:
            content = replace(content_of(row.content), unit_price=kept, total=kept)
            sql = "UPDATE billable_item SET total = %s, content = %s WHERE item_id = %s"
            uow.run(sql, (kept, encoded(content), row.item_id))


def drop(uow: Uow, items: Collection[int], reason: str) -> None:
    """End items that are not billed, and the credits that wait for them."""
    uow.run(
        "UPDATE billable_item SET processing_status = 'TERMINATED', status_reason = %s WHERE processing_status <> 'COMPLETED'"
        " AND (item_id = ANY (%s) OR related_item_id = ANY (%s))",
        (reason, list(items), list(items)),
    )


def hold(uow: Uow, items: Collection[int], reason: str) -> None:
    """No run takes them until they are released."""
    uow.run("UPDATE billable_item SET processing_at = NULL, status_reason = %s WHERE item_id = ANY (%s)", (reason, list(items)))


def wait(uow: Uow, items: Mapping[int, tuple[Code, dt.date]]) -> None:
    """They stay due; each, by its number, says why its document is not issued on this day."""
    if items:
        reasons, days = zip(*items.values(), strict=True)
        uow.run(
            "UPDATE billable_item i SET status_reason = x.reason, looked_on = x.day"
            " FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS x(id, reason, day) WHERE i.item_id = x.id",
            (list(items), list(reasons), list(days)),
        )


def release(uow: Uow, items: Collection[int], at: dt.datetime) -> None:
    """They are due from an instant on."""
    uow.run("UPDATE billable_item SET processing_at = %s, status_reason = NULL WHERE item_id = ANY (%s)", (at, list(items)))


def encoded(row: BillableRow) -> str:
    return ENCODER.encode(row).decode()
