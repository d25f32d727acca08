"""Deposits in foreign currency and final invoices at another rate: what was received keeps the rate of its receipt, the rest has that of
the final invoice, whatever the method (section 16 (6), section 13 (1) no. 1 lit. a sentence 4 UStG; UStAE 14.8, 16.4)."""

from decimal import Decimal

import pytest
from tests.factories.deposited_sales import DepositedSale
from tests.factories.requests import a_gross_row

D = Decimal
METHODS = ["REMAINDER", "FINAL", "REVERSAL"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("deposit", "supply", "customer", "of_supply"),
    [
        # 100.00 at 1.05 is 95.24 with 15.21 of tax; the rest of 200.00 at 1.20 is 166.67, its 31.93 of tax 26.61
        (("100", "19", "1.05"), ("300", "19", "1.20"), "166.67", {1776: "-41.82", 8400: "-220.09"}),
        # 909.09 with 145.15; 800.00, its 159.67 of tax 127.74
        (("1000", "19", "1.10"), ("2000", "19", "1.25"), "800.00", {1776: "-272.89", 8400: "-1436.20"}),
        # taxed at 7 % when it came: 101.90 EUR are paid for a supply at 19 %, beside the 160.83 of the rest; 262.73 x 47.90 / 300
        (("107", "7", "1.05"), ("300", "19", "1.20"), "160.83", {1776: "-41.95", 8400: "-220.78"}),
    ],
)
def test_every_method_declares_the_same(
    method: str, deposit: tuple[str, str, str], supply: tuple[str, str, str], customer: str, of_supply: dict[int, str]
) -> None:
    sale = DepositedSale(method)
    sale.pay(sale.deposit([a_gross_row("d-1", *deposit[:2])], D(deposit[2])), D(deposit[0]))
    sale.final([a_gross_row("i-1", *supply[:2])], D(supply[2]))
    left = sale.left()
    assert left.pop(10001) == customer
    assert left == of_supply
    sale.credit([a_gross_row("i-1", *supply[:2])])
    sale.settle()
    assert sale.left() == {}
    assert sale.exchange() == 0
