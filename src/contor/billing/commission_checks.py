"""What must hold of commissions: each is its percentage of what it counts, and nothing is left uncounted."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import Direction, Status
from contor.billing.proposal import BilledItem, CommissionKey, Wanted, commission, nets_of, uncounted
from contor.catalogue.queries import options_by_ident
from contor.contracts.calendar import instant
from contor.documents.types import Basis
from contor.kernel.checks import check
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL
from contor.settings.queries import days_of_groups, group_terms

LATE = dt.timedelta(hours=1)
"""What was billed so shortly before a period's end may have been counted by the next."""


class PaidPeriod(NamedTuple):
    """A period of a commission that was billed; `base`: the sum of what it counts, net."""

    item_id: int
    contract_id: int
    origin_ident: str
    period_start: dt.date
    period_end: dt.date
    total: Decimal
    currency: str
    billing_group_ident: str
    contract_ident: str
    start_on: dt.date
    end_kind: str | None
    base: Decimal
    waits: bool
    """An item of this period or of one before is not billed yet: it will count what is left."""


class Last(NamedTuple):
    """The last period of a commission."""

    row: PaidPeriod
    asked: Wanted
    reached: dt.datetime
    """Until here everything is counted: the end of the last period that was paid."""


@check("billing.commissions_are_what_was_counted")
def commissions(uow: Uow) -> Iterable[str]:
    """A commission is its percentage of what it counts; each of that was billed before the period's end, for what its document shows; and
    nothing is left uncounted by a period that was paid, nor after the last one what would have earned something."""
    rows = uow.all(
        PaidPeriod,
        "SELECT i.item_id, i.contract_id, i.origin_ident, i.period_start, i.period_end, i.total, i.currency, i.billing_group_ident,"
        " c.contract_ident, c.start_on,"
        " c.end_kind, coalesce(sum(b.net), 0) AS base, EXISTS (SELECT 1 FROM billable_item w WHERE w.tenant_id = i.tenant_id"
        " AND w.contract_id = i.contract_id AND w.origin_ident = i.origin_ident AND w.kind = 'COMMISSION' AND w.related_item_id IS NULL"
        " AND w.period_start <= i.period_start AND w.processing_status NOT IN ('COMPLETED', 'TERMINATED')) AS waits FROM billable_item i"
        " JOIN contract c ON c.tenant_id = i.tenant_id AND c.contract_id = i.contract_id"
        " LEFT JOIN commission_base b ON b.tenant_id = i.tenant_id AND b.item_id = i.item_id"
        " WHERE i.kind = 'COMMISSION' AND i.processing_status = 'COMPLETED' AND i.related_item_id IS NULL"
        " GROUP BY i.tenant_id, i.item_id, c.tenant_id, c.contract_id ORDER BY i.period_start",
    )
    options, groups, days = options_by_ident(uow, {row.origin_ident for row in rows}), group_terms(uow), days_of_groups(uow)
    last: dict[CommissionKey, Last] = {}
    for row in rows:
        unit = groups.get(row.billing_group_ident, USUAL).units.get(row.currency)
        cost = commission(options[row.origin_ident], row.period_start, row.base, row.currency, unit)
        if cost != row.total:
            yield f"commission i-{row.item_id} is {row.total}, of {row.base} it would be {cost}"
        zone = days.zone(row.billing_group_ident)
        until = instant(row.period_end, zone) - LATE
        since = instant(row.start_on, zone)
        asked = Wanted(row.contract_id, row.contract_ident, row.origin_ident, since, until)
        key = (row.contract_id, row.origin_ident)
        reached = until if row.total else last[key].reached if key in last else since
        last[key] = Last(row, asked, reached)
    left = uncounted(uow, [entry.asked for entry in last.values()])
    for key, sources in left.items():
        row, _, reached = last[key]
        for source in sources:
            if source.processed_at < reached:
                yield f"contract {row.contract_ident}, option {key[1]}: item i-{source.item_id} was not counted"
        unit = groups.get(row.billing_group_ident, USUAL).units.get(row.currency)
        rest = commission(options[key[1]], row.period_start, sum((source.net for source in sources), ZERO), row.currency, unit)
        if rest and row.end_kind != "CANCELLED" and not row.waits:
            yield f"contract {row.contract_ident}, option {key[1]}: {rest} until {row.period_end} were not counted"
    for number in sorted({row.item_id for row in rows}):
        yield from _counted(uow, number)


class CountedRow(NamedTuple):
    """An item that a commission counts: for how much, and in which period."""

    net: Decimal
    period_end: dt.date
    billing_group_ident: str
    processed_at: dt.datetime | None
    processing_status: Status
    item_id: int
    document_id: int
    total: Decimal
    type: Direction
    basis: Basis


def _counted(uow: Uow, item_id: int) -> Iterable[str]:
    """What one commission counts, against the items that were billed."""
    rows = uow.all(
        CountedRow,
        "SELECT b.net, i.period_end, i.billing_group_ident, s.processed_at, s.processing_status, s.item_id, s.document_id, s.total, s.type,"
        " s.content ->> 'basis' AS basis FROM commission_base b JOIN billable_item i ON i.tenant_id = b.tenant_id AND i.item_id = b.item_id"
        " JOIN billable_item s ON s.tenant_id = b.tenant_id AND s.item_id = b.source_item_id WHERE b.item_id = %s",
        (item_id,),
    )
    nets = nets_of(uow, [BilledItem(*row[5:]) for row in rows])
    days = days_of_groups(uow)
    for row in rows:
        if row.net != nets[row.item_id]:
            yield f"commission i-{item_id} counts {row.net} of item i-{row.item_id}, which is {nets[row.item_id]}"
        if (
            row.processing_status != "COMPLETED"
            or row.processed_at is None
            or row.processed_at >= instant(row.period_end, days.zone(row.billing_group_ident))
        ):
            yield f"commission i-{item_id} counts item i-{row.item_id}, which was not billed in its time"
