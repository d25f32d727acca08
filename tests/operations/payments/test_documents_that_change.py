"""What is collected of documents that change meanwhile: issued anew, credited, paid by other means. Nothing is debited twice."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import clearing
from tests.factories.companies import BANK, a_row_of, day_here
from tests.factories.creditors import AT_ONCE, OUR_IBAN, SEPA, Creditor
from tests.factories.statements import BankLine, BankPaper, Reader
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

from contor.payments.intents.attempts import AT_ONCE as AT_ONCE_MOST

D = Decimal
OTHER = "DE09ZZZ00000000001"


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


def after(days: int) -> dt.date:
    return this_day() + dt.timedelta(days=days)


@pytest.fixture
def collecting(creditor: Creditor) -> Creditor:
    """Payments in parts are taken; the simulated provider says what became of a debit when it is asked later."""
    creditor.take_parts()
    creditor.turn(this_day())
    return creditor


@pytest.fixture
def by_file(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.turn(this_day())
    made.mandate()
    return made


def anew(creditor: Creditor, old: str) -> str:
    """The document in its place."""
    return str(creditor.call("POST", f"/v2/documents/{old}/actions/reissue", {}, 202)["documentIdent"])


def credited(creditor: Creditor, invoice: str, net: str, **more: Any) -> str:
    return creditor.document("credit-memos", net, relatedDocumentIdent=invoice, **more)


def debited(creditor: Creditor, token: str = "ok") -> tuple[str, str]:
    """An invoice of 119.00 that was handed to the provider, and its intent."""
    creditor.account(token)
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    creditor.submit()
    return invoice, intent_of(creditor, invoice)["paymentIntentIdent"]


def intent_of(creditor: Creditor, invoice: str) -> Any:
    (intent,) = creditor.intents(f"&search=documentIdent=={invoice}")
    return creditor.intent(intent["paymentIntentIdent"])


def booked(creditor: Creditor, intent: str, amount: str = "119.00", **more: Any) -> Any:
    """The bank books the last attempt, and names it by its reference alone."""
    key = creditor.intent(intent)["attempts"][-1]["endToEndIdent"]
    return creditor.pay(amount, "", endToEndIdent=key, **more)


def returned(creditor: Creditor, intent: str, code: str = "AM04") -> Any:
    back: dict[str, Any] = {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": code}, "bookingDate": day_here()}
    return booked(creditor, intent, **back)


def under_way(creditor: Creditor, invoice: str) -> list[Any]:
    return [it["amount"] for it in creditor.case(invoice)["prebookedItems"]]


def standing(creditor: Creditor, invoice: str) -> tuple[Any, ...]:
    """Balance of its case, what is under way for it, the status of its intent."""
    return creditor.case(invoice)["balance"], under_way(creditor, invoice), intent_of(creditor, invoice)["status"]


# issued anew


def test_what_waits_when_it_is_issued_anew_is_collected_once(collecting: Creditor) -> None:
    collecting.account()
    old = collecting.document(**AT_ONCE)
    collecting.collect()
    new = anew(collecting, old)
    assert intent_of(collecting, old)["status"] == "CANCELLED"
    assert intent_of(collecting, old)["reason"] == f"Nothing is open on {old}."
    assert collecting.collect().intents == 1
    collecting.submit()
    assert collecting.moved() == [(D(119), "SUCCESSFUL")]
    booked(collecting, intent_of(collecting, new)["paymentIntentIdent"])
    assert standing(collecting, new) == (0, [], "SUCCESSFUL")
    collecting.sound()


def test_what_is_under_way_stands_for_the_new_document(collecting: Creditor) -> None:
    old, intent = debited(collecting)
    new = anew(collecting, old)
    assert standing(collecting, new) == (119, [119], "SUCCESSFUL")
    assert (collecting.case(old)["balance"], under_way(collecting, old)) == (0, [])
    (task,) = collecting.tasks()
    assert (task["documentIdent"], task["paymentIntentIdent"]) == (new, intent)
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    assert "already being collected" in str(collecting.intend(new, 409))
    collecting.turn(after(30))
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    booked(collecting, intent)
    assert standing(collecting, new) == (0, [], "SUCCESSFUL")
    assert collecting.moved() == [(D(119), "SUCCESSFUL")]
    collecting.sound()


def test_what_was_booked_before_is_not_collected_again(collecting: Creditor) -> None:
    old, intent = debited(collecting)
    booked(collecting, intent)
    new = anew(collecting, old)
    assert collecting.case(new)["balance"] == 0
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    assert len(collecting.moved()) == 1
    collecting.sound()


def test_what_failed_is_tried_again_for_the_new_document(collecting: Creditor) -> None:
    old, intent = debited(collecting, "fail-AM04")
    new = anew(collecting, old)
    failed = collecting.intent(intent)
    assert (failed["documentIdent"], failed["status"], failed["retryDate"]) == (new, "FAILED", after(3).isoformat())
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    collecting.turn(after(3))
    assert collecting.collect().retried == 1
    assert under_way(collecting, new) == [119]
    collecting.sound()


def test_what_fails_after_it_was_issued_anew_is_tried_again_for_it(collecting: Creditor) -> None:
    old, intent = debited(collecting, "slow-fail-AM04")
    new = anew(collecting, old)
    collecting.turn(this_day(), hour=10)
    collecting.submit()
    assert (standing(collecting, new), collecting.intent(intent)["retryDate"]) == ((119, [], "FAILED"), after(3).isoformat())
    collecting.turn(after(3))
    assert (collecting.collect().retried, collecting.collect().intents) == (1, 0)
    collecting.sound()


def test_a_try_again_waits_until_the_new_document_is_due(collecting: Creditor) -> None:
    collecting.account("fail-AM04")
    old = collecting.document(paymentCollection={"collect": True}, paymentTerm={"periodInDays": 10})
    intent = collecting.intend(old, dueDate=day_here())["paymentIntentIdent"]
    collecting.submit()
    new = anew(collecting, old)
    assert collecting.intent(intent)["retryDate"] == collecting.case(new)["dueDate"] == after(10).isoformat()
    collecting.sound()


@pytest.mark.parametrize("before", [True, False])
def test_what_comes_back_is_owed_and_tried_again_on_the_new_document(collecting: Creditor, before: bool) -> None:
    """`before`: it comes back before the document is issued anew."""
    old, intent = debited(collecting)
    booked(collecting, intent)
    if before:
        returned(collecting, intent)
    new = anew(collecting, old)
    if not before:
        returned(collecting, intent)
    assert standing(collecting, new) == (119, [], "FAILED")
    assert collecting.intent(intent)["retryDate"] == after(3).isoformat()
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    collecting.turn(after(3))
    assert collecting.collect().retried == 1
    collecting.submit()
    booked(collecting, intent, bookingDate=after(3).isoformat())
    assert standing(collecting, new) == (0, [], "SUCCESSFUL")
    collecting.sound()


def test_what_came_back_for_good_is_not_collected_by_itself_from_the_new_document(collecting: Creditor) -> None:
    """The customer asked for the money back (MD06): a new paper is no new right."""
    old, intent = debited(collecting)
    booked(collecting, intent)
    returned(collecting, intent, "MD06")
    new = anew(collecting, old)
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    assert collecting.act(intent, "retry")["documentIdent"] == new
    collecting.sound()


def test_it_is_issued_anew_twice(collecting: Creditor) -> None:
    old, intent = debited(collecting)
    new = anew(collecting, anew(collecting, old))
    assert standing(collecting, new) == (119, [119], "SUCCESSFUL")
    booked(collecting, intent)
    assert standing(collecting, new) == (0, [], "SUCCESSFUL")
    collecting.sound()


def test_a_transaction_in_a_file_is_refused_after_the_document_was_issued_anew(by_file: Creditor) -> None:
    old = by_file.document(**AT_ONCE)
    by_file.collect()
    (file,) = by_file.write().files
    new = anew(by_file, old)
    assert (by_file.collect().planned, by_file.write().transactions) == (0, 0)
    by_file.report(a_report("R-1", file, status="RJCT"))
    assert standing(by_file, new) == (119, [], "FAILED")
    by_file.turn(after(3))
    assert by_file.collect().retried == 1
    assert by_file.write().transactions == 1
    assert under_way(by_file, new) == [119]
    by_file.sound()


def test_what_we_pay_a_partner_stands_for_the_new_document_too(collecting: Creditor) -> None:
    """Paid once, whichever paper says it."""
    with collecting.tenant.runtime.transaction(collecting.tenant.caller()) as uow:
        uow.run("UPDATE customer SET self_billing_agreement_on = '2026-01-01'")
    collecting.account()
    old = collecting.document("self-billing-invoices", **AT_ONCE)
    assert collecting.collect().intents == 1
    collecting.submit()
    intent = intent_of(collecting, old)
    assert (intent["type"], intent["amount"]) == ("PAYOUT", 119)
    new = anew(collecting, old)
    assert standing(collecting, new) == (119, [119], "SUCCESSFUL")
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    booked(collecting, intent["paymentIntentIdent"], creditDebitIndicator="DEBIT")
    assert standing(collecting, new) == (0, [], "SUCCESSFUL")
    assert len(collecting.moved()) == 1
    collecting.sound()


def test_it_states_the_mandate_by_which_it_will_be_collected(by_file: Creditor) -> None:
    """The old one states the mandate of its day; what who corrects it says himself stands."""
    debit = {**AT_ONCE, "paymentInformation": {"paymentType": "SEPA_DIRECT_DEBIT"}}
    old = by_file.document(**debit)
    account = {"ident": "account-1", "debtorIdent": "muster-handel", "merchantPaymentGatewayIdent": "main"}
    bank = {"accountHolderName": "Muster Handel GmbH", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
    mandate = {"reference": "M-2", "signedOn": "2025-05-01"}
    by_file.call("PUT", "/v2/customer-payment-accounts/account-1", {**account, **bank, "mandate": mandate})
    new = anew(by_file, old)
    assert (mandate_of(by_file, old), mandate_of(by_file, new)) == ("M-1", "M-2")
    body = {"properties": [{"key": "mandateReference", "value": "M-3"}]}
    own = by_file.call("POST", f"/v2/documents/{new}/actions/reissue", body, 202)["documentIdent"]
    assert mandate_of(by_file, own) == "M-3"
    by_file.sound()


def test_it_states_the_creditor_by_whom_it_will_be_collected(by_file: Creditor) -> None:
    old = by_file.document(**AT_ONCE, paymentInformation={"paymentType": "SEPA_DIRECT_DEBIT"})
    bank = {**BANK, "iban": OUR_IBAN, "bic": "SOGEDEFFXXX", "sepa": {**SEPA, "creditorIdentifier": OTHER}}
    by_file.call("PUT", "/v2/merchant-payment-accounts/bank", bank)
    assert stated(by_file, anew(by_file, old), "creditorIdentifier") == OTHER
    by_file.sound()


@pytest.mark.parametrize("text", ["{}", "Rechnung {} vielen Dank"])
def test_a_payment_that_names_the_old_number_pays_the_last_in_its_place(collecting: Creditor, text: str) -> None:
    old = collecting.document()
    new = anew(collecting, anew(collecting, old))
    paid = collecting.pay("119.00", text.format(old))
    assert (paid["status"], collecting.case(new)["balance"]) == ("ASSIGNED", 0)
    (decision,) = collecting.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    assert decision["note"] == f"{new} stands in the place of {old}"
    late = collecting.pay("119.00", old)
    assert (late["status"], late["reason"]) == ("OPEN", "TARGET_CLOSED")
    collecting.sound()


# credited


def mandate_of(creditor: Creditor, document: str) -> str | None:
    return stated(creditor, document, "mandateReference")


def stated(creditor: Creditor, document: str, key: str) -> str | None:
    """A property of a document."""
    properties = creditor.call("GET", f"/v2/documents/{document}")["properties"]
    return next((it["value"] for it in properties if it["key"] == key), None)


def test_what_was_credited_before_it_is_handed_on_is_not_collected(collecting: Creditor) -> None:
    collecting.account()
    whole, part = collecting.document(**AT_ONCE), collecting.document(**AT_ONCE)
    assert collecting.collect().intents == 2
    credited(collecting, whole, "100.00")
    credited(collecting, part, "50.00")
    assert [it["status"] for it in collecting.intents()] == ["CANCELLED", "CANCELLED"]
    assert (
        intent_of(collecting, whole)["reason"]
        == f"All that is open on {whole} was credited: 119.00 EUR wait to be cleared with it."
    )
    assert collecting.collect().intents == 1
    collecting.submit()
    assert collecting.moved() == [(D("59.5"), "SUCCESSFUL")]
    task = next(it for it in collecting.tasks() if it["documentIdent"] == whole)
    assert (task["status"], "was credited" in task["reason"]) == ("ENABLED", True)
    assert "was credited" in str(collecting.intend(whole, 400))
    collecting.sound()


def test_no_more_than_the_rest_is_wanted_of_a_credited_document(collecting: Creditor) -> None:
    collecting.account()
    invoice = collecting.document(**AT_ONCE)
    credited(collecting, invoice, "50.00")
    refused = collecting.intend(invoice, 400, amount="119.00")
    assert f"Only 59.50 EUR are open on {invoice}: 59.50 EUR of it were credited." in str(refused)
    assert collecting.intend(invoice)["amount"] == 59.5
    collecting.sound()


def test_a_credit_over_several_documents_takes_off_each_what_is_its_own(collecting: Creditor) -> None:
    collecting.account()
    rows = [{**a_row_of("100.00"), "ident": ident} for ident in ("i-1", "i-2")]
    one, other = (collecting.document(**AT_ONCE, items=[row]) for row in rows)
    assert collecting.collect().amount == 238
    credits = [
        {**a_row_of("20.00"), "ident": row["ident"], "relatedDocumentIdent": of} for row, of in zip(rows, (one, other), strict=True)
    ]
    collecting.document("credit-memos", relatedDocumentIdents=[one, other], items=credits)
    assert collecting.collect().amount == D("190.40")
    assert [it["amount"] for it in collecting.intents("&search=status==CREATED")] == [95.2, 95.2]
    collecting.sound()


def test_a_credit_while_a_debit_is_under_way_is_given_back(collecting: Creditor) -> None:
    """Nothing is collected beside it; what came too much is the customer's, and is paid out once."""
    invoice, intent = debited(collecting)
    memo = credited(collecting, invoice, "50.00", **AT_ONCE)
    assert (collecting.collect().planned, collecting.collect().intents) == (0, 0)
    booked(collecting, intent)
    assert standing(collecting, invoice) == (0, [], "SUCCESSFUL")
    assert collecting.collect().intents == 1
    refund = intent_of(collecting, memo)
    assert (refund["type"], refund["amount"]) == ("REFUND", 59.5)
    collecting.sound()


