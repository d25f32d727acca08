"""Clients that ask the same at once: it is done once, and whoever comes later is told what he would be told a minute later."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.factories.fastbill import URL, Account
from tests.factories.subscribing import Subscriber

from contor.api.codec import JSON

CLIENTS = 6
ROW = {"DESCRIPTION": "Beratung", "UNIT_PRICE": "100.00", "VAT_PERCENT": "19.00"}
MONTHLY = {
    "UNIT_PRICE": "30.00",
    "CURRENCY_CODE": "EUR",
    "DESCRIPTION": "",
    "VAT_PERCENT": "19",
    "SUBSCRIPTION_INTERVAL": "1 month",
}


def asked(account: Account, service: str, data: Any, key: str | None = None) -> Any:
    """The RESPONSE; whoever is told that somebody else is at it asks again."""
    body = JSON.write({"SERVICE": service, "DATA": data})
    more = {"Idempotency-Key": key} if key else {}
    while (answer := account.http.post(URL, content=body, headers={**account.headers, **more})).status_code == 503:
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    said: Any = JSON.read(answer.content)
    return said["RESPONSE"]


def at_once(account: Account, service: str, data: Any, key: str | None = None) -> tuple[int, Counter[str]]:
    """How many succeeded, and what the others were told."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(lambda _: asked(account, service, data, key), range(CLIENTS)))
    return sum("ERRORS" not in one for one in answers), Counter(" | ".join(one["ERRORS"]) for one in answers if "ERRORS" in one)


@pytest.fixture
def customer(account: Account) -> int:
    return int(account.call("customer.get")["CUSTOMERS"][0]["CUSTOMER_ID"])


@pytest.mark.parametrize(
    ("service", "data"),
    [
        ("customer.create", {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster", "CUSTOMER_NUMBER": "k-7"}),
        ("customer.create", {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster", "CUSTOMER_EXT_UID": "shop-7"}),
        ("article.create", {"ARTICLE_NUMBER": "a-7", "TITLE": "Screw", "UNIT_PRICE": "1.00"}),
        ("article.create", {"ARTICLE_NUMBER": "a-8", "TITLE": "Server", **MONTHLY}),
        ("invoice.create", {"INVOICE_EXT_UID": "u-7", "ITEMS": [ROW]}),
    ],
)
def test_a_name_is_given_once_and_the_field_is_told(account: Account, customer: int, service: str, data: dict[str, Any]) -> None:
    whose = {"CUSTOMER_ID": customer} if service == "invoice.create" else {}
    made, refused = at_once(account, service, {**data, **whose})
    later = " | ".join(account.call(service, {**data, **whose})["ERRORS"])
    assert (made, refused) == (1, Counter({later: CLIENTS - 1}))


def test_an_invoice_is_completed_paid_and_cancelled_once(account: Account, customer: int) -> None:
    def issued() -> Any:
        number = account.call("invoice.create", {"CUSTOMER_ID": customer, "ITEMS": [ROW]})["INVOICE_ID"]
        assert at_once(account, "invoice.complete", {"INVOICE_ID": number})[0] == 1
        return number

    for service in ("invoice.setpaid", "invoice.cancel"):
        number = issued()
        made, refused = at_once(account, service, {"INVOICE_ID": number})
        later = " | ".join(account.call(service, {"INVOICE_ID": number})["ERRORS"])
        assert (made, refused) == (1, Counter({later: CLIENTS - 1})), service
    kinds = Counter(one["TYPE"] for one in account.call("invoice.get", LIMIT=100)["INVOICES"])
    assert kinds == {"outgoing": 2, "credit": 1}
    assert account.tenant.unsound() == []


def test_what_is_deleted_at_once_was_there_for_one(account: Account, customer: int) -> None:
    received = {"CUSTOMER_ID": customer, "INVOICE_DATE": "2026-03-02", "SUB_TOTAL": "10.00", "VAT_TOTAL": "1.90"}
    monthly = {"CUSTOMER_ID": customer, "START_DATE": "2099-05-01", "FREQUENCY": "monthly", "OUTPUT_TYPE": "draft", "ITEMS": [ROW]}
    for kind, field, body in (
        ("invoice", "INVOICE_ID", {"CUSTOMER_ID": customer, "ITEMS": [ROW]}),
        ("recurring", "INVOICE_ID", monthly),
        ("revenue", "INVOICE_ID", received),
        ("estimate", "ESTIMATE_ID", {"CUSTOMER_ID": customer, "ITEMS": [ROW]}),
        ("customer", "CUSTOMER_ID", {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster"}),
        ("article", "ARTICLE_NUMBER", {"ARTICLE_NUMBER": "a-9", "TITLE": "Screw", "UNIT_PRICE": "1.00"}),
    ):
        number = account.call(f"{kind}.create", body)[field]
        made, refused = at_once(account, f"{kind}.delete", {field: number})
        assert (made, refused) == (1, Counter({f"missing / invalid field: {field}": CLIENTS - 1})), kind


def test_changes_of_a_thing_follow_one_another(account: Account, customer: int) -> None:
    """None is refused because another came between what it read and what it wrote."""
    subscriber = Subscriber(account)
    subscriber.turn("2026-04-01 10:00")
    subscriber.shop()
    number = subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"]
    monthly = {"CUSTOMER_ID": customer, "START_DATE": "2026-05-01", "FREQUENCY": "monthly", "OUTPUT_TYPE": "draft", "ITEMS": [ROW]}
    recurring = account.call("recurring.create", monthly)["INVOICE_ID"]
    for service, data in (
        ("subscription.changearticle", {"SUBSCRIPTION_ID": number, "ARTICLE_NUMBER": "200"}),
        ("subscription.setaddon", {"SUBSCRIPTION_ID": number, "ARTICLE_NUMBER": "A1", "QUANTITY": 2}),
        ("subscription.update", {"SUBSCRIPTION_ID": number, "X_ATTRIBUTES": {"a": "b"}}),
        ("recurring.update", {"INVOICE_ID": recurring, "INTROTEXT": "Guten Tag"}),
    ):
        assert at_once(account, service, data) == (CLIENTS, Counter()), service
    subscriber.run()
    assert len(subscriber.documents()) == 2, "one for the month, one for its change"
    assert account.tenant.unsound() == []


def test_a_request_with_a_key_is_done_once_however_often_it_comes(account: Account, customer: int) -> None:
    """What may be said twice and mean two of it, such as renewing, is told from what is said again because the answer was lost."""
    subscriber = Subscriber(account)
    subscriber.turn("2026-04-01 10:00")
    subscriber.shop()
    number = subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"]
    assert at_once(account, "subscription.renew", {"SUBSCRIPTION_ID": number}, "renewal-1") == (CLIENTS, Counter())
    assert subscriber.one(number)["NEXT_EVENT"] == "2026-06-01 00:00:00"
    assert at_once(account, "customer.addcredits", {"CUSTOMER_ID": customer, "AMOUNT": "5.00"}, "credit-1") == (CLIENTS, Counter())
    assert account.call("customer.get", FILTER={"CUSTOMER_ID": customer})["CUSTOMERS"][0]["CREDIT_BALANCE"] == "5,00"
    other = asked(account, "customer.addcredits", {"CUSTOMER_ID": customer, "AMOUNT": "6.00"}, "credit-1")
    assert other["ERRORS"][0] == "missing / invalid field: IDEMPOTENCY-KEY"
