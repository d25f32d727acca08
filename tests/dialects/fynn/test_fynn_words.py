"""Findings of the core are said by the names that the caller sent."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product


def paths(answer: Any) -> list[str]:
    return [one["propertyPath"] for one in answer["violations"]]


@pytest.mark.parametrize("prefix", ["/offers", "/api/offers"])
def test_what_is_wrong_with_an_offer(fynn: Fynn, prefix: str) -> None:
    offer = {"title": "A team", "document": [{"type": "plan", "plan": {"plan": "none"}}], "creates": "draft"}
    assert "document[0].plan.plan" in paths(fynn.call("POST", prefix, offer, 422))
    empty = fynn.call("POST", prefix, {"title": "A team", "document": [{"type": "text", "text": "{{nothing}}"}]})
    assert sorted(paths(fynn.call("POST", f"{prefix}/{empty['id']}/publish", None, 422))) == [
        "customer",
        "document",
        "document[0].text",
    ]


def test_what_is_wrong_with_a_link_and_its_cart(fynn: Fynn) -> None:
    assert paths(fynn.call("POST", "/checkout-links", {"items": [{"plan": "none"}]}, 422)) == ["items[0].plan"]
    a_product(fynn, "basic")
    a_product(fynn, "more")
    products = [{"type": "product", "product": f"product-{one}"} for one in ("basic", "more")]
    link = fynn.call("POST", "/checkout-links", {"items": products, "options": {"quantityEditable": True, "forceCompany": True}})
    made = fynn.call("POST", f"/checkout-links/{link['id']}/cart")
    cart = f"/public/checkout/cart/{made['publicId']}"
    assert paths(fynn.call("PUT", f"{cart}/change-quantity", {"quantity": 2}, 422)) == ["cartItemId"]
    assert paths(fynn.call("PUT", f"{cart}/confirm", {}, 422)) == ["email", "newInvoiceAddress"]
    wrong = fynn.call(
        "PUT", f"{cart}/confirm", {"email": "a@b.example", "newInvoiceAddress": {"lastName": "B", "countryCode": "DE"}}, 422
    )
    assert sorted(paths(wrong)) == [f"newInvoiceAddress.{name}" for name in ("city", "companyName", "zip")]
