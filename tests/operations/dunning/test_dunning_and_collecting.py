"""Who waits for his debit is not reminded; when collecting is over for good he is, and the run says why."""

import datetime as dt
from typing import Any

import pytest
from tests.factories.creditors import COLLECTED, Creditor
from tests.factories.reminding import CONFIGURATION, LETTERS, RUNS

from contor.dunning.runs.work import look

DUE = {**COLLECTED, "paymentTerm": {"periodInDays": 14}}
"""On 2026-01-19, a Monday."""
NOT_DUNNED_NOW = {"daysAfter": 14, "daysToPay": 7}
COLLECTION_DAY = "2026-01-19"


def run(creditor: Creditor, day: str) -> Any:
    """A run on this day, approved and carried out: (outcome, note) by document."""
    turn(creditor, day)
    ident = creditor.call("POST", RUNS, {}, 201)["runIdent"]
    look(creditor.tenant.runtime, creditor.tenant.id)
    creditor.call("POST", f"{RUNS}/{ident}/actions/approve")
    look(creditor.tenant.runtime, creditor.tenant.id)
    found = creditor.call("GET", f"{RUNS}/{ident}/items?size=100")["_embedded"]
    return {one["documentIdent"]: (one["outcome"], one.get("note")) for one in found}


def turn(creditor: Creditor, day: str) -> None:
    creditor.turn(dt.date.fromisoformat(day))


def duns(creditor: Creditor) -> None:
    creditor.call("POST", CONFIGURATION, {"levels": [NOT_DUNNED_NOW]}, 201)


def to_be_collected(creditor: Creditor, token: str = "ok") -> str:
    """An invoice of 119.00 that is collected when it is due."""
    duns(creditor)
    creditor.account(token)
    return str(creditor.document(**DUE))


def collected(creditor: Creditor, day: str = COLLECTION_DAY) -> None:
    turn(creditor, day)
    creditor.collect()
    creditor.submit()


def sound(creditor: Creditor) -> None:
    """Documents get no files here."""
    creditor.tenant.turn_clock(None)
    assert (found := creditor.tenant.unsound()) == [], found


def test_what_is_under_way_is_not_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    collected(collecting)
    outcome, _ = run(collecting, "2026-01-20")[number]
    assert outcome == "PREBOOKED"
    sound(collecting)


def anew(creditor: Creditor, number: str) -> str:
    """Issued anew under the old day, so that it is due as the old one was."""
    body = {"documentDate": "2026-01-05"}
    return str(creditor.call("POST", f"/v2/documents/{number}/actions/reissue", body, 202)["documentIdent"])


def test_what_is_under_way_for_the_document_before_is_not_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    collected(collecting)
    new = anew(collecting, number)
    assert run(collecting, "2026-02-20")[new][0] == "PREBOOKED"
    sound(collecting)


def test_what_is_tried_again_for_the_document_before_is_not_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting, "fail-AM04")
    collected(collecting)
    new = anew(collecting, number)
    day = collecting.case(new)["dueDate"]
    tried = max(day, "2026-01-22")
    assert run(collecting, "2026-02-20")[new] == ("COLLECTION_PENDING", f"RETRY_PLANNED {tried}")
    sound(collecting)


def test_what_is_credited_in_full_is_neither_collected_nor_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    memo = collecting.document("credit-memos", relatedDocumentIdent=number)
    collected(collecting)
    assert collecting.intents() == []
    assert {number: "COVERED_BY_CREDITS", memo: "CREDIT"} == {
        ident: outcome for ident, (outcome, _) in run(collecting, "2026-02-20").items()
    }
    sound(collecting)


def credited(creditor: Creditor) -> str:
    """A credit memo of 11.90 over what is paid."""
    paid = creditor.document()
    creditor.pay("119.00", paid, bookingDate="2026-01-05")
    return str(creditor.document("credit-memos", "10.00", relatedDocumentIdent=paid))


def test_a_credit_that_is_being_paid_out_reduces_nothing(collecting: Creditor) -> None:
    """Else each letter would be left out as changed, until the payout is over."""
    duns(collecting)
    collecting.account("slow")
    memo = credited(collecting)
    assert collecting.intend(memo)["type"] == "PAYOUT"
    collecting.submit()
    invoice = collecting.document()
    assert run(collecting, "2026-02-20") == {invoice: ("DUNNED", None), memo: ("PREBOOKED", None)}
    (letter,) = collecting.call("GET", "/v2/dunning-letters")["_embedded"]
    assert (letter["status"], letter["outstanding"], collecting.case(invoice)["dunningLevel"]) == ("MADE", 119, 1)
    sound(collecting)


