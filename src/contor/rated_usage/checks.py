"""What must hold of rated usages: they are counted where they belong, once, and nothing stays behind."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Counted(NamedTuple):
    """What an aggregation shows, and what its members are together."""

    aggregation_ident: str
    quantity: Decimal
    net_total: Decimal
    used: Decimal
    net: Decimal


class _States(NamedTuple):
    """The states of a usage, of what collects it and of what bills it."""

    rated_usage_ident: str
    status: str
    collected: str | None
    item: str | None


@check("rated_usage.aggregations_count_their_members")
def totals(uow: Uow) -> Iterable[str]:
    """Quantity and net total of an aggregation are those of its members that are not cancelled."""
    for row in uow.all(
        _Counted,
        "SELECT a.aggregation_ident, a.quantity, a.net_total, coalesce(sum(u.quantity), 0) AS used, coalesce(sum(u.net_price), 0) AS net"
        " FROM rated_usage_aggregation a LEFT JOIN rated_usage u ON u.tenant_id = a.tenant_id"
        " AND u.aggregation_ident = a.aggregation_ident AND u.status <> 'CANCELLED' GROUP BY 1, 2, 3"
        " HAVING a.quantity <> coalesce(sum(u.quantity), 0) OR a.net_total <> coalesce(sum(u.net_price), 0)",
    ):
        yield (
            f"aggregation {row.aggregation_ident} shows {row.quantity} at {row.net_total}, its members are {row.used} at {row.net}"
        )


@check("rated_usage.statuses_agree")
def statuses(uow: Uow) -> Iterable[str]:
    """A usage is OPEN in an open aggregation, AGGREGATED with an item that is to be billed, BILLED with one that is; in ERROR it belongs
    nowhere."""
    for row in uow.all(
        _States,
        "SELECT u.rated_usage_ident, u.status, a.status AS collected, i.processing_status AS item FROM rated_usage u"
        " LEFT JOIN rated_usage_aggregation a ON a.tenant_id = u.tenant_id AND a.aggregation_ident = u.aggregation_ident"
        " LEFT JOIN billable_item i ON i.tenant_id = u.tenant_id AND i.item_id = u.item_id"
        " WHERE NOT CASE u.status"
        # coalesce: where an aggregation or an item is missing, the comparison is NULL, which NOT would let pass
        " WHEN 'OPEN' THEN coalesce(a.status = 'OPEN', false) AND u.item_id IS NULL"
        " WHEN 'AGGREGATED' THEN coalesce(a.status = 'CLOSED' AND i.processing_status NOT IN ('COMPLETED', 'TERMINATED'), false)"
        " WHEN 'BILLED' THEN coalesce(a.status IN ('CLOSED', 'BILLED') AND i.processing_status = 'COMPLETED', false)"
        " WHEN 'ERROR' THEN u.aggregation_ident IS NULL AND u.error IS NOT NULL"
        " ELSE true END",
    ):
        yield f"rated usage {row.rated_usage_ident} is {row.status}, its aggregation {row.collected}, its item {row.item}"


@check("rated_usage.nothing_due_stays_open")
def due(uow: Uow) -> Iterable[str]:
    """An aggregation whose time came a day ago is closed."""
    for ident in uow.column(
        str,
        "SELECT aggregation_ident FROM rated_usage_aggregation WHERE status = 'OPEN' AND closes_at < %s - interval '1 day'",
        (uow.ctx.now(),),
    ):
        yield f"aggregation {ident} should be closed since more than a day"