@pytest.mark.parametrize(("net", "rest"), [("100.00", []), ("50.00", [59.5])])
def test_what_was_credited_while_it_was_under_way_is_not_tried_again(collecting: Creditor, net: str, rest: list[float]) -> None:
    """Of a part the rest is collected on the day on which it would have been tried again."""
    invoice, intent = debited(collecting, "slow-fail-AM04")
    credited(collecting, invoice, net)
    collecting.turn(this_day(), hour=10)
    collecting.submit()
    failed = collecting.intent(intent)
    assert (failed["status"], failed.get("retryDate")) == ("FAILED", None)
    assert "credited" in failed["reason"]
    assert collecting.collect().intents == 0
    collecting.turn(after(3))
    done = collecting.collect()
    assert (done.retried, done.intents) == (0, len(rest))
    assert [it["amount"] for it in collecting.intents("&search=status==CREATED")] == rest
    collecting.sound()


def test_a_credit_after_a_debit_failed_ends_its_retry(collecting: Creditor) -> None:
    invoice, intent = debited(collecting, "fail-AM04")
    credited(collecting, invoice, "100.00")
    assert collecting.intent(intent).get("retryDate") is None
    collecting.sound()


def test_a_credit_that_is_cleared_elsewhere_is_off_no_more(collecting: Creditor) -> None:
    """What it was for is collected after all: the task has waited."""
    collecting.account()
    invoice = collecting.document(**AT_ONCE)
    collecting.collect()
    older = collecting.document(documentDate=after(-20).isoformat(), paymentTerm={"periodInDays": 0})
    credited(collecting, invoice, "100.00")
    assert collecting.collect().intents == 0
    assert clearing(collecting, customerIdent="muster-handel")["status"] == "COMPLETED"
    assert (collecting.case(older)["balance"], collecting.case(invoice)["balance"]) == (0, 119)
    assert collecting.collect().amount == 119
    collecting.sound()


