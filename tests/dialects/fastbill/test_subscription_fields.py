"""What single fields of subscriptions do: each that is accepted has an effect."""

from decimal import Decimal

import pytest
from tests.factories.subscribing import Subscriber


@pytest.mark.parametrize(
    ("start", "next_event", "documents", "events"),
    [
        pytest.param(
            "2026-04-01", "2026-04-16", ["14.52"], ("2026-04-16", "2026-05-16"), id="earlier: the first interval is a part"
        ),
        pytest.param("2026-04-01", "2026-05-01", ["30.00"], ("2026-05-01", "2026-06-01"), id="as it would be"),
        pytest.param("2026-04-01", "2026-05-10", ["30.00"], ("2026-05-10", "2026-06-10"), id="later: the time until then is free"),
        pytest.param("2026-04-01", "2026-04-01", ["30.00"], ("2026-05-01", "2026-06-01"), id="its start"),
        pytest.param("2026-03-01", "2026-05-10", ["60.00"], ("2026-05-10", "2026-06-10"), id="it began before"),
        pytest.param("2026-04-21", "2026-05-11", [], ("2026-04-21", "2026-05-11"), id="it begins later"),
    ],
)
def test_the_next_event_is_the_day_on_which_it_is_billed_next(
    subscriber: Subscriber, start: str, next_event: str, documents: list[str], events: tuple[str, str]
) -> None:
    customer = subscriber.customer()
    made = subscriber.call("create", article_number="100", customer_id=customer, start=start, next_event=f"{next_event} 00:00:00")
    assert [format(net, ".2f") for _, net in subscriber.documents()] == documents
    first, second = (f"{day} 00:00:00" for day in events)
    assert subscriber.one(made["SUBSCRIPTION_ID"])["NEXT_EVENT"] == first
    subscriber.turn(f"{events[0]} 10:00")
    subscriber.run()
    assert subscriber.one(made["SUBSCRIPTION_ID"])["NEXT_EVENT"] == second
    assert subscriber.account.tenant.unsound() == []


def test_the_next_event_ends_a_trial(subscriber: Subscriber) -> None:
    subscriber.article("400", "30.00", trial={"duration": {"value": 14, "unit": "DAY"}})
    made = subscriber.call("create", article_number="400", customer_id=subscriber.customer(), next_event="2026-04-06")
    assert subscriber.documents() == []
    one = subscriber.one(made["SUBSCRIPTION_ID"])
    assert (one["STATUS"], one["NEXT_EVENT"]) == ("trial", "2026-04-06 00:00:00")


