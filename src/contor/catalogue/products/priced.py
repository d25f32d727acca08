"""A price of a product as options of the core, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from contor.catalogue.options import OptionBody
from contor.catalogue.prices import PricingModel, TierModel
from contor.catalogue.products.types import SETUP, PriceModel, Product, ProductPrice, ProductTier, RateGroup, ReverseCharge
from contor.catalogue.types import CatalogueProperty, OptionStatus, OptionType, OptionWords, Price, PriceTier, UsagePrice
from contor.documents.types import ItemCategory
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO

COST_CENTRE = "costCentre"
"""The property of rows by which the books know a cost centre."""
_BY_TIERS: Mapping[PriceModel, TierModel] = {"TIERED": "TIER_PRICE", "VOLUME": "VOLUME_PRICE", "STAIR_STEP": "STAIR_STEP"}
_OF_PERCENTAGE = ("percentage", "fixed_price", "minimum", "maximum")
_SETUP = {"de": "Einrichtung", "en": "Setup"}


class Taxed:
    """How a product is taxed."""

    def __init__(self, rate: RateGroup = "STANDARD", reverse_charge: ReverseCharge = "DEACTIVATED") -> None:
        self.rate = rate
        self.category: ItemCategory = "PHYSICAL_PRODUCT" if reverse_charge == "INTRA_EU_SUPPLY" else "SERVICE"


def findings(price: ProductPrice) -> Iterator[Problem]:
    """Everything that does not fit together in a price."""
    by_tiers = price.model in _BY_TIERS
    wants_price = price.model in ("FLAT_FEE", "PER_UNIT")
    if wants_price and price.price is None:
        yield Problem("price_missing", f"is what a price of type {price.model} has", "price")
    if not wants_price and price.price is not None:
        yield Problem("price_not_expected", f"is not what a price of type {price.model} has", "price", price.price)
    if by_tiers != bool(price.tiers):
        words = "has tiers" if by_tiers else "has no tiers"
        yield Problem("price_tiers_unclear", f"a price of type {price.model} {words}", "tiers")
    yield from _tier_findings(price.tiers)
    if price.model == "PERCENTAGE" and price.percentage is None:
        yield Problem("percentage_missing", "is what is charged of the amount that was used", "percentage")
    if price.model != "PERCENTAGE":
        for name in _OF_PERCENTAGE:
            if getattr(price, name) is not None:
                yield Problem("percentage_not_expected", "is what a price of type PERCENTAGE has", name, getattr(price, name))
    if price.minimum is not None and price.maximum is not None and price.maximum < price.minimum:
        yield Problem("maximum_below_minimum", f"is below the minimum {price.minimum}", "maximum", price.maximum)
    if price.is_metered and price.model == "FLAT_FEE":
        message = "A flat fee does not go by what is used; it is the price of a product that nothing meters."
        yield Problem("price_not_for_metered", message, "model", price.model)
    if price.is_metered and price.interval is None:
        yield Problem("interval_missing", "what is metered is counted for an interval", "interval")
    if not price.is_metered and price.model == "PERCENTAGE":
        message = "A percentage is of amounts that are metered; the product's measurement is not metered."
        yield Problem("price_not_metered", message, "model", price.model)
    if price.free_units is not None and not _may_be_free(price):
        message = "is for what is metered, and for the types PER_UNIT and TIERED; not for a PERCENTAGE"
        yield Problem("free_units_not_expected", message, "free_units", price.free_units)
    if price.setup_fee is not None and price.interval is None:
        message = "is charged once beside what recurs; this price is charged once itself"
        yield Problem("setup_fee_not_expected", message, "setup_fee", price.setup_fee)


def _tier_findings(tiers: tuple[ProductTier, ...]) -> Iterator[Problem]:
    last = ZERO
    for index, tier in enumerate(tiers):
        where, is_last = f"tiers[{index}].up_to", index == len(tiers) - 1
        if tier.up_to is None and not is_last:
            yield Problem("tier_open_in_between", "only the last tier has no end", where)
        elif is_last and tier.up_to is not None:
            yield Problem("tier_without_end_missing", "the last tier has no end", where, tier.up_to)
        elif tier.up_to is not None and tier.up_to <= last:
            yield Problem("tier_not_ascending", "is not above the tier before", where, tier.up_to)
        last = tier.up_to or last


def _may_be_free(price: ProductPrice) -> bool:
    if price.is_metered:
        return price.model != "PERCENTAGE"
    return price.model in ("PER_UNIT", "TIERED")


def option_body(product: Product, price: ProductPrice, taxed: Taxed, quantity_type: str) -> OptionBody:
    """The option that a price is."""
    status: OptionStatus = "DRAFT" if price.status == "DRAFT" else "FINAL"
    prices, usage_prices = ((), (_usage_price(price, taxed),)) if price.is_metered else ((_price(price, taxed),), ())
    return OptionBody(
        type=_type_of(price),
        option_ident=price.ident,
        status=status,
        name=product.name,
        words=tuple([OptionWords(**said) for said in product.words]),  # type: ignore[arg-type]  # as it was stored
        product_ident=product.ident,
        product_description=product.description,
        article_number=_short(product.number),
        category=taxed.category,
        quantity_type=quantity_type,  # type: ignore[arg-type]  # found by the unit's name among those that documents know
        prices=prices,
        usage_prices=usage_prices,
        use_pooling=price.is_metered,
        measurement=price.measurement_code if price.is_metered else None,
        properties=_properties(product),
    )


def setup_body(product: Product, price: ProductPrice, taxed: Taxed) -> OptionBody:
    """The option of what is charged once when the product is first taken."""
    said = {"en": product.name, **{str(one["language"]): one.get("name") or product.name for one in product.words}}
    return OptionBody(
        type="ONETIME",
        option_ident=f"{price.ident}{SETUP}",
        status="DRAFT" if price.status == "DRAFT" else "FINAL",
        name=f"{product.name} – {_SETUP['de']}"[:255],
        words=tuple(
            [OptionWords(language=code, name=f"{name} – {_SETUP.get(code, _SETUP['en'])}"[:255]) for code, name in said.items()]
        ),
        product_ident=product.ident,
        article_number=_short(product.number),
        category=taxed.category,
        prices=(Price(price=price.setup_fee, tax_code=taxed.rate),),
        properties=_properties(product),
    )


# helpers in calling order


def _type_of(price: ProductPrice) -> OptionType:
    if price.is_metered:
        return "USAGE"
    if price.interval is None:
        return "ONETIME"
    return "RECURRING" if price.model == "FLAT_FEE" else "QUANTITY"


def _price(price: ProductPrice, taxed: Taxed) -> Price:
    if price.model in _BY_TIERS:
        tiers = _tiers(price)
        if price.free_units is not None:
            tiers = _behind(price.free_units, tiers)
        return Price(pricing_model=_BY_TIERS[price.model], price_tiers=tiers, tax_code=taxed.rate)
    if price.free_units is not None:
        tiers = _behind(price.free_units, (PriceTier(price=price.price or ZERO),))
        return Price(pricing_model="TIER_PRICE", price_tiers=tiers, tax_code=taxed.rate)
    return Price(price=price.price, tax_code=taxed.rate)


def _usage_price(price: ProductPrice, taxed: Taxed) -> UsagePrice:
    if price.model == "PERCENTAGE":
        return UsagePrice(
            pricing_model="PERCENTAGE",
            percentage=price.percentage,
            fixed_price=price.fixed_price,
            minimum=price.minimum,
            maximum=price.maximum,
            tax_code=taxed.rate,
        )
    model: PricingModel = _BY_TIERS.get(price.model, "VOLUME_PRICE")
    tiers = _tiers(price) or (PriceTier(price=price.price or ZERO),)
    return UsagePrice(pricing_model=model, price_tiers=tiers, free_quantity=price.free_units, tax_code=taxed.rate)


def _tiers(price: ProductPrice) -> tuple[PriceTier, ...]:
    return tuple([PriceTier(quantity=tier.up_to, price=tier.price) for tier in price.tiers])


def _behind(free: Decimal, tiers: tuple[PriceTier, ...]) -> tuple[PriceTier, ...]:
    """Tiers that begin behind so many units which cost nothing."""
    moved = [PriceTier(quantity=None if it.quantity is None else it.quantity + free, price=it.price) for it in tiers]
    return (PriceTier(quantity=free, price=ZERO), *moved)


def _properties(product: Product) -> tuple[CatalogueProperty, ...]:
    return (CatalogueProperty(key=COST_CENTRE, value=product.cost_centre_code),) if product.cost_centre_code is not None else ()


def _short(number: str | None) -> str | None:
    """Article numbers of documents have at most 32 characters."""
    return None if number is None else number[:32]
