"""What the vendor's public node for n8n sends, route by route, in its manners: dotted names as nested brackets, pages counted from 0, empty
texts for what is not filled in, dates without an offset, maps in a text, actions without a body (additions to the contract, W1 to W9)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from tests.factories.fynn import Fynn
from tests.factories.receivers import Receiver, a_receiver

from contor.api.codec import JSON

JSON_BOTH = {"Accept": "application/json", "Content-Type": "application/json"}


class Node:
    """The node, with a customer and a subscription to work on."""

    def __init__(self, fynn: Fynn) -> None:
        self.fynn = fynn
        fynn.turn("2026-01-10T10:00:00+00:00")
        self.product = fynn.call("POST", "/catalogue/products", {"name": "Server", "type": "product"})["id"]
        price = {"type": "flat_fee", "currencyCode": "EUR", "price": {"amount": 1000}, "billingInterval": "1M", "status": "active"}
        plan = fynn.call("POST", "/price-plans", {**price, "product": self.product, "payInAdvance": True})["id"]
        self.customer = fynn.call("GET", "/customers/muster-handel")["id"]
        body = {"customer": self.customer, "products": [{"pricePlan": plan, "quantity": 1}], "trialDays": 14}
        self.subscription = fynn.call("POST", "/subscriptions", body)["id"]
        fynn.call("PUT", f"/subscriptions/{self.subscription}/activate", {"trialDays": 14})

    def send(self, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None, status: int = 200) -> Any:
        """Every request says both headers, also where it has no body; nested values of a query are nested brackets."""
        sent = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in brackets(query or {}))
        content = JSON.write(body) if body else None
        headers = {**self.fynn.headers, **JSON_BOTH}
        answer = self.fynn.http.request(method, f"{path}?{sent}" if sent else path, content=content, headers=headers)
        assert answer.status_code == status, f"{method} {path}?{sent}: {answer.status_code} {answer.text}"
        return JSON.read(answer.content) if answer.content else None

    def all(self, path: str) -> list[Any]:
        """Everything, as it pages: by an offset that it says as `page`, until fewer than a hundred come."""
        found: list[Any] = []
        for offset in range(0, 1000, 100):
            page = self.send("GET", path, {"limit": 100, "page": offset})["data"]
            found += page
            if len(page) < 100:
                break
        return found


def brackets(query: dict[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in query.items():
        full = f"{within}[{name}]" if within else name
        if isinstance(value, dict):
            yield from brackets(value, full)
        else:
            yield full, str(value).lower() if isinstance(value, bool) else value


@pytest.fixture
def node(fynn: Fynn) -> Node:
    return Node(fynn)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


def test_customers_are_made_found_changed_archived_and_deleted(node: Node) -> None:
    body = {
        "email": "ada@engines.example",
        "companyName": "Engines GmbH",
        "externalId": "ext-1",
        "vatId": "",
        "street": "",
        "datevId": "",
    }
    made = node.send("POST", "/customers", body=body, status=201)
    assert (made["companyName"], made["vatId"]) == ("Engines GmbH", None)
    for text in (made["id"], "ext-1"):
        assert node.send("GET", f"/customers/{text}")["id"] == made["id"]
    change = {
        "countryCode": "DE",
        "timeZone": "Europe/Berlin",
        "language": "de",
        "companyName": "Motoren GmbH",
        "customFields": "{}",
    }
    assert node.send("PUT", f"/customers/{made['id']}", body={**change, "firstName": ""})["companyName"] == "Motoren GmbH"
    assert node.send("PUT", f"/customers/{made['id']}/archive")["status"] == "STATUS_ARCHIVED"
    assert node.send("DELETE", f"/customers/{made['id']}", status=204) is None
    assert node.send("GET", f"/customers/{made['id']}", status=404)["message"]


def test_customers_are_listed_by_what_the_form_has(node: Node) -> None:
    assert [one["id"] for one in node.all("/customers")] == [node.customer]
    filters = {
        "companyName": "Muster",
        "customerGroup": {"name": "nobody"},
        "customerNumber": "1",
        "datevId": "1",
        "emailAddresses": {"email": "ada@engines.example"},
        "firstName": "Ada",
        "lastName": "L",
        "partner": "",
        "search": "Muster",
        "vatId": "DE1",
        "isVatIdValid": True,
    }
    assert node.send("GET", "/customers", {"limit": 50, "page": 1, **filters})["data"] == []
    assert [one["id"] for one in node.send("GET", "/customers", {"limit": 50, "page": 1, "search": "Muster"})["data"]] == [
        node.customer
    ]
    beyond = node.send("GET", "/customers", {"limit": 100, "page": 100})
    assert (beyond["data"], beyond["meta"]["pagination"]["totalItems"]) == ([], 1)


def test_what_is_refused_says_so_in_message(node: Node) -> None:
    for method, path, body, status in (
        ("PATCH", f"/customers/{node.customer}/payment-method", {"paymentMethodId": node.customer}, 422),
        ("PATCH", f"/subscriptions/{node.subscription}/payment-method", {"paymentMethodId": node.customer}, 422),
        ("PUT", f"/subscriptions/{node.subscription}/cancel", {"cancellationDateType": "some_day", "reason": ""}, 422),
        ("GET", f"/invoices/{node.customer}", None, 404),
    ):
        assert node.send(method, path, body=body, status=status)["message"]


def test_a_payment_method_is_chosen_for_customer_and_subscription(node: Node) -> None:
    sent = {"gateway": "bank_transfer", "type": "bank_transfer", "customerId": node.customer, "isDefault": False}
    method = node.fynn.call("POST", "/payment-methods", sent)["paymentMethod"]
    ident = method["id"] if isinstance(method, dict) else method.rpartition("/")[2]
    for path in (f"/customers/{node.customer}", f"/subscriptions/{node.subscription}"):
        node.send("PATCH", f"{path}/payment-method", body={"paymentMethodId": ident})
    assert node.send("GET", f"/customers/{node.customer}")["defaultPaymentMethod"]["id"] == ident
    assert node.send("GET", f"/subscriptions/{node.subscription}")["paymentMethod"]["type"] == "bank_transfer"


def test_the_life_of_a_subscription_in_the_words_of_the_form(node: Node) -> None:
    path = f"/subscriptions/{node.subscription}"
    assert node.send("GET", path)["status"] == "active"
    extended = node.send("PUT", f"{path}/extend-trial", body={"trialEndsOn": "2026-01-31T00:00:00"})
    assert extended["trialEndsOn"][:10] == "2026-01-31"
    assert (
        node.send("PUT", f"{path}/extend-trial", body={"trialEndsOn": "2026-02-10T00:00:00.000Z"})["trialEndsOn"][:10]
        == "2026-02-10"
    )
    node.send("PUT", f"{path}/revoke-trial")
    assert node.send("PUT", f"{path}/invoice-address", body={"invoiceAddress": ""})["id"] == node.subscription
    assert node.send("PUT", f"{path}/pause")["status"] == "paused"
    assert node.send("PUT", f"{path}/resume", body={"nextBillingDate": ""})["status"] == "active"
    body = {"cancellationDateType": "next_possible", "sendConfirmationEmail": False, "reason": ""}
    assert node.send("PUT", f"{path}/cancel", body=body)["status"] in ("cancelled", "terminated")


def test_subscriptions_are_listed_by_what_the_form_has(node: Node) -> None:
    assert [one["id"] for one in node.all("/subscriptions")] == [node.subscription]
    filters = {
        "customer": node.customer,
        "items": {"product": {"id": node.product}},
        "status": "active",
        "id": node.subscription,
        "partner": "",
        "number": "",
    }
    order = {
        "activatedAt": "asc",
        "contractDetails": {"contractEnd": "asc"},
        "createdAt": "desc",
        "status": "asc",
        "trialEndsOn": "asc",
    }
    found = node.send("GET", "/subscriptions", {"limit": 50, "page": 1, **filters, "order": order})["data"]
    assert [one["id"] for one in found] == [node.subscription]
    for other in (
        {"paymentMethod": {"type": "card"}},
        {"number": "S-1"},
        {"search": "nothing"},
        {"items": {"product": {"id": node.customer}}},
    ):
        assert node.send("GET", "/subscriptions", {"limit": 50, "page": 1, **other})["data"] == []


def test_an_invoice_is_found(node: Node) -> None:
    made = node.fynn.call("POST", "/invoices", {"customer": node.customer, "positions": []})
    assert node.send("GET", f"/invoices/{made['id']}")["id"] == made["id"]


def test_a_trigger_is_registered_once_and_taken_away(node: Node, receiver: Receiver) -> None:
    """It asks whether its webhook is there, deletes what tells the same address of the same event, and makes its own."""
    url = receiver.url("/webhook/1")
    body = {"version": "v1", "events": ["customer.created"], "enabled": True, "url": url}
    first = node.send("POST", "/webhooks", body=body, status=201)["id"]
    known = node.send("GET", "/webhooks")["data"]
    assert [one["id"] for one in known if one["url"] == url and "customer.created" in one["events"]] == [first]
    assert node.send("DELETE", f"/webhooks/{first}", status=204) is None
    second = node.send("POST", "/webhooks", body=body, status=201)["id"]
    assert node.send("GET", f"/webhooks/{second}")["enabled"] is True
    node.send("GET", f"/webhooks/{first}", status=404)
    node.send("DELETE", f"/webhooks/{second}", status=204)
    assert len(node.send("GET", "/available-webhook-events")["data"]) == 61
