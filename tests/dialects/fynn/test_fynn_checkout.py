"""How who orders pays, as the gateway that he names takes it."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.ordering_fynn import BUYER, a_cart

IBAN = "DE02120300000000202051"
SENT: dict[str, dict[str, Any]] = {
    "sepa": {"iban": IBAN, "accountHolder": "Erna Muster", "mandateText": "I let you collect."},
    "stripe": {"paymentMethodId": "pm_1", "customerId": "cus_1"},
    "testing": {"paymentMethodId": "ok", "customerId": "c-1"},
    "goCardless": {"mandateId": "MD1", "customerId": "CU1"},
    "paypal": {"billingAgreementId": "B-1", "email": "erna@muster.example"},
}
PROVIDERS = ("GOCARDLESS", "SEPA_FILE", "SIMULATED", "STRIPE")


@pytest.mark.parametrize(
    ("gateway", "type", "name", "reference"),
    [
        ("sepa_debit", "sepa_debit", "sepa", None),
        ("go_cardless", "sepa_debit", "goCardless", "MD1"),
        ("stripe", "card", "stripe", "pm_1"),
        ("testing", "paypal", "testing", "ok"),
    ],
)
def test_the_gateway_that_is_named_collects(fynn: Fynn, gateway: str, type: str, name: str, reference: str | None) -> None:
    cart = a_cart(fynn, *PROVIDERS)
    said = {"gateway": gateway, "type": type, name: SENT[name]}
    fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", {**BUYER, "newPaymentMethod": said, "agreedText": "Terms"})
    (made,) = fynn.call("GET", "/payment-methods")["data"]
    assert (made["gatewayName"], made["type"], made["source"]) == (gateway, type, "checkout")
    if reference is not None:
        assert made["referenceId"] == reference
    else:
        assert made["sepaMandate"]["bankAccount"]["accountHolder"] == "Erna Muster"
        assert made["sepaDebit"]["iban"].endswith(IBAN[-4:])
    ((customer,),) = fynn.tenant.rows("SELECT payment_provider_reference FROM customer_payment_account")
    assert customer == SENT[name].get("customerId")


def test_what_does_not_belong_to_the_gateway_is_refused_by_name(fynn: Fynn) -> None:
    cart = a_cart(fynn, "STRIPE")

    def refused(**said: Any) -> list[tuple[str, str]]:
        answer = fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", {**BUYER, "agreedText": "Terms", **said}, 422)
        return [(one["propertyPath"], one["message"]) for one in answer["violations"]]

    wrong = {"gateway": "stripe", "type": "paypal", "sepa": SENT["sepa"], "paypal": SENT["paypal"]}
    assert refused(newPaymentMethod=wrong) == [
        ("newPaymentMethod.sepa", "belongs to sepa_debit"),
        ("newPaymentMethod.paypal", "belongs to paypal"),
        ("newPaymentMethod.type", "is card of stripe"),
        ("newPaymentMethod.stripe", "is required of stripe"),
    ]
    transferred = {"gateway": "bank_transfer", "type": "card"}
    assert refused(newPaymentMethod=transferred) == [("newPaymentMethod.type", "is bank_transfer of bank_transfer")]
    other = {"gateway": "go_cardless", "type": "sepa_debit", "goCardless": SENT["goCardless"]}
    assert refused(newPaymentMethod=other) == [("newPaymentMethod.gateway", "is not offered here")]
    both = {"gateway": "stripe", "type": "card", "stripe": SENT["stripe"]}
    assert refused(newPaymentMethod=both, paymentMethodId="some") == [("newPaymentMethod", "is not said beside paymentMethodId")]


def test_what_is_archived_is_refused_by_the_item_of_the_cart(fynn: Fynn) -> None:
    product = fynn.call("POST", "/catalogue/products", {"name": "Basis", "number": "M-1"})
    price = {"product": product["id"], "type": "flat_fee", "internalName": "Standard", "billingInterval": "1M"}
    made = fynn.call("POST", "/price-plans", {**price, "price": {"amount": 2900, "currencyCode": "EUR"}})
    link = fynn.call("POST", "/checkout-links", {"items": [{"plan": made["id"]}]})
    cart = fynn.call("POST", f"/checkout-links/{link['id']}/cart")["publicId"]
    fynn.call("PUT", f"/price-plans/{made['id']}/archive")
    refused = fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", {**BUYER, "agreedText": "Terms"}, 422)
    assert [(one["propertyPath"], one["message"]) for one in refused["violations"]] == [
        ("items[0]", "Basis is not sold any more: it is to be offered anew.")
    ]
    none = fynn.call("POST", f"/checkout-links/{link['id']}/cart", None, 422)
    assert [one["propertyPath"] for one in none["violations"]] == ["items[0].plan"]


def test_a_cart_whose_coupon_is_used_up_is_shown_and_sold_without_it(fynn: Fynn) -> None:
    product = fynn.call("POST", "/catalogue/products", {"name": "Basis", "number": "M-1"})
    price = {"product": product["id"], "type": "flat_fee", "internalName": "Standard", "billingInterval": "1M"}
    made = fynn.call("POST", "/price-plans", {**price, "price": {"amount": 10000, "currencyCode": "EUR"}})
    fynn.given({"platform": ["POST", "/coupons", {"code": "HALF", "name": "Half", "type": "PERCENTAGE", "percentage": 50}]})
    link = fynn.call("POST", "/checkout-links", {"items": [{"plan": made["id"]}], "coupon": "HALF"})
    cart = fynn.call("POST", f"/checkout-links/{link['id']}/cart")["publicId"]
    shown = fynn.call("GET", f"/public/checkout/cart/{cart}")
    assert (shown["price"]["amount"], shown["coupon"], shown["lostCoupon"]) == (5950, "HALF", None)
    fynn.given({"platform": ["POST", "/coupons/HALF/actions/withdraw", {}]})
    shown = fynn.call("GET", f"/public/checkout/cart/{cart}")
    assert (shown["price"]["amount"], shown["coupon"], shown["lostCoupon"]) == (11900, None, "HALF")
    wanted = fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", {**BUYER, "agreedText": "T", "coupon": "HALF"}, 422)
    assert [one["propertyPath"] for one in wanted["violations"]] == ["coupon"]
    assert fynn.call("PUT", f"/public/checkout/cart/{cart}/confirm", {**BUYER, "agreedText": "T"})["status"] == "completed"
