"""A payment method that goes: subscriptions on it are paid by the one that takes its place, and say so."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription

_SEPA = {"gateway": "sepa_debit", "type": "sepa_debit", "sepaDebit": {"iban": "DE89370400440532013000", "accountHolder": "M"}}
_CARD = {"gateway": "testing", "type": "card", "isDefault": False, "testing": {"token": "ok"}}
_TRANSFER = {"gateway": "bank_transfer", "type": "bank_transfer", "isDefault": False}


def a_method(fynn: Fynn, body: dict[str, Any]) -> str:
    return str(fynn.call("POST", "/payment-methods", {"customerId": "muster-handel", **body})["paymentMethod"]["id"])


@pytest.fixture
def paying(fynn: Fynn) -> Any:
    """The id of a method by which a subscription is collected, and the subscription."""
    sepa = {"holderName": "Contor Demo GmbH", "creditorIdentifier": "DE98ZZZ09999999999"}
    bank = {"iban": "DE75512108001245126199", "bic": "SOGEDEFFXXX", "sepa": sepa}
    for number, ident, provider, more in ((1, "bank", "SEPA_FILE", bank), (2, "cards", "SIMULATED", {})):
        account = {"ident": ident, "name": ident, "active": True, "country": "DE", "currency": "EUR", **more}
        gateway = {"ident": ident, "name": ident, "accounts": [{"merchantPaymentAccountIdent": ident, "currency": "EUR"}]}
        for path, body in (
            ("/payment-providers", {"id": number, "name": provider}),
            ("/merchant-payment-accounts", {**account, "paymentServiceProviderId": number}),
            ("/merchant-payment-gateways", gateway),
        ):
            assert fynn.tenant.call("POST", path, body).status == 201
    a_product(fynn, "basic")
    method = a_method(fynn, _SEPA)
    return method, a_subscription(fynn, "basic", paymentMethod=method, activate=True)


@pytest.mark.parametrize(("other", "kind"), [(_CARD, "card"), (_TRANSFER, "bank_transfer")])
def test_who_is_paid_by_another_method_says_how(fynn: Fynn, paying: Any, other: dict[str, Any], kind: str) -> None:
    method, subscription = paying
    heir = a_method(fynn, other)
    fynn.call("DELETE", f"/payment-methods/{method}?newDefault={heir}")
    shown = fynn.call("GET", f"/subscriptions/{subscription['id']}")["paymentMethod"]
    assert (shown["type"], shown["id"]) == (kind, heir if kind == "card" else None)
    for asked, found in ((kind, 1), ("sepa_debit", 0)):
        assert len(fynn.call("GET", f"/subscriptions?paymentMethod.type={asked}")["data"]) == found, asked


@pytest.mark.parametrize("body", [_SEPA, {**_CARD, "testing": {"token": "action-ok"}}, _TRANSFER])
def test_who_names_one_that_was_removed_is_told_so(fynn: Fynn, paying: Any, body: dict[str, Any]) -> None:
    """Whether something was collected by it, or the customer had yet to agree to it, or he transferred."""
    method, subscription = paying
    gone = a_method(fynn, {**body, "isDefault": False})
    fynn.call("DELETE", f"/payment-methods/{gone}")
    new = {"customer": "muster-handel", "products": [{"pricePlan": "basic"}], "paymentMethod": gone}
    (invoice,) = fynn.call("GET", "/invoices")["data"]
    refusals = [
        fynn.call("POST", "/subscriptions", new, 422),
        fynn.call("PATCH", f"/subscriptions/{subscription['id']}/payment-method", {"paymentMethodId": gone}, 422),
        fynn.call("PATCH", f"/invoices/{invoice['id']}/payment-method", {"paymentMethod": gone}, 422),
    ]
    for field, refused in zip(("paymentMethod", "paymentMethodId", "paymentMethod"), refusals, strict=True):
        (violation,) = refused["violations"]
        assert (violation["propertyPath"], violation["message"]) == (field, "is not there any more: it was removed")
    assert fynn.call("GET", f"/subscriptions/{subscription['id']}")["paymentMethod"]["id"] == method


def test_who_names_one_that_came_to_nothing_is_told_why(fynn: Fynn, paying: Any) -> None:
    failed = fynn.call("POST", "/payment-methods", {"customerId": "muster-handel", **_CARD, "testing": {"token": "action-ok"}})[
        "paymentMethod"
    ]["id"]
    fynn.call("PUT", f"/payment-methods/{failed}/complete", {"testing": {"agreed": False}})
    new = {"customer": "muster-handel", "products": [{"pricePlan": "basic"}], "paymentMethod": failed}
    (violation,) = fynn.call("POST", "/subscriptions", new, 422)["violations"]
    assert violation["message"] == "was not set up: The customer did not agree to it."
