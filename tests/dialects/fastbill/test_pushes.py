"""What FastBill pushes: classic webhooks and Automatic notifications, to a receiver on this machine."""

import base64
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fastbill import Account
from tests.factories.post_offices import a_post_office
from tests.factories.receivers import Receiver, Says, a_receiver
from tests.factories.subscribing import Subscriber

from contor.api.codec import JSON
from contor.notifications.delivering import send_due

ROUTES = "/notifications/configuration/routes"
CUSTOMER = (
    *("customer_id", "customer_ext_uid", "hash", "customer_number", "companyname", "title", "salutation", "firstname", "lastname"),
    *("address", "address_2", "zipcode", "city", "country_code", "email", "phone", "payment_data_url", "dashboard_url"),
)
SUBSCRIPTION = (
    *("subscription_id", "subscription_ext_uid", "hash", "article_code", "quantity", "start_date", "last_event", "next_event"),
    *("cancellation_date", "status", "expiration_date", "addons", "x_attributes"),
)


class Pushed(Subscriber):
    """An account that tells a receiver what happens."""

    def __init__(self, account: Account, receiver: Receiver) -> None:
        super().__init__(account)
        self.receiver = receiver

    def route(self, form: str, type: str = "*", **more: Any) -> None:
        body = {"ident": "push", "type": type, "url": self.receiver.url("/push"), "format": f"FASTBILL_{form}", **more}
        self.platform("POST", ROUTES, body)

    def send(self) -> None:
        send_due(self.account.tenant.runtime, self.account.tenant.id)

    def sent(self) -> list[Any]:
        """What arrives now, in its order."""
        before = len(self.receiver.received)
        self.send()
        return [JSON.read(one.body) for one in self.receiver.received[before:]]

    @contextmanager
    def later(self, **passed: float) -> Iterator[None]:
        runtime, clock = self.account.tenant.runtime, self.account.tenant.runtime.clock
        runtime.clock = lambda: clock() + dt.timedelta(**passed)
        try:
            yield
        finally:
            runtime.clock = clock


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


@pytest.fixture
def pushed(account: Account, receiver: Receiver) -> Pushed:
    made = Pushed(account, receiver)
    made.turn("2026-04-01 10:00")
    made.shop()
    return made


def test_a_webhook_has_the_headers_and_the_form_that_receivers_check(pushed: Pushed) -> None:
    pushed.route("CLASSIC")
    number = pushed.customer()
    (said,) = pushed.sent()
    request = pushed.receiver.received[0]
    assert (request.method, request.headers["user-agent"], request.headers["content-type"]) == (
        "POST",
        "FastBill",
        "application/json",
    )
    assert said.keys() == {"id", "type", "created", "customer"}
    assert (type(said["id"]), said["type"], said["created"]) == (int, "customer.created", "2026-04-01 10:00:00")
    (listed,) = pushed.account.call("customer.get", FILTER={"CUSTOMER_ID": number})["CUSTOMERS"]
    assert said["customer"] == listed


def test_webhooks_tell_of_customers_and_invoices_from_draft_to_cancellation(pushed: Pushed) -> None:
    pushed.route("CLASSIC")
    customer = pushed.customer()
    pushed.account.call("customer.update", {"CUSTOMER_ID": customer, "CITY": "Kiel"})
    rows = [{"DESCRIPTION": "Help", "UNIT_PRICE": "99.00", "VAT_PERCENT": "19.00", "QUANTITY": "1"}]
    number = pushed.account.call("invoice.create", {"CUSTOMER_ID": customer, "ITEMS": rows})["INVOICE_ID"]
    assert sorted(one["type"] for one in pushed.sent()) == ["customer.created", "customer.updated", "invoice.created"]
    pushed.account.call("invoice.complete", {"INVOICE_ID": number})
    (completed,) = pushed.sent()
    (listed,) = pushed.account.call("invoice.get", FILTER={"INVOICE_ID": number})["INVOICES"]
    assert (completed["type"], completed["invoice"]) == ("invoice.completed", listed)
    pushed.account.call("invoice.cancel", {"INVOICE_ID": number})
    (cancelled,) = pushed.sent()
    assert (cancelled["type"], cancelled["invoice"]["INVOICE_ID"], cancelled["invoice"]["IS_CANCELED"]) == (
        "invoice.canceled",
        str(number),
        "1",
    )


