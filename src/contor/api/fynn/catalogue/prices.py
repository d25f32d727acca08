"""Price plans: what a product costs, each an option of contracts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from contor.api.fynn.catalogue.price_plans import PriceOfPlanShown, PricePlanBody, PricePlanShown, PriceTierShown
from contor.api.fynn.catalogue.relations import PRODUCT, Asked, One, customers_named, ident_of, said_as
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.manners import MoneySent, interval, known_when, money, money_or_none
from contor.api.ids import shown_together
from contor.catalogue.products import PRICES, OnePrice, archive_price, prices_in_use
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

CORE: Final[Mapping[str, str]] = {
    "ident": "externalId",
    "product_ident": "product",
    "customer_ident": "customer",
    "model": "type",
    "interval": "billingInterval",
    "shown_per": "showPricePerInterval",
    "trial_days": "applyTrial",
    "up_to": "to",
    "currency": "currencyCode",
}


@shape
class NewPricePlan:
    body: PricePlanBody


@shape
class ChangePricePlan:
    id: str
    body: PricePlanBody


@operation("fynn.price_plan_list", permission="catalogue.read", reads=True)
def list_price_plans(uow: Uow, command: Asked) -> Page:
    """The price plans of the tenant."""
    page: Page = PRICES.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(price_plans_shown(uow, page.rows)))


@operation("fynn.price_plan_get", permission="catalogue.read", reads=True)
def get_price_plan(uow: Uow, command: One) -> PricePlanShown:
    """One price plan."""
    return price_plans_shown(uow, [PRICES.get.function(uow, Keyed((command.id,)))])[0]


@operation("fynn.price_plan_create", permission="catalogue.write")
def create_price_plan(uow: Uow, command: NewPricePlan) -> PricePlanShown:
    """A new price of a product."""
    with said_as(CORE):
        made = PRICES.create.function(uow, Written((), validated(PRICES.creation, _row(uow, command.body))))
    return price_plans_shown(uow, [made])[0]


@operation("fynn.price_plan_update", permission="catalogue.write")
def update_price_plan(uow: Uow, command: ChangePricePlan) -> PricePlanShown:
    """Replace a price plan. A draft is changed at once; of an active one the new price holds in periods that begin from tomorrow on."""
    with said_as(CORE):
        made = PRICES.update.function(uow, Written((command.id,), validated(PRICES.update_body, _row(uow, command.body))))
    return price_plans_shown(uow, [made])[0]


@operation("fynn.price_plan_archive", permission="catalogue.write")
def archive(uow: Uow, command: One) -> PricePlanShown:
    """Nobody orders it any more; who has it keeps it."""
    return price_plans_shown(uow, [archive_price(uow, OnePrice(ident=command.id))])[0]


@operation("fynn.price_plan_delete", permission="catalogue.write")
def delete_price_plan(uow: Uow, command: One) -> None:
    """Only a draft."""
    with said_as({"ident": "id"}):
        PRICES.delete.function(uow, Keyed((command.id,)))


def price_plans_shown(uow: Uow, rows: Iterable[Fields]) -> list[PricePlanShown]:
    """As they are answered."""
    made = list(rows)
    products, customers = shown_together(
        uow,
        (PRODUCT, {row["product_ident"] for row in made}),
        (CUSTOMER, {row["customer_ident"] for row in made if row["customer_ident"] is not None}),
    )
    used = prices_in_use(uow, [row["ident"] for row in made])
    return [_shown(row, str(products[row["product_ident"]]), customers, row["ident"] in used) for row in made]


# helpers in calling order


def _shown(row: Fields, product: str, customers: Mapping[str, int | str], in_use: bool) -> PricePlanShown:
    currency, customer = row["currency"], row["customer_ident"]
    created, updated = known_when(row["created_at"]), known_when(row["last_modified_at"])
    price = (
        None
        if row["price"] is None
        else PriceOfPlanShown(amount=money(row["price"], currency).amount, created_at=created, updated_at=updated)
    )
    return PricePlanShown(
        id=row["ident"],
        external_id=row["ident"],
        internal_name=row["internal_name"],
        status=row["status"].lower(),
        sales_channel=row["sales_channel"].lower(),
        type=row["model"].lower(),
        apply_trial=row["trial_days"],
        pay_in_advance=row["pay_in_advance"],
        pro_rata=row["pro_rata"],
        free_units=_plain(row["free_units"]),
        billing_interval=_interval(row["interval"]),
        show_price_per_interval=_interval(row["shown_per"]),
        currency_code=currency,
        price=price,
        tiers=tuple(_tiers(row["tiers"], currency)),
        percentage=_plain(row["percentage"]),
        fixed_price=money_or_none(row["fixed_price"], currency),
        minimum=money_or_none(row["minimum"], currency),
        maximum=money_or_none(row["maximum"], currency),
        setup_fee=money_or_none(row["setup_fee"], currency),
        custom=customer is not None,
        product=product,
        customer=None if customer is None else str(customers[customer]),
        in_use=in_use,
        created_at=created,
        updated_at=updated,
    )


def _tiers(stored: Iterable[Fields], currency: str) -> Iterable[PriceTierShown]:
    first = Decimal(1)
    for tier in stored:
        to = None if tier["up_to"] is None else Decimal(str(tier["up_to"]))
        yield PriceTierShown(first=first, to=_plain(to), price=money(Decimal(str(tier["price"])), currency))
        first = to + 1 if to is not None else first


def _plain(value: Decimal | None) -> Decimal | None:
    """Without zeros behind the point."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _interval(stored: Mapping[str, object] | None) -> str | None:
    """Quarters and half years, which the core knows beside, in months."""
    if stored is None:
        return None
    value, unit = int(str(stored["value"])), str(stored["unit"])
    months = {"QUARTER": 3, "HALF_YEAR": 6}.get(unit)
    return interval(value * months, "MONTH") if months is not None else interval(value, unit)