# paid otherwise


def test_a_case_that_was_paid_otherwise_is_tried_again_no_more(collecting: Creditor) -> None:
    invoice, intent = debited(collecting, "fail-AM04")
    assert collecting.intent(intent)["retryDate"] == after(3).isoformat()
    collecting.pay("119.00", invoice)
    paid = collecting.intent(intent)
    assert (paid["status"], paid.get("retryDate"), paid["reason"]) == ("FAILED", None, f"Nothing is open on {invoice}.")
    collecting.turn(after(3))
    assert collecting.collect().retried == 0
    collecting.sound()


def test_of_what_was_paid_in_part_the_rest_is_collected_on_the_day_of_the_retry(collecting: Creditor) -> None:
    invoice, intent = debited(collecting, "fail-AM04")
    collecting.pay("19.00", invoice)
    failed = collecting.intent(intent)
    assert (failed.get("retryDate"), failed["reason"]) == (None, f"Only 100.00 EUR are open on {invoice}.")
    assert collecting.collect().intents == 0
    collecting.turn(after(3))
    assert (collecting.collect().amount, collecting.collect().retried) == (D(100), 0)
    collecting.sound()


def test_a_decision_ends_a_retry(collecting: Creditor) -> None:
    invoice, intent = debited(collecting, "fail-AM04")
    collecting.call("POST", f"/v2/opos-cases/{invoice}/decisions", {"type": "UNCOLLECTABLE_RECEIVABLE"}, 201)
    assert collecting.intent(intent).get("retryDate") is None
    collecting.sound()


