"""Section 20 UStG: a deposit is taxed at its own rate when it comes; what of it pays a supply at another rate is due at that one from the
final invoice on, and nothing that happens later touches the rate of the deposit (section 17 (1) UStG)."""

from decimal import Decimal

import pytest
from tests.checkers.entries import written
from tests.factories.deposited_sales import DepositedSale
from tests.factories.requests import a_gross_row, a_row

from contor.openitems.types import DecisionType

D = Decimal
ONE = D(1)
SUPPLY = [a_row("i-1", "333.33")]


def a_sale(method: str, deposit: str = "100.00", rate: str = "7") -> DepositedSale:
    sale = DepositedSale(method, cash=True, currency="EUR")
    (ident,) = [sale.deposit([a_row("d-1", deposit, rate=rate)], ONE)]
    sale.pay(ident, sale.cases[ident].balance)
    return sale


@pytest.mark.parametrize(
    ("method", "entries"),
    [
        (
            "REMAINDER",
            [
                "INVOICE: D 10001 289.66, C 8400 333.33, C 1766 63.33, D 1711 100.00, C 1761 -7.00",
                "TAX_DUE: D 1766 17.08, C 1776 17.08, D 1761 -7.00, C 1771 -7.00",
            ],
        ),
        (
            "FINAL",
            [
                "INVOICE: D 10001 396.66, C 8400 333.33, C 1766 63.33",
                "DEPOSIT_APPLIED: D 1711 100.00, D 1771 7.00, C 10001 107.00",
                "TAX_DUE: D 1766 17.08, C 1776 17.08",
            ],
        ),
        (
            "REVERSAL",
            [
                "DEPOSIT_APPLIED: D 1711 100.00, D 1771 7.00, C 10001 107.00",
                "INVOICE: D 10001 396.66, C 8400 333.33, C 1766 63.33",
                "TAX_DUE: D 1766 17.08, C 1776 17.08",
            ],
        ),
    ],
)
def test_what_was_received_at_another_rate_is_due_at_that_of_the_supply(method: str, entries: list[str]) -> None:
    sale = a_sale(method)
    before = len(sale.entries)
    sale.final(SUPPLY, ONE)
    assert written(sale.entries[before:]) == entries
    assert {account: amount for account, amount in sale.left().items() if account != 10001} == {
        1766: "-46.25",
        1776: "-17.08",
        8400: "-333.33",
    }


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
def test_a_discount_as_the_last_movement_touches_its_own_rate_alone(method: str) -> None:
    sale = a_sale(method)
    sale.final(SUPPLY, ONE)
    sale.pay("SR-1", D("280.97"))
    before = len(sale.entries)
    sale.grant(DecisionType.CASH_DISCOUNT, D("8.69"))
    assert written(sale.entries[before:]) == ["CASH_DISCOUNT: D 8736 7.30, D 1766 1.39, C 10001 8.69"]
    assert sale.left() == {1776: "-61.94", 8400: "-333.33", 8736: "7.30"}
    for part in ("111.11", "222.22"):
        sale.credit([a_row("i-1", part)])
    sale.settle()
    assert sale.left() == {}


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL"])
def test_a_deposit_of_its_own_rate_pays_that_first(method: str) -> None:
    """Of 80.25 at 7 % 53.50 pay the supply at 7 %, the rest the one at 19 %."""
    sale = a_sale(method, "75.00")
    sale.final([a_row("i-1"), a_row("i-2", "50.00", rate="7")], ONE)
    # 119.00 less 26.75: 4.27 of its 19.00 are due, of the 5.25 at 7 % 3.50 stay
    left = {1766: "-14.73", 1771: "-3.50", 1776: "-4.27", 8300: "-50.00", 8400: "-100.00", 10001: "92.25"}
    assert sale.left() == left


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
def test_who_received_more_than_the_supply_has_no_tax_left_that_is_not_due(method: str) -> None:
    sale = a_sale(method, "400.00")
    sale.final([a_gross_row("i-1", "107.00", rate="19")], ONE)
    sale.settle()
    assert sale.left() == {1776: "-17.08", 8400: "-89.92"}


@pytest.mark.parametrize(
    ("method", "entries"),
    [
        ("REMAINDER", ["CASH_DISCOUNT: D 8736 10.00, D 1766 1.90, D 8731 4.00, D 1761 0.28, C 10001 16.18"]),
        (
            "FINAL",  # what was received at 7 % pays what of it is given up
            [
                "CASH_DISCOUNT: D 8736 7.91, D 1766 1.50, D 8731 6.33, D 1761 0.44, C 10001 16.18",
                "TAX_DUE: D 1766 0.40, C 1776 0.40, D 1761 -0.16, C 1771 -0.16",
            ],
        ),
        (
            "REVERSAL",
            [
                "CASH_DISCOUNT: D 8736 7.91, D 1766 1.50, D 8731 6.33, D 1761 0.44, C 10001 16.18",
                "TAX_DUE: D 1766 0.01, C 1776 0.01",
            ],
        ),
    ],
)
def test_a_discount_is_of_the_groups_of_the_document(method: str, entries: list[str]) -> None:
    """By FINAL and REVERSAL the whole ones, also of a rate for which a deposit was received (decision 20)."""
    sale = a_sale(method, "200.00")
    sale.final([a_row("i-1", "500.00"), a_row("i-2", "400.00", rate="7")], ONE)
    sale.pay("SR-1", D("792.82"))
    before = len(sale.entries)
    sale.grant(DecisionType.CASH_DISCOUNT, D("16.18"))
    assert written(sale.entries[before:]) == entries
    assert {account: amount for account, amount in sale.left().items() if account in (1761, 1766, 10001)} == {}


def test_the_tax_of_a_discount_is_contained_in_it_whatever_the_receipts_left() -> None:
    """0.10 at 19 % contain 0.02; nine receipts of 1.10 left 0.01 of the tax of 10.00."""
    sale = DepositedSale("FINAL", cash=True, currency="EUR")
    sale.final([a_gross_row("i-1", "10.00")], ONE)
    for _ in range(9):
        sale.pay("SR-1", D("1.10"))
    movement = sale.grant(DecisionType.CASH_DISCOUNT, D("0.10"))
    assert [(part.gross, part.tax) for part in movement.parts] == [(D("0.10"), D("0.02"))]
    assert 1766 not in sale.left()


def test_what_was_received_for_credited_rows_pays_the_others() -> None:
    """The rows at 19 % are credited after 132.50 came for both; what is lost of the rest is lost of the rows at 7 %."""
    sale = DepositedSale("FINAL", cash=True, currency="EUR")
    sale.final([a_row("i-1"), a_row("i-2", "50.00", rate="7")], ONE)
    sale.pay("SR-1", D("132.50"))
    sale.credit([a_row("i-1")])
    before = len(sale.entries)
    movement = sale.grant(DecisionType.UNCOLLECTABLE_RECEIVABLE, D("40.00"))
    assert [(part.rate, part.gross) for part in movement.parts if part.gross] == [(D(7), D("40.00"))]
    assert written(sale.entries[before:]) == [
        "UNCOLLECTABLE_RECEIVABLE: D 2401 37.38, D 1761 2.62, C 10001 40.00",
        "TAX_DUE: D 1766 4.41, C 1776 4.41, D 1761 -1.81, C 1771 -1.81",
    ]
    sale.settle()
    # what stands is 13.50 at 7 %
    assert sale.left() == {1771: "-0.88", 2401: "37.38", 8300: "-50.00"}
