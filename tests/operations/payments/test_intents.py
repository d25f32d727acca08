"""Intents: what may be moved for a document, who moves it, and what becomes of it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.tenants import Tenant

D = Decimal


def said(answer: Any) -> str:
    return " ".join(str(it["error"]) for it in answer["errors"])


def test_a_charge_is_promised_moved_and_booked(creditor: Creditor) -> None:
    """The promise blocks a second collection and closes nothing; the booked payment does."""
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    made = creditor.intend(invoice)
    assert (made["type"], made["status"], made["amount"], made["prebooked"]) == ("CHARGE", "CREATED", 119, True)
    case = creditor.case(invoice)
    assert (case["balance"], case["status"]) == (119, "OPEN")
    assert [(it["type"], it["amount"], it["debitCreditIndicator"]) for it in case["prebookedItems"]] == [("CHARGE", 119, "CREDIT")]
    creditor.submit()
    moved = creditor.intent(made["paymentIntentIdent"])
    assert (moved["status"], moved["prebooked"]) == ("SUCCESSFUL", True)
    (attempt,) = moved["attempts"]
    assert attempt["state"] == "SUCCESSFUL"
    assert creditor.case(invoice)["balance"] == 119
    creditor.sound()
    creditor.pay("119.00", invoice, endToEndIdent=attempt["endToEndIdent"])
    booked = creditor.intent(made["paymentIntentIdent"])
    assert (booked["status"], booked["prebooked"], booked["attempts"][0]["paymentIdent"] is not None) == ("SUCCESSFUL", False, True)
    case = creditor.case(invoice)
    assert (case["balance"], case["status"], case["prebookedItems"]) == (0, "CLOSED", [])
    assert creditor.moved() == [(D(119), "SUCCESSFUL")]
    creditor.sound()


def test_m36_a_case_in_collection_refuses_a_second_one(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    again = creditor.collect()
    assert (again.planned, again.intents) == (0, 0)
    assert "is already being collected: 119.00 EUR are under way" in said(creditor.intend(invoice, 409))
    creditor.submit()
    assert "is already being collected" in said(creditor.intend(invoice, 409))
    assert creditor.moved() == [(D(119), "SUCCESSFUL")]
    creditor.sound()


def test_of_two_who_ask_at_once_one_is_refused(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    body = {"targetIdent": invoice}
    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(
                lambda _: creditor.client.post("/v2/payment-intents", json=body, headers=creditor.headers).status_code, range(4)
            )
        )
    assert sorted(answers) == [201, 409, 409, 409]
    creditor.sound()


@pytest.mark.parametrize(
    ("more", "finding"),
    [
        ({"amount": "119.01"}, "Only 119.00 EUR are open"),
        ({"amount": "0"}, "must be more than 0"),
        ({"amount": "1.005"}, "decimal"),
        ({"type": "PAYOUT"}, "is owed to us"),
        ({"currency": "USD"}, "The document is in EUR"),
        ({"dueDate": "2020-01-01"}, "is before today"),
        ({"customerPaymentAccountIdent": "nobodys"}, "There is no customer payment account 'nobodys'"),
        ({"refundsPaymentIntentIdent": "x"}, "Only a refund gives a charge back"),
        ({"targetType": "ORDER"}, "There is no order"),
    ],
)
def test_what_cannot_be_moved_is_refused(creditor: Creditor, more: dict[str, Any], finding: str) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    assert finding in said(creditor.intend(invoice, 400, **more))
    assert creditor.intents() == []
    creditor.sound()


def test_an_account_that_does_not_work_and_one_that_is_missing(creditor: Creditor) -> None:
    invoice = creditor.document(**AT_ONCE)
    assert "has no payment account" in said(creditor.intend(invoice, 400))
    ident = creditor.account()
    health = {"healthStatus": "UNHEALTHY", "reason": "closed"}
    creditor.call("POST", f"/v2/customer-payment-accounts/{ident}/actions/change-health-status", health)
    assert "does not work: closed" in said(creditor.intend(invoice, 400))
    creditor.account()
    assert creditor.intend(invoice)["customerPaymentAccountIdent"] == "account-2"


@pytest.mark.parametrize(
    ("token", "code", "health", "retry"),
    [
        ("fail-AM04", "AM04", "UNKNOWN", 3),
        ("fail-AC04", "AC04", "UNHEALTHY", None),
        ("fail-MS03", "MS03", "UNKNOWN", 3),
        ("fail-MD06", "MD06", "UNKNOWN", None),
    ],
)
def test_what_fails_is_released_and_goes_on_by_its_code(
    creditor: Creditor, token: str, code: str, health: str, retry: int | None
) -> None:
    """Money 5: no funds is tried again, a closed account is not."""
    account = creditor.account(token)
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    failed = creditor.intent(ident)
    assert (failed["status"], failed["prebooked"], failed["attempts"][0]["reasonCode"]) == ("FAILED", False, code)
    expected = None if retry is None else (dt.date.fromisoformat(day_here()) + dt.timedelta(days=retry)).isoformat()
    assert failed.get("retryDate") == expected
    assert creditor.call("GET", f"/v2/customer-payment-accounts/{account}")["healthStatus"] == health
    assert creditor.case(invoice)["prebookedItems"] == []
    creditor.sound()


def test_no_funds_is_tried_again_after_3_7_and_14_days(creditor: Creditor) -> None:
    creditor.account("fail-AM04")
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    today, days = dt.date.fromisoformat(day_here()), 0
    for after in (3, 7, 14):
        days += after
        creditor.turn(today + dt.timedelta(days=days - 1))
        assert creditor.collect().retried == 0
        creditor.turn(today + dt.timedelta(days=days))
        assert creditor.collect().retried == 1
        creditor.submit()
    last = creditor.intent(ident)
    assert (last["status"], last["retries"], last.get("retryDate"), len(last["attempts"])) == ("FAILED", 3, None, 4)
    assert len(creditor.moved()) == 4
    creditor.sound()


def test_a_retry_of_what_was_paid_meanwhile_says_why_not(creditor: Creditor) -> None:
    creditor.account("fail-AM04")
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    creditor.pay("119.00", invoice)
    creditor.turn(dt.date.fromisoformat(day_here()) + dt.timedelta(days=3))
    assert creditor.collect().retried == 0
    assert creditor.intent(ident)["reason"] == f"Nothing is open on {invoice}."
    assert "Nothing is open" in said(creditor.act(ident, "retry", 400))
    creditor.sound()


def test_a_person_tries_again_by_a_new_attempt(creditor: Creditor) -> None:
    creditor.account(
        "fail-AC06",
    )
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    assert "only what failed is tried again" in said(creditor.act(ident, "retry", 400))
    creditor.submit()
    assert "does not work" in said(creditor.act(ident, "retry", 400))
    creditor.call("POST", "/v2/customer-payment-accounts/account-1/actions/change-health-status", {"healthStatus": "HEALTHY"})
    again = creditor.act(ident, "retry")
    assert (again["status"], again["retries"], again["prebooked"]) == ("CREATED", 1, True)
    creditor.submit()
    assert [it["number"] for it in creditor.intent(ident)["attempts"]] == [1, 2]
    creditor.sound()


def test_cancelled_only_before_it_is_handed_on(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    cancelled = creditor.act(ident, "cancel")
    assert (cancelled["status"], cancelled["prebooked"]) == ("CANCELLED", False)
    assert creditor.case(invoice)["prebookedItems"] == []
    second = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    assert "only what was not handed to the provider" in said(creditor.act(second, "cancel", 400))
    assert len(creditor.moved()) == 1
    creditor.sound()


def test_what_was_paid_by_other_means_is_not_collected_too(creditor: Creditor) -> None:
    """Before it is handed on; of a part the rest is planned anew."""
    creditor.take_parts()
    creditor.account()
    whole, part = creditor.document(**AT_ONCE), creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 2
    creditor.pay("119.00", whole)
    creditor.pay("19.00", part)
    assert [it["status"] for it in creditor.intents()] == ["CANCELLED", "CANCELLED"]
    assert creditor.collect().intents == 1
    creditor.submit()
    assert creditor.moved() == [(D(100), "SUCCESSFUL")]
    creditor.sound()


def test_a_held_tenant_hands_nothing_on(creditor: Creditor) -> None:
    creditor.account()
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    other = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    path = "/v2/payment-intents/actions/enable"
    assert creditor.call("GET", "/v2/payment-intents/processing-enabled") == {"processingEnabled": True}
    assert creditor.call("POST", path, {"enabled": False}) == {"processingEnabled": False}
    creditor.submit()
    assert creditor.moved() == []
    assert creditor.call("POST", path, {"paymentIntentIdents": [ident]}) == {"processingEnabled": False}
    creditor.submit()
    assert [creditor.intent(it)["status"] for it in (ident, other)] == ["SUCCESSFUL", "CREATED"]
    assert "waits to be handed on" in said(creditor.call("POST", path, {"paymentIntentIdents": [ident, "x"]}, 400))
    assert creditor.call("POST", path) == {"processingEnabled": True}
    creditor.submit()
    assert creditor.intent(other)["status"] == "SUCCESSFUL"
    creditor.sound()


def test_a_slow_provider_is_asked_until_it_says(creditor: Creditor) -> None:
    creditor.account("slow-fail-AM04")
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    today = dt.date.fromisoformat(day_here())
    creditor.turn(today)
    creditor.submit()
    assert creditor.intent(ident)["attempts"][0]["state"] == "SUBMITTED"
    creditor.submit()
    assert creditor.intent(ident)["status"] == "PROCESSING"
    creditor.turn(today, hour=10)
    creditor.submit()
    assert (creditor.intent(ident)["status"], len(creditor.moved())) == ("FAILED", 1)
    creditor.sound()


def test_an_answer_that_is_lost_moves_nothing_twice(creditor: Creditor) -> None:
    creditor.account("silent")
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    today = dt.date.fromisoformat(day_here())
    creditor.turn(today)
    creditor.submit()
    assert creditor.intent(ident)["status"] == "PROCESSING"
    creditor.turn(today, hour=10)
    creditor.submit()
    assert (creditor.intent(ident)["status"], creditor.moved()) == ("SUCCESSFUL", [(D(119), "SUCCESSFUL")])
    creditor.sound()


def test_a_return_takes_back_what_was_booked(creditor: Creditor) -> None:
    """M9's side of the intent: failed again, the account does not work; and M10: a success that is reported as a return is none."""
    account = creditor.account()
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    key = creditor.intent(ident)["attempts"][0]["endToEndIdent"]
    creditor.pay("119.00", invoice, endToEndIdent=key)
    back = {"creditDebitIndicator": "DEBIT", "endToEndIdent": key}
    creditor.pay("119.00", "return", **back, returnInformation={"reasonCode": "0000"})
    assert creditor.intent(ident)["status"] == "SUCCESSFUL"
    creditor.pay(
        "122.00", "return", **back, returnInformation={"reasonCode": "AC04", "originalAmount": "119.00", "charges": "3.00"}
    )
    failed = creditor.intent(ident)
    assert (failed["status"], failed["prebooked"], failed["attempts"][0]["state"]) == ("FAILED", False, "RETURNED")
    assert (failed["attempts"][0]["reasonCode"], failed.get("retryDate")) == ("AC04", None)
    assert creditor.call("GET", f"/v2/customer-payment-accounts/{account}")["healthStatus"] == "UNHEALTHY"
    creditor.sound()


