"""Deposits and final invoices in a foreign currency, each at its own rate, through the API: whatever the method, tax and revenue are the
same, the open item is what stands in the ledger, and a credit takes all of it back."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of, day_here

D = Decimal
BANK, INTERIM, EXCHANGE = 1200, 1792, (2150, 2660)
METHODS = ("REMAINDER", "FINAL", "REVERSAL")


def at(rate: str) -> dict[str, Any]:
    return {"currency": "USD", "exchangeRate": {"rate": rate, "date": day_here()}}


def dollars(company: Company, amount: str, rate: str, text: str) -> None:
    euro = str((D(amount) / D(rate)).quantize(D("0.01")))
    sent = {"originalAmount": {"amount": amount, "currency": "USD"}, "exchangeRate": rate}
    assert company.pay(euro, text, **sent)["status"] == "ASSIGNED"


def sold(company: Company, method: str, deposit: tuple[str, int, str, str], final: tuple[str, str]) -> str:
    """The number of a final invoice whose deposit (net, tax rate, rate of exchange, gross) was paid."""
    net, tax, rate, gross = deposit
    number = company.document("deposit-invoices", items=[a_row_of(net, tax)], **at(rate))
    dollars(company, gross, rate, number)
    more: dict[str, Any] = {"relatedDocumentIdents": [number]}
    if method == "REVERSAL":
        corrected = company.document(
            "deposit-invoice-corrections", items=[a_row_of(net, tax)], relatedDocumentIdent=number, currency="USD"
        )
        more = {"relatedDocumentIdent": number, "relatedDocumentIdents": [corrected]}
    return company.document(
        items=[a_row_of(final[0])], properties=[{"key": "finalInvoiceMethod", "value": method}], **more, **at(final[1])
    )


def books(company: Company) -> dict[int, Decimal]:
    """What stands, but for money and differences of exchange."""
    return {account: sum for account, sum in company.sums().items() if account not in (BANK, INTERIM, *EXCHANGE)}


@pytest.mark.parametrize(
    ("deposit", "final", "open_amount", "declared", "paid"),
    [
        # 113.33 with 18.09 of tax came; 238.00 at 1.20 are 198.33 with 31.67
        (
            ("100.00", 19, "1.05", "119.00"),
            ("300.00", "1.20"),
            "238.00",
            {1776: "-49.76", 8400: "-261.90", 10000: "198.33"},
            "113.33",
        ),
        (
            ("1000.00", 19, "1.10", "1190.00"),
            ("2000.00", "1.25"),
            "1190.00",
            {1776: "-324.73", 8400: "-1709.09", 10000: "952.00"},
            "1081.82",
        ),
        # of another tax rate: what came pays a part of the whole, 310.23, which is taxed at 19 %
        (
            ("100.00", 7, "1.05", "107.00"),
            ("300.00", "1.20"),
            "250.00",
            {1776: "-49.53", 8400: "-260.70", 10000: "208.33"},
            "101.90",
        ),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_declares_the_same_and_gives_it_back(
    company: Company,
    method: str,
    deposit: tuple[str, int, str, str],
    final: tuple[str, str],
    open_amount: str,
    declared: dict[int, str],
    paid: str,
) -> None:
    number = sold(company, method, deposit, final)
    assert (books(company), D(str(company.case(number)["balance"]))) == (
        {account: D(amount) for account, amount in declared.items()},
        D(open_amount),
    )
    company.sound()
    memo = company.document("credit-memos", items=[a_row_of(final[0])], relatedDocumentIdent=number, currency="USD")
    assert books(company) == {10000: -D(paid)}  # what was paid is the customer's again, and nothing else stands
    assert D(str(company.case(memo)["balance"])) == D(final[0]) * D("1.19")
    company.sound()
