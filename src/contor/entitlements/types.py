"""Features, and what of them somebody may use. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Name255, Sent, Text255, shape

FeatureType = Literal["SWITCH", "QUANTITY", "SELECTION", "RANGE"]
"""On or off; a number of some; one text of some; a number between two, or without limit."""
FeatureStatus = Literal["DRAFT", "ACTIVE", "ARCHIVED"]
"""A DRAFT is assigned to plans and options, and goes into no contract; an ARCHIVED one stays in those that have it."""
Source = Literal["PLAN", "OPTION", "OVERRIDE"]
"""What a contract has a value of: its plan, one of its options, or what was said of this contract alone."""
END = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""The end of what has none."""


@shape
class Choice:
    """A value that a feature can have."""

    value: Name255
    label: Text255 | None = None
    """What people read."""


Choices = Annotated[tuple[Choice, ...], Field(max_length=200)]


class Feature(NamedTuple):
    """A row of `feature`, as far as values are judged by it."""

    ident: str
    name: str
    type: FeatureType
    status: FeatureStatus
    unit: str | None
    choices: tuple[str, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    may_be_unlimited: bool


class Given(NamedTuple):
    """A value that a contract has of something."""

    value: str
    source: Source
    source_ident: str


class Override(NamedTuple):
    """What was said of one contract alone: a value, or None: it is not there, whatever plan and options give."""

    ident: str
    contract_ident: str
    feature_ident: str
    value: str | None
    valid_from: dt.date
    valid_to: dt.date | None
    created_at: dt.datetime

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Entitlement(Sent, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """What somebody may use of a feature."""

    feature_ident: str
    name: str
    type: FeatureType
    unit: str | None = None
    value: str
    """SWITCH: true or false; QUANTITY, RANGE: a number, RANGE also `unlimited`; SELECTION: one of the feature's values."""
    label: str | None = None
    """What people read of it, where the feature says so."""
    source: Source
    source_ident: str
    """The plan, the option, or the override."""
    contract_ident: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    """As far as is known now; not there: without end."""


class EntitlementState(Sent, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """What a customer, or by a contract alone, may be used at an instant."""

    as_it_is: ClassVar[bool] = True
    customer_ident: str
    contract_ident: str | None = None
    at: dt.datetime
    entitlements: tuple[Entitlement, ...]
    """By the idents of their features."""