def test_a_credit_that_is_not_to_be_dunned_reduces_as_any(collecting: Creditor) -> None:
    duns(collecting)
    memo, invoice = credited(collecting), collecting.document()
    collecting.call("PUT", f"/v2/opos-cases/{memo}/dunning-block", {"blocked": True, "reason": "in dispute"})
    assert run(collecting, "2026-02-20") == {invoice: ("DUNNED", None), memo: ("CREDIT", None)}
    (letter,) = collecting.call("GET", "/v2/dunning-letters")["_embedded"]
    assert (letter["status"], letter["outstanding"]) == ("MADE", 107.1)
    sound(collecting)


def test_what_has_its_task_is_not_dunned(collecting: Creditor) -> None:
    """Its collection day has passed, and it waits to be enabled."""
    number = to_be_collected(collecting)
    collecting.call("POST", "/v2/payment-intents/actions/enable", {"enabled": False})
    collected(collecting)
    assert run(collecting, "2026-01-20") == {number: ("COLLECTION_PENDING", "TASK_OPEN 2026-01-19")}
    sound(collecting)


def test_what_gets_its_task_yet_is_not_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    assert run(collecting, "2026-01-20") == {number: ("COLLECTION_PENDING", "TO_BE_COLLECTED 2026-01-19")}
    sound(collecting)


def test_while_another_try_is_planned_it_is_not_dunned_and_afterwards_it_is(collecting: Creditor) -> None:
    """AM04: no funds, tried again after 3, 7 and 14 days."""
    number = to_be_collected(collecting, "fail-AM04")
    collected(collecting)
    assert run(collecting, "2026-01-20") == {number: ("COLLECTION_PENDING", "RETRY_PLANNED 2026-01-22")}
    for day in ("2026-01-22", "2026-01-29"):
        collected(collecting, day)
    assert run(collecting, "2026-01-30") == {number: ("COLLECTION_PENDING", "RETRY_PLANNED 2026-02-12")}
    collected(collecting, "2026-02-12")
    outcome, note = run(collecting, "2026-02-13")[number]
    assert (outcome, note.startswith("CHARGE_FAILED: AM04")) == ("DUNNED", True)
    assert collecting.case(number)["dunningLevel"] == 1
    sound(collecting)


def test_what_failed_for_good_is_dunned_by_the_next_run(collecting: Creditor) -> None:
    """AC04: the account is closed."""
    number = to_be_collected(collecting, "fail-AC04")
    collected(collecting)
    outcome, note = run(collecting, "2026-01-20")[number]
    assert (outcome, note.startswith("CHARGE_FAILED: AC04")) == ("DUNNED", True)
    sound(collecting)


