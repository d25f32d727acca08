"""Price models (subscriptions, section 3, cases S6 and S7), and the laws behind them."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.agreements import a_contract, an_agreed_plan, an_option
from tests.factories.proposing import proposed_items as proposed

from contor.catalogue.pricing import amount_of, rated
from contor.catalogue.rules import option_findings
from contor.catalogue.types import OptionContent, OptionType, Price, UsagePrice
from contor.contracts.calendar import billing_periods
from contor.kernel.money import ZERO, round_amount
from contor.runtime.execute import validated

D = Decimal
TIERS = ((10, "10"), (50, "8"), (None, "6"))
STEPS = ((10, "50"), (50, "150"), (None, "300"))


def usage_price(model: str, tiers: tuple[tuple[Any, str], ...] = (), kind: str = "PER_UNIT", **more: Any) -> UsagePrice:
    shown = [{"quantity": quantity, "price": cost, "type": kind} for quantity, cost in tiers]
    return validated(UsagePrice, {"pricing_model": model, "price_tiers": shown, **more})


TIERED, VOLUME, STAIRS = usage_price("TIER_PRICE", TIERS), usage_price("VOLUME_PRICE", TIERS), usage_price("STAIR_STEP", STEPS)
PACKAGES = usage_price("CONTINGENT", ((10, "80"),), "FLAT")


@pytest.mark.parametrize(
    ("quantity", "tiered", "volume", "stairs", "packages"),
    [
        ("0", "0", "0", "50", "80"),
        ("1", "10", "10", "50", "80"),
        ("10", "100", "100", "50", "80"),
        ("11", "108", "88", "150", "160"),
        ("50", "420", "400", "150", "400"),
        ("51", "426", "306", "300", "480"),
        ("60", "480", "360", "300", "480"),
    ],
)
def test_tiers_volume_steps_and_packages(quantity: str, tiered: str, volume: str, stairs: str, packages: str) -> None:
    found = [rated(model, D(quantity)).amount for model in (TIERED, VOLUME, STAIRS, PACKAGES)]
    assert found == [D(tiered), D(volume), D(stairs), D(packages)]
    # an ordered quantity costs the same as a used one
    for model, wanted in ((TIERED, tiered), (VOLUME, volume), (STAIRS, stairs), (PACKAGES, packages)):
        price = validated(
            Price, {"pricing_model": model.pricing_model, "price_tiers": [vars_of(tier) for tier in model.price_tiers]}
        )
        assert amount_of(price, ZERO, D(quantity)) == D(wanted)


def vars_of(tier: Any) -> dict[str, Any]:
    return {"quantity": tier.quantity, "price": tier.price, "type": tier.type}


@pytest.mark.parametrize(
    ("quantity", "amount"), [("0", "5"), ("1", "5"), ("10", "5"), ("11", "13"), ("50", "325"), ("51", "425"), ("60", "425")]
)
def test_flat_parts_of_tiers_are_due_as_soon_as_their_tier_is_reached(quantity: str, amount: str) -> None:
    """A base price for ten, eight for each above, a flat hundred above fifty."""
    tiers = [{"quantity": 10, "price": 5, "type": "FLAT"}, {"quantity": 50, "price": 8}, {"price": 100, "type": "FLAT"}]
    assert rated(validated(UsagePrice, {"pricing_model": "TIER_PRICE", "price_tiers": tiers}), D(quantity)).amount == D(amount)


@pytest.mark.parametrize(
    ("more", "events", "amount"),
    [
        ({"percentage": "2.9"}, ["1234.56"], "35.80"),
        ({"percentage": "2.9"}, ["1000", "234.56"], "35.80"),
        ({"percentage": "2.9", "fixed_price": "0.25"}, ["1234.56"], "36.05"),
        ({"percentage": "2.9", "fixed_price": "0.25"}, ["1000", "234.56"], "36.30"),
        ({"percentage": "1", "minimum": "0.50"}, ["10", "100"], "1.50"),
        ({"percentage": "1", "minimum": "0.50", "maximum": "2.00"}, ["10", "100", "1000"], "3.50"),
        ({"percentage": "1", "fixed_price": "0.30", "maximum": "1.20"}, ["100"], "1.20"),
        ({"percentage": "1", "minimum": "0.50"}, ["0"], "0.50"),
    ],
)
def test_a_percentage_of_an_amount(more: dict[str, str], events: list[str], amount: str) -> None:
    quantities = [D(event) for event in events]
    found = rated(usage_price("PERCENTAGE", **more), sum(quantities, ZERO), quantities)
    assert round_amount(found.amount, "EUR") == D(amount)
    assert (found.basis.type, found.basis.block_quantity, found.basis.used_quantity) == ("PERCENTAGE", len(events), sum(quantities))


@pytest.mark.parametrize(
    ("model", "quantity", "amount"),
    [
        (("TIER_PRICE", TIERS), "5", "0"),
        (("TIER_PRICE", TIERS), "6", "10"),
        (("TIER_PRICE", TIERS), "16", "108"),
        (("VOLUME_PRICE", TIERS), "16", "88"),
        (("STAIR_STEP", STEPS), "0", "0"),
        (("STAIR_STEP", STEPS), "5", "0"),
        (("STAIR_STEP", STEPS), "15", "50"),
        (("STAIR_STEP", STEPS), "16", "150"),
        (("CONTINGENT", ((10, "8"),)), "15", "80"),
        (("CONTINGENT", ((10, "8"),)), "16", "160"),
    ],
)
def test_free_units_come_before_the_tiers(model: tuple[str, Any], quantity: str, amount: str) -> None:
    found = rated(usage_price(*model, free_quantity="5"), D(quantity))
    assert (found.amount, found.quantity) == (D(amount), D(quantity))
    # what is shown as used is what was used, the free units too
    assert sum((basis.used_quantity or ZERO) for basis in (*found.first, found.basis)) == D(quantity)


quantities = st.decimals(min_value=0, max_value=10_000, places=4)
PERCENT = usage_price("PERCENTAGE", percentage="2.9", fixed_price="0.25", minimum="1", maximum="200")
RISING = (
    TIERED,
    STAIRS,
    PACKAGES,
    PERCENT,
    usage_price("STAIR_STEP", STEPS, free_quantity="7.5"),
    usage_price("TIER_PRICE", TIERS, free_quantity="3"),
)


@given(quantities, quantities, st.sampled_from(RISING))
def test_more_never_costs_less(one: Decimal, other: Decimal, model: UsagePrice) -> None:
    low, high = sorted((one, other))
    assert rated(model, low).amount <= rated(model, high).amount


@given(st.lists(quantities, min_size=1, max_size=6), st.sampled_from(RISING), st.randoms())
def test_usages_in_any_order_cost_the_same(events: list[Decimal], model: UsagePrice, random: Any) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    whole = sum(events, ZERO)
    assert rated(model, whole, events).amount == rated(model, whole, shuffled).amount


@given(st.lists(quantities, min_size=1, max_size=6))
def test_percentages_cost_the_sum_of_their_events(events: list[Decimal]) -> None:
    together = rated(PERCENT, sum(events, ZERO), events).amount
    assert together == sum((rated(PERCENT, event, [event]).amount for event in events), ZERO)


@pytest.mark.parametrize(
    ("unit", "value", "begins"),
    [
        ("DAY", 1, ["2026-01-01", "2026-01-02", "2026-01-03"]),
        ("DAY", 10, ["2026-01-01", "2026-01-11", "2026-01-21"]),
        ("WEEK", 1, ["2026-01-01", "2026-01-08", "2026-01-15"]),
        ("WEEK", 2, ["2026-01-01", "2026-01-15", "2026-01-29"]),
        ("MONTH", 1, ["2026-01-01", "2026-02-01", "2026-03-01"]),
        ("QUARTER", 1, ["2026-01-01", "2026-04-01", "2026-07-01"]),
        ("HALF_YEAR", 1, ["2026-01-01", "2026-07-01", "2027-01-01"]),
        ("YEAR", 1, ["2026-01-01", "2027-01-01", "2028-01-01"]),
    ],
)
def test_intervals_of_days_weeks_months_and_years(unit: str, value: int, begins: list[str]) -> None:
    start = dt.date(2026, 1, 1)
    plan = an_agreed_plan({"option_ident": "fee"}, value=value, unit=unit)
    found = itertools.islice(billing_periods(plan, start, None, None, start, dt.date(2028, 12, 31)), 3)
    assert [str(period.start) for period in found] == begins
    items = proposed(a_contract({"fee": "2"}), plan, an_option(price="3.50"), until="2026-01-02")
    assert [item.row.total for item in items] == [D("7.00")] * len(items)


@pytest.mark.parametrize(
    ("model", "tiers", "quantity", "total", "row"),
    [
        ("TIER_PRICE", TIERS, "60", "480", ("60", "480", "60")),
        ("VOLUME_PRICE", TIERS, "60", "360", ("60", "360", "60")),
        ("STAIR_STEP", STEPS, "60", "300", ("60", "300", "60")),
        ("CONTINGENT", ((10, "8"),), "11", "160", ("11", "160", "11")),
        ("TIER_PRICE", TIERS, "1", "10", ("1", "10", None)),
    ],
)
def test_a_seat_price_by_tiers_is_one_row_of_its_quantity(
    model: str, tiers: Any, quantity: str, total: str, row: tuple[str, str, str | None]
) -> None:
    price = {"pricing_model": model, "price_tiers": [{"quantity": upto, "price": cost} for upto, cost in tiers]}
    option = an_option(kind="QUANTITY", prices=[price])
    (item,) = proposed(a_contract({"fee": quantity}), an_agreed_plan({"option_ident": "fee"}), option)
    shown = item.row
    assert shown.total == D(total)
    assert (shown.quantity, shown.unit_price, shown.price_base) == (D(row[0]), D(row[1]), None if row[2] is None else D(row[2]))
    assert shown.price_calculation_basis is not None
    # half of the interval costs half of what the quantity does
    half = a_contract({"fee": quantity}, end_on=dt.date(2026, 1, 16))
    (part,) = proposed(half, an_agreed_plan({"option_ident": "fee"}), option)
    assert part.row.total == round_amount(D(total) * 15 / 31, "EUR")


def found(kind: OptionType, **content: Any) -> list[str]:
    body = {"name": "Option", **content}
    return sorted(problem.field or "" for problem in option_findings(kind, validated(OptionContent, body)))


def test_everything_that_does_not_fit_in_a_price_is_said() -> None:
    tiers = [{"quantity": 10, "price": 1}, {"price": 2}]
    assert found("RECURRING", prices=[{"price": 1}]) == []
    assert found("RECURRING", prices=[{}]) == ["prices[0].price"]
    assert found("RECURRING", prices=[{"price": 1, "price_tiers": tiers}]) == ["prices[0].priceTiers"]
    assert found("QUANTITY", prices=[{"pricing_model": "VOLUME_PRICE", "price_tiers": tiers}]) == []
    assert found("QUANTITY", prices=[{"pricing_model": "VOLUME_PRICE", "price": 1}]) == ["prices[0].price", "prices[0].priceTiers"]
    assert found("QUANTITY", prices=[{"pricing_model": "STAIR_STEP", "price_tiers": tiers[:1]}]) == [
        "prices[0].priceTiers[0].quantity"
    ]
    assert found("QUANTITY", prices=[{"pricing_model": "CONTINGENT", "price_tiers": tiers}]) == ["prices[0].priceTiers[1].quantity"]
    assert found("USAGE", usage_prices=[{"pricing_model": "TIER_PRICE"}]) == ["usagePrices[0].priceTiers"]
    assert found("USAGE", usage_prices=[{"pricing_model": "PERCENTAGE", "percentage": 2}]) == []
    assert found(
        "USAGE",
        usage_prices=[
            {"pricing_model": "PERCENTAGE", "price_tiers": tiers, "free_quantity": 5, "minimum": 3, "maximum": 2},
        ],
    ) == ["usagePrices[0].freeQuantity", "usagePrices[0].maximum", "usagePrices[0].percentage", "usagePrices[0].priceTiers"]
    named = {"percentage": 2, "fixed_price": 1, "minimum": 1, "maximum": 2}
    assert found("USAGE", usage_prices=[{"pricing_model": "TIER_PRICE", "price_tiers": tiers, **named}]) == [
        "usagePrices[0].fixedPrice",
        "usagePrices[0].maximum",
        "usagePrices[0].minimum",
        "usagePrices[0].percentage",
    ]
    power = [{"pricing_model": "TIER_PRICE", "price_tiers": tiers}]
    assert found("USAGE", usage_prices=power, usage_minimum=5, usage_cap=4) == ["usageMinimum"]
    assert found("USAGE", usage_prices=power, usage_minimum=5, usage_cap=5) == []
    assert found("RECURRING", prices=[{"price": 1}], usage_minimum=5) == ["usageMinimum"]