def test_a_return_that_comes_before_its_credit(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    key = creditor.intent(ident)["attempts"][0]["endToEndIdent"]
    creditor.pay("119.00", "return", creditDebitIndicator="DEBIT", endToEndIdent=key, returnInformation={"reasonCode": "AM04"})
    creditor.pay("119.00", "credit", endToEndIdent=key)
    failed = creditor.intent(ident)
    assert (failed["status"], failed["prebooked"], failed["attempts"][0]["state"]) == ("FAILED", False, "RETURNED")
    assert failed["attempts"][0]["paymentIdent"] is not None
    creditor.sound()


def test_a_credit_memo_is_paid_out_and_a_refund_names_its_charge(creditor: Creditor) -> None:
    account = creditor.account()
    invoice = creditor.document(**AT_ONCE)
    charge = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    creditor.pay("119.00", invoice)
    memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice)
    wrong = creditor.intend(memo, 400, refundsPaymentIntentIdent=charge, amount="60.00")
    assert "Only 59.50 EUR are open" in said(wrong)
    made = creditor.intend(memo, refundsPaymentIntentIdent=charge, dueDate=day_here())
    assert (made["type"], made["amount"], made["customerPaymentAccountIdent"]) == ("REFUND", 59.5, account)
    second = creditor.document(**AT_ONCE)
    creditor.pay("119.00", second)
    other = creditor.document("credit-memos", "60.00", relatedDocumentIdent=second)
    assert "Only 59.50 EUR of the charge are left" in said(creditor.intend(other, 400, refundsPaymentIntentIdent=charge))
    assert creditor.intend(other)["type"] == "PAYOUT"
    assert "is already being paid" in said(creditor.intend(other, 409))
    creditor.submit()
    key = creditor.intent(made["paymentIntentIdent"])["attempts"][0]["endToEndIdent"]
    creditor.pay("59.50", "refund", creditDebitIndicator="DEBIT", endToEndIdent=key)
    assert creditor.intent(made["paymentIntentIdent"])["prebooked"] is False
    creditor.sound()


