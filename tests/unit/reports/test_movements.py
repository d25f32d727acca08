"""What moved monthly recurring revenue: every day's parts are its change, and amounts add up after rounding."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.reports.metrics import Movement, Step, movements_of, rounded_parts
from contor.reports.metrics.rounding import rounded

DAY = dt.date(2026, 1, 1)
F, D = Fraction, Decimal


def steps(*changes: tuple[int, str]) -> list[Step]:
    return [Step(DAY + dt.timedelta(days=day), F(change)) for day, change in changes]


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ([(0, "10")], ["NEW 10"]),
        ([(0, "10"), (5, "2")], ["NEW 10", "EXPANSION 2"]),
        ([(0, "10"), (5, "-2")], ["NEW 10", "CONTRACTION -2"]),
        ([(0, "10"), (5, "-10")], ["NEW 10", "CHURN -10"]),
        ([(0, "10"), (5, "-10"), (9, "4")], ["NEW 10", "CHURN -10", "REACTIVATION 4"]),
        ([(0, "10"), (5, "-10"), (5, "10")], ["NEW 10"]),  # one contract follows the other on the same day
        ([(0, "10"), (5, "-10"), (5, "7")], ["NEW 10", "CONTRACTION -3"]),
        ([(0, "0")], []),
        ([(3, "1/3"), (0, "1/3")], ["NEW 1/3", "EXPANSION 1/3"]),
    ],
)
def test_a_movement_is_told_by_what_was_there_before(changes: list[tuple[int, str]], kinds: list[str]) -> None:
    assert [f"{it.kind} {it.amount}" for it in movements_of(steps(*changes))] == kinds


@given(st.lists(st.tuples(st.integers(0, 30), st.fractions(min_value=0, max_value=10_000)), max_size=12))
def test_the_parts_are_the_change(paid: list[tuple[int, Fraction]]) -> None:
    """Of somebody who pays one amount after the other, none below zero."""
    levels = sorted(dict(paid).items())
    before, made = F(0), []
    for day, level in levels:
        made.append(Step(DAY + dt.timedelta(days=day), level - before))
        before = level
    moves = list(movements_of(made))
    assert sum((it.amount for it in moves), F(0)) == before
    for it in moves:
        assert (it.amount > 0) == (it.kind in (Movement.NEW, Movement.EXPANSION, Movement.REACTIVATION))
        assert (it.after == 0) == (it.kind is Movement.CHURN)
    assert [it.kind for it in moves].count(Movement.NEW) == (1 if moves else 0)


@given(
    st.fractions(min_value=0, max_value=10**6),
    st.lists(st.fractions(min_value=-1000, max_value=1000), min_size=5, max_size=5),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_rounded_parts_come_to_the_rounded_change(start: Fraction, parts: list[Fraction], currency: str) -> None:
    change = rounded(start + sum(parts, F(0)), currency) - rounded(start, currency)
    found = rounded_parts(change, parts, currency)
    unit = D(1).scaleb(-{"EUR": 2, "JPY": 0, "KWD": 3}[currency])
    assert sum(found) == change
    for exact, amount in zip(parts, found, strict=True):
        assert abs(F(amount) - exact) < F(unit)
        assert exact or not amount


def test_a_third_of_a_cent_goes_to_the_largest_remainder() -> None:
    assert rounded_parts(D("10.00"), [F(10, 3), F(10, 3), F(10, 3)], "EUR") == [D("3.34"), D("3.33"), D("3.33")]
    with pytest.raises(ValueError, match="is not what the parts come to"):
        rounded_parts(D("10.05"), [F(10)], "EUR")
