"""Tasks of due documents, and the run that carries them out; `contor collect`."""

import datetime as dt

from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, COLLECTED, Creditor

from contor.commands.collecting import collect_now

DAY = dt.timedelta(days=1)


def test_a_dry_run_shows_what_the_run_does_and_nothing_stays(creditor: Creditor) -> None:
    creditor.account()
    for _ in range(3):
        creditor.document(**AT_ONCE)
    runtime, realm = creditor.tenant.runtime, creditor.tenant.realm
    would = collect_now(runtime, realm, dry_run=True).report
    assert (would.planned, would.intents) == (3, 3)
    assert (creditor.tasks(), creditor.intents(), creditor.call("GET", "/v2/collection-runs")["_embedded"]) == ([], [], [])
    did = collect_now(runtime, realm, dry_run=False).report
    assert did == would
    (run,) = creditor.call("GET", "/v2/collection-runs")["_embedded"]
    assert (run["status"], run["outcomes"]) == (
        "COMPLETED",
        [{"outcome": "COLLECTED", "currency": "EUR", "documents": 3, "amount": 357}],
    )
    assert {it["status"] for it in creditor.tasks()} == {"DONE"}
    creditor.sound()


def test_only_where_the_document_says_so_and_the_account_works(creditor: Creditor) -> None:
    """`paymentCollection.collect`, and a customer's account that is not UNHEALTHY."""
    silent = creditor.document(paymentTerm={"periodInDays": 0})
    said = creditor.document(**AT_ONCE)
    assert creditor.collect().planned == 0
    ident = creditor.account()
    path = f"/v2/customer-payment-accounts/{ident}/actions/change-health-status"
    creditor.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    assert creditor.collect().planned == 0
    creditor.call("POST", path, {"healthStatus": "HEALTHY"})
    assert creditor.collect().intents == 1
    assert [it["documentIdent"] for it in creditor.tasks()] == [said]
    assert creditor.case(silent)["prebookedItems"] == []
    creditor.sound()


def test_a_task_waits_for_its_day_and_may_be_changed_until_then(creditor: Creditor) -> None:
    creditor.account()
    second = creditor.account()
    creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    assert (creditor.collect().planned, creditor.collect().intents) == (1, 0)
    (task,) = creditor.tasks()
    due = dt.date.fromisoformat(day_here()) + 10 * DAY
    assert (task["status"], task["dueDate"], task["amount"]) == ("ENABLED", due.isoformat(), 119)
    path = f"/v2/payment-intent-tasks/{task['paymentIntentTaskIdent']}"
    later = {"dueDate": (due + 5 * DAY).isoformat(), "customerPaymentAccountIdent": "account-1"}
    assert creditor.call("PATCH", path, later)["customerPaymentAccountIdent"] == "account-1"
    assert second == "account-2"
    creditor.turn(due)
    assert creditor.collect().intents == 0
    creditor.turn(due + 5 * DAY)
    assert creditor.collect().intents == 1
    done = creditor.call("GET", path)
    assert (done["status"], done["paymentIntentIdent"]) == ("DONE", creditor.intents()[0]["paymentIntentIdent"])
    creditor.call("PATCH", path, later, 400)
    creditor.call("POST", f"{path}/actions/cancel", status=400)
    creditor.sound()


def test_a_task_is_not_changed_into_nonsense(creditor: Creditor) -> None:
    creditor.account()
    creditor.document(**AT_ONCE, requestId="later")
    creditor.call("POST", "/v2/payment-intents/actions/enable", {"enabled": False})
    creditor.collect()
    (task,) = creditor.tasks()
    assert (task["status"], "switched off" in task["reason"]) == ("WAITING", True)
    path = f"/v2/payment-intent-tasks/{task['paymentIntentTaskIdent']}"
    wrong = creditor.call("PATCH", path, {"dueDate": "2020-01-01", "customerPaymentAccountIdent": "nobodys"}, 400)
    assert len(wrong["errors"]) == 2
    assert creditor.call("POST", f"{path}/actions/cancel")["status"] == "CANCELLED"
    unknown = creditor.call("POST", "/v2/payment-intent-tasks/actions/enable", {"paymentIntentTaskIdents": ["x"]}, 400)
    assert "waits to be enabled" in str(unknown)
    assert creditor.call("POST", "/v2/payment-intent-tasks/actions/enable") == []
    assert creditor.collect().intents == 0
    creditor.sound()


