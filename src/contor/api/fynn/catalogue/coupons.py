"""Coupons: what is given off for a code."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.catalogue.relations import PRICE, PRODUCT, Asked, One, Related, ident_of, said_as
from contor.api.fynn.ids import uuids
from contor.api.fynn.manners import Day, Money, MoneyShown, Uuid, When, known_when, money_or_none, when
from contor.api.ids import DialectIds, shown_together
from contor.catalogue.coupons.queries import NUMBERED
from contor.catalogue.coupons.stored import COUPONS, OneCoupon, reinstate_coupon, withdraw_coupon
from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, Fields, Ident, Name255, Rate, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

COUPON: Final = uuids(NUMBERED)
Frequency = Literal["once", "limited", "lifetime"]
_DURATIONS: Final[Mapping[Frequency, str]] = {"once": "ONCE", "limited": "LIMITED", "lifetime": "FOREVER"}
_FREQUENCIES: Final = {core: fynn for fynn, core in _DURATIONS.items()}
CORE: Final[Mapping[str, str]] = {
    "amount": "fixedAmount",
    "duration": "frequency",
    "period": "frequencyInterval",
    "limit_total": "maxRedemptions",
    "limit_per_customer": "maxRedemptionsPerCustomer",
    "valid_to": "expiresAt",
    "options": "limitedToPlans",
    "excluded_options": "excludedFromPlans",
    "products": "limitedToProducts",
    "excluded_products": "excludedFromProducts",
}
Several = Annotated[tuple[Related, ...], Field(max_length=200)]


@shape
class CouponBody:
    code: Ident
    name: Name255
    type: Literal["percentage", "fixed_amount"]
    percentage: Annotated[Rate, Field(gt=0, le=100)] | None = None
    fixed_amount: Money | None = None
    """Off the price of each unit, which is then nothing at the least."""
    frequency: Frequency = "once"
    frequency_interval: Annotated[int, Field(ge=1, le=1200)] | None = None
    """How many billing periods, of `limited`."""
    max_redemptions: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    max_redemptions_per_customer: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    expires_at: Day | None = None
    """The last day."""
    limited_to_plans: Several = ()
    """Price plans."""
    excluded_from_plans: Several = ()
    limited_to_products: Several = ()
    excluded_from_products: Several = ()
    is_enabled: bool = True


@shape
class CouponShown:
    id: Uuid
    code: str
    name: str
    type: Literal["percentage", "fixed_amount"]
    percentage: Decimal | None
    fixed_amount: MoneyShown | None
    frequency: Frequency
    frequency_interval: int | None
    max_redemptions: int | None
    max_redemptions_per_customer: int | None
    redemptions: int
    expires_at: When | None
    limited_to_plans: tuple[Uuid, ...]
    excluded_from_plans: tuple[Uuid, ...]
    limited_to_products: tuple[Uuid, ...]
    excluded_from_products: tuple[Uuid, ...]
    is_enabled: bool
    created_at: When
    updated_at: When


@shape
class NewCoupon:
    body: CouponBody


@shape
class ChangeCoupon:
    id: str
    body: CouponBody


@operation("fynn.coupon_list", permission="catalogue.read", reads=True)
def list_coupons(uow: Uow, command: Asked) -> Page:
    """The coupons of the tenant."""
    page: Page = COUPONS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(coupons_shown(uow, page.rows)))


@operation("fynn.coupon_get", permission="catalogue.read", reads=True)
def get_coupon(uow: Uow, command: One) -> CouponShown:
    """One coupon."""
    return coupons_shown(uow, [COUPONS.get.function(uow, Keyed((command.id,)))])[0]


@operation("fynn.coupon_create", permission="catalogue.write")
def create_coupon(uow: Uow, command: NewCoupon) -> CouponShown:
    """A new coupon."""
    with said_as(CORE):
        made = COUPONS.create.function(uow, Written((), validated(COUPONS.creation, _row(uow, command.body))))
        return _enabled(uow, made, command.body.is_enabled)


@operation("fynn.coupon_update", permission="catalogue.write")
def update_coupon(uow: Uow, command: ChangeCoupon) -> CouponShown:
    """Replace a coupon; what it gives stays as soon as somebody has redeemed it."""
    with said_as(CORE):
        made = COUPONS.update.function(uow, Written((command.id,), validated(COUPONS.update_body, _row(uow, command.body))))
        return _enabled(uow, made, command.body.is_enabled)


@operation("fynn.coupon_toggle", permission="catalogue.write")
def toggle_coupon(uow: Uow, command: One) -> CouponShown:
    """Nobody redeems it any more; or, where that was so, it is redeemed again."""
    row = COUPONS.require(uow, (command.id,), lock=True)
    return _enabled(uow, row, row["withdrawn_at"] is not None)


@operation("fynn.coupon_delete", permission="catalogue.write")
def delete_coupon(uow: Uow, command: One) -> None:
    """Only one that nobody has redeemed."""
    COUPONS.delete.function(uow, Keyed((command.id,)))


def coupons_shown(uow: Uow, rows: Iterable[Fields]) -> list[CouponShown]:
    """As they are answered."""
    made = list(rows)
    prices, products = shown_together(
        uow,
        (PRICE, {ident for row in made for name in ("options", "excluded_options") for ident in row[name]}),
        (PRODUCT, {ident for row in made for name in ("products", "excluded_products") for ident in row[name]}),
    )
    return [_shown(row, prices, products) for row in made]


# helpers in calling order


def _shown(row: Fields, prices: Mapping[str, int | str], products: Mapping[str, int | str]) -> CouponShown:
    def named(name: str, known: Mapping[str, int | str]) -> tuple[str, ...]:
        # an option that is no price plan is named as the core names it
        return tuple([str(known.get(ident, ident)) for ident in row[name]])

    percentage: Decimal | None = row["percentage"]
    period = row["period"]
    return CouponShown(
        id=row["code"],
        code=row["code"],
        name=row["name"],
        type="percentage" if row["type"] == "PERCENTAGE" else "fixed_amount",
        percentage=None if percentage is None else Decimal(f"{percentage.normalize():f}"),
        fixed_amount=money_or_none(row["amount"], row["currency"]),
        frequency=_FREQUENCIES[row["duration"]],
        frequency_interval=None if period is None else int(period["value"]),
        max_redemptions=row["limit_total"],
        max_redemptions_per_customer=row["limit_per_customer"],
        redemptions=row["usages"],
        expires_at=when(row["valid_to"]),
        limited_to_plans=named("options", prices),
        excluded_from_plans=named("excluded_options", prices),
        limited_to_products=named("products", products),
        excluded_from_products=named("excluded_products", products),
        is_enabled=row["withdrawn_at"] is None,
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


def _row(uow: Uow, body: CouponBody) -> Fields:
    currency: Currency = (body.fixed_amount.currency_code if body.fixed_amount is not None else None) or "EUR"
    limited = {"value": body.frequency_interval, "unit": "EVENT"} if body.frequency_interval is not None else None
    return {
        "code": body.code,
        "name": body.name,
        "type": "PERCENTAGE" if body.type == "percentage" else "AMOUNT",
        "percentage": body.percentage,
        "amount": None if body.fixed_amount is None else body.fixed_amount.in_units(currency),
        "currency": currency,
        "duration": _DURATIONS[body.frequency],
        "period": limited,
        "limit_total": body.max_redemptions,
        "limit_per_customer": body.max_redemptions_per_customer,
        "valid_to": body.expires_at,
        "options": _idents(uow, PRICE, body.limited_to_plans),
        "excluded_options": _idents(uow, PRICE, body.excluded_from_plans),
        "products": _idents(uow, PRODUCT, body.limited_to_products),
        "excluded_products": _idents(uow, PRODUCT, body.excluded_from_products),
    }


def _idents(uow: Uow, ids: DialectIds, texts: Sequence[str]) -> list[str | None]:
    return [ident_of(uow, ids, text) for text in texts]


def _enabled(uow: Uow, row: Fields, is_enabled: bool) -> CouponShown:
    if is_enabled != (row["withdrawn_at"] is None):
        change = reinstate_coupon if is_enabled else withdraw_coupon
        row = change(uow, OneCoupon(code=row["code"]))
    return coupons_shown(uow, [row])[0]
