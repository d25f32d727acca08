"""A cart that is paid by a card which its buyer gives to the provider himself: what his browser needs, and the order."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.ordering_fynn import BUYER, a_cart
from tests.factories.stripes import CREDENTIALS, Stripes, reach, stripes


@pytest.fixture(scope="module")
def server() -> Iterator[Stripes]:
    with stripes() as made:
        yield made


def a_stripe_cart(fynn: Fynn) -> str:
    """Stripe with its keys, whatever other gateway takes cards; the public id of a cart."""
    cart = a_cart(fynn, "SIMULATED", "STRIPE")
    shown = [*CREDENTIALS, {"name": "publishableKey", "value": "pk_test_1"}, {"name": "accountId", "value": "acct_1"}]
    assert fynn.tenant.call("PUT", "/payment-providers/2", {"credentials": shown}).status == 200
    return cart


def prepare(fynn: Fynn, cart: str, body: Any = None, status: int = 200) -> Any:
    return fynn.call("PUT", f"/public/checkout/cart/{cart}/prepare-stripe", body, status)


def confirm(fynn: Fynn, cart: str, made: Any, status: int = 200) -> Any:
    said = {**BUYER, "paymentMethodId": made["paymentMethodId"], "agreedText": "Terms"}
    return fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", said, status)


def test_a_browser_hands_the_card_to_stripe_and_the_cart_is_ordered(
    fynn: Fynn, server: Stripes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again, the same one is answered; the secret is kept nowhere."""
    reach(server, monkeypatch)
    cart = a_stripe_cart(fynn)
    made = prepare(fynn, cart)
    details = made["actionRequired"]["details"]
    assert (made["status"], made["gateway"], made["paymentMethods"], made["setupStatus"]) == (
        "redirect_to_payment",
        "stripe",
        ["card"],
        "action_required",
    )
    assert (made["actionRequired"]["action"], details["publishableKey"], details["accountId"]) == (
        "client_site_action",
        "pk_test_1",
        "acct_1",
    )
    assert prepare(fynn, cart) == made
    assert details["clientSecret"] not in str(fynn.tenant.rows("SELECT * FROM payment_setup"))
    assert details["clientSecret"] not in str(fynn.tenant.rows("SELECT change::text FROM audit_entry"))
    refused = confirm(fynn, cart, made, 422)
    assert [(one["propertyPath"], one["message"]) for one in refused["violations"]] == [
        ("paymentMethodId", "is not there yet: The customer has yet to agree to it at STRIPE.")
    ]
    server.agree(details["clientSecret"].partition("_secret_")[0])
    assert confirm(fynn, cart, made)["status"] == "completed"
    assert confirm(fynn, cart, made)["status"] == "completed"
    (method,) = fynn.call("GET", "/payment-methods")["data"]
    assert (method["id"], method["gatewayName"], method["source"], method["status"], method["card"]["last4"]) == (
        made["paymentMethodId"],
        "stripe",
        "checkout",
        "active",
        "4242",
    )
    (charge,) = fynn.call("GET", "/payment/transactions")["data"]
    assert charge["amount"] == {"amount": 5950, "currencyCode": "EUR"}
    assert fynn.tenant.unsound() == []


def test_stripe_that_does_not_answer_is_asked_again(fynn: Fynn, server: Stripes, monkeypatch: pytest.MonkeyPatch) -> None:
    reach(server, monkeypatch)
    cart = a_stripe_cart(fynn)
    server.faults.append("500")
    assert "ask again by the same call" in prepare(fynn, cart, None, 503)["detail"]
    assert prepare(fynn, cart)["actionRequired"]["details"]["clientSecret"]
    assert len(fynn.tenant.rows("SELECT ident FROM payment_setup")) == 1


def test_who_did_not_agree_prepares_again(fynn: Fynn) -> None:
    """Of the simulated provider; what came of nothing says why."""
    cart = a_cart(fynn, "SIMULATED")
    made = prepare(fynn, cart, {"testing": {"token": "action-ok"}})
    failed = prepare(fynn, cart, {"testing": {"agreed": False}})
    assert (failed["paymentMethodId"], failed["setupStatus"], failed["failReason"]) == (
        made["paymentMethodId"],
        "failed",
        "The customer did not agree to it.",
    )
    refused = confirm(fynn, cart, made, 422)
    assert [one["message"] for one in refused["violations"]] == [
        "nothing is paid by it: The customer did not agree to it. Prepare it again."
    ]
    again = prepare(fynn, cart, {"testing": {"token": "ok"}})
    assert (again["setupStatus"], again["actionRequired"]) == ("success", None)
    other = prepare(fynn, cart, {"testing": {"token": "slow"}}, 422)
    assert [one["propertyPath"] for one in other["violations"]] == ["testing.token"]
    assert confirm(fynn, cart, again)["status"] == "completed"
    assert fynn.tenant.unsound() == []


def test_the_simulated_provider_where_it_is_not(fynn: Fynn) -> None:
    cart = a_cart(fynn, "STRIPE")
    assert prepare(fynn, cart, {"testing": {}}, 501)["status"] == 501
