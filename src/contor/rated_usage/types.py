"""Rated usages: usages that bring their net price with them. Fields: platform API, section 2.7. Pure."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.documents.types import Location, Period
from contor.kernel.shapes import Ident, Quantity, Text255, UnitPrice, UntilInstant, shape

RatedUsageStatus = Literal["OPEN", "AGGREGATED", "BILLED", "CANCELLED", "ERROR"]
"""OPEN: in an open aggregation. AGGREGATED: in a closed one. ERROR: recorded, and no period takes it as things are."""
AggregationStatus = Literal["OPEN", "CLOSED", "BILLED"]
NetPrice = Annotated[UnitPrice, Field(ge=0)]
MOST_MEMBERS = 1000


@shape
class RatedUsageBody:
    """A rated usage as a client sends it: with its net price, or with a unit price that counts for each unit. No tax."""

    rated_usage_ident: Ident
    contract_ident: Ident
    option_ident: Ident
    start_date: dt.datetime
    unit_quantity: Quantity = Decimal(1)
    net_price: NetPrice | None = None
    """For the whole quantity."""
    unit_price: NetPrice | None = None
    end_date: UntilInstant = None
    description: Text255 | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None


@shape
class RatedUsageView:
    rated_usage_id: int
    rated_usage_ident: str
    contract_ident: str
    option_ident: str
    unit_quantity: Decimal
    unit_price: Decimal | None
    net_price: Decimal
    start_date: dt.datetime
    end_date: dt.datetime | None
    description: str | None
    tax_location: Location | None
    performance_location: Location | None
    status: RatedUsageStatus
    error: str | None
    """Why no period takes it."""
    aggregation_ident: str | None
    billable_item_ident: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class AggregationView:
    """What a contract used of an option in one billing period, late usages that were carried over into it included."""

    aggregation_id: int
    aggregation_ident: str
    contract_ident: str
    option_ident: str
    billing_period: Period
    sequence: int
    """0: the period's own aggregation; further ones correct it."""
    quantity: Decimal
    net_total: Decimal
    """Of the members that are not cancelled, exact; in the contract's currency."""
    status: AggregationStatus
    closing_date: dt.datetime
    """When it closes by itself."""
    billing_date: dt.datetime
    """When it is billed."""
    closed_date: dt.datetime | None


@shape
class AggregationDetail(AggregationView):
    """An aggregation with its first thousand members; all of them are found by `aggregationIdent`."""

    member_count: int
    members: tuple[RatedUsageView, ...]
    billable_item_idents: tuple[str, ...]


class Member(NamedTuple):
    """A rated usage as it is billed."""

    rated_usage_id: int
    aggregation_ident: str
    used_on: dt.date
    quantity: Decimal
    unit_price: Decimal | None
    net_price: Decimal
    tax_location: Mapping[str, str] | None
    """The fields of a `Location`; None: the contract's."""
    performance_location: Mapping[str, str] | None
    """Likewise."""
    description: str | None


class RatedUsageRow(NamedTuple):
    """A rated usage as it is stored, with the ident of its contract."""

    rated_usage_id: int
    rated_usage_ident: str
    contract_id: int
    contract_ident: str
    option_ident: str
    quantity: Decimal
    unit_price: Decimal | None
    net_price: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    used_on: dt.date
    description: str | None
    tax_location: Mapping[str, str] | None
    performance_location: Mapping[str, str] | None
    status: RatedUsageStatus
    error: str | None
    aggregation_ident: str | None
    item_id: int | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


class AggregationRow(NamedTuple):
    """An aggregation as it is stored, with the ident of its contract."""

    aggregation_id: int
    aggregation_ident: str
    contract_id: int
    contract_ident: str
    option_ident: str
    period_start: dt.date
    period_end: dt.date
    sequence: int
    quantity: Decimal
    net_total: Decimal
    plan_id: int
    """Of the contract."""
    status: AggregationStatus
    closes_at: dt.datetime
    bills_at: dt.datetime
    closed_at: dt.datetime | None
