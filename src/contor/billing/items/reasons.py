"""Why an item waits. Every item that is not on a document says it; a finding about the item itself stands in `processingError`."""

import datetime as dt
from collections.abc import Mapping

from contor.billing.items.stored import StoredRow
from contor.billing.items.types import ON_HOLD, OPEN

NOT_DUE_YET = "NOT_DUE_YET"
"""Its period, its delay or its day is still to come: `processingDate`."""
BILLING_STOPPED = "BILLING_STOPPED"
"""Of its customer; with the reason that was given."""
CUSTOMER_PARKED = "CUSTOMER_PARKED"
"""Until it is released; with the reason."""
BILLING_PAUSED = "BILLING_PAUSED"
"""The tenant has switched off the billing run: only who is asked for is billed."""
WAITS_FOR_INVOICE = "WAITS_FOR_INVOICE"
"""It pays, or reduces an order: it waits for an invoice that is large enough, or of its order."""
DUE = "DUE"
"""It is due; nothing keeps the next run from billing it."""
RELATED_ITEM_PENDING = "RELATED_ITEM_PENDING"
"""It takes back an item that is not billed yet."""
ERROR = "ERROR"
"""Its document could not be issued: `processingError` says why."""


def why(
    row: StoredRow, pays: bool, now: dt.datetime, stopped: Mapping[str, str], parked: Mapping[str, str], is_paused: bool
) -> str | None:
    """The reason, for one that is billed or ended the stored one. `stopped`, `parked`: by customer, what was said about it."""
    if row.processing_status in ("COMPLETED", "TERMINATED"):
        return row.status_reason
    if row.processing_status == RELATED_ITEM_PENDING:
        return RELATED_ITEM_PENDING
    if row.processing_status not in OPEN:
        return row.status_reason or ERROR
    if row.processing_at is None:
        return row.status_reason or ON_HOLD
    if row.processing_at >= now:
        return NOT_DUE_YET
    customer = row.customer_ident
    for code, said in ((BILLING_STOPPED, stopped), (CUSTOMER_PARKED, parked)):
        if customer in said:
            return f"{code}: {said[customer]}" if said[customer] else code
    if is_paused:
        return BILLING_PAUSED
    waits = pays or (row.of_order and row.kind == "ALLOWANCE")
    return WAITS_FOR_INVOICE if waits else row.status_reason or DUE
