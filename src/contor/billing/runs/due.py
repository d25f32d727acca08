"""When a tenant has the next thing to bill: so long no worker need look into it."""

import datetime as dt

from contor.billing.runs.customers import is_anyone_due
from contor.contracts.periods import instant
from contor.runtime.uow import Uow

AGAIN_SECONDS = 60
"""What is due and could not be billed is tried again after so long: a customer whom someone else held, an item to be retried."""
_NEXT = """
SELECT least(
  (SELECT min(next_proposal_at) FROM contract WHERE next_proposal_at >= %(now)s),
  (SELECT min(processing_at) FROM billable_item
    WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at >= %(now)s),
  (SELECT min(closes_at) FROM rated_usage_aggregation WHERE status = 'OPEN' AND closes_at >= %(now)s)
)
"""


def next_due(uow: Uow) -> dt.datetime | None:
    """Real time. None: nothing becomes due by the passing of time, because nothing waits, the billing run is switched off, or a test
    clock stands still. What waits for another day (a billing stop that ends, a document too small) is looked at every day."""
    now = uow.ctx.now()
    if uow.value("SELECT clock_at FROM directory.environment WHERE id = %s", (uow.ctx.tenant_id,)) is not None:
        return None
    if not uow.value("SELECT active_billing_run FROM tenant_setting"):
        return None
    if is_anyone_due(uow, now):
        return now + dt.timedelta(seconds=AGAIN_SECONDS)
    found = uow.scalar(dt.datetime, _NEXT, {"now": now})
    if found is None and not uow.value(_ANYTHING):
        return None
    tomorrow = instant(uow.ctx.today() + dt.timedelta(days=1), uow.ctx.zone)
    return min(found or tomorrow, tomorrow)


_ANYTHING = """
SELECT EXISTS (SELECT 1 FROM contract WHERE next_proposal_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM billable_item WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at IS NOT NULL)
"""
