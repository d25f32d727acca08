"""Webhooks as receivers get them: signed by the secret as it was shown, of events by their names, with the thing as its route has it."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.receivers import Receiver, Says, a_receiver

from contor.api.codec import JSON
from contor.notifications.delivering import send_due

FEATURES = "/entitlement/features"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


def hook(fynn: Fynn, receiver: Receiver, *events: str, **more: Any) -> Any:
    body = {"version": "v1", "events": list(events), "enabled": True, "url": receiver.url("/webhook/n8n"), **more}
    return fynn.call("POST", "/webhooks", body, 201)


def sent(fynn: Fynn, receiver: Receiver) -> list[Any]:
    """What arrives now, in its order."""
    before = len(receiver.received)
    send_due(fynn.tenant.runtime, fynn.tenant.id)
    return [JSON.read(one.body) for one in receiver.received[before:]]


def test_a_delivery_is_signed_by_the_secret_as_it_was_shown(fynn: Fynn, receiver: Receiver) -> None:
    made = hook(fynn, receiver, "feature.created", "feature.activated")
    fynn.turn("2026-05-10T10:00:00+00:00")
    feature = fynn.call("POST", FEATURES, {"name": "Seats", "type": "quantity"})
    (said,) = sent(fynn, receiver)
    request = receiver.received[0]
    signature = hmac.new(made["secret"].encode(), request.body, hashlib.sha256).hexdigest()
    assert (request.method, request.path, request.headers["x-webhook-signature"]) == ("POST", "/webhook/n8n", signature)
    assert [name for name in request.headers if name.startswith("webhook-")] == []
    assert said.keys() == {"event", "tenantId", "data"}
    assert (said["event"].pop("id").startswith("webhk_"), said["event"]) == (
        True,
        {"type": "feature.created", "version": "v1", "created": "2026-05-10T10:00:00+00:00"},
    )
    assert said["data"] == feature
    fynn.call("PUT", f"{FEATURES}/seats/archive")
    fynn.call("PUT", f"{FEATURES}/seats/activate")
    assert [one["event"]["type"] for one in sent(fynn, receiver)] == ["feature.activated"]


def test_what_fails_is_sent_again_with_the_same_bytes(fynn: Fynn, receiver: Receiver) -> None:
    hook(fynn, receiver, "feature.created")
    receiver.answer = lambda request: Says(503)
    fynn.call("POST", FEATURES, {"name": "Seats", "type": "quantity"})
    assert len(sent(fynn, receiver)) == 1
    fynn.call("PUT", f"{FEATURES}/seats", {"name": "Other", "type": "quantity"})
    (stored,) = fynn.tenant.rows("SELECT tries, status, body FROM notification_delivery")
    assert (stored.tries, stored.status, stored.body.encode()) == (1, "WAITING", receiver.received[0].body)


def test_what_happens_while_it_is_silent_is_told_when_it_speaks_again(fynn: Fynn, receiver: Receiver) -> None:
    made = hook(fynn, receiver, "feature.created", enabled=False)
    fynn.call("POST", FEATURES, {"name": "Seats", "type": "quantity"})
    assert sent(fynn, receiver) == []
    body = {name: made[name] for name in ("url", "events", "version")}
    assert fynn.call("PUT", f"/webhooks/{made['id']}", {**body, "enabled": True})["enabled"] is True
    assert [one["data"]["id"] for one in sent(fynn, receiver)] == ["seats"]


def test_what_may_be_used_is_told_as_it_was_then(fynn: Fynn, receiver: Receiver) -> None:
    """On pauses and ends, too."""
    fynn.turn("2026-05-10T10:00:00+00:00")
    call, month = fynn.tenant.call, {"value": 1, "unit": "MONTH"}
    option = {"optionIdent": "base", "name": "Base", "type": "RECURRING", "status": "FINAL", "prices": [{"price": 10}]}
    phase = {"ident": "p", "name": "P", "billingConfig": {"billingInterval": month}, "linkedOptions": [{"optionIdent": "base"}]}
    assert call("POST", "/billing/plan-options", option).status == 201
    assert call("POST", "/plans", {"planIdent": "basic", "name": "Basic", "phases": [phase]}).status == 201
    fynn.call("POST", FEATURES, {"name": "Seats", "type": "quantity"})
    fynn.call("PUT", f"{FEATURES}/seats/activate")
    assert call("POST", "/features/seats/options", {"optionIdent": "base", "value": "5"}).status == 201
    hook(fynn, receiver, "entitlement.state.updated")
    quantities = [{"phaseIdent": "p", "optionQuantity": [{"optionIdent": "base", "quantity": 1}]}]
    contract = {
        "contractIdent": "v-1",
        "planIdent": "basic",
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": quantities,
        "startDate": "2026-05-01",
    }
    assert call("POST", "/contracts", contract).status == 201
    fynn.turn("2026-05-11T10:00:00+00:00")
    assert call("POST", "/contracts/v-1/actions/pause", {}).status == 200
    fynn.call("POST", "/subscriptions/v-1/entitlement-overrides", {"feature": "seats", "value": 9})
    fynn.turn("2026-05-12T10:00:00+00:00")
    assert call("POST", "/contracts/v-1/actions/resume", {}).status == 200
    said = sent(fynn, receiver)
    assert {one["event"]["type"] for one in said} == {"entitlement.state.updated"}
    assert [(one["data"]["at"][:10], [given["value"] for given in one["data"]["entitlements"]]) for one in said] == [
        ("2026-05-10", [5]),
        ("2026-05-11", []),
        ("2026-05-12", [9]),
    ]
    assert said[2]["data"] == fynn.call("GET", "/entitlement/state?subscription=v-1")


def test_as_many_events_as_there_are(fynn: Fynn, receiver: Receiver) -> None:
    names = fynn.call("GET", "/available-webhook-events")["data"]
    made = hook(fynn, receiver, *names)
    assert fynn.call("GET", f"/webhooks/{made['id']}")["events"] == names
    assert fynn.call("POST", "/webhooks", {"url": made["url"], "events": names[:-1]}, 201)["events"] == names[:-1]


def test_the_thing_that_is_told_is_as_its_route_answers_it(fynn: Fynn, receiver: Receiver) -> None:
    """Of each part one: what `GET` says when the delivery is made is its `data`."""
    names = fynn.call("GET", "/available-webhook-events")["data"]
    hook(fynn, receiver, *names)
    fynn.turn("2026-05-10T10:00:00+00:00")
    customer = fynn.call("POST", "/customers", {"companyName": "Engines GmbH", "email": "ada@engines.example"})["id"]
    product = fynn.call("POST", "/catalogue/products", {"name": "Server", "type": "product"})["id"]
    price = {"type": "flat_fee", "currencyCode": "EUR", "price": {"amount": 1000}, "billingInterval": "1M", "status": "active"}
    plan = fynn.call("POST", "/price-plans", {**price, "product": product, "payInAdvance": True})["id"]
    sold = {"customer": customer, "products": [{"pricePlan": plan, "quantity": 1}]}
    subscription = fynn.call("POST", "/subscriptions", sold)["id"]
    coupon = {"code": "SPRING", "name": "Spring", "type": "percentage", "percentage": 10, "frequency": "once"}
    coupon_id = fynn.call("POST", "/coupons", coupon)["id"]
    invoice = fynn.call("POST", "/invoices", {"customer": customer, "positions": []})["id"]
    paths = {
        "customer.created": f"/customers/{customer}",
        "product.created": f"/catalogue/products/{product}",
        "subscription.created": f"/subscriptions/{subscription}",
        "coupon.created": f"/coupons/{coupon_id}",
        "invoice.created": f"/invoices/{invoice}",
    }
    told = {one["event"]["type"]: one["data"] for one in sent(fynn, receiver)}
    assert paths.keys() <= told.keys()
    for event, path in paths.items():
        assert told[event] == fynn.call("GET", path), event
    fynn.call("PUT", f"/subscriptions/{subscription}/activate")
    fynn.call("PUT", f"/subscriptions/{subscription}/pause")
    fynn.call("PUT", f"/price-plans/{plan}/archive")
    fynn.call("DELETE", f"/coupons/{coupon_id}")
    told = {one["event"]["type"]: one["data"] for one in sent(fynn, receiver)}
    assert told["subscription.paused"] == fynn.call("GET", f"/subscriptions/{subscription}")
    assert told["price_plan.archived"] == fynn.call("GET", f"/price-plans/{plan}")
    assert (told["coupon.deleted"], "subscription.activated" in told) == ({"code": "SPRING"}, True)


def test_an_invoice_is_told_as_finalized_when_its_files_are_there(fynn: Fynn, receiver: Receiver) -> None:
    """Not while it still is FINALIZING: who hears of it fetches its PDF."""
    hook(fynn, receiver, "invoice.finalized")
    position = {"name": "Desk", "quantity": 1, "unitPrice": 10000}
    invoice = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [position]})["id"]
    assert fynn.call("POST", f"/invoices/{invoice}/finalize", {}, 201)["status"] == "STATUS_FINALIZING"
    assert sent(fynn, receiver) == []
    fynn.file()
    (said,) = sent(fynn, receiver)
    assert (said["event"]["type"], said["data"]["id"], said["data"]["status"]) == ("invoice.finalized", invoice, "STATUS_UNPAID")
    assert said["data"]["file"]["mimeType"] == "application/pdf"
    assert said["data"] == fynn.call("GET", f"/invoices/{invoice}")
