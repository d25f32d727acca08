"""A refusal names the fields that the caller sent, whatever the core calls them."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription

ADDRESS = {"lastName": "Buyer", "street": "Weg", "houseNumber": "1", "zip": "10115", "city": "Berlin", "countryCode": "DE"}


def fields(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["propertyPath"] for one in answer.json()["violations"]]


@pytest.fixture
def cart(fynn: Fynn) -> str:
    """What stands behind the link of a cart that sells one seat."""
    group = fynn.call("POST", "/tax-groups", {"internalDescription": "19%"}, 201)["id"]
    product = fynn.call("POST", "/catalogue/products", {"name": "Seat", "externalId": "seat", "taxGroup": group}, 201)["id"]
    price = {"product": product, "externalId": "seat-m", "type": "flat_fee", "price": {"amount": 1000}, "billingInterval": "1M"}
    made = fynn.call("POST", "/price-plans", {**price, "status": "active"}, 201)["id"]
    plan = {"code": "team", "name": "Team", "tiers": [{"name": "T", "items": [{"pricePlan": made, "quantityEditable": True}]}]}
    fynn.call("PUT", f"/api/plans/{fynn.call('POST', '/api/plans', plan, 201)['id']}/activate")
    sold = {"items": [{"type": "plan", "plan": "team"}], "options": {"quantityEditable": True, "allowCoupons": True}}
    link = fynn.call("POST", "/checkout-links", sold, 201)["id"]
    return str(fynn.call("POST", f"/checkout-links/{link}/cart", status=201)["publicId"])


def test_of_an_order(fynn: Fynn, cart: str) -> None:
    path = f"/public/checkout/cart/{cart}"
    for sent, wanted in (
        ({}, ["email", "newInvoiceAddress"]),
        (
            {"email": "new@muster.example", "newInvoiceAddress": {"countryCode": "DE"}},
            ["newInvoiceAddress.lastName", "newInvoiceAddress.zip", "newInvoiceAddress.city"],
        ),
        ({"email": "new@muster.example", "newInvoiceAddress": ADDRESS, "coupon": "none"}, ["coupon"]),
        ({"email": "new@muster.example", "newInvoiceAddress": ADDRESS, "paymentMethodId": "x"}, ["paymentMethodId"]),
        (
            {
                "email": "new@muster.example",
                "newInvoiceAddress": ADDRESS,
                "newPaymentMethod": {"gateway": "stripe", "type": "card", "stripe": {"paymentMethodId": "x"}},
            },
            ["newPaymentMethod.gateway"],
        ),
    ):
        assert fields(fynn.send("PUT", f"{path}/confirm", sent)) == wanted
    assert fields(fynn.send("PUT", f"{path}/change-quantity", {"quantity": 2, "cartItemId": "9"})) == ["cartItemId"]
    assert fields(fynn.send("PUT", f"{path}/change-quantity", {"quantity": 999_999_999_999_999})) == ["quantity"]
    assert fynn.send("GET", path).status_code == 200


@pytest.mark.parametrize(
    ("item", "wanted"), [({"type": "plan", "plan": "no"}, "plan"), ({"type": "product", "product": "no"}, "product")]
)
def test_of_a_link(fynn: Fynn, item: dict[str, str], wanted: str) -> None:
    assert fields(fynn.send("POST", "/checkout-links", {"items": [item]})) == [f"items[0].{wanted}"]


def test_of_an_offer(fynn: Fynn) -> None:
    text, plan = {"type": "text", "text": "{{nothing}}"}, {"type": "plan", "plan": {"plan": "none"}}
    assert fields(fynn.send("POST", "/offers", {"title": "O", "document": [text, plan]})) == ["document[1].plan.plan"]
    made = fynn.call("POST", "/offers", {"title": "O", "document": [text]}, 201)
    found = fields(fynn.send("POST", f"/offers/{made['id']}/publish"))
    assert set(found) == {"customer", "document", "document[0].text"}


def test_of_an_account_at_a_bank_and_of_a_webhook(fynn: Fynn) -> None:
    account = {"ident": "bank", "name": "Bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    for path, body in (("/payment-providers", {"id": 1, "name": "SIMULATED"}), ("/merchant-payment-accounts", account)):
        assert (said := fynn.tenant.call("POST", path, body)).status < 300, said.body
    sent = {"provider": "simulated", "bankAccount": "bank", "userName": "elbe", "pin": "12345"}
    assert fields(fynn.send("POST", "/open-banking-accounts", sent)) == ["bankAccount"]
    mailed = {"version": "v1", "events": ["customer.created"], "url": "mailto:a@muster.example"}
    assert fields(fynn.send("POST", "/webhooks", mailed)) == ["url"]


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ({"type": "custom"}, ["config"]),
        (
            {"type": "switch", "config": [{"value": 1}], "min": 1, "max": 2, "unlimited": True},
            ["config", "min", "max", "unlimited"],
        ),
        ({"type": "quantity", "config": [{"value": 1}, {"value": "x"}]}, ["config[1].value"]),
        ({"type": "range", "min": 2, "max": 1}, ["max"]),
    ],
)
def test_of_a_feature(fynn: Fynn, sent: dict[str, Any], wanted: list[str]) -> None:
    assert fields(fynn.send("POST", "/entitlement/features", {"name": "Seats", **sent})) == wanted
    if sent["type"] == "range":
        fynn.call("POST", "/entitlement/features", {"id": "kept", "name": "Seats", "type": sent["type"]}, 201)
        assert fields(fynn.send("PUT", "/entitlement/features/kept", {"name": "Seats", **sent})) == wanted


def test_of_what_a_subscription_alone_may_use(fynn: Fynn) -> None:
    a_product(fynn, "basic")
    subscription = a_subscription(fynn, "basic", activate=True)["id"]
    fynn.call("POST", "/entitlement/features", {"id": "room", "name": "Room", "type": "range", "max": 9}, 201)
    path, days = f"/subscriptions/{subscription}/entitlement-overrides", {"validFrom": "2027-02-02", "validUntil": "2027-02-01"}
    assert fields(fynn.send("POST", path, {"feature": "none", "value": 1, **days})) == ["feature", "validUntil"]
    assert fields(fynn.send("POST", path, {"feature": "room", "value": 10, **days})) == ["feature", "value", "validUntil"]
    fynn.call("PUT", "/entitlement/features/room/activate")
    made = fynn.call("POST", path, {"feature": "room", "value": 5}, 201)["id"]
    assert fields(fynn.send("PUT", f"{path}/{made}", {"feature": "room", "value": 10, **days})) == ["value", "validUntil"]


def test_of_what_a_subscription_names(fynn: Fynn) -> None:
    fynn.turn("2027-01-01")
    a_product(fynn, "basic")
    named = {"customer": "no", "products": [{"pricePlan": "no"}], "billingGroup": "no", "trialDays": 1, "trialEndsOn": "2027-03-01"}
    wanted = ["products[0].pricePlan", "trialEndsOn", "billingGroup", "customer"]
    assert fields(fynn.send("POST", "/subscriptions", named)) == wanted
    unknown = {"invoiceAddress": "no", "deliveryAddress": "no", "paymentMethod": "no"}
    sent = {"customer": "muster-handel", "products": [{"pricePlan": "basic"}], **unknown}
    assert sorted(fields(fynn.send("POST", "/subscriptions", sent))) == sorted(unknown)
    from_plan = {"customer": "no", "planCode": "no", "billingGroup": "no"}
    assert fields(fynn.send("POST", "/subscriptions/from-plan", from_plan)) == ["planCode", "billingGroup", "customer"]