def test_a_payment_that_comes_and_goes_leaves_the_retry(collecting: Creditor) -> None:
    """A return may come before its credit: both wait for each other, and the debit is tried again all the same."""
    invoice, intent = debited(collecting)
    returned(collecting, intent)
    assert collecting.intent(intent)["retryDate"] == after(3).isoformat()
    booked(collecting, intent)
    assert collecting.case(invoice)["balance"] == 119
    assert collecting.intent(intent)["retryDate"] == after(3).isoformat()
    collecting.turn(after(3))
    assert collecting.collect().retried == 1
    collecting.sound()


def test_a_debit_that_is_booked_after_the_customer_paid_says_so_and_has_its_ways_out(collecting: Creditor) -> None:
    invoice, intent = debited(collecting)
    collecting.pay("119.00", invoice)
    assert standing(collecting, invoice) == (0, [119], "SUCCESSFUL")
    paid = booked(collecting, intent)
    assert (paid["status"], paid["reason"]) == ("OPEN", "PAID_OTHERWISE")
    (decision,) = collecting.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    (offer,) = collecting.call("GET", f"/v2/payments/{paid['paymentIdent']}/suggestions")["suggestions"]
    for said in (decision, offer):
        assert said["reason"] == "PAID_OTHERWISE"
        assert "we collected it" in said["note"]
        assert "the money is the customer's" in said["note"]
    assert standing(collecting, invoice) == (0, [], "SUCCESSFUL")
    body = {"paymentIdent": paid["paymentIdent"], "targetType": "DOCUMENT", "targetIdent": invoice}
    collecting.call("POST", "/v2/payment-assignments", body, 201)
    case = collecting.case(invoice)
    assert (case["balance"], case["balanceDebitCreditIndicator"]) == (119, "CREDIT")
    assert collecting.intend(invoice)["type"] == "PAYOUT"
    collecting.sound()


