"""A goodwill credit memo reduces the price of a supply that stands; whoever takes the supply back afterwards takes that back with it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of, day_here

D = Decimal
GOODWILL = [{"key": "reason", "value": "GOODWILL"}]


def a_row(ident: str, net: str, rate: int) -> dict[str, Any]:
    return {**a_row_of(net, rate), "ident": ident}


@pytest.mark.parametrize(
    ("off", "back", "between"),
    [
        (["20.00"], ["80.00"], {}),
        # half of what is left: half of the reduction
        (["20.00"], ["40.00", "40.00"], {8400: "-50.00", 8720: "10.00", 1776: "-7.60", 10000: "47.60"}),
        (["10.00", "0.01"], ["33.33", "56.66"], {8400: "-62.96", 8720: "6.30", 1776: "-10.77", 10000: "67.43"}),
    ],
)
def test_a_supply_that_is_taken_back_leaves_no_reduction(company: Company, off: list[str], back: list[str], between: Any) -> None:
    invoice = company.document(net="100.00")
    for net in off:
        company.document("credit-memos", net, relatedDocumentIdent=invoice, properties=GOODWILL)
    assert company.sums()[8720] == sum(map(D, off))
    for at, net in enumerate(back):
        company.document("credit-memos", net, relatedDocumentIdent=invoice)
        if at == 0:
            assert company.sums() == {account: D(amount) for account, amount in between.items()}
        company.sound()
    assert company.sums() == {}


@pytest.mark.parametrize("in_dollars", [False, True])
def test_each_rate_takes_its_own_reduction_back(company: Company, in_dollars: bool) -> None:
    more = {"currency": "USD", "exchangeRate": {"rate": "1.0937", "date": day_here()}} if in_dollars else {}
    credit = {"currency": "USD"} if in_dollars else {}
    invoice = company.document(items=[a_row("i-1", "100.00", 19), a_row("i-2", "50.00", 7)], **more)
    company.document("credit-memos", items=[a_row("i-2", "12.34", 7)], relatedDocumentIdent=invoice, properties=GOODWILL, **credit)
    company.document("credit-memos", items=[a_row("i-1", "100.00", 19)], relatedDocumentIdent=invoice, **credit)
    assert company.sums()[8710] > 0
    company.document("credit-memos", items=[a_row("i-2", "37.66", 7)], relatedDocumentIdent=invoice, **credit)
    assert company.sums() == {}
    company.sound()


def test_a_second_reduction_takes_none_back(company: Company) -> None:
    invoice = company.document(net="100.00")
    for net in ("20.00", "80.00"):
        company.document("credit-memos", net, relatedDocumentIdent=invoice, properties=GOODWILL)
    assert company.sums() == {8400: D(-100), 8720: D(100)}
    company.sound()
