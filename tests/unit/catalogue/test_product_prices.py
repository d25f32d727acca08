"""A price of a product as an option: of each type, ordered and metered; and everything that does not fit together."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from contor.catalogue.pricing import amount_of, rated
from contor.catalogue.products.priced import Taxed, findings, option_body, setup_body
from contor.catalogue.products.types import Product, ProductPrice, ProductTier
from contor.catalogue.types import Duration

D = Decimal
MONTH = Duration(value=1, unit="MONTH")
TIERS = (ProductTier(up_to=D(10), price=D(10)), ProductTier(up_to=D(50), price=D(8)), ProductTier(price=D(6)))
STEPS = (ProductTier(up_to=D(10), price=D(50)), ProductTier(up_to=D(50), price=D(150)), ProductTier(price=D(300)))
PRODUCT = Product("p", "M-1", "Seat", "One", [{"language": "en", "name": "Seat", "description": None}], None, None, "1000", None)


def a_price(**more: Any) -> ProductPrice:
    plain: dict[str, Any] = dict.fromkeys(ProductPrice._fields)
    usual = {
        "ident": "x",
        "product_ident": "p",
        "status": "ACTIVE",
        "model": "PER_UNIT",
        "interval": MONTH,
        "tiers": (),
        "trial_days": 0,
    }
    usual |= {"pay_in_advance": True, "pro_rata": True, "currency": "EUR", "is_metered": False}
    return ProductPrice(**{**plain, **usual, **more})


@dataclass
class Priced:
    more: dict[str, Any]
    type: str
    costs: str
    """Of 60 units."""


@pytest.mark.parametrize(
    "case",
    [
        Priced({"model": "FLAT_FEE", "price": D(5)}, "RECURRING", "300"),
        Priced({"price": D(5)}, "QUANTITY", "300"),
        Priced({"price": D(5), "interval": None}, "ONETIME", "300"),
        Priced({"price": D(5), "free_units": D(10)}, "QUANTITY", "250"),
        Priced({"model": "TIERED", "tiers": TIERS}, "QUANTITY", "480"),
        Priced({"model": "TIERED", "tiers": TIERS, "free_units": D(5)}, "QUANTITY", "450"),
        Priced({"model": "VOLUME", "tiers": TIERS}, "QUANTITY", "360"),
        Priced({"model": "STAIR_STEP", "tiers": STEPS}, "QUANTITY", "300"),
    ],
)
def test_what_is_ordered(case: Priced) -> None:
    price = a_price(**case.more)
    assert list(findings(price)) == []
    body = option_body(PRODUCT, price, Taxed(), "PC")
    (found,) = body.prices
    assert (body.type, amount_of(found, found.price or D(0), D(60))) == (case.type, D(case.costs))
    assert [(one.key, one.value) for one in body.properties] == [("costCentre", "1000")]


@pytest.mark.parametrize(
    ("more", "costs"),
    [
        ({"price": D(5)}, "300"),
        ({"price": D(5), "free_units": D(10)}, "250"),
        ({"model": "TIERED", "tiers": TIERS}, "480"),
        ({"model": "VOLUME", "tiers": TIERS}, "360"),
        ({"model": "VOLUME", "tiers": TIERS, "free_units": D(10)}, "400"),
        ({"model": "STAIR_STEP", "tiers": STEPS}, "300"),
        ({"model": "PERCENTAGE", "percentage": D("2.9")}, "1.74"),
    ],
)
def test_what_is_used(more: dict[str, Any], costs: str) -> None:
    price = a_price(is_metered=True, measurement_code="calls", **more)
    assert list(findings(price)) == []
    body = option_body(PRODUCT, price, Taxed("REDUCED", "INTRA_EU_SUPPLY"), "KWH")
    (found,) = body.usage_prices
    assert (body.type, body.use_pooling, body.measurement, body.category) == ("USAGE", True, "calls", "PHYSICAL_PRODUCT")
    assert (rated(found, D(60)).amount, found.tax_code) == (D(costs), "REDUCED")


def test_a_setup_fee_is_charged_once_and_called_so() -> None:
    body = setup_body(PRODUCT, a_price(price=D(5), setup_fee=D(99)), Taxed())
    assert (body.type, body.option_ident, body.name) == ("ONETIME", "x.setup", "Seat – Einrichtung")
    assert [(one.language, one.name) for one in body.words] == [("en", "Seat – Setup")]


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, ["price_missing"]),
        ({"model": "TIERED", "price": D(1)}, ["price_not_expected", "price_tiers_unclear"]),
        ({"price": D(1), "tiers": TIERS}, ["price_tiers_unclear"]),
        ({"model": "VOLUME", "tiers": (*TIERS, *TIERS)}, ["tier_open_in_between", "tier_not_ascending"]),
        ({"model": "VOLUME", "tiers": TIERS[:2]}, ["tier_without_end_missing"]),
        ({"model": "PERCENTAGE"}, ["percentage_missing", "price_not_metered"]),
        (
            {"price": D(1), "percentage": D(1), "minimum": D(2), "maximum": D(1)},
            ["percentage_not_expected"] * 3 + ["maximum_below_minimum"],
        ),
        ({"model": "FLAT_FEE", "price": D(1), "is_metered": True}, ["price_not_for_metered"]),
        ({"price": D(1), "is_metered": True, "interval": None}, ["interval_missing"]),
        ({"model": "VOLUME", "tiers": TIERS, "free_units": D(1)}, ["free_units_not_expected"]),
        ({"price": D(1), "interval": None, "setup_fee": D(1)}, ["setup_fee_not_expected"]),
    ],
)
def test_everything_that_does_not_fit(more: dict[str, Any], codes: list[str]) -> None:
    assert [problem.code for problem in findings(a_price(**more))] == codes