# doubtful


def doubted(creditor: Creditor, invoice: str) -> str:
    body = {"type": "DOUBTFUL_RECEIVABLE", "amount": 119}
    return str(creditor.call("POST", f"/v2/opos-cases/{invoice}/decisions", body, 201)["ident"])


@pytest.mark.parametrize("token", ["waits", "fail-AM04"])
def test_nothing_is_collected_of_a_doubtful_receivable_until_that_is_reverted(collecting: Creditor, token: str) -> None:
    """What was not handed on is cancelled, what failed is not tried again; the task waits, says why, and goes on by itself."""
    if token == "waits":
        collecting.account()
        invoice = collecting.document(**AT_ONCE)
        assert collecting.collect().intents == 1
    else:
        invoice, _ = debited(collecting, token)
    decision = doubted(collecting, invoice)
    intent = intent_of(collecting, invoice)
    assert (intent["status"], intent.get("retryDate")) == ("CANCELLED" if token == "waits" else "FAILED", None)
    collecting.turn(after(3))
    assert (collecting.collect().retried, collecting.collect().intents) == (0, 0)
    (task,) = collecting.tasks()
    assert (task["status"], "is doubtful" in task["reason"], "is doubtful" in intent["reason"]) == ("ENABLED", True, True)
    assert "is doubtful" in str(collecting.intend(invoice, 400))
    collecting.call("POST", f"/v2/opos-cases/{invoice}/decisions/{decision}/actions/revert", {})
    assert collecting.collect().amount == 119
    collecting.sound()


