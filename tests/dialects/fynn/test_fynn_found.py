"""What is found among many things: filters and orders are answered by indexes, or refused in the words of fynn."""

from decimal import Decimal
from typing import Any, Final

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act

from contor.api.fynn.routes import ROUTES
from contor.api.route import By, Route, Sought
from contor.contracts.labels import misplaced
from contor.openitems.collection.planning import PlanTasks, plan_tasks
from contor.runtime.query import listed

LISTS: Final = {
    route.path: route
    for route in ROUTES
    if route.filterable is not None and route.sought is not None and not route.path.startswith(("/public/", "/users"))
}
REFUSED: Final = {
    # a text that may stand anywhere begins nowhere
    *((path, "search") for path in LISTS if (LISTS[path].sought or Sought()).text is not None),
    *((path, name) for path in LISTS for name, by in (LISTS[path].sought or Sought()).by.items() if by.form == "PART"),
    # few values, or nobody has many of the things
    *(("/custom-fields", name) for name in ("key", "type", "order[name]", "order[position]")),
    *(("/payment-methods", name) for name in ("default", "enabled", "source")),
    *(("/webhooks", name) for name in ("page", "url", "enabled", "createdAt[after]", "order[createdAt]")),
    ("/catalogue/measurements", "type"),
    ("/checkout-links", "isEnabled"),
    ("/coupons", "type"),
    ("/open-banking-accounts", "status"),
    ("/payment/bank-account-transactions", "type"),
}


@pytest.fixture
def many(fynn: Fynn, monkeypatch: pytest.MonkeyPatch) -> Fynn:
    """Whatever there is counts as more than can be read for a page, and whatever is found as more than can be sorted."""
    monkeypatch.setattr(listed._Asked, "_is_large", lambda self: True)
    monkeypatch.setattr(listed, "MOST_COUNTED", -1)
    return fynn


def _value(by: By) -> str:
    if by.form in ("DAY", "INSTANT"):
        return "2026-01-01"
    if by.field in ("account", "debtor_account"):
        return "10001"
    return "true" if by.form == "TRUTH" else next(iter(by.words), "x")


def _asked(route: Route) -> list[tuple[str, str]]:
    """Every filter and every order, and none; of days one side."""
    sought = route.sought or Sought()
    asked = [("page", "1")] if route.path != "/settings" else []
    for name, by in sought.by.items():
        asked += [(f"{name}[after]" if by.form in ("DAY", "INSTANT") else name, word) for word in by.words or [_value(by)]]
    asked += [(f"order[{name}]", way) for name in sought.order for way in ("asc", "desc")]
    return [*asked, ("search", "x")] if sought.text is not None else asked


@pytest.mark.parametrize("path", sorted(path for path in LISTS if "{" not in path))
def test_every_filter_and_order_of_many_is_answered_by_an_index_or_named(many: Fynn, path: str) -> None:
    refused = set[tuple[str, str]]()
    for name, value in _asked(LISTS[path]):
        answer = many.send("GET", f"{path}?{name}={value}")
        if "too many" in answer.text:
            assert answer.status_code == 400, answer.text
            refused.add((path, name))
        else:
            assert answer.status_code == 200, (name, value, answer.text)
    assert refused == {one for one in REFUSED if one[0] == path}


def test_a_refusal_names_what_can_be_said_by_the_names_of_fynn(many: Fynn) -> None:
    answer = many.call("GET", "/checkout-links?isEnabled=true", status=400)
    assert answer["detail"] == "These are too many to be searched by this alone. Search with one of these too: slug."
    assert answer["violations"] == []
    answer = many.call("GET", "/custom-fields?order[position]=asc", status=400)
    assert [one["propertyPath"] for one in answer["violations"]] == ["order"]
    assert answer["detail"].startswith("order: These are too many to be sorted so. They can be sorted by ")
    assert "createdAt" in answer["detail"]