LACKS = "The customer's payment account 'account-1' has no"
WITHOUT = "(paymentMethodReference), and to be collected from without one it has no"


@pytest.mark.parametrize(
    ("account", "finding"),
    [
        ({}, f"{LACKS} token of SIMULATED {WITHOUT} IBAN (iban) and no mandate (mandate)."),
        (
            {"paymentMethod": "DIRECT_DEBIT", "iban": "DE02120300000000202051"},
            f"{LACKS} token of SIMULATED {WITHOUT} mandate (mandate).",
        ),
        ({"paymentMethod": "CREDIT_CARD"}, f"{LACKS} token of SIMULATED (paymentMethodReference)."),
        ({"paymentMethod": "PAY_PAL"}, f"{LACKS} token of SIMULATED (paymentMethodReference)."),
    ],
)
def test_what_an_account_lacks_is_said_as_the_provider_needs_it(creditor: Creditor, account: dict[str, str], finding: str) -> None:
    creditor.account(None, **account)
    assert said(creditor.intend(creditor.document(**AT_ONCE), 400)) == finding


@pytest.mark.parametrize(
    ("token", "more", "finding"),
    [
        (None, {}, f"{LACKS} IBAN (iban). {LACKS} mandate (mandate)."),
        (None, {"iban": "DE02120300000000202051"}, f"{LACKS} mandate (mandate)."),
        ("tok", {}, f"{LACKS} IBAN (iban). {LACKS} mandate (mandate)."),
    ],
)
def test_a_file_needs_bank_data_and_a_mandate(
    furnished: Tenant, client: TestClient, bearer: Any, token: str | None, more: dict[str, str], finding: str
) -> None:
    creditor = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    creditor.account(token, **more)
    assert said(creditor.intend(creditor.document(**AT_ONCE), 400)) == finding


def test_a_provider_that_nothing_is_handed_to_is_refused(creditor: Creditor) -> None:
    """Its statements and settlements may be read all the same."""
    creditor.call("POST", "/v2/payment-providers", {"id": 2, "name": "ADYEN"}, 201)
    other = {"ident": "other", "name": "Other", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 2}
    creditor.call("POST", "/v2/merchant-payment-accounts", other, 201)
    accounts = [{"merchantPaymentAccountIdent": "other", "currency": "EUR"}]
    creditor.call("PUT", "/v2/merchant-payment-gateways/main", {"name": "Main", "accounts": accounts})
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    assert "ADYEN collects nothing from here" in said(creditor.intend(invoice, 400))
    assert creditor.collect().planned == 0
    creditor.sound()