# handed over


def blocked(creditor: Creditor, invoice: str, reason: str | None, **more: Any) -> None:
    body = {"blocked": False} if reason is None else {"blocked": True, "reason": reason, **more}
    creditor.call("PUT", f"/v2/opos-cases/{invoice}/dunning-block", body)


@pytest.mark.parametrize("token", ["waits", "fail-AM04"])
def test_nothing_is_collected_of_what_went_to_collection_until_it_is_taken_back(collecting: Creditor, token: str) -> None:
    if token == "waits":
        collecting.account()
        invoice = collecting.document(**AT_ONCE)
        assert collecting.collect().intents == 1
    else:
        invoice, _ = debited(collecting, token)
    blocked(collecting, invoice, "COLLECTION")
    intent = intent_of(collecting, invoice)
    assert (intent["status"], intent.get("retryDate")) == ("CANCELLED" if token == "waits" else "FAILED", None)
    collecting.turn(after(3))
    assert (collecting.collect().retried, collecting.collect().intents) == (0, 0)
    (task,) = collecting.tasks()
    assert (task["status"], "was handed over" in task["reason"], "was handed over" in intent["reason"]) == ("ENABLED", True, True)
    assert "was handed over" in str(collecting.intend(invoice, 400))
    blocked(collecting, invoice, None)
    assert collecting.collect().amount == 119
    collecting.sound()


@pytest.mark.parametrize(("reason", "days"), [("disputed", None), ("COLLECTION", 30)], ids=["other reason", "last day"])
def test_another_block_keeps_nothing_from_being_collected(collecting: Creditor, reason: str, days: int | None) -> None:
    collecting.account()
    invoice = collecting.document(**AT_ONCE)
    collecting.collect()
    blocked(collecting, invoice, reason, **({} if days is None else {"until": after(days).isoformat()}))
    assert intent_of(collecting, invoice)["status"] == "CREATED"
    collecting.submit()
    assert collecting.moved() == [(D(119), "SUCCESSFUL")]
    collecting.sound()


