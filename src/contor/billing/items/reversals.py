"""Give back what is billed, and bill what remains of it: further items of the same origin and period."""

import datetime as dt
from decimal import Decimal

from contor.billing import tables
from contor.billing.items.stored import Stored
from contor.billing.items.types import CREDITS, BillableRow, family_of
from contor.contracts.calendar import instant
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


def give_back(
    uow: Uow,
    stored: Stored,
    amount: Decimal,
    since: dt.date | None,
    case: str = "CANCELLATION",
    *,
    granted: bool = False,
    stands_beside: bool = False,
) -> int | None:
    """Take back `amount` of an item by the next run: a credit of what was charged, a charge of what was reduced; its number. It bears
    the tax, category and accounts of the row that it takes back. An item that is not billed yet holds it until it is. `granted`: by
    hand, beside what was ordered. `stands_beside`: as the row of what takes the place of what is taken back."""
    row = stored.row
    # billed without a document: it was worth nothing, there is no invoice that a credit could name (BG-3)
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
        # of an item that is not billed nothing can be given back: its credit is due when it is
        "processing_status": "NOT_STARTED" if stored.is_billed else "RELATED_ITEM_PENDING",
        "processing_at": instant(uow.ctx.today(), uow.ctx.zone),
        "related_item_id": row.item_id,
        "total": amount,
        "content": replace(credited_row(stored, amount, since), granted=granted, stands_beside=stands_beside),
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
        price_base=None,
        total=amount,
        extras=(),
        post_tax=(),
        # from here on, where that lies within the time that was billed
        service_start=since if since is not None and end is not None and since < end else begin,
        credited_row=f"i-{stored.row.item_id}",
        price_calculation_basis=None,
        kept=ZERO,
    )


def bill_anew(uow: Uow, stored: Stored, row: BillableRow, kind: str | None = None, case: str = "CORRECTION_CREATION") -> int:
    """A further item of the same origin and period, due at once: what remains of one that was taken back, or what is owed beyond it. It
    names the item that was there first. Payments of that one's document are not repeated, and usages are not rated again."""
    number, old = uow.next_id(), stored.row
    # a correction's own kind says "rate again": its successor has its amount and must not be rated
    origin = "USAGE" if old.kind == "USAGE_CORRECTION" else old.kind
    sequence = uow.scalar(
        int,
        "SELECT max(sequence) FROM billable_item WHERE contract_id = %s AND origin_type = %s AND origin_ident = %s"
        " AND period_start = %s AND kind = %s",
        (old.contract_id, old.origin_type, old.origin_ident, old.period_start, origin),
    )
    # the next thousand, and in it the row's place among those of its period: once for the key of the table
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
        "content": replace(row, post_tax=(), kept=ZERO),  # what changes kept of it, the item that was there first says
    }
    uow.insert(tables.billable_item, [entry])
    return number


_COPIED = (
    "contract_id",
    "holder_ident",
    "of_order",
    "customer_ident",
    "billing_group_ident",
    "origin_type",
    "origin_ident",
    "period_start",
    "period_end",
    "currency",
)