def test_what_was_paid_before_its_day_is_not_collected(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    creditor.collect()
    creditor.pay("119.00", invoice)
    creditor.turn(dt.date.fromisoformat(day_here()) + 10 * DAY)
    assert creditor.collect().intents == 0
    (task,) = creditor.tasks()
    assert (task["status"], task["reason"]) == ("CANCELLED", f"Nothing is open on {invoice}.")
    creditor.sound()


def test_a_correction_is_given_back_when_nothing_is_owed(creditor: Creditor) -> None:
    """An invoice CHARGE, its correction REFUND; while the customer owes something nothing is paid out."""
    creditor.account()
    invoice = creditor.document(paymentTerm={"periodInDays": 0})
    memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice, **AT_ONCE)
    assert creditor.collect().planned == 0
    assert "owes something in EUR" in creditor.case(memo)["collectionReason"]
    creditor.pay("119.00", invoice)
    assert "collectionReason" not in creditor.case(memo)
    assert creditor.collect().intents == 1
    (intent,) = creditor.intents()
    assert (intent["type"], intent["amount"]) == ("REFUND", 59.5)
    creditor.submit()
    creditor.sound()


def test_what_is_not_paid_out_says_why(creditor: Creditor) -> None:
    invoice = creditor.document(**AT_ONCE)
    creditor.pay("119.00", invoice)
    memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice, **AT_ONCE)
    assert creditor.case(memo)["collectionReason"] == "The customer 'muster-handel' has no payment account."
    creditor.sound()


def test_days_after_the_due_date(creditor: Creditor) -> None:
    """`paymentCollectionConfig` of the merchant payment account."""
    later = {"ident": "later", "name": "Later", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    creditor.call("POST", "/v2/merchant-payment-accounts", {**later, "paymentCollectionConfig": {"daysAfterDueDate": 3}}, 201)
    accounts = [{"merchantPaymentAccountIdent": "later", "currency": "EUR"}]
    creditor.call("PUT", "/v2/merchant-payment-gateways/main", {"name": "Main", "accounts": accounts})
    creditor.account()
    creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 0
    assert creditor.tasks()[0]["dueDate"] == (dt.date.fromisoformat(day_here()) + 3 * DAY).isoformat()
    creditor.sound()


def test_of_an_account_at_an_unknown_provider_nothing_is_announced_and_it_is_corrected(creditor: Creditor) -> None:
    """Nobody knows on which day it can collect; the number was a slip as long as no money came by it."""
    path, account = "/v2/merchant-payment-accounts", {"name": "Slip", "active": True, "country": "DE", "currency": "EUR"}
    made = creditor.call("POST", path, {**account, "ident": "slip", "paymentServiceProviderId": 77}, 201)
    assert made["paymentServiceProviderId"] == 77
    accounts = [{"merchantPaymentAccountIdent": "slip", "currency": "EUR"}]
    creditor.call("PUT", "/v2/merchant-payment-gateways/main", {"name": "Main", "accounts": accounts})
    creditor.account()
    dark = creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    assert "collectionDate" not in creditor.case(dark)
    assert "is not registered" in creditor.case(dark)["collectionReason"]
    assert creditor.call("PUT", f"{path}/slip", account)["paymentServiceProviderId"] == 77
    assert creditor.call("PUT", f"{path}/slip", {**account, "paymentServiceProviderId": 1})["paymentServiceProviderId"] == 1
    again = creditor.call("PUT", f"{path}/slip", {**account, "paymentServiceProviderId": 77}, 400)
    assert "cannot be changed" in str(again)
    assert "collectionReason" not in creditor.case(dark)
    known = creditor.case(creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10}))
    assert known["collectionDate"] == known["dueDate"]
    creditor.sound()


def test_an_account_that_took_money_stays_where_it_is(creditor: Creditor) -> None:
    path, account = "/v2/merchant-payment-accounts", {"name": "Slip", "active": True, "country": "DE", "currency": "EUR"}
    creditor.call("POST", path, {**account, "ident": "slip", "paymentServiceProviderId": 77}, 201)
    paid = {"externalIdent": "b-1", "baseAmount": {"amount": "1.00", "currency": "EUR"}, "bookingDate": day_here()}
    creditor.call("POST", f"{path}/slip/payments", {**paid, "creditDebitIndicator": "CREDIT", "description": "x"}, 201)
    refused = creditor.call("PUT", f"{path}/slip", {**account, "paymentServiceProviderId": 1}, 400)
    assert "cannot be changed" in str(refused)
    creditor.sound()
