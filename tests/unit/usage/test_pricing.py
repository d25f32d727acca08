"""The worked examples of usage pricing, and the laws behind them."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.catalogue.pricing import rated
from contor.catalogue.types import PricingGroup, UsagePrice
from contor.runtime.execute import validated
from contor.usage.pricing import by_the_clock

D = Decimal
BERLIN = ZoneInfo("Europe/Berlin")


def price(model: str, *tiers: tuple[Any, str, str]) -> UsagePrice:
    shown = [{"quantity": quantity, "price": cost, "type": kind} for quantity, cost, kind in tiers]
    return validated(UsagePrice, {"pricing_model": model, "price_tiers": shown})


MINUTES = price("CONTINGENT", (60, "20", "FLAT"), (60, "15", "FLAT"))
HOURS = price("CONTINGENT", (60, "20", "FLAT"))
FIRST_HOUR_FREE = price("CONTINGENT", (60, "0", "FLAT"), (60, "0.50", "FLAT"))
POWER = price("TIER_PRICE", (100, "0.17", "PER_UNIT"), (None, "0.13", "PER_UNIT"))
BASE_AND_POWER = price("TIER_PRICE", (100, "10", "FLAT"), (None, "0.13", "PER_UNIT"))
VOLUME = price("VOLUME_PRICE", (100, "1.00", "PER_UNIT"), (1000, "0.80", "PER_UNIT"), (None, "500", "FLAT"))


@pytest.mark.parametrize(
    ("given_price", "quantity", "amount"),
    [
        (MINUTES, "130", "50"),
        (MINUTES, "60", "20"),
        (MINUTES, "61", "35"),
        (MINUTES, "120", "35"),
        (MINUTES, "0", "20"),
        (HOURS, "0", "20"),
        (HOURS, "60", "20"),
        (HOURS, "61", "40"),
        (FIRST_HOUR_FREE, "163", "1.00"),
        (FIRST_HOUR_FREE, "195", "1.50"),
        (FIRST_HOUR_FREE, "45", "0"),
        (POWER, "400", "56.00"),
        (POWER, "100", "17.00"),
        (POWER, "100.5", "17.065"),
        (POWER, "0", "0"),
        (BASE_AND_POWER, "0", "10"),
        (BASE_AND_POWER, "100", "10"),
        (BASE_AND_POWER, "101", "10.13"),
        (VOLUME, "100", "100.00"),
        (VOLUME, "101", "80.80"),
        (VOLUME, "5000", "500"),
    ],
)
def test_what_a_quantity_costs(given_price: UsagePrice, quantity: str, amount: str) -> None:
    found = rated(given_price, D(quantity))
    assert (found.quantity, found.amount) == (D(quantity), D(amount))


HALF_HOURS = price("CONTINGENT", (60, "20", "FLAT"), (30, "15", "FLAT"))
ALIKE = price("CONTINGENT", (60, "20", "FLAT"), (60, "20", "FLAT"))
BY_UNIT = price("CONTINGENT", (10, "2", "PER_UNIT"))


@pytest.mark.parametrize(
    ("given_price", "quantity", "blocks"),
    [
        (MINUTES, "130", [(1, 60, "20", "60"), (2, 60, "15", "70")]),
        (HALF_HOURS, "70", [(1, 60, "20", "60"), (1, 30, "15", "10")]),
        (MINUTES, "50", [(1, 60, "20", "50")]),
        (MINUTES, "0", [(1, 60, "20", "0")]),
        (ALIKE, "130", [(3, 60, "20", "130")]),
        (BY_UNIT, "11", [(2, 10, "20", "11")]),
    ],
)
def test_the_basis_says_each_kind_of_block_at_its_price(
    given_price: UsagePrice, quantity: str, blocks: list[tuple[int, int, str, str]]
) -> None:
    found = rated(given_price, D(quantity))
    bases = (*found.first, found.basis)
    assert [(one.block_quantity, one.block_size, one.block_price, one.used_quantity) for one in bases] == [
        (count, size, D(cost), D(used)) for count, size, cost, used in blocks
    ]
    assert sum((one.block_quantity or D(0)) * (one.block_price or D(0)) for one in bases) == found.amount


def test_tiers_are_shown_from_the_end_of_the_one_before() -> None:
    for given_price, kind in ((POWER, "TIER_PROGRESSIVE"), (VOLUME, "TIER_SINGLE")):
        basis = rated(given_price, D(400)).basis
        assert (basis.type, basis.used_quantity) == (kind, D(400))
        ends = [D(0), *[tier.quantity for tier in given_price.price_tiers[:-1]]]
        assert [tier.quantity for tier in basis.tiers] == ends
        assert [tier.above for tier in basis.tiers] == [False, *[True] * (len(ends) - 1)]  # the end belongs to the one before
        assert [tier.unit_price for tier in basis.tiers] == [tier.price for tier in given_price.price_tiers]


amounts = st.decimals(min_value=0, max_value=100_000, places=4)


@given(amounts, amounts)
def test_more_never_costs_less_by_blocks_or_tiers(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    for model in (MINUTES, FIRST_HOUR_FREE, POWER, BASE_AND_POWER):
        assert rated(model, low).amount <= rated(model, high).amount


@given(amounts)
def test_tiers_cost_the_sum_of_their_parts(quantity: Decimal) -> None:
    first = min(quantity, D(100))
    assert rated(POWER, quantity).amount == first * D("0.17") + (quantity - first) * D("0.13")


def clock(*rules: tuple[str, str, str], **more: Any) -> PricingGroup:
    shown = [{"time_from": begin, "time_to": end, "price": cost} for begin, end, cost in rules]
    return validated(PricingGroup, {"pricing_rules": shown, **more})


NIGHT = clock(("06:00", "22:00", "2.00"), ("22:00", "06:00", "1.00"))


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        ("2026-05-10T10:00+02:00", "2026-05-10T12:30+02:00", "5.00"),
        ("2026-05-10T21:30+02:00", "2026-05-10T23:00+02:00", "2.00"),
        ("2026-05-10T00:00+02:00", "2026-05-11T00:00+02:00", "40.00"),
        ("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", "41.00"),  # the day of 25 hours: 9 at night
        ("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "39.00"),  # the hour that is left out costs nothing
        ("2026-05-10T10:00+02:00", "2026-05-10T10:00+02:00", "0"),
    ],
)
def test_prices_by_the_clock(start: str, end: str, amount: str) -> None:
    found = by_the_clock(NIGHT, dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), BERLIN)
    assert found.amount == D(amount)


@pytest.mark.parametrize(
    ("start", "end", "zone", "amount"),
    [
        # Lord Howe Island moves its clocks by half an hour: at 2:00 to 2:30 (15:30 UTC), and from 2:00 back to 1:30 (15:00 UTC)
        ("2026-10-03T15:00+00:00", "2026-10-03T16:00+00:00", "Australia/Lord_Howe", "1.50"),
        ("2026-04-04T14:00+00:00", "2026-04-04T15:45+00:00", "Australia/Lord_Howe", "1.75"),
        ("2026-04-04T14:00+00:00", "2026-04-04T16:00+00:00", "Australia/Lord_Howe", "2.25"),
        ("2026-10-03T15:10+00:00", "2026-10-03T15:40+00:00", "Australia/Lord_Howe", "0.6667"),
        ("2026-09-26T13:45+00:00", "2026-09-26T14:15+00:00", "Pacific/Chatham", "1.00"),
    ],
)
def test_clocks_that_change_on_the_half_hour(start: str, end: str, zone: str, amount: str) -> None:
    """1.00 an hour until 2:15, then 2.00."""
    early = clock(("00:00", "02:15", "1.00"), ("02:15", "24:00", "2.00"))
    found = by_the_clock(early, dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), ZoneInfo(zone))
    assert round(found.amount, 4) == D(amount)


def test_a_begun_block_costs_all_of_its_pieces() -> None:
    """Blocks of ten at 2.00 a piece."""
    by_ten = price("CONTINGENT", (10, "2", "PER_UNIT"))
    assert [rated(by_ten, D(count)).amount for count in (1, 10, 11)] == [D(20), D(20), D(40)]


def test_what_is_timed_says_how_many_minutes_passed() -> None:
    start = dt.datetime(2026, 5, 10, 8, tzinfo=dt.UTC)
    found = by_the_clock(NIGHT, start, start + dt.timedelta(minutes=90), BERLIN)
    assert (found.quantity, found.basis.type) == (D(90), "TIME_BASED_USAGE")
    whole_day = clock(("08:00", "08:00", "1.00"))
    assert by_the_clock(whole_day, start, start + dt.timedelta(hours=30), BERLIN).amount == D(30)


def test_a_free_hour_takes_nothing_of_the_quota() -> None:
    start = dt.datetime(2026, 5, 10, 8, tzinfo=dt.UTC)
    rules = [
        {"time_from": "00:00", "time_to": "12:00", "price": "3.00", "free_of_charge": True, "free_quota_applicable": False},
        {"time_from": "12:00", "time_to": "24:00", "price": "3.00"},
    ]
    group = validated(PricingGroup, {"pricing_rules": rules, "free_quota": 60})
    assert by_the_clock(group, start, start + dt.timedelta(hours=4), BERLIN).amount == D(3)  # 10 to 14 h in Berlin


def test_free_quota_and_cap() -> None:
    start = dt.datetime(2026, 5, 10, 8, tzinfo=dt.UTC)
    group = clock(("00:00", "24:00", "3.00"), free_quota=60, usage_cap="10.00")
    hours = [by_the_clock(group, start, start + dt.timedelta(hours=n), BERLIN).amount for n in (1, 2, 3, 10)]
    assert hours == [D(0), D(3), D(6), D(10)]
