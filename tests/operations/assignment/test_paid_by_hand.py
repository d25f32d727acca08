"""A person says that a document was paid: a payment with its entries, put to the open item; never twice, never more than is open."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, day_here
from tests.factories.drafts import a_body, at_once


def pay(company: Company, number: str, status: int = 201, **body: Any) -> Any:
    return company.call("POST", f"/v2/documents/{number}/actions/pay", body or None, status)


def said(answer: Any) -> list[tuple[str | None, str]]:
    return [(one.get("fieldName"), one["error"]) for one in answer["errors"]]


def test_what_is_open_is_paid_by_a_payment_with_entries(company: Company) -> None:
    number = company.document()
    paid = pay(
        company, number, paidOn="2026-11-30" if day_here() >= "2026-11-30" else day_here(), method="Bar", note="an der Kasse"
    )
    assert (paid["amount"], paid["currency"], paid["outstanding"], paid["status"]) == (119, "EUR", 0, "PAID")
    payment = company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{paid['paymentIdent']}")
    assert (payment["status"], payment["assignedAmount"], payment["description"]) == ("ASSIGNED", 119, "Bar an der Kasse")
    assert payment["properties"] == [{"key": "METHOD", "value": "Bar"}]
    case = company.case(number)
    assert (case["status"], case["balance"], [item["type"] for item in case["items"]]) == ("CLOSED", 0, ["DOCUMENT", "PAYMENT"])
    assert company.sums() == {1200: Decimal(119), 8400: Decimal(-100), 1776: Decimal(-19)}
    company.sound()


def test_what_is_paid_is_not_paid_again(company: Company) -> None:
    number = company.document()
    pay(company, number)
    assert said(pay(company, number, 409)) == [("documentIdent", f"{number} is settled already: nothing of it is open.")]
    assert len(company.tenant.rows("SELECT ident FROM payment")) == 1
    company.sound()


def test_of_two_at_once_one_has_paid(company: Company) -> None:
    number = company.document()
    path = f"/v2/documents/{number}/actions/pay"
    answers = at_once([lambda: company.client.request("POST", path, headers=company.headers).status_code] * 4)
    assert sorted(answers) == [201, 409, 409, 409]
    assert len(company.tenant.rows("SELECT ident FROM payment")) == 1
    company.sound()


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_part_is_paid_and_then_the_rest(company: Company, by_itself: bool) -> None:
    """Whether or not the account takes parts by itself: a person has said what it is for."""
    if by_itself:
        company.take_parts()
    number = company.document()
    first = pay(company, number, amount="19.00", method="PayPal")
    assert (first["amount"], first["outstanding"], first["status"]) == (19, 100, "PARTIALLY_PAID")
    assert said(pay(company, number, 400, amount="100.01")) == [("amount", "is more than is open: 100.00 EUR")]
    second = pay(company, number)
    assert (second["amount"], second["outstanding"], second["status"]) == (100, 0, "PAID")
    company.sound()


def test_a_credit_memo_is_paid_out(company: Company) -> None:
    number = company.document()
    pay(company, number)
    memo = company.document("credit-memos", relatedDocumentIdent=number)
    paid = pay(company, memo, method="Überweisung")
    assert (paid["amount"], paid["outstanding"], paid["status"]) == (119, 0, "PAID")
    payment = company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{paid['paymentIdent']}")
    assert payment["creditDebitIndicator"] == "DEBIT"
    assert company.sums() == {}
    company.sound()


def test_in_another_currency_at_the_rate_of_the_day_or_the_one_that_is_said(company: Company) -> None:
    rate = {"rate": "1.10000", "date": day_here(), "source": "ECB"}
    number = company.document(currency="USD", exchangeRate=rate)
    refused = said(pay(company, number, 400))
    assert [field for field, _ in refused] == ["exchangeRate"]
    paid = pay(company, number, exchangeRate="1.25")
    assert (paid["amount"], paid["currency"], paid["status"]) == (119, "USD", "PAID")
    payment = company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{paid['paymentIdent']}")
    assert payment["baseAmount"] == {"amount": 95.2, "currency": "EUR"}
    assert company.sums()[1200] == Decimal("95.20")
    company.sound()


def test_which_account_has_to_be_clear(company: Company) -> None:
    number = company.document()
    company.open_bank(ident="cash-desk", name="Cash desk", currency="EUR")
    assert said(pay(company, number, 400)) == [
        ("merchantPaymentAccountIdent", "is required: bank, cash-desk take EUR: say which"),
    ]
    paid = pay(company, number, merchantPaymentAccountIdent="cash-desk")
    assert paid["merchantPaymentAccountIdent"] == "cash-desk"
    sterling = company.document(currency="GBP", exchangeRate={"rate": "0.85000", "date": day_here(), "source": "ECB"})
    assert said(pay(company, sterling, 400)) == [
        ("merchantPaymentAccountIdent", "is required: no active account takes GBP"),
    ]
    pay(company, number, 404, merchantPaymentAccountIdent="nowhere")
    company.sound()


def test_a_draft_is_not_paid(company: Company) -> None:
    company.call("POST", "/v2/drafts", {"draftIdent": "d-1", **a_body()}, 201)
    message = "d-1 is a draft: it has no number yet and nothing is owed on it; complete it first."
    assert said(pay(company, "d-1", 400)) == [("documentIdent", message)]
    pay(company, "d-2", 404)


def test_the_day_is_one_on_which_a_bank_may_have_booked(company: Company) -> None:
    number = company.document()
    tomorrow = (dt.date.fromisoformat(day_here()) + dt.timedelta(days=1)).isoformat()
    ((field, _),) = said(pay(company, number, 400, paidOn=tomorrow))
    assert field == "paidOn"
    ((field, _),) = said(pay(company, number, 400, paidOn="2001-01-01"))
    assert field == "paidOn"
    pay(company, number, 400, amount="1.005")
    pay(company, number, 400, amount="-1")
    assert company.tenant.rows("SELECT ident FROM payment") == []


def test_what_a_statement_brought_is_not_recorded_beside_it(company: Company) -> None:
    """The money would be there twice."""
    number = company.document()
    first = company.pay("119.00", number)
    assert first["status"] == "ASSIGNED"
    pay(company, number, 409)
    company.sound()