def test_what_went_to_collection_gets_no_task(collecting: Creditor) -> None:
    invoice = collecting.document(**AT_ONCE)
    blocked(collecting, invoice, "COLLECTION")
    collecting.account()
    assert collecting.collect().planned == 0
    assert "was handed over" in collecting.case(invoice)["collectionReason"]
    blocked(collecting, invoice, None)
    assert (done := collecting.collect()).planned == done.intents == 1
    collecting.sound()


# accounts that break while it waits


def unwell(creditor: Creditor, account: str, how: str) -> None:
    path = f"/v2/customer-payment-accounts/{account}"
    if how == "revoked":
        creditor.call("POST", f"{path}/actions/revoke-mandate", {"reason": "withdrawn"})
    else:
        health(creditor, account, "UNHEALTHY", "closed by its holder")


def health(creditor: Creditor, account: str, status: str, reason: str | None = None) -> None:
    creditor.call(
        "POST", f"/v2/customer-payment-accounts/{account}/actions/change-health-status", {"healthStatus": status, "reason": reason}
    )


def well(creditor: Creditor, account: str, how: str) -> None:
    if how == "revoked":
        mandate = {"mandate": {"reference": "M-9", "signedOn": "2025-06-01", "creditorIdentifier": SEPA["creditorIdentifier"]}}
        held = {"ident": account, "debtorIdent": "muster-handel", "merchantPaymentGatewayIdent": "main"}
        creditor.call(
            "PUT", f"/v2/customer-payment-accounts/{account}", {**held, "accountHolderName": "Muster Handel GmbH", **mandate}
        )
    else:
        health(creditor, account, "HEALTHY")


@pytest.mark.parametrize("how", ["revoked", "unhealthy"])
@pytest.mark.parametrize("way", ["SEPA_FILE", "SIMULATED"])
def test_what_waits_is_not_handed_on_by_an_account_that_broke(
    way: str, how: str, furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]
) -> None:
    """It is cancelled and says why; the task waits, and goes on when the account works again."""
    creditor = Creditor(furnished, client, bearer(furnished)).furnish(way)
    creditor.turn(this_day())
    signed = {"reference": "M-1", "signedOn": "2025-05-01", "creditorIdentifier": SEPA["creditorIdentifier"]}
    account = creditor.account(None, iban="DE02120300000000202051", bic="BYLADEM1001", mandate=signed)
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    unwell(creditor, account, how)
    hand_on(creditor, way)
    why = (
        "The mandate M-1 is revoked."
        if how == "revoked"
        else f"The customer's payment account '{account}' does not work: closed by its holder."
    )
    (intent,) = creditor.intents()
    assert (intent["status"], intent["reason"], under_way(creditor, invoice)) == ("CANCELLED", why, [])
    assert creditor.collect().intents == 0
    (task,) = creditor.tasks()
    assert (task["status"], task["reason"]) == ("ENABLED", why)
    well(creditor, account, how)
    assert creditor.collect().intents == 1
    hand_on(creditor, way)
    assert sorted(it["status"] for it in creditor.intents()) == ["CANCELLED", "PROCESSING" if way == "SEPA_FILE" else "SUCCESSFUL"]
    creditor.sound()


def test_what_waits_behind_broken_accounts_is_handed_on(collecting: Creditor) -> None:
    """However many are before it."""
    account = collecting.account()
    for _ in range(AT_ONCE_MOST + 1):
        collecting.document(**AT_ONCE)
    assert collecting.collect().intents == AT_ONCE_MOST + 1
    unwell(collecting, account, "unhealthy")
    collecting.account()
    collecting.document(**AT_ONCE)
    collecting.collect()
    collecting.submit()
    assert sorted({it["status"] for it in collecting.intents()}) == ["CANCELLED", "SUCCESSFUL"]
    collecting.sound()