def test_webhooks_tell_of_estimates(pushed: Pushed) -> None:
    customer = pushed.customer()
    pushed.route("CLASSIC", "estimate.created,estimate.updated")
    rows = [{"DESCRIPTION": "Help", "UNIT_PRICE": "99.00", "VAT_PERCENT": "19.00", "QUANTITY": "1"}]
    number = pushed.account.call("estimate.create", {"CUSTOMER_ID": customer, "ITEMS": rows})["ESTIMATE_ID"]
    (created,) = pushed.sent()
    (listed,) = pushed.account.call("estimate.get", FILTER={"ESTIMATE_ID": number})["ESTIMATES"]
    assert (created["type"], created["estimate"]) == ("estimate.created", listed)
    pushed.account.call("estimate.createinvoice", {"ESTIMATE_ID": number})
    (updated,) = pushed.sent()
    assert (updated["type"], updated["estimate"]["ESTIMATE_ID"]) == ("estimate.updated", str(number))


def test_only_the_events_that_were_chosen_are_sent(pushed: Pushed) -> None:
    pushed.route("CLASSIC", "invoice.completed,customer.created")
    customer = pushed.customer()
    pushed.account.call("customer.update", {"CUSTOMER_ID": customer, "CITY": "Kiel"})
    pushed.call("create", article_number="100", customer_id=customer)
    assert sorted(one["type"] for one in pushed.sent()) == ["customer.created", "invoice.completed"]


def test_automatic_tells_of_a_subscription_from_its_beginning_to_its_end(pushed: Pushed) -> None:
    pushed.route("AUTOMATIC", "customer.*,subscription.*")
    customer = pushed.customer()
    number = pushed.call(
        "create",
        article_number="100",
        customer_id=customer,
        subscription_ext_uid="shop-1",
        addons=[{"ARTICLE_NUMBER": "A1", "QUANTITY": 2}],
        x_attributes={"Colour": "red"},
    )["SUBSCRIPTION_ID"]
    created, subscribed = sorted(pushed.sent(), key=lambda one: str(one["type"]))
    assert (created["type"], tuple(created["customer"]), created["customer"]["companyname"]) == (
        "customer.created",
        CUSTOMER,
        "Muster Laden GmbH",
    )
    assert (subscribed["type"], tuple(subscribed["subscription"])) == ("subscription.created", SUBSCRIPTION)
    kept = {name: subscribed["subscription"][name] for name in SUBSCRIPTION if name != "hash"}
    assert kept == {
        "subscription_id": number,
        "subscription_ext_uid": "shop-1",
        "article_code": "100",
        "quantity": "1",
        "start_date": "2026-04-01 00:00:00",
        "last_event": "2026-04-01 00:00:00",
        "next_event": "2026-05-01 00:00:00",
        "cancellation_date": "0000-00-00 00:00:00",
        "status": "active",
        "expiration_date": "2026-05-01 00:00:00",
        "addons": [{"article_code": "A1", "quantity": "2"}],
        "x_attributes": {"Colour": "red"},
    }
    pushed.call("cancel", subscription_id=number)
    pushed.call("reactivate", subscription_id=number)
    pushed.turn("2026-04-10 10:00")
    pushed.call("setaddon", subscription_id=number, article_number="A1", quantity=1)
    assert [one["type"] for one in pushed.sent()] == ["subscription.canceled", "subscription.reactivate", "subscription.changed"]


def test_automatic_tells_of_invoices_and_of_what_was_paid(pushed: Pushed) -> None:
    pushed.route("AUTOMATIC", "invoice.*,payment.*")
    customer = pushed.customer()
    made = pushed.call("create", article_number="100", customer_id=customer)
    (said,) = pushed.sent()
    assert (said["type"], said["account_hash"] != "", said["subscription"]["subscription_id"]) == (
        "invoice.created",
        True,
        made["SUBSCRIPTION_ID"],
    )
    invoice = said["invoice"]
    named = ("invoice_id", "type", "status", "is_canceled", "sub_total", "vat_total", "total", "outstanding_amount", "trigger")
    assert {name: invoice[name] for name in named} == {
        "invoice_id": str(made["INVOICE_ID"]),
        "type": "outgoing",
        "status": "unpaid",
        "is_canceled": False,
        "sub_total": 30,
        "vat_total": Decimal("5.7"),
        "total": Decimal("35.7"),
        "outstanding_amount": Decimal("35.7"),
        "trigger": "renewal",
    }
    paid = pushed.account.call("invoice.setpaid", {"INVOICE_ID": made["INVOICE_ID"], "PAID_DATE": "2026-04-01"})
    assert paid["STATUS"] == "success"
    told = {one["type"]: one for one in pushed.sent()}
    assert told.keys() == {"payment.created", "invoice.changed"}
    payment = told["payment.created"]["payment"]
    assert (payment["invoice_id"], payment["total_amount"], payment["currency"], payment["type"], payment["status"]) == (
        str(made["INVOICE_ID"]),
        Decimal("35.7"),
        "EUR",
        "charge",
        "open",
    )
    assert told["invoice.changed"]["invoice"]["status"] == "paid"