def test_a_next_event_that_cannot_be_is_refused_in_words(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    refused = subscriber.refused("create", article_number="100", customer_id=customer, next_event="2026-03-01")
    assert refused == ["missing / invalid field: NEXT_EVENT", "NEXT_EVENT is not after 2026-04-01"]
    refused = subscriber.refused("create", article_number="100", customer_id=customer, start="2026-04-21", next_event="2026-06-01")
    assert refused == [
        "missing / invalid field: NEXT_EVENT",
        "NEXT_EVENT is after 2026-05-21: intervals are postponed when the subscription has begun",
    ]
    assert subscriber.found() == []


def test_a_bill_is_titled_as_its_subscription_says(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    made = subscriber.call("create", article_number="100", customer_id=customer, invoice_title="Hosting")
    (bill,) = subscriber.account.call("invoice.get")["INVOICES"]
    assert (bill["INVOICE_ID"], bill["INVOICE_TITLE"]) == (str(made["INVOICE_ID"]), "Hosting")
    subscriber.call("update", subscription_id=made["SUBSCRIPTION_ID"], invoice_title="Rack 12")
    subscriber.turn("2026-05-01 10:00")
    subscriber.run()
    assert [one["INVOICE_TITLE"] for one in subscriber.account.call("invoice.get")["INVOICES"]] == ["Hosting", "Rack 12"]


def test_what_is_used_without_a_price_costs_what_its_article_costs(subscriber: Subscriber) -> None:
    article = {"CURRENCY_CODE": "EUR", "DESCRIPTION": "", "VAT_PERCENT": "19"}
    monthly = {**article, "SUBSCRIPTION_INTERVAL": "1 month"}
    for data in (
        {"ARTICLE_NUMBER": "net", "TITLE": "Hosting", "UNIT_PRICE": "12.00", **monthly},
        {"ARTICLE_NUMBER": "gross", "TITLE": "Hosting", "UNIT_PRICE": "11.90", "IS_GROSS": 1, **monthly},
        {"ARTICLE_NUMBER": "beside", "TITLE": "Backup", "UNIT_PRICE": "5.00", "IS_ADDON": 1, "ASSIGNED_ARTICLES": "net", **monthly},
        {"ARTICLE_NUMBER": "once", "TITLE": "Setup", "UNIT_PRICE": "99.00", **article},
    ):
        assert subscriber.account.call("article.create", data)["STATUS"] == "success"
    number = subscriber.call("create", article_number="net", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    for name in ("net", "gross", "beside", "once"):
        subscriber.call("setusagedata", subscription_id=number, article_number=name)
    items = subscriber.account.call("subscription.getusagedata", FILTER={"SUBSCRIPTION_ID": number})["ITEMS"]
    assert {one["ARTICLE_NUMBER"]: one["UNIT_PRICE"] for one in items} == {
        "net": "12.0000",
        "gross": "11.9000",
        "beside": "5.0000",
        "once": "99.0000",
    }
    subscriber.turn("2026-05-01 10:00")
    subscriber.run()
    assert sum(net for _, net in subscriber.documents()) == Decimal("12.00") * 3 + Decimal("10.00") + Decimal("5.00") + Decimal(
        "99.00"
    )


def test_subscriptions_are_found_by_what_another_system_calls_their_customer(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    subscriber.account.call("customer.update", {"CUSTOMER_ID": customer, "CUSTOMER_EXT_UID": "crm-7"})
    made = subscriber.call("create", article_number="100", customer_id=customer)
    subscriber.call("create", article_number="100", customer_id=subscriber.customer("Beispiel AG"))
    assert [one["SUBSCRIPTION_ID"] for one in subscriber.found(customer_ext_uid="crm-7")] == [str(made["SUBSCRIPTION_ID"])]
    assert [one["SUBSCRIPTION_ID"] for one in subscriber.found(customer_ext_uid="crm-7", customer_id=customer + 1)] == []
    assert subscriber.found(customer_ext_uid="crm-8") == []


@pytest.mark.parametrize(
    ("terms", "ends"),
    [
        pytest.param({}, "2026-04-11", id="neither term nor notice: the day of the notice is the last one"),
        pytest.param({"SUBSCRIPTION_CANCELLATION": "14 day"}, "2026-04-25", id="no term: after the notice period"),
        pytest.param({"SUBSCRIPTION_DURATION": "1 month", "SUBSCRIPTION_DURATION_FOLLOW": "1 month"}, "2026-05-01", id="no notice"),
        pytest.param(
            {"SUBSCRIPTION_DURATION": "1 month", "SUBSCRIPTION_DURATION_FOLLOW": "1 month", "SUBSCRIPTION_CANCELLATION": "1 month"},
            "2026-06-01",
            id="the end of the term behind the notice period",
        ),
        pytest.param({"SUBSCRIPTION_NUMBER_EVENTS": 3}, "2026-07-01", id="a number of events is a term"),
    ],
)
def test_a_cancellation_ends_with_the_term_behind_the_notice_period(
    subscriber: Subscriber, terms: dict[str, object], ends: str
) -> None:
    """The answer is the first moment without the subscription (sections 187 (1), 188 (2) BGB: the day of the notice does not count, the
    last day is served in full; without a period the day of the notice is the last one)."""
    article = {"ARTICLE_NUMBER": "T", "TITLE": "Hosting", "UNIT_PRICE": "30.00", "CURRENCY_CODE": "EUR", "VAT_PERCENT": "19"}
    monthly = {**article, "DESCRIPTION": "", "SUBSCRIPTION_INTERVAL": "1 month"}
    assert subscriber.account.call("article.create", {**monthly, **terms})["STATUS"] == "success"
    number = subscriber.call("create", article_number="T", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    subscriber.turn("2026-04-10 12:00")
    said = subscriber.call("cancel", subscription_id=number)
    assert said == {"STATUS": "success", "CANCELLATION_DATE": f"{ends} 00:00:00"}
    assert subscriber.one(number)["CANCELLATION_DATE"] == said["CANCELLATION_DATE"]
    subscriber.turn(f"{ends} 00:00")
    assert subscriber.one(number)["STATUS"] == "closed"


@pytest.mark.parametrize(("country", "vat_id", "billed"), [("DE", "", "19.00"), ("AT", "ATU10223006", "0.00"), ("CH", "", "0.00")])
def test_the_percent_of_a_subscription_is_what_is_billed(subscriber: Subscriber, country: str, vat_id: str, billed: str) -> None:
    who = {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster Kunde", "ADDRESS": "Platz 1", "ZIPCODE": "1010", "CITY": "Ort"}
    customer = subscriber.account.call("customer.create", {**who, "COUNTRY_CODE": country, "VAT_ID": vat_id})["CUSTOMER_ID"]
    number = subscriber.call("create", article_number="100", customer_id=customer, addons=[{"ARTICLE_NUMBER": "A1"}])[
        "SUBSCRIPTION_ID"
    ]
    found = subscriber.one(number)
    assert (found["PLAN"]["VAT_PERCENT"], found["ADDONS"][0]["VAT_PERCENT"]) == (billed, billed)
    subscriber.run()
    invoices = subscriber.account.call("invoice.get")["INVOICES"]
    assert {format(row["VAT_PERCENT"], ".2f") for one in invoices for row in one["ITEMS"]} == {billed}