def _row(uow: Uow, body: PricePlanBody) -> Fields:
    _refuse_others(body)
    currency = body.currency_code
    every = {
        name: None if said is None else {"value": said.count, "unit": said.unit}
        for name, said in (("interval", body.billing_interval), ("shown_per", body.show_price_per_interval))
    }
    amounts = {
        name: _amount(said, currency)
        for name, said in (
            ("price", body.price),
            ("fixed_price", body.fixed_price),
            ("minimum", body.minimum),
            ("maximum", body.maximum),
            ("setup_fee", body.setup_fee),
        )
    }
    return {
        "ident": body.external_id,
        "product_ident": ident_of(uow, PRODUCT, body.product),
        "internal_name": body.internal_name,
        "status": body.status.upper(),
        "sales_channel": body.sales_channel.upper(),
        "model": body.type.upper(),
        "pay_in_advance": body.pay_in_advance,
        "pro_rata": body.pro_rata,
        "trial_days": body.apply_trial,
        "tiers": [{"up_to": tier.to, "price": _amount(tier.price, currency)} for tier in body.tiers],
        "free_units": body.free_units,
        "percentage": body.percentage,
        "currency": currency,
        "customer_ident": None if body.customer is None else customers_named(uow, [body.customer])[body.customer],
        **every,
        **amounts,
    }


def _amount(said: MoneySent | None, currency: str) -> Decimal | None:
    return None if said is None else said.in_units(currency)


def _refuse_others(body: PricePlanBody) -> None:
    """Raises INVALID for amounts of another currency than the price plan's, and for tiers that do not follow each other."""
    amounts = [
        ("price", body.price),
        ("fixedPrice", body.fixed_price),
        ("minimum", body.minimum),
        ("maximum", body.maximum),
        ("setupFee", body.setup_fee),
        *((f"tiers[{index}].price", tier.price) for index, tier in enumerate(body.tiers)),
    ]
    problems = [
        Problem("currency_differs", f"the price plan is in {body.currency_code}", f"{name}.currencyCode", said.currency_code)
        for name, said in amounts
        if said is not None and said.currency_code not in (None, body.currency_code)
    ]
    first = Decimal(1)
    for index, tier in enumerate(body.tiers):
        if tier.first not in (None, first) and not (index == 0 and tier.first == 0):
            message = f"is not {first}, where the tier before ends"
            problems.append(Problem("tier_leaves_a_gap", message, f"tiers[{index}].from", tier.first))
        first = tier.to + 1 if tier.to is not None else first
    if problems:
        raise Refused(Kind.INVALID, *problems)