def test_without_an_account_that_works_it_is_dunned(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    path = "/v2/customer-payment-accounts/account-1/actions/change-health-status"
    collecting.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    collected(collecting)
    assert run(collecting, "2026-01-20") == {number: ("DUNNED", "NO_ACCOUNT_THAT_WORKS")}
    sound(collecting)


@pytest.mark.parametrize(("told", "costs"), [(True, 0), (False, 40)])
def test_who_was_told_that_we_collect_is_in_default_by_no_date(collecting: Creditor, told: bool, costs: int) -> None:
    """Section 286 (4) BGB: his account broke before we tried, and the letter is the first that asks him to pay. Who was asked for a
    transfer is in default by the agreed date."""
    collecting.call("POST", CONFIGURATION, {"levels": [NOT_DUNNED_NOW], "dueDateAgreed": True, "flatCharge": True}, 201)
    if told:
        collecting.account()
    number = collecting.document(**DUE)
    if told:
        path = "/v2/customer-payment-accounts/account-1/actions/change-health-status"
        collecting.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    assert run(collecting, "2026-01-21") == {number: ("DUNNED", "NO_ACCOUNT_THAT_WORKS")}
    (letter,) = collecting.call("GET", LETTERS)["_embedded"]
    assert (letter["outstanding"], letter["costs"]) == (119, costs)
    sound(collecting)


def reason(creditor: Creditor, number: str) -> Any:
    (listed,) = creditor.call("GET", f"/v2/opos-cases?search=ident=={number}")["_embedded"]
    said = creditor.case(number).get("collectionReason")
    assert listed.get("collectionReason") == said
    return said


def test_the_case_says_why_nothing_is_collected(collecting: Creditor) -> None:
    """As whoever wants to collect it by hand is told."""
    duns(collecting)
    number = collecting.document(**DUE)
    collected(collecting)
    assert reason(collecting, number) == "The customer 'muster-handel' has no payment account."
    assert collecting.tasks() == []
    account = collecting.account(None, iban="DE02120300000000202051", bic="BYLADEM1001")
    refused = collecting.intend(number, 400, customerPaymentAccountIdent=account)
    assert reason(collecting, number) == " ".join(one["error"] for one in refused["errors"])
    assert "has no mandate" in reason(collecting, number)
    collecting.account()
    assert reason(collecting, number) is None
    path = "/v2/customer-payment-accounts/account-2/actions/change-health-status"
    collecting.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    assert "'account-2' does not work: closed." in reason(collecting, number)
    collected(collecting)
    assert run(collecting, "2026-01-20") == {number: ("DUNNED", "NO_ACCOUNT_THAT_WORKS")}
    sound(collecting)


def test_a_case_that_nobody_wants_to_collect_or_that_is_paid_says_nothing(collecting: Creditor) -> None:
    duns(collecting)
    assert reason(collecting, collecting.document()) is None
    number = to_be_collected(collecting)
    assert reason(collecting, number) is None
    collected(collecting)
    assert reason(collecting, number) is None


def test_a_task_that_cannot_be_carried_out_keeps_nobody_from_being_dunned(collecting: Creditor) -> None:
    """Its account was closed after it was planned."""
    number = to_be_collected(collecting)
    collected(collecting, "2026-01-12")
    path = "/v2/customer-payment-accounts/account-1/actions/change-health-status"
    collecting.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    collected(collecting)
    outcome, note = run(collecting, "2026-01-20")[number]
    assert (outcome, note.startswith("TASK_NOT_POSSIBLE: ")) == ("DUNNED", True)
    sound(collecting)


def test_a_task_that_was_cancelled_leaves_it_to_dunning(collecting: Creditor) -> None:
    number = to_be_collected(collecting)
    collected(collecting, "2026-01-12")
    (task,) = collecting.tasks()
    collecting.call("POST", f"/v2/payment-intent-tasks/{task['paymentIntentTaskIdent']}/actions/cancel")
    outcome, note = run(collecting, "2026-01-20")[number]
    assert (outcome, note.startswith("TASK_CANCELLED")) == ("DUNNED", True)
    sound(collecting)


def test_an_account_that_comes_between_preview_and_approval_is_waited_for(collecting: Creditor) -> None:
    duns(collecting)
    number = collecting.document(**DUE)
    turn(collecting, "2026-01-20")
    ident = collecting.call("POST", RUNS, {}, 201)["runIdent"]
    look(collecting.tenant.runtime, collecting.tenant.id)
    collecting.account()
    collecting.call("POST", f"{RUNS}/{ident}/actions/approve")
    look(collecting.tenant.runtime, collecting.tenant.id)
    (item,) = collecting.call("GET", f"{RUNS}/{ident}/items")["_embedded"]
    assert (item["documentIdent"], item["outcome"]) == (number, "CHANGED")
    sound(collecting)


def test_what_went_to_collection_is_collected_when_it_is_taken_back(collecting: Creditor) -> None:
    """Its account failed, so it was dunned and handed over; that the account works again changes nothing before a person takes it back."""
    collecting.call("POST", CONFIGURATION, {"levels": [NOT_DUNNED_NOW], "collectionAfterLevel": 1}, 201)
    account = collecting.account()
    number = str(collecting.document(**DUE))
    collecting.collect()
    health = f"/v2/customer-payment-accounts/{account}/actions/change-health-status"
    collecting.call("POST", health, {"healthStatus": "UNHEALTHY", "reason": "closed by its holder"})
    collected(collecting)
    assert [run(collecting, day)[number][0] for day in ("2026-01-20", "2026-01-28")] == ["DUNNED", "HAND_OVER"]
    collecting.call("POST", health, {"healthStatus": "HEALTHY"})
    assert collecting.collect().intents == 0
    (task,) = collecting.tasks()
    assert (task["status"], "was handed over" in task["reason"]) == ("ENABLED", True)
    collecting.call("PUT", f"/v2/opos-cases/{number}/dunning-block", {"blocked": False})
    assert collecting.collect().amount == 119
    sound(collecting)
