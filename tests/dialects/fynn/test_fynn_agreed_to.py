"""Payment methods to which customers agree: from the request, by the provider, to an invoice that is charged."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.gocardlesses import CREDENTIALS as GOCARDLESS
from tests.factories.gocardlesses import GoCardlesses, gocardlesses
from tests.factories.stripes import CREDENTIALS, Stripes, reach, stripes
from tests.factories.subscribing_fynn import a_product

from contor.payments.providers import gocardless as module

SHOWN = {"name": "publishableKey", "value": "pk_test_1"}


@pytest.fixture(scope="module")
def server() -> Iterator[Stripes]:
    with stripes() as made:
        yield made


@pytest.fixture
def mandates(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoCardlesses]:
    with gocardlesses() as made:
        monkeypatch.setitem(module.ADDRESSES, "api", made.address)
        yield made


def gateway(fynn: Fynn, provider: str, credentials: Any = ()) -> None:
    """The gateway `main`, whose account is kept with the provider."""
    body = {"id": 1, "name": provider, "credentials": [*credentials]}
    accounts = [{"merchantPaymentAccountIdent": "there", "currency": "EUR"}]
    account = {"ident": "there", "name": "There", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    for path, said in (
        ("/payment-providers", body),
        ("/merchant-payment-accounts", account),
        ("/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": accounts}),
    ):
        answer = fynn.tenant.call("POST", path, said)
        assert answer.status == 201, answer.body


def method(fynn: Fynn, gateway: str, type: str = "card", status: int = 201, key: str = "", **more: Any) -> Any:
    body = {"gateway": gateway, "type": type, "customerId": "muster-handel", **more}
    return fynn.call("POST", "/payment-methods", body, status, **({"Idempotency-Key": key} if key else {}))


def complete(fynn: Fynn, made: Any, body: Any = None, status: int = 200) -> Any:
    return fynn.call("PUT", f"/payment-methods/{made['paymentMethod']['id']}/complete", body, status)


def test_a_subscription_waits_for_who_agrees(fynn: Fynn) -> None:
    """What is not agreed to is named as such; then it is what the subscription is paid by."""
    gateway(fynn, "SIMULATED")
    a_product(fynn, "basic")
    made = method(fynn, "testing", testing={"token": "action-ok"})
    ident = made["paymentMethod"]["id"]
    body = {"customer": "muster-handel", "products": [{"pricePlan": "basic"}], "paymentMethod": ident}
    refused = fynn.call("POST", "/subscriptions", body, 422)
    (violation,) = refused["violations"]
    assert violation["propertyPath"] == "paymentMethod"
    assert violation["message"] == "is not there yet: The customer has yet to agree to it at SIMULATED."
    assert complete(fynn, made, {"testing": {"agreed": True}})["status"] == "success"
    subscription = fynn.call("POST", "/subscriptions", body)
    assert subscription["paymentMethod"]["id"] == ident
    assert fynn.tenant.unsound() == []


def test_stripe_is_asked_for_what_a_browser_needs(fynn: Fynn, server: Stripes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated with its key, the same is answered, and one method is there; the secret is kept nowhere."""
    reach(server, monkeypatch)
    gateway(fynn, "STRIPE", [*CREDENTIALS, SHOWN, {"name": "accountId", "value": "acct_1"}])
    made = method(fynn, "stripe", key="k-1")
    details = made["actionRequired"]["details"]
    assert (made["status"], made["actionRequired"]["action"]) == ("action_required", "client_site_action")
    assert (details["publishableKey"], details["accountId"]) == ("pk_test_1", "acct_1")
    assert made["paymentMethod"]["status"] == "action_required"
    assert method(fynn, "stripe", key="k-1") == made
    tables = [
        row.table_name for row in fynn.tenant.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'contor'")
    ]
    for table in {*tables, "idempotency_key", "audit_entry", "payment_setup"} & {*tables}:
        assert details["clientSecret"] not in str(fynn.tenant.rows(f"SELECT * FROM {table}")), table
    server.agree(details["clientSecret"].partition("_secret_")[0])
    done = complete(fynn, made)
    assert (done["status"], done["actionRequired"]) == ("success", None)
    card = done["paymentMethod"]["card"]
    assert (card["brand"], card["last4"], done["paymentMethod"]["default"]) == ("visa", "4242", True)
    assert len(fynn.call("GET", "/payment-methods")["data"]) == 1
    assert method(fynn, "stripe", key="k-1")["status"] == "success"
    assert fynn.tenant.unsound() == []


def test_stripe_that_does_not_answer(fynn: Fynn, server: Stripes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is kept, and asked for again."""
    reach(server, monkeypatch)
    gateway(fynn, "STRIPE", [*CREDENTIALS, SHOWN])
    server.faults.append("500")
    refused = method(fynn, "stripe", status=503)
    (row,) = fynn.call("GET", "/payment-methods")["data"]
    assert row["status"] == "action_required"
    assert f"PUT /payment-methods/{row['id']}/complete" in refused["detail"]
    assert complete(fynn, {"paymentMethod": row})["actionRequired"]["details"]["clientSecret"]
    assert fynn.tenant.unsound() == []


def test_a_mandate_at_gocardless(fynn: Fynn, mandates: GoCardlesses) -> None:
    """The customer is sent to its pages, also a second time; his mandate is taken over."""
    gateway(fynn, "GOCARDLESS", GOCARDLESS)
    back = "https://shop.example/back"
    made = method(fynn, "go_cardless", "sepa_debit", redirectUrl=back)
    assert made["actionRequired"]["redirectUrl"].startswith("https://pay.gocardless.test/flow/")
    assert complete(fynn, made)["actionRequired"]["redirectUrl"] != made["actionRequired"]["redirectUrl"]
    ((ident, request),) = mandates.things["billing_requests"].items()
    assert all(one["redirect_uri"] == back for one in mandates.things["billing_request_flows"].values())
    assert request["mandate_request"] == {"scheme": "sepa_core", "currency": "EUR"}
    mandate = mandates.agree(ident)
    done = complete(fynn, made)
    assert (done["status"], done["paymentMethod"]["referenceId"]) == ("success", mandate)
    lost = method(fynn, "go_cardless", "sepa_debit", isDefault=False)
    mandates.things["billing_requests"][[*mandates.things["billing_requests"]][-1]]["status"] = "cancelled"
    assert complete(fynn, lost)["failReason"] == "It was given up before the customer agreed."
    assert fynn.tenant.unsound() == []
