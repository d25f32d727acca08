"""All that is wrong with a call is answered at once: names first, then why."""

from typing import Any

from tests.factories.subscribing import Subscriber


def fields_and_words(subscriber: Subscriber, service: str, data: dict[str, Any]) -> tuple[list[str], list[str]]:
    errors = subscriber.account.call(service, data)["ERRORS"]
    named = [one.removeprefix("missing / invalid field: ") for one in errors if one.startswith("missing / invalid field: ")]
    assert errors[: len(named)] == [f"missing / invalid field: {one}" for one in named], "names come first"
    return named, errors[len(named) :]


def test_all_that_a_new_subscription_names_is_judged_at_once(subscriber: Subscriber) -> None:
    subscriber.option("A9", "1.00", "QUANTITY")
    said = {"ARTICLE_NUMBER": "100", "CUSTOMER_ID": 99, "NEXT_EVENT": "2026-03-01", "CURRENCY_CODE": "USD"}
    named, words = fields_and_words(
        subscriber, "subscription.create", {**said, "ADDONS": [{"ARTICLE_NUMBER": "A9"}, {"ARTICLE_NUMBER": "zz"}]}
    )
    assert named == ["CUSTOMER_ID", "CURRENCY_CODE", "ARTICLE_NUMBER", "NEXT_EVENT"]
    assert words == [
        "USD is not the currency of article 100: EUR is",
        "A9 is no add-on that is assigned to article 100",
        "ARTICLE_NUMBER: there is no article zz",
        "NEXT_EVENT is not after 2026-04-01",
    ]


def test_an_article_that_is_not_subscribed_to_is_refused_with_the_reason(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    plans = subscriber.platform("GET", "/plans")
    retired = next(one for one in plans if one["planIdent"] == "300")
    body = {name: value for name, value in retired.items() if name in ("planIdent", "name", "phases", "currency")}
    subscriber.platform("PUT", f"/plans/{retired['planId']}", {**body, "lifecycleStatus": "RETIRED"})
    number = subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"]
    for article, why in (
        ("nope", "ARTICLE_NUMBER: there is no article nope"),
        ("A1", "A1 is no article with subscriptions: it has no SUBSCRIPTION_INTERVAL"),
        ("300", "300 is retired: it takes no new subscriptions"),
    ):
        for service, data in (
            ("create", {"CUSTOMER_ID": customer}),
            ("changearticle", {"SUBSCRIPTION_ID": number}),
            ("getupcomingamount", {"CUSTOMER_ID": customer}),
        ):
            found = fields_and_words(subscriber, f"subscription.{service}", {**data, "ARTICLE_NUMBER": article})
            assert found == (["ARTICLE_NUMBER"], [why]), service
    addon = {"SUBSCRIPTION_ID": number, "ARTICLE_NUMBER": "200"}
    assert fields_and_words(subscriber, "subscription.setaddon", addon) == (
        ["ARTICLE_NUMBER"],
        ["200 is no add-on that is assigned to article 100"],
    )


def test_what_is_missing_of_a_customer_and_what_is_wrong_with_him_is_one_answer(subscriber: Subscriber) -> None:
    said = {"CUSTOMER_TYPE": "business", "PAYMENT_TYPE": 2, "EMAIL": "x", "VAT_ID": "XX1", "COUNTRY_CODE": "XX"}
    named, _ = fields_and_words(subscriber, "customer.create", said)
    assert sorted(named) == ["BANK_IBAN", "COUNTRY_CODE", "EMAIL", "ORGANIZATION", "VAT_ID"]
    assert len(subscriber.account.call("customer.get")["CUSTOMERS"]) == 1, "the one who stands in every account of these tests"


def test_all_that_does_not_fit_in_an_article_is_one_answer(subscriber: Subscriber) -> None:
    said = {
        "ARTICLE_NUMBER": "A1",
        "TITLE": "x",
        "UNIT_PRICE": "1",
        "VAT_PERCENT": "3",
        "SETUP_FEE": "3",
        "ASSIGNED_ARTICLES": "zz",
    }
    named, words = fields_and_words(subscriber, "article.create", {**said, "CURRENCY_CODE": "EUR", "DESCRIPTION": ""})
    assert named == ["ARTICLE_NUMBER", "VAT_PERCENT", "SETUP_FEE", "ASSIGNED_ARTICLES"]
    assert len(words) == 5
    found = subscriber.account.call("article.create", {**said, "ARTICLE_NUMBER": "new", "CURRENCY_CODE": "EUR", "DESCRIPTION": ""})
    assert "missing / invalid field: ARTICLE_NUMBER" not in found["ERRORS"]
    assert subscriber.account.call("article.get", FILTER={"ARTICLE_NUMBER": "new"})["ARTICLES"] == []


def test_both_fields_of_a_push_are_judged(subscriber: Subscriber) -> None:
    said = {"TYPE": "url", "ENDPOINT": "ftp://x", "EVENTS": "customer.flown"}
    assert sorted(fields_and_words(subscriber, "webhook.create", said)[0]) == ["ENDPOINT", "EVENTS"]
