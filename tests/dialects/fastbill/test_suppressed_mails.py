"""SUPPRESS_MAIL: the mail that an action would cause is not sent, and no other is lost."""

from typing import Any

import pytest
from tests.factories.fastbill import COLLECTS, Account
from tests.factories.subscribing import Subscriber

BANK = {"BANK_IBAN": "DE02120300000000202051", "BANK_ACCOUNT_OWNER": "Otto Muster"}
MANDATE = {"BANK_ACCOUNT_MANDATE_REFERENCE": "M-7", "BANK_ACCOUNT_MANDATE_REFERENCE_DATE": "2026-02-01"}


@pytest.fixture
def mailing(subscriber: Subscriber) -> Subscriber:
    """Who mails mandates and ends of subscriptions."""
    body = {
        "sender": "rechnung@contor-demo.example",
        "kinds": ["MANDATE", "SUBSCRIPTION_CANCELLED"],
        "testRecipient": "test@contor-demo.example",
        "server": {"host": "mail.contor-demo.example", "port": 587, "security": "STARTTLS"},
    }
    subscriber.platform("PUT", "/mail/configuration", body)
    for step in COLLECTS:
        subscriber.account.given(step)
    return subscriber


def mails(account: Account) -> list[str]:
    return [one["kind"] for one in account.tenant.call("GET", "/mails").body["_embedded"]]


def with_mail(subscriber: Subscriber) -> int:
    number = subscriber.customer()
    subscriber.account.call("customer.update", {"CUSTOMER_ID": number, "EMAIL": "otto@muster.example"})
    return number


@pytest.mark.parametrize(("said", "sent"), [({"SUPPRESS_MAIL": "1"}, []), ({"SUPPRESS_MAIL": 0}, ["MANDATE"]), ({}, ["MANDATE"])])
def test_a_mandate_is_told_of_unless_it_is_suppressed(mailing: Subscriber, said: dict[str, Any], sent: list[str]) -> None:
    number = with_mail(mailing)
    answer = mailing.account.call("customer.update", {"CUSTOMER_ID": number, "PAYMENT_TYPE": 2, **BANK, **MANDATE, **said})
    assert answer == {"STATUS": "success", "CUSTOMER_ID": str(number)}
    assert mails(mailing.account) == sent


@pytest.mark.parametrize(("said", "sent"), [({"suppress_mail": True}, []), ({}, ["SUBSCRIPTION_CANCELLED"])])
def test_a_cancellation_is_told_of_unless_it_is_suppressed(mailing: Subscriber, said: dict[str, Any], sent: list[str]) -> None:
    number = mailing.call("create", article_number="100", customer_id=with_mail(mailing))["SUBSCRIPTION_ID"]
    mailing.call("cancel", subscription_id=number, **said)
    assert mails(mailing.account) == sent
    mailing.call("reactivate", subscription_id=number)
    mailing.call("cancel", subscription_id=number, cancellation_date="2026-09-01 00:00:00")
    assert mails(mailing.account) == ["SUBSCRIPTION_CANCELLED", *sent], "what is suppressed once is not suppressed for ever"


def test_a_change_of_article_tells_nobody(mailing: Subscriber) -> None:
    number = mailing.call("create", article_number="100", customer_id=with_mail(mailing))["SUBSCRIPTION_ID"]
    mailing.turn("2026-04-16 10:00")
    mailing.call("changearticle", subscription_id=number, article_number="200", suppress_mail=1)
    assert mails(mailing.account) == []
