"""Usages: what was consumed under a contract, when and where. Fields: platform API, section 2.7. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.catalogue.types import CatalogueProperty
from contor.documents.types import Location
from contor.kernel.shapes import Ident, Quantity, Sent, Text255, UntilInstant, called, shape

MOST_AT_ONCE = 10_000
UsageStatus = Literal["OPEN", "BILLED", "CANCELLED"]
"""As it is answered. One that was deleted is stored as DELETED, and is no usage any more for whoever asks."""


class UsageBody(Sent, frozen=True, omit_defaults=True):
    """A usage as a client sends it. `unitQuantity` is in the option's unit; usages by the clock need start and end."""

    usage_ident: Ident
    contract_ident: Ident
    option_ident: Ident
    start_date: dt.datetime
    unit_quantity: Annotated[Quantity, called("unitQuantity", "quantity")] = Decimal(0)
    end_date: UntilInstant = None
    description: Text255 | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


@shape
class UsageBatch:
    usages: Annotated[tuple[UsageBody, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


@shape
class UsageResult:
    """What became of one usage of a batch: CREATED, or KNOWN when the very same one was recorded before."""

    usage_ident: str
    status: Literal["CREATED", "KNOWN"]


@shape
class BatchResult:
    created: int
    known: int
    results: tuple[UsageResult, ...]


@shape
class UsageView:
    usage_id: int
    usage_ident: str
    contract_ident: str
    option_ident: str
    unit_quantity: Decimal
    start_date: dt.datetime
    end_date: dt.datetime | None
    description: str | None
    tax_location: Location | None
    performance_location: Location | None
    properties: tuple[CatalogueProperty, ...]
    status: UsageStatus
    billable_item_ident: str | None
    created_at: dt.datetime
    """When it was recorded."""


class Usage(NamedTuple):
    """A usage as it is rated."""

    usage_id: int
    used_on: dt.date
    """In the zone of the contract's billing group."""
    quantity: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    tax_location: Mapping[str, str] | None
    """The fields of a `Location`; None: the contract's."""
    performance_location: Mapping[str, str] | None = None
    """Likewise."""
    description: str | None = None


class UsageRow(NamedTuple):
    """A usage as it is stored, with the ident of its contract."""

    usage_id: int
    usage_ident: str
    contract_ident: str
    option_ident: str
    quantity: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    description: str | None
    tax_location: Mapping[str, str] | None
    performance_location: Mapping[str, str] | None
    properties: Sequence[Mapping[str, str]] | None
    created_at: dt.datetime
    status: UsageStatus
    item_id: int | None
