"""What is made through fynn can be offered: its plans in tiers, its price plans, its products; at the prices at which it was."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn


def made(fynn: Fynn) -> dict[str, str]:
    """A product of 29.00 a month with a set-up of 99.00, and a plan of two and of five of it; ids by how they are named."""
    product = fynn.call("POST", "/catalogue/products", {"name": "Basis", "number": "M-1"})
    price = {"product": product["id"], "type": "flat_fee", "internalName": "Standard", "billingInterval": "1M", "setupFee": 9900}
    standard = fynn.call("POST", "/price-plans", {**price, "price": {"amount": 2900, "currencyCode": "EUR"}})
    items = [{"id": "base", "pricePlan": standard["id"], "quantity": 2}]
    tiers = [
        {"id": "s", "name": "S", "items": items},
        {"id": "m", "name": "M", "items": [{**items[0], "id": "more", "quantity": 5}]},
    ]
    plan = fynn.call("POST", "/api/plans", {"code": "team-2026", "name": "Team", "tiers": tiers})
    fynn.call("PUT", f"/api/plans/{plan['id']}/activate")
    return {"product": product["id"], "price": standard["id"], "plan": plan["id"], "code": "team-2026"}


def written(fynn: Fynn, status: int = 201, **plan: Any) -> Any:
    document = [{"type": "plan", "plan": plan}, {"type": "rows", "rows": [{"name": "Training", "unitPrice": 10000}]}]
    return fynn.call("POST", "/offers", {"title": "A team", "customer": "muster-handel", "document": document}, status)


def sent(fynn: Fynn, offer: str) -> tuple[Any, str]:
    """Published, and the token of who may sign it."""
    signer = fynn.call("POST", f"/offers/{offer}/recipients", {"email": "ceo@muster.example", "role": "sign"})
    return fynn.call("POST", f"/offers/{offer}/publish"), signer["token"]


def signed(fynn: Fynn, token: str) -> None:
    sha = fynn.call("GET", f"/public/offers/{token}")["sha256"]
    fynn.call("POST", f"/public/offers/{token}/accept", {"name": "Erika Boss", "sha256": sha})


@pytest.mark.parametrize(
    ("named", "net", "recurring"),
    [
        ({"plan": "plan", "tier": "m"}, 14500 + 9900 + 10000, 14500),
        ({"plan": "code", "tier": "s"}, 5800 + 9900 + 10000, 5800),
        ({"plan": "price", "quantity": 3}, 8700 + 9900 + 10000, 8700),
        ({"product": "product"}, 2900 + 9900 + 10000, 2900),
        ({"plan": "price", "unitPrice": 1000}, 1000 + 9900 + 10000, 1000),
    ],
)
def test_what_fynn_made_is_offered_signed_and_billed(fynn: Fynn, named: dict[str, Any], net: int, recurring: int) -> None:
    ids = made(fynn)
    plan: dict[str, Any] = {name: ids.get(str(value), value) for name, value in named.items()}
    offer = written(fynn, **plan)
    out, token = sent(fynn, offer["id"])
    assert (out["contractValue"]["amount"], out["recurringValue"]["amount"]) == (net, recurring)
    shown = fynn.call("GET", f"/public/offers/{token}")
    assert [bill["netAmount"]["amount"] for bill in shown["now"]] == [net]
    signed(fynn, token)
    subscription = fynn.call("GET", f"/offers/{offer['id']}")["subscription"]
    assert fynn.call("GET", f"/subscriptions/{subscription}")["status"] == "active"
    fynn.tenant.call("POST", "/billingrun", {})
    fynn.work()
    (invoice,) = fynn.call("GET", "/invoices")["data"]
    assert invoice["netAmount"]["amount"] == net


def test_it_is_shown_as_fynn_names_it_and_sent_back_as_it_is(fynn: Fynn) -> None:
    ids = made(fynn)
    offer = written(fynn, product=ids["product"], quantity=2)
    shown = offer["document"][0]["plan"]
    assert (shown["plan"], shown["product"], shown["tier"], shown["quantity"]) == (ids["price"], ids["product"], None, 2)
    again = fynn.call("PUT", f"/offers/{offer['id']}", offer)
    assert again["document"] == offer["document"]
    tier = written(fynn, plan=ids["code"], tier="m")["document"][0]["plan"]
    assert (tier["plan"], tier["product"], tier["tier"]) == (ids["plan"], None, "m")
    template = fynn.call("POST", "/offer-templates", {"name": "T", "title": "T", "document": offer["document"]})
    assert template["document"] == offer["document"]


def test_the_price_is_the_one_that_was_offered_and_what_is_archived_is_not_sold(fynn: Fynn) -> None:
    ids = made(fynn)
    offers = [written(fynn, plan=ids["price"]), written(fynn, plan=ids["plan"], tier="s")]
    tokens = [sent(fynn, offer["id"])[1] for offer in offers]
    own = {"product": ids["product"], "type": "flat_fee", "internalName": "Standard", "billingInterval": "1M", "setupFee": 9900}
    fynn.call("POST", "/price-plans", {**own, "price": {"amount": 9900, "currencyCode": "EUR"}})
    signed(fynn, tokens[0])
    fynn.call("PUT", f"/price-plans/{ids['price']}/archive")
    sha = fynn.call("GET", f"/public/offers/{tokens[1]}")["sha256"]
    refused = fynn.call("POST", f"/public/offers/{tokens[1]}/accept", {"name": "Erika Boss", "sha256": sha}, 409)
    assert "Basis is not sold any more" in str(refused)


def test_what_cannot_be_offered_is_refused_by_the_field_that_was_sent(fynn: Fynn) -> None:
    ids = made(fynn)

    def refused(**plan: Any) -> list[tuple[str, str]]:
        return [(one["propertyPath"], one["message"]) for one in written(fynn, 422, **plan)["violations"]]

    where = "document[0].plan"
    assert refused(plan="none") == [(f"{where}.plan", "does not exist")]
    assert refused() == [(f"{where}.plan", "is required")]
    assert refused(product="none") == [(f"{where}.product", "is no product that has price plans: what is billed once is a row")]
    assert refused(plan=ids["plan"]) == [(f"{where}.tier", "is one of s, m")]
    assert refused(plan=ids["plan"], tier="s", quantity=2) == [(f"{where}.quantity", "A tier says itself how much it is of.")]
    assert refused(plan=ids["price"], tier="s") == [(f"{where}.tier", "is said of plans in tiers alone")]
    fynn.call("PUT", f"/price-plans/{ids['price']}/archive")
    assert refused(plan=ids["price"]) == [(f"{where}.plan", "is ARCHIVED: it is not ordered")]
    assert refused(product=ids["product"]) == [(f"{where}.product", "has 0 price plans: say which one, as plan")]