def test_a_text_is_looked_for_among_few_alone(many: Fynn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status narrows many subscriptions down as far as there are few of it."""
    monkeypatch.setattr(listed, "MOST_UNINDEXED", 1)
    a_product(many, "basic")
    for number in ("S-1", "S-2"):
        a_subscription(many, "basic", number=number, activate=True)
    a_subscription(many, "basic", number="S-3")
    answer = many.call("GET", "/subscriptions?status=active&search=S-", status=400)
    assert answer["detail"].startswith(
        "These are too many to look for a text that may stand anywhere. Search with one of these too: "
    )
    assert [one["number"] for one in many.call("GET", "/subscriptions?status=draft&search=S-")["data"]] == ["S-3"]
    assert [one["number"] for one in many.call("GET", "/subscriptions?status=active&number=S-2&search=S-")["data"]] == ["S-2"]


def test_subscriptions_are_found_by_texts_anywhere_in_what_names_them(fynn: Fynn) -> None:
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", externalId="crm-17", name="Autumn offer")
    a_subscription(fynn, "basic", number="T-2")
    for text, expected in (("S-", ["S-1"]), ("rm-1", ["S-1"]), ("tumn", ["S-1"]), ("ter-hand", ["S-1", "T-2"]), ("nobody", [])):
        assert [one["number"] for one in fynn.call("GET", f"/subscriptions?search={text}")["data"]] == expected, text


def test_a_wrong_value_is_named_by_its_parameter(fynn: Fynn) -> None:
    answer = fynn.call("GET", "/customers?datevId=many", status=400)
    assert [(one["propertyPath"], one["message"]) for one in answer["violations"]] == [
        ("datevId", "takes a whole number of 64 bits")
    ]


def _misplaced(fynn: Fynn) -> list[str]:
    with fynn.tenant.runtime.transaction(fynn.tenant.caller(), reads=True) as uow:
        return misplaced(uow)


def test_subscriptions_are_found_by_what_they_answer(fynn: Fynn) -> None:
    """As they become: drafts, active, paused, with a pause to come or over, cancelled, terminated; by their last
    day, and until when nothing is charged."""
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic")
    a_product(fynn, "tried", applyTrial=14)
    a_subscription(fynn, "basic", number="draft")
    for number in ("active", "paused", "resumed", "later", "cancelled", "gone", "ended"):
        a_subscription(fynn, "basic", number=number, activate=True)
    a_subscription(fynn, "tried", number="tried", activate=True)
    for number in ("paused", "resumed"):
        act(fynn, number, "pause")
    act(fynn, "resumed", "resume", {"nextBillingDate": "2027-03-01"})
    for number, until in (("cancelled", "2027-06-30"), ("ended", "2027-01-31")):
        act(fynn, number, "cancel", {"cancellationDateType": "custom", "cancellationDate": f"{until}T00:00:00"})
    act(fynn, "gone", "cancel", {"cancellationDateType": "immediate"})
    for day in ("2027-01-01", "2027-01-31", "2027-02-01", "2027-03-01", "2027-07-01"):
        fynn.turn(f"{day}T12:00:00")
        everything = fynn.call("GET", "/subscriptions?limit=100")["data"]
        for status in ("draft", "offer", "active", "paused", "cancelled", "terminated"):
            found = fynn.call("GET", f"/subscriptions?limit=100&status={status}")["data"]
            expected = [one["number"] for one in everything if one["status"] == status]
            assert [one["number"] for one in found] == expected, (day, status)
    last = [one["number"] for one in fynn.call("GET", "/subscriptions?contractDetails.contractEnd[before]=2027-01-31")["data"]]
    assert "ended" in last and "cancelled" not in last
    assert fynn.call("GET", "/subscriptions?contractDetails.contractEnd[strictly_before]=2027-01-31&status=cancelled")["data"] == []
    assert fynn.call("GET", "/subscriptions?contractDetails.contractEnd[after]=9999-12-31")["data"] == []
    first = fynn.call("GET", "/subscriptions?order[trialEndsOn]=asc")["data"][0]
    assert (first["number"], first["trialEndsOn"]) == ("tried", "2027-01-15T00:00:00+00:00")
    ordered = [one["status"] for one in fynn.call("GET", "/subscriptions?order[status]=asc")["data"]]
    assert ordered[0] == "draft" and ordered.index("active") < ordered.index("terminated")
    assert _misplaced(fynn) == []


def paid_by(fynn: Fynn) -> dict[str, list[str]]:
    """The numbers of subscriptions by the type by which they are found, which is the one that they show."""
    found: dict[str, list[str]] = {}
    for kind in ("sepa_debit", "card", "paypal", "bank_transfer"):
        for one in fynn.call("GET", f"/subscriptions?paymentMethod.type={kind}")["data"]:
            assert one["paymentMethod"]["type"] == kind
            found.setdefault(kind, []).append(one["number"])
    return found


def test_subscriptions_are_found_by_how_they_are_paid_also_after_it_has_changed(fynn: Fynn) -> None:
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    account = {"ident": "bank", "name": "House bank", "active": True, "country": "DE", "currency": "EUR"}
    way = {"merchantPaymentAccountIdent": "bank", "currency": "EUR"}
    for path, said in (
        ("/payment-providers", {"id": 1, "name": "SIMULATED"}),
        ("/merchant-payment-accounts", {**account, "paymentServiceProviderId": 1, "iban": "DE75512108001245126199"}),
        ("/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": [way]}),
    ):
        assert fynn.tenant.call("POST", path, said).status == 201
    card = {"brand": "visa", "last4": "4242", "expMonth": 12, "expYear": 2030, "cardHolder": "M. Muster"}
    body = {"gateway": "testing", "type": "card", "customerId": "muster-handel", "card": card}
    method = fynn.call("POST", "/payment-methods", body)
    ident = method["paymentMethod"]["id"]
    assert paid_by(fynn) == {"card": ["S-1"]}, "what names none is paid by the customer's default"
    assert fynn.call("GET", "/subscriptions/S-1")["paymentMethod"]["id"] == ident
    fynn.work()
    fynn.turn("2027-01-15T10:00:00")
    fynn.tenant.execute(plan_tasks, PlanTasks())
    sql = "SELECT customer_account_ident, amount FROM payment_intent_task"
    assert fynn.tenant.rows(sql) == [(ident, Decimal("36.89"))], "and is collected by it"
    own: dict[str, Any] = {"gateway": "bank_transfer", "type": "bank_transfer", "customerId": "muster-handel", "isDefault": False}
    transfer = fynn.call("POST", "/payment-methods", own)["paymentMethod"]["id"]
    for chosen, kind in ((transfer, "bank_transfer"), (ident, "card"), (None, "card")):
        fynn.call("PATCH", "/subscriptions/S-1/payment-method", {"paymentMethodId": chosen})
        assert paid_by(fynn) == {kind: ["S-1"]}
    fynn.call("PATCH", "/customers/muster-handel/payment-method", {"paymentMethodId": transfer})
    assert paid_by(fynn) == {"bank_transfer": ["S-1"]}
    assert _misplaced(fynn) == []
