"""What a customer wants to pay by PayPal: kept, collected by nobody here, and said so wherever it is named."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, run

WHY = "PAYPAL collects nothing from here: it is to be transferred, or paid by another method."
_PAYPAL = {"gateway": "paypal", "type": "paypal", "customerId": "muster-handel", "paypal": {"billingAgreementId": "B-1"}}


def gateway(fynn: Fynn, number: int, provider: str, ident: str) -> None:
    account = {
        "ident": ident,
        "name": ident,
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "paymentServiceProviderId": number,
    }
    for path, body in (
        ("/payment-providers", {"id": number, "name": provider}),
        ("/merchant-payment-accounts", account),
        (
            "/merchant-payment-gateways",
            {"ident": ident, "name": ident, "accounts": [{"merchantPaymentAccountIdent": ident, "currency": "EUR"}]},
        ),
    ):
        answer = fynn.tenant.call("POST", path, body)
        assert answer.status == 201, answer.body


@pytest.fixture
def made(fynn: Fynn) -> Any:
    gateway(fynn, 1, "PAYPAL", "paypal")
    return fynn.call("POST", "/payment-methods", _PAYPAL)


def test_it_is_kept_and_says_that_nobody_collects(fynn: Fynn, made: Any) -> None:
    """In the answer, and when it is read; a method that is collected says nothing of the kind."""
    method = made["paymentMethod"]
    assert (made["status"], made["failReason"]) == ("failed", WHY)
    assert (method["status"], method["failReason"], method["paypal"]["billingAgreementId"]) == ("gateway_unconfigured", WHY, "B-1")
    assert fynn.call("GET", f"/payment-methods/{method['id']}") == method
    gateway(fynn, 2, "SIMULATED", "cards")
    card = {"gateway": "testing", "type": "card", "customerId": "muster-handel", "testing": {"token": "ok"}}
    other = fynn.call("POST", "/payment-methods", card)
    assert (other["status"], other["failReason"], other["paymentMethod"]["failReason"]) == ("success", None, None)


def test_an_invoice_of_a_billing_run_says_why_it_is_not_collected(fynn: Fynn, made: Any) -> None:
    """And so does its subscription; its pages ask for a transfer."""
    method = made["paymentMethod"]["id"]
    fynn.turn("2026-03-10T10:00:00")
    a_product(fynn, "basic")
    subscription = a_subscription(fynn, "basic", paymentMethod=method, activate=True)
    run(fynn, "2026-04-11")
    shown = fynn.call("GET", f"/subscriptions/{subscription['id']}")["paymentMethod"]
    assert (shown["id"], shown["type"], shown["status"], shown["failReason"]) == (method, "paypal", "gateway_unconfigured", WHY)
    invoices = fynn.call("GET", "/invoices")["data"]
    assert len(invoices) == 2
    for invoice in invoices:
        told = fynn.call("GET", f"/invoices/{invoice['id']}")["paymentMethod"]
        assert (told["id"], told["status"], told["failReason"]) == (method, "gateway_unconfigured", WHY)
    assert fynn.call("GET", "/payment/transactions")["data"] == []
    cases = fynn.tenant.call("GET", "/opos-cases").body["_embedded"]
    assert [one["collectionReason"] for one in cases] == ["PAYPAL collects nothing from here."] * 2
    assert fynn.tenant.unsound() == []