def test_a_draft_is_told_and_that_it_is_gone(pushed: Pushed) -> None:
    pushed.route("AUTOMATIC", "invoice.*")
    rows = [{"DESCRIPTION": "Help", "UNIT_PRICE": "99.00", "VAT_PERCENT": "19.00"}]
    number = pushed.account.call("invoice.create", {"CUSTOMER_ID": pushed.customer(), "ITEMS": rows})["INVOICE_ID"]
    (created,) = pushed.sent()
    assert (created["type"], created["invoice"]["type"], created["invoice"]["invoice_id"]) == (
        "invoice.created",
        "draft",
        str(number),
    )
    pushed.account.call("invoice.delete", {"INVOICE_ID": number})
    (deleted,) = pushed.sent()
    assert (deleted["type"], deleted["invoice"]["type"], deleted["invoice"]["invoice_id"]) == (
        "invoice.deleted",
        "draft",
        str(number),
    )


def test_it_is_sent_five_more_times_every_ten_minutes_with_the_identical_body(pushed: Pushed) -> None:
    pushed.route("AUTOMATIC", "customer.*", userName="shop", password="s3cret")
    number = pushed.customer()
    pushed.receiver.answer = lambda request: Says(404)
    pushed.send()
    pushed.account.call("customer.update", {"CUSTOMER_ID": number, "CITY": "Kiel"})
    counts = []
    for minutes in range(5, 75, 5):
        with pushed.later(minutes=minutes, seconds=minutes):
            pushed.send()
        counts.append(len(pushed.receiver.received))
    assert counts[:9] == [1, 2, 2, 3, 3, 4, 4, 5, 5]
    first = pushed.receiver.received[:6]
    assert {one.body for one in first} == {first[0].body}
    assert {one.headers["authorization"] for one in first} == {"Basic " + base64.b64encode(b"shop:s3cret").decode()}
    assert JSON.read(first[0].body)["customer"]["city"] == "Hamburg"
    later = [JSON.read(one.body) for one in pushed.receiver.received[6:]]
    assert {(one["type"], one["customer"]["city"]) for one in later} == {("customer.changed", "Kiel")}, (
        "in the order of its customer"
    )


def test_what_is_refused_is_tried_again_and_arrives_once_it_is_taken(pushed: Pushed) -> None:
    pushed.route("CLASSIC", "customer.created")
    pushed.customer()
    answers = iter([400, 299])
    pushed.receiver.answer = lambda request: Says(next(answers))
    pushed.send()
    for minutes in (11, 22, 33):
        with pushed.later(minutes=minutes):
            pushed.send()
    assert len(pushed.receiver.received) == 2


def test_automatic_tells_by_mail_what_it_tells_by_http(pushed: Pushed) -> None:
    with a_post_office() as office:
        pushed.platform("PUT", "/mail/configuration", {"sender": "rechnung@contor-demo.example", "server": office.server()})
        pushed.route("AUTOMATIC", "customer.*,subscription.*")
        by_mail = {"ident": "mail", "type": "customer.*,subscription.*", "format": "FASTBILL_AUTOMATIC"}
        pushed.platform("POST", ROUTES, {**by_mail, "url": "mailto:abo@contor-demo.example"})
        customer = pushed.customer()
        number = pushed.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"]
        pushed.call("cancel", subscription_id=number)
        office.at_end = lambda posted: "451 Try again later"
        called = {one["id"]: one["type"] for one in pushed.sent()}
        office.at_end = lambda posted: "250 OK"
        with pushed.later(minutes=9):
            pushed.send()
        assert office.taken == [], "tried again every ten minutes"
        with pushed.later(minutes=11):
            pushed.send()
        with pushed.later(minutes=22):
            pushed.send()
    subjects = sorted(posted.subject for posted in office.taken)
    assert subjects == ["[MUSTER] customer.created", "[MUSTER] subscription.canceled", "[MUSTER] subscription.created"]
    attached = [next(posted.message.iter_attachments()).get_payload(decode=True) for posted in office.taken]
    assert {JSON.read(body)["id"]: JSON.read(body)["type"] for body in attached if isinstance(body, bytes)} == called
    assert sorted(body for body in attached if isinstance(body, bytes)) == sorted(one.body for one in pushed.receiver.received)
