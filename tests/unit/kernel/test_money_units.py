"""Amounts in a coarser unit than the currency's own: worked by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from contor.contracts.calendar.proration import partial_supplies
from contor.kernel.money import is_amount, round_amount, split, unit_of, worded
from contor.settings.groups import units_of

D = Decimal


@pytest.mark.parametrize(
    ("value", "currency", "decimals", "expected"),
    [
        ("10.49", "CHF", 0, "10.00"),
        ("10.50", "CHF", 0, "11.00"),
        ("-10.50", "EUR", 0, "-11.00"),
        ("10.449", "EUR", 1, "10.40"),
        ("0.45", "EUR", 1, "0.50"),
        ("0.4", "EUR", 0, "0.00"),
        ("1234.5678", "KWD", 2, "1234.570"),
    ],
)
def test_rounded_to_fewer_decimals(value: str, currency: str, decimals: int, expected: str) -> None:
    rounded = round_amount(D(value), currency, unit_of(decimals))
    assert str(rounded) == expected  # with the decimals of the currency
    assert is_amount(rounded, currency, unit_of(decimals))


def test_rounded_once_not_twice() -> None:
    assert round_amount(D("10.495"), "EUR", unit_of(0)) == D(10)  # by way of cents it would be 10.50, then 11


@pytest.mark.parametrize(
    ("total", "weights", "decimals", "expected"),
    [
        ("100", "1 1 1", 0, "34 33 33"),
        ("-100", "1 1 1", 0, "-34 -33 -33"),
        ("1.0", "1 1 1", 1, "0.4 0.3 0.3"),
        ("1", "0 0", 0, "1 0"),
    ],
)
def test_split_in_units(total: str, weights: str, decimals: int, expected: str) -> None:
    parts = split(D(total), [D(weight) for weight in weights.split()], "EUR", unit_of(decimals))
    assert parts == [D(part) for part in expected.split()]


def test_what_is_no_multiple_is_not_split() -> None:
    with pytest.raises(ValueError, match="no multiple"):
        split(D("10.01"), [D(1), D(1)], "EUR", unit_of(0))


def test_monthly_supplies_in_units() -> None:
    parts = partial_supplies(D(100), dt.date(2027, 1, 1), dt.date(2027, 4, 1), "EUR", unit_of(0))
    assert [amount for _, _, amount in parts] == [34, 33, 33]


def test_an_override_with_the_currencys_own_decimals_is_none() -> None:
    assert units_of([{"currency": "EUR", "decimals": 2}, {"currency": "CHF", "decimals": 0}]) == {"CHF": D(1)}


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("10.0000", "EUR", "10.00 EUR"),
        ("70", "EUR", "70.00 EUR"),
        ("1200.0000", "JPY", "1200 JPY"),
        ("1.5", "BHD", "1.500 BHD"),
        ("-0.0100", "EUR", "-0.01 EUR"),
        ("22.80571428", "EUR", "22.8057 EUR"),
        ("0.125", "EUR", "0.125 EUR"),
        ("10.5", "???", "10.50 ???"),
        ("1E+30", "EUR", f"1{'0' * 30}.00 EUR"),
    ],
)
def test_an_amount_is_said_in_one_way(value: str, currency: str, said: str) -> None:
    assert worded(D(value), currency) == said
