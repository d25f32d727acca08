"""Agreed monthly partial supplies of a period."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.contracts.calendar import BillingPeriod, supplies_of, whole_supplies

D = Decimal
QUARTER = (dt.date(2026, 1, 1), dt.date(2026, 4, 1))


def a_period(start: dt.date = QUARTER[0], end: dt.date = QUARTER[1]) -> BillingPeriod:
    """A part of the first quarter of 2026."""
    return BillingPeriod("p-1", start, end, *QUARTER, start, end, 0, True)


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-01", "2026-04-01", ["33.34", "33.33", "33.33"]),
        ("2026-01-16", "2026-04-01", ["17.21", "33.33", "33.33"]),
        ("2026-01-01", "2026-02-15", ["33.34", "16.67"]),
        ("2026-02-01", "2026-03-01", ["33.33"]),
        ("2026-02-10", "2026-02-12", ["2.38"]),
    ],
)
def test_a_whole_month_costs_its_part_and_a_begun_one_its_days(start: str, end: str, expected: list[str]) -> None:
    """100.00 for the quarter; 16 of 31 days of 33.34 are 17.21, 14 of 28 of 33.33 are 16.67, 2 of 28 are 2.38."""
    found = supplies_of(D(100), a_period(*days(start, end)), "EUR")
    assert [cost for _, _, cost in found] == [D(cost) for cost in expected]
    assert (found[0][0], found[-1][1]) == tuple(days(start, end))


def test_the_months_that_a_period_touches_at_what_each_costs_whole() -> None:
    assert whole_supplies(D(100), a_period(), "EUR") == [D("33.34"), D("33.33"), D("33.33")]
    assert whole_supplies(D(100), a_period(*days("2026-02-28", "2026-03-02")), "EUR") == [D("33.33"), D("33.33")]
    assert whole_supplies(D(100), a_period(*days("2026-02-01", "2026-03-01")), "EUR") == [D("33.33")]
    assert whole_supplies(D(100), a_period(*days("2026-01-31", "2026-02-01")), "EUR") == [D("33.34")]


@given(st.decimals(0, 10_000, places=2))
def test_whole_supplies_add_up(price: Decimal) -> None:
    assert sum((cost for _, _, cost in supplies_of(price, a_period(), "EUR")), D(0)) == price
    assert sum(whole_supplies(price, a_period(), "EUR"), D(0)) == price
