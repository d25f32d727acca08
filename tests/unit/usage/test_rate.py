"""The rows of a period's usages: pooled or one by one, each place by itself, priced by where it is performed or taxed."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.catalogue.types import OptionContent
from contor.documents.types import Location
from contor.runtime.execute import validated
from contor.usage.rate import RatedUsages, at_least, rate, within
from contor.usage.types import Usage

D = Decimal
BERLIN = ZoneInfo("Europe/Berlin")
GERMANY, AUSTRIA = Location(country="DE"), Location(country="AT")
START = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)


def content(**more: Any) -> OptionContent:
    tiers = [{"price": "2", "type": "PER_UNIT"}]
    prices = [
        {"pricing_model": "TIER_PRICE", "price_tiers": tiers, "criteria": {"country": "DE"}},
        {"pricing_model": "TIER_PRICE", "price_tiers": [{"price": "3", "type": "PER_UNIT"}], "criteria": {"country": "AT"}},
    ]
    return validated(OptionContent, {"name": "Power", "usage_prices": prices, **more})


def a_usage(quantity: str, taxed: str | None = None, performed: str | None = None, number: int = 1) -> Usage:
    return Usage(
        usage_id=number,
        used_on=START.date(),
        quantity=D(quantity),
        started_at=START,
        ended_at=START + dt.timedelta(hours=1),
        tax_location=None if taxed is None else {"country": taxed},
        performance_location=None if performed is None else {"country": performed},
    )


def rows(option: OptionContent, *usages: Usage, performed: Location | None = None) -> list[tuple[str, str, str, int]]:
    """Where each row is taxed and performed, what it costs, and how many usages it bills."""
    found = rate(option, usages, GERMANY, None, BERLIN, performed)
    assert isinstance(found, list)
    return [
        (
            row.tax_location.country,
            row.performance_location.country if row.performance_location else "",
            str(row.rated.amount),
            len(row.usages),
        )
        for row in found
    ]


def test_each_usage_is_a_row_unless_they_are_pooled() -> None:
    usages = (a_usage("1"), a_usage("2", number=2))
    assert rows(content(), *usages) == [("DE", "", "2", 1), ("DE", "", "4", 1)]
    assert rows(content(use_pooling=True), *usages) == [("DE", "", "6", 2)]


def test_what_is_taxed_at_two_places_is_not_pooled() -> None:
    usages = (a_usage("1"), a_usage("1", taxed="AT"), a_usage("2"), a_usage("2", taxed="AT"))
    assert rows(content(use_pooling=True), *usages) == [("DE", "", "6", 2), ("AT", "", "9", 2)]


def test_where_the_place_of_performance_decides_the_price_it_divides_too() -> None:
    usages = (a_usage("1"), a_usage("1", performed="AT"), a_usage("2", taxed="AT", performed="DE"))
    assert rows(content(use_pooling=True), *usages, performed=GERMANY) == [
        ("DE", "DE", "2", 1),
        ("DE", "AT", "3", 1),
        ("AT", "DE", "4", 1),
    ]
    # without it the place of performance is not asked: the usages' own decides nothing
    assert rows(content(use_pooling=True), a_usage("1"), a_usage("1", performed="AT")) == [("DE", "", "4", 2)]


def test_the_place_of_a_row_is_both() -> None:
    (row,) = rate(content(), [a_usage("1", taxed="AT")], GERMANY, None, BERLIN)
    assert isinstance(row, RatedUsages)
    assert row.place == (AUSTRIA, None, None)


@pytest.mark.parametrize(("by", "pools"), [("PERIOD_END", [[1, 2, 3]]), ("USAGE_DATE", [[1, 2], [3]])])
def test_days_of_other_rates_are_no_one_pool_where_usages_are_taxed_by_their_day(by: str, pools: list[list[int]]) -> None:
    days = [dt.date(2020, 6, 29), dt.date(2020, 6, 30), dt.date(2020, 7, 1)]  # Germany: 19, from July on 16
    usages = [a_usage("1", number=number)._replace(used_on=day) for number, day in enumerate(days, 1)]
    found = rate(content(use_pooling=True, usage_tax_date=by), usages, GERMANY, None, BERLIN)
    assert [[usage.usage_id for usage in row.usages] for row in found if isinstance(row, RatedUsages)] == pools


@pytest.mark.parametrize(
    ("cap", "costs", "stood", "parts"),
    [
        ("15", ("20", "20"), ("0", "0"), ("15", "0")),
        ("12", ("10", "10", "10"), ("0", "0", "0"), ("10", "2", "0")),
        ("40", ("20", "20"), ("0", "0"), ("20", "20")),
        ("15", ("20", "20"), ("0", "15"), ("0", "15")),  # in which order they were billed does not matter
        ("15", ("20", "5"), ("12", "5"), ("12", "3")),  # more was billed than is right
        ("0", ("20",), ("0",), ("0",)),
    ],
)
def test_what_a_period_costs_at_most_is_shared_by_its_rows(
    cap: str, costs: tuple[str, ...], stood: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    found = within(D(cap), [D(one) for one in costs], [D(one) for one in stood])
    assert sum(found) <= D(cap)
    assert found == [D(one) for one in parts]


def test_usages_without_a_price_say_where_none_holds() -> None:
    assert rate(content(), [a_usage("1", taxed="FR")], GERMANY, None, BERLIN) == "no price of Power holds in FR"


def test_what_is_priced_by_the_clock_is_a_row_for_each_usage() -> None:
    rules = [{"time_from": "00:00", "time_to": "12:00", "price": "6"}, {"time_from": "12:00", "time_to": "24:00", "price": "12"}]
    option = validated(OptionContent, {"name": "Parking", "pricing_groups": [{"pricing_rules": rules}]})
    (row,) = rate(option, [a_usage("1")], GERMANY, None, BERLIN)
    assert isinstance(row, RatedUsages)
    assert row.rated.amount == D(6)  # 11 to 12 o'clock in Berlin


parts = st.decimals(min_value=0, max_value=1000, places=2)


@given(st.lists(st.tuples(parts, parts), min_size=1, max_size=6), parts)
def test_a_period_with_a_minimum_is_divided_without_rest_and_stays_as_it_was_divided(
    rows: list[tuple[Decimal, Decimal]], minimum: Decimal
) -> None:
    costs, stood = [cost for cost, _ in rows], [before for _, before in rows]
    whole = max(sum(costs, Decimal(0)), minimum)
    divided = at_least(whole, costs, stood)
    assert sum(divided) == whole
    assert min(divided) >= 0
    assert at_least(whole, costs, divided) == divided
