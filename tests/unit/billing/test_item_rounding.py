"""Rows in the amounts of their billing group: what rounding takes or adds stands beside them."""

from decimal import Decimal

import pytest
from tests.factories.billing_items import a_row

from contor.billing.items.rounding import in_unit, shown_rounding
from contor.kernel.shapes import replace

D = Decimal


@pytest.mark.parametrize(
    ("total", "unit", "rounded", "beside"),
    [
        ("10.04", "0.1", "10.00", "-0.04"),
        ("10.05", "0.1", "10.10", "0.05"),
        ("10.50", "1", "11.00", "0.50"),
        ("10.00", "1", "10.00", None),
        ("0.00", "1", "0.00", None),
        ("0.40", "1", "0.00", "-0.40"),
    ],
)
@pytest.mark.parametrize("basis", ["NET", "GROSS"])
def test_a_row_is_rounded_and_says_by_how_much(total: str, unit: str, rounded: str, beside: str | None, basis: str) -> None:
    row = in_unit(a_row(total, basis=basis), "EUR", D(unit), "de")
    assert (str(row.total), row.unit_price, row.quantity) == (rounded, D(total), D(1))
    sides = [(extra.ident, extra.name, extra.total.net, extra.total.gross) for extra in row.extras]
    amount = None if beside is None else D(beside)
    expected = ("rounding", "Rundung", amount, None) if basis == "NET" else ("rounding", "Rundung", None, amount)
    assert sides == ([] if beside is None else [expected])


def test_without_a_unit_and_of_what_pays_nothing_is_rounded() -> None:
    row = a_row("10.04")
    assert in_unit(row, "EUR", None, "de") is row
    paying = replace(row, pays=True)
    assert in_unit(paying, "EUR", D(1), "de") is paying
    assert in_unit(paying, "EUR", None, "de") is paying


def test_rounding_stands_behind_the_rows_own_parts_in_its_language() -> None:
    once = shown_rounding(a_row("10.00"), D("9.96"), "en")
    assert [(extra.name, extra.total.net) for extra in once.extras] == [("Rounding", D("0.04"))]
    assert shown_rounding(once, D("10.00"), "en") is once
    assert [extra.ident for extra in shown_rounding(once, D("10.10"), "en").extras] == ["rounding", "rounding"]
