"""Read rated usages and their aggregations."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contor.catalogue.queries import plans_by_id
from contor.contracts.queries import WITH_CONTRACT, contract_ident_of
from contor.documents.types import Location, Period
from contor.kernel.money import shown
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.rated_usage import tables
from contor.rated_usage.types import (
    MOST_MEMBERS,
    AggregationDetail,
    AggregationRow,
    AggregationView,
    RatedUsageRow,
    RatedUsageView,
)
from contor.runtime.query import ListQuery, Page, last_day, prefixed, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

RATED_USAGES = searchable(
    tables.rated_usage,
    RatedUsageView,
    (
        "rated_usage_id",
        "rated_usage_ident",
        "contract_id",
        "option_ident",
        "used_on",
        "started_at",
        "status",
        "aggregation_ident",
        "net_price",
        "created_at",
        "last_modified_at",
    ),
    default_sort="rated_usage_id,desc",
    places={
        "contract_ident": contract_ident_of(tables.rated_usage.c.contract_id),
        "unit_quantity": "quantity",
        "start_date": "started_at",
        "end_date": "ended_at",
        "billable_item_ident": prefixed("i-", tables.rated_usage.c.item_id),
    },
)
AGGREGATIONS = searchable(
    tables.rated_usage_aggregation,
    AggregationView,
    (
        "aggregation_id",
        "aggregation_ident",
        "contract_id",
        "option_ident",
        "period_start",
        "sequence",
        "status",
        "net_total",
        "closes_at",
        "bills_at",
        "closed_at",
        "created_at",
    ),
    default_sort="aggregation_id,desc",
    places={
        "contract_ident": contract_ident_of(tables.rated_usage_aggregation.c.contract_id),
        "billing_period.start": "period_start",
        "billing_period.end": last_day(tables.rated_usage_aggregation.c.period_end),
        "closing_date": "closes_at",
        "billing_date": "bills_at",
        "closed_date": "closed_at",
    },
)
RATED_USAGE = f"SELECT {columns(RatedUsageRow)} FROM rated_usage {WITH_CONTRACT} WHERE "
"""Rows of `RatedUsageRow`; a condition follows."""
AGGREGATION = f"SELECT {columns(AggregationRow)} FROM rated_usage_aggregation {WITH_CONTRACT} WHERE "
"""Rows of `AggregationRow`; a condition follows."""
_BY_IDENTS = AGGREGATION + "aggregation_ident = ANY (%s)"


@dataclass(frozen=True, slots=True)
class ListRatedUsages:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListAggregations:
    query: ListQuery


@shape
class OneRatedUsage:
    rated_usage_ident: str


@shape
class OneAggregation:
    aggregation_ident: str


@operation("rated_usage.list", permission="contracts.read", reads=True)
def list_rated_usages(uow: Uow, command: ListRatedUsages) -> Page:
    """Rated usages."""

    def read(idents: list[str]) -> dict[str, RatedUsageView]:
        rows = uow.all(RatedUsageRow, RATED_USAGE + "rated_usage_ident = ANY (%s)", (idents,))
        return {row.rated_usage_ident: _view(row) for row in rows}

    return listed_by_key(uow, tables.rated_usage, command.query, RATED_USAGES, "rated_usage_ident", read)


@operation("rated_usage.get", permission="contracts.read", reads=True)
def get_rated_usage(uow: Uow, command: OneRatedUsage) -> RatedUsageView:
    """One rated usage, with its status and aggregation."""
    return view_by_ident(uow, command.rated_usage_ident)


@operation("rated_usage_aggregation.list", permission="contracts.read", reads=True)
def list_aggregations(uow: Uow, command: ListAggregations) -> Page:
    """What contracts used of their options by billing period."""

    def read(idents: list[str]) -> dict[str, AggregationView]:
        return {view.aggregation_ident: view for view in _aggregations(uow, uow.all(AggregationRow, _BY_IDENTS, (idents,)))}

    return listed_by_key(uow, tables.rated_usage_aggregation, command.query, AGGREGATIONS, "aggregation_ident", read)


@operation("rated_usage_aggregation.get", permission="contracts.read", reads=True)
def get_aggregation(uow: Uow, command: OneAggregation) -> AggregationDetail:
    """One aggregation, with its totals and members."""
    return detail_by_ident(uow, command.aggregation_ident)


def detail_by_ident(uow: Uow, ident: str) -> AggregationDetail:
    """Raises NOT_FOUND."""
    row = uow.first(AggregationRow, _BY_IDENTS, ([ident],))
    if row is None:
        raise not_found("rated_usage_aggregation", ident)
    of_it = RATED_USAGE + "aggregation_ident = %s ORDER BY used_on, rated_usage_id LIMIT %s"
    members = uow.all(RatedUsageRow, of_it, (ident, MOST_MEMBERS))
    count = uow.scalar(int, "SELECT count(*) FROM rated_usage WHERE aggregation_ident = %s", (ident,)) or 0
    items = uow.column(
        int, "SELECT DISTINCT item_id FROM rated_usage WHERE aggregation_ident = %s AND item_id IS NOT NULL ORDER BY 1", (ident,)
    )
    (view,) = _aggregations(uow, [row])
    return AggregationDetail(
        **{field.name: getattr(view, field.name) for field in dataclasses.fields(view)},
        member_count=count,
        members=tuple([_view(member) for member in members]),
        billable_item_idents=tuple(f"i-{item}" for item in items),
    )


def view_by_ident(uow: Uow, ident: str) -> RatedUsageView:
    """Raises NOT_FOUND."""
    return _view(require_rated_usage(uow, ident))


def require_rated_usage(uow: Uow, ident: str) -> RatedUsageRow:
    """Raises NOT_FOUND."""
    row = uow.first(RatedUsageRow, RATED_USAGE + "rated_usage_ident = %s", (ident,))
    if row is None:
        raise not_found("rated_usage", ident)
    return row


def _aggregations(uow: Uow, rows: Sequence[AggregationRow]) -> list[AggregationView]:
    plans = plans_by_id(uow, {row.plan_id for row in rows})
    return [_aggregation(row, plans[row.plan_id].content.currency) for row in rows]


def _aggregation(row: AggregationRow, currency: str) -> AggregationView:
    return AggregationView(
        aggregation_id=row.aggregation_id,
        aggregation_ident=row.aggregation_ident,
        contract_ident=row.contract_ident,
        option_ident=row.option_ident,
        billing_period=Period(start=row.period_start, end=row.period_end - dt.timedelta(days=1)),
        sequence=row.sequence,
        quantity=row.quantity,
        net_total=shown(row.net_total, currency),
        status=row.status,
        closing_date=row.closes_at,
        billing_date=row.bills_at,
        closed_date=row.closed_at,
    )


def _view(row: RatedUsageRow) -> RatedUsageView:
    return RatedUsageView(
        rated_usage_id=row.rated_usage_id,
        rated_usage_ident=row.rated_usage_ident,
        contract_ident=row.contract_ident,
        option_ident=row.option_ident,
        unit_quantity=row.quantity,
        unit_price=row.unit_price,
        net_price=row.net_price,
        start_date=row.started_at,
        end_date=row.ended_at,
        description=row.description,
        tax_location=Location(**row.tax_location) if row.tax_location else None,
        performance_location=Location(**row.performance_location) if row.performance_location else None,
        status=row.status,
        error=row.error,
        aggregation_ident=row.aggregation_ident,
        billable_item_ident=f"i-{row.item_id}" if row.item_id else None,
        created_at=row.created_at,
        last_modified_at=row.last_modified_at,
    )
