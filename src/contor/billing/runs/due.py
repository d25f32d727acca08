"""When a tenant has the next thing to bill: so long no worker need look into it."""

import datetime as dt
from typing import NamedTuple

from contor.billing.runs.customers import is_anyone_due
from contor.contracts.calendar import instant
from contor.contracts.queries import next_proposals
from contor.rated_usage.aggregate import next_closing
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, tenant_settings

AGAIN_SECONDS = 60
"""What is due and could not be billed is tried again after so long: a customer whom someone else held, an item to be retried."""
_ITEMS = """
SELECT min(processing_at) FILTER (WHERE processing_at >= %s) AS next_at, count(*) > 0 AS is_waiting
  FROM billable_item WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at IS NOT NULL
"""


class NextItems(NamedTuple):
    next_at: dt.datetime | None
    is_waiting: bool


def next_due(uow: Uow) -> dt.datetime | None:
    """Real time. None: nothing becomes due by the passing of time, because nothing waits, the billing run is switched off, or a test
    clock stands still. What waits for another day (a billing stop that ends, a document too small) is looked at every day."""
    now = uow.ctx.now()
    if uow.ctx.is_test_clock or not tenant_settings(uow).active_billing_run:
        return None
    if is_anyone_due(uow, now):
        return now + dt.timedelta(seconds=AGAIN_SECONDS)
    proposal, is_proposing = next_proposals(uow, now)
    items = uow.first(NextItems, _ITEMS, (now,)) or NextItems(None, False)
    times = [time for time in (proposal, items.next_at, next_closing(uow, now)) if time is not None]
    if is_proposing or items.is_waiting:
        zones = {uow.ctx.zone, *days_of_groups(uow).own.values()}
        times += [instant(now.astimezone(zone).date() + dt.timedelta(days=1), zone) for zone in zones]
    return min(times, default=None)