def hand_on(creditor: Creditor, way: str) -> None:
    if way == "SEPA_FILE":
        creditor.write()
    else:
        creditor.submit()


# a return that is told later


@pytest.mark.parametrize(
    ("code", "status", "retried", "health"),
    [("AM04", "FAILED", True, "HEALTHY"), ("AC04", "FAILED", False, "UNHEALTHY"), ("MD01", "FAILED", False, "HEALTHY")],
)
def test_why_an_assigned_debit_came_back_is_kept_when_it_is_told_later(
    by_file: Creditor, code: str, status: str, retried: bool, health: str
) -> None:
    invoice = by_file.document(**AT_ONCE)
    by_file.collect()
    by_file.write()
    by_file.turn(after(3))
    key = intent_of(by_file, invoice)["attempts"][-1]["endToEndIdent"]
    reader = Reader(by_file)
    said = {"end_to_end": key, "name": "Muster"}
    collected = BankPaper(D(0), this_day(), [BankLine(D(119), this_day(), "Einzug", reference="B1", **said)], OUR_IBAN)
    reader.take(collected.camt("camt.053.001.08"))
    assert by_file.case(invoice)["balance"] == 0
    paper = BankPaper(D(119), this_day(), [BankLine(D(-119), this_day(), "Belastung", reference="B2", **said)], OUR_IBAN)
    reader.take(paper.camt("camt.053.001.08"))
    (debit,) = [it for it in reader.payments() if it.signed < 0]
    body = {"paymentIdent": debit.ident, "targetIdent": invoice, "amount": 119}
    by_file.call("POST", "/v2/payment-assignments", body, 201)
    assert (by_file.case(invoice)["balance"], intent_of(by_file, invoice)["status"]) == (119, "SUCCESSFUL")
    for _ in range(2):  # told twice it is the same
        told = BankPaper(
            D(0), this_day(), [BankLine(D(-119), this_day(), "Belastung", reference="B2", reason=code, **said)], OUR_IBAN
        )
        reader.take(told.camt("camt.054.001.08", balances=False))
    shown = by_file.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{debit.ident}")
    assert (shown["returnInformation"]["reasonCode"], shown["status"], shown["baseAmount"]["amount"]) == (code, "ASSIGNED", 119)
    intent = intent_of(by_file, invoice)
    assert (intent["status"], "retryDate" in intent, intent["reason"][:4]) == (status, retried, code)
    account = by_file.call("GET", "/v2/customer-payment-accounts/account-1")
    assert (account["healthStatus"], account["mandateStatus"]) == (health, "REVOKED" if code == "MD01" else "ACTIVE")
    assert by_file.case(invoice)["balance"] == 119
    by_file.sound()


@pytest.mark.parametrize("return_first", [False, True])
def test_a_debit_of_what_was_paid_otherwise_meets_its_return(collecting: Creditor, return_first: bool) -> None:
    """Nothing of it was assigned: neither waits, and the customer owes nothing and has nothing that is not put anywhere."""
    invoice, intent = debited(collecting)
    collecting.pay("119.00", invoice)
    before = collecting.sums()
    if return_first:
        back, paid = returned(collecting, intent), booked(collecting, intent)
    else:
        paid, back = booked(collecting, intent), returned(collecting, intent)
    path = "/v2/merchant-payment-accounts/bank/payments"
    for it in (paid, back):
        now = collecting.call("GET", f"{path}/{it['paymentIdent']}")
        assert (now["status"], now.get("reason")) == ("ASSIGNED", None)
        offered = collecting.call("GET", f"/v2/payments/{it['paymentIdent']}/suggestions")["suggestions"]
        assert "OPEN" not in {offer["status"] for offer in offered}
    assert (collecting.case(invoice)["balance"], collecting.sums()) == (0, before)
    collecting.sound()
