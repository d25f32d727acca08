"""An amount is answered with the decimals of its currency, which is said beside it or around it; what is no amount stays as it is."""

from decimal import Decimal
from typing import Any, NotRequired

import pytest
from typing_extensions import TypedDict

from contor.api.answers import amounts_of, in_decimals
from contor.kernel.shapes import Amount, Money, Quantity, UnitPrice, shape

D = Decimal


@shape
class OfTwoDecimals:
    quantity: Quantity
    unit: UnitPrice
    total_net: Money


@shape
class OfACurrency:
    currency: str
    payable: Amount | None
    rows: tuple[OfTwoDecimals, ...]


class OfNamedFields(TypedDict):
    currency: str
    total: NotRequired[Money]
    rate: Decimal


@pytest.mark.parametrize(
    ("currency", "sent", "answered"),
    [
        ("EUR", "95.0000", "95.00"),
        ("EUR", "95", "95.00"),
        ("EUR", "-9.5", "-9.50"),
        ("EUR", "0", "0.00"),
        ("JPY", "1200.0000", "1200"),
        ("KWD", "1.5", "1.500"),
        ("KWD", "0.0250", "0.025"),
        ("EUR", "0.3330", "0.3330"),  # what has more decimals than its currency is shown as it is
        ("???", "95.0000", "95.0000"),  # of an unknown currency nobody knows the decimals
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(currency: str, sent: str, answered: str) -> None:
    row = {"quantity": D("2.50"), "unit": D("10.0000"), "totalNet": D(sent)}
    paper: dict[str, Any] = {"currency": currency, "payable": D(sent), "rows": [row, {**row, "totalNet": None}]}
    tree = amounts_of(OfACurrency, True)
    assert tree == {"payable": None, "rows": {"totalNet": None}}
    in_decimals(paper, tree)
    assert [str(paper["payable"]), str(row["totalNet"])] == [answered, answered]
    assert [str(row["quantity"]), str(row["unit"])] == ["2.50", "10.0000"]


def test_answers_that_are_written_name_by_name_say_it_too() -> None:
    told = [{"currency": "USD", "total": D("7"), "rate": D("19.00")}, {"currency": "JPY", "rate": D(10)}]
    tree = amounts_of(OfNamedFields, False)
    assert tree == {"total": None}
    in_decimals(told, tree)
    assert str(told) == str([{"currency": "USD", "total": D("7.00"), "rate": D("19.00")}, {"currency": "JPY", "rate": D(10)}])


def test_a_type_without_amounts_is_left_alone() -> None:
    assert amounts_of(str, True) is None
    assert amounts_of(None, True) is None
