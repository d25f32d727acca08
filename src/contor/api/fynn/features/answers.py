"""What features and entitlements look like. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Day, ShownAsIs, When
from contor.kernel.shapes import Ident, Name255, Quantity, Text, Text64, Text255, shape

FeatureType = Literal["switch", "quantity", "custom", "range"]
FeatureStatus = Literal["draft", "active", "archived"]
Value = bool | int | Decimal | str
"""switch: true or false; quantity, range: a number, range also `unlimited`; custom: one of the feature's texts."""
ValueSent = bool | int | Decimal | Name255


@shape
class Choice:
    """A value that can be chosen."""

    value: Annotated[int | Decimal | Name255, Field(union_mode="left_to_right")]
    label: Text255 | None = None


@shape
class FeatureSent:
    """A feature. `config` is of quantity and custom, `min`, `max` and `unlimited` are of range."""

    id: Ident | None = None
    """A slug such as `feature-1`; default: made of the name."""
    name: Name255
    description: Text | None = None
    type: FeatureType
    unit: Text64 | None = None
    config: Annotated[tuple[Choice, ...], Field(max_length=200)] = ()
    min: Quantity | None = None
    max: Quantity | None = None
    unlimited: bool = False
    """Whether a value may be `unlimited`."""


@shape
class FeatureShown:
    id: str
    name: str
    description: str | None = None
    status: FeatureStatus
    type: FeatureType
    config: tuple[Choice, ...]
    unit: str | None = None
    min: int | Decimal | None = None
    max: int | Decimal | None = None
    unlimited: bool


@shape
class FeatureDetail(FeatureShown):
    """With how often it is used."""

    product_assignments_count: int
    product_price_assignments_count: int
    entitlements_count: int
    """Subscriptions that have a value of it now."""


@shape
class FeatureValueSent:
    value: ValueSent


@shape
class FeatureValueShown:
    """What a product or a price plan gives of a feature."""

    feature: str
    type: FeatureType
    value: Value


@shape
class FeatureValuesShown:
    """By the ids of the features."""

    data: tuple[FeatureValueShown, ...]


@shape
class OverrideSent:
    """What a subscription alone may use; without `value` the feature is not there, whatever product and price plan give."""

    feature: Ident
    value: ValueSent | None = None
    valid_from: Day | None = None
    """Default: today."""
    valid_until: Day | None = None
    """The last day."""


@shape
class OverrideShown:
    id: str
    feature: str
    value: Value | None = None
    valid_from: When
    valid_until: When | None = None
    created_at: When


class EntitlementShown(ShownAsIs, frozen=True, kw_only=True, gc=False):
    feature: str
    name: str
    type: FeatureType
    unit: str | None = None
    value: Value
    label: str | None = None
    """Of a value that was chosen."""
    source: Literal["price_plan", "product", "override"]
    subscription: str
    """Its id."""
    valid_from: When
    valid_until: When | None = None
    """As far as is known now."""


class StateShown(ShownAsIs, frozen=True, kw_only=True, gc=False):
    """What may be used at an instant."""

    customer: str
    subscription: str | None = None
    """Null: by all of the customer's subscriptions together, of each feature the most."""
    at: When
    entitlements: tuple[EntitlementShown, ...]
