"""Price plans as they are sent and answered."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contor.api.fynn.catalogue.relations import Related
from contor.api.fynn.manners import Every, Money, MoneyShown, Uuid, When
from contor.kernel.shapes import Currency, Ident, Quantity, Rate, Text255, called, shape

Type = Literal["flat_fee", "per_unit", "tiered", "volume", "stair_step", "percentage"]
Status = Literal["draft", "active", "archived"]
Channel = Literal["all", "checkout", "internal"]


def _days(value: object) -> object:
    """`false` is no trial."""
    return 0 if value is False else value


@shape
class PriceTierBody:
    """Ours: units of a quantity, up to and with `to`."""

    first: Annotated[Quantity | None, called("from")] = None
    to: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    price: Money


@shape
class PricePlanBody:
    product: Related
    type: Type
    external_id: Ident | None = None
    """Ours: what the caller calls it; it stays."""
    internal_name: Text255 | None = None
    status: Literal["draft", "active"] = "active"
    sales_channel: Channel = "all"
    currency_code: Currency = "EUR"
    price: Money | None = None
    tiers: Annotated[tuple[PriceTierBody, ...], Field(max_length=50)] = ()
    percentage: Annotated[Rate, Field(gt=0, le=1000)] | None = None
    fixed_price: Money | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    setup_fee: Money | None = None
    billing_interval: Every | None = None
    show_price_per_interval: Every | None = None
    pay_in_advance: bool = True
    pro_rata: bool = True
    apply_trial: Annotated[int, Field(ge=0, le=3650), BeforeValidator(_days)] = 0
    """In days."""
    free_units: Annotated[Quantity, Field(gt=0)] | None = None
    customer: Related | None = None


@shape
class PriceOfPlanShown:
    amount: int | Decimal
    created_at: When
    updated_at: When


@shape
class PriceTierShown:
    first: Annotated[Decimal, called("from")]
    to: Decimal | None
    price: MoneyShown


@shape
class PricePlanShown:
    id: Uuid
    external_id: str
    internal_name: str | None
    status: Status
    sales_channel: Channel
    type: Type
    apply_trial: int
    pay_in_advance: bool
    pro_rata: bool
    free_units: Decimal | None
    billing_interval: str | None
    show_price_per_interval: str | None
    currency_code: str
    price: PriceOfPlanShown | None
    tiers: tuple[PriceTierShown, ...]
    percentage: Decimal | None
    fixed_price: MoneyShown | None
    minimum: MoneyShown | None
    maximum: MoneyShown | None
    setup_fee: MoneyShown | None
    custom: bool
    """It is for one customer alone."""
    product: Uuid
    customer: Uuid | None
    in_use: bool
    """A subscription has had it."""
    created_at: When
    updated_at: When
