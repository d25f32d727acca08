"""Products, and what one costs: prices of a product, each for an interval. Source: subscriptions, section 3; fynn API 3.5. Pure.

A price of a product is an option of plans. Prices are in units of their currency and exact.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.catalogue.prices import Price0
from contor.catalogue.types import Duration
from contor.kernel.shapes import Ident, Language, Name255, Text, Text255, shape

SETUP = ".setup"
"""Behind the ident of a price: the option of its setup fee."""
MAIN = "main"
"""The one phase of a plan that is made of prices."""
MOST_PRICES = 200
"""Of one plan, setup fees among them."""
PriceModel = Literal["FLAT_FEE", "PER_UNIT", "TIERED", "VOLUME", "STAIR_STEP", "PERCENTAGE"]
PriceStatus = Literal["DRAFT", "ACTIVE", "ARCHIVED"]
"""DRAFT: changed in place, ordered by nobody. ARCHIVED: ordered no more; who has it keeps it."""
ReverseCharge = Literal["DEACTIVATED", "SERVICE", "INTRA_EU_SUPPLY"]
"""Whether a product is a service or goods, which decides how it is taxed at businesses in the Union. DEACTIVATED: a service, too."""
RateGroup = Literal["STANDARD", "REDUCED"]


@shape
class ProductWords:
    """What a product is called in another language."""

    language: Language
    name: Name255 | None = None
    description: Text | None = None


@shape
class ProductTier:
    """The last one has no end."""

    up_to: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """The last unit of it."""
    price: Price0
    """Of each unit; of a stair step, once."""


class Product(NamedTuple):
    """A product as who sells it reads it; names are those of its columns."""

    ident: str
    number: str | None
    name: str
    description: str | None
    words: Sequence[Mapping[str, str | None]]
    measurement_code: str | None
    tax_group_ident: str | None
    cost_centre_code: str | None
    archived_at: dt.datetime | None


class ProductPrice(NamedTuple):
    """A price of a product; names are those of its columns."""

    ident: str
    product_ident: str
    status: PriceStatus
    model: PriceModel
    interval: Duration | None
    """None: it is charged once."""
    pay_in_advance: bool
    pro_rata: bool
    """Whether changes within an interval are charged by days; else they wait for the next one."""
    trial_days: int
    price: Decimal | None
    tiers: tuple[ProductTier, ...]
    free_units: Decimal | None
    setup_fee: Decimal | None
    percentage: Decimal | None
    fixed_price: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    customer_ident: str | None
    """For whom alone it is."""
    measurement_code: str | None
    """Of the product, when the price was made."""
    is_metered: bool


@shape
class Agreed:
    """What is agreed of a plan that is made of prices, beside the prices."""

    term: Duration | None = None
    """How long it lasts at least; without it, it has no end and no minimum."""
    renewal: bool = True
    """Whether a term is followed by another one."""
    notice: Duration | None = None


@shape
class PlanItem:
    """What a tier of a product plan consists of."""

    ident: Ident
    price_ident: Ident
    quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] = Decimal(1)
    is_optional: bool = False
    """Only for who selects it."""
    quantity_editable: bool = False
    """Whether who takes the tier may take another quantity."""


@shape
class PlanTier:
    ident: Ident
    name: Name255
    description: Text255 | None = None
    items: Annotated[tuple[PlanItem, ...], Field(min_length=1, max_length=100)]


PlanStatus = Literal["DRAFT", "ACTIVE", "ARCHIVED"]
