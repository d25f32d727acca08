"""Files for banks: what waits goes out once, what the bank refuses is released and booked nowhere."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

from contor.kernel.days import next_target_day

D = Decimal
NOTICE_OF_TEN: dict[str, Any] = {
    "debtorIdent": "muster-handel",
    "merchantPaymentGatewayIdent": "main",
    "accountHolderName": "Muster Handel GmbH",
    "mandate": {"reference": "M-1", "signedOn": "2025-05-01", "preNotificationDays": 10},
}
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.take_parts()
    made.mandate()
    return made


def found(content: bytes, path: str) -> list[str]:
    names = {"p": etree.QName(etree.fromstring(content)).namespace}
    return [str(element.text) for element in etree.fromstring(content).findall(path, names)]


def collected(creditor: Creditor, many: int) -> tuple[list[str], str]:
    """So many invoices in one file."""
    invoices = [creditor.document(**AT_ONCE) for _ in range(many)]
    assert creditor.collect().intents == many
    wrote = creditor.write()
    assert (wrote.transactions, wrote.left_out, len(wrote.files)) == (many, 0, 1)
    return invoices, wrote.files[0]


def key_of(creditor: Creditor, invoice: str) -> str:
    (intent,) = creditor.intents(f"&search=documentIdent=={invoice}") or [None]
    return str(creditor.intent(intent["paymentIntentIdent"])["attempts"][-1]["endToEndIdent"])


def test_what_is_due_goes_out_once(creditor: Creditor) -> None:
    """M36: a second run has 0 transactions, a second intent is refused."""
    invoices, file = collected(creditor, 3)
    content = creditor.file(file)
    assert found(content, ".//p:GrpHdr/p:MsgId") == [file]
    assert found(content, ".//p:GrpHdr/p:NbOfTxs") == ["3"]
    assert found(content, ".//p:GrpHdr/p:CtrlSum") == ["357.00"]
    assert sorted(found(content, ".//p:DrctDbtTxInf/p:RmtInf/p:Ustrd")) == invoices
    shown = creditor.call("GET", f"/v2/payment-files/{file}")
    assert (shown["status"], shown["kind"], shown["transactions"], shown["total"]) == ("CREATED", "CORE", 3, 357)
    assert creditor.collect().intents == 0
    assert creditor.write() == ((), 0, 0, 0)
    assert "already being collected" in str(creditor.intend(invoices[0], 409))
    assert creditor.case(invoices[0])["prebookedItems"][0]["amount"] == 119
    account = creditor.call("GET", "/v2/customer-payment-accounts/account-1")
    assert account["lastPresentedOn"] == creditor.intents()[0]["attempts"][0]["collectedOn"]
    creditor.sound()


def test_m11_our_files_transactions_settle_by_their_references(creditor: Creditor) -> None:
    """M11: the five transactions behind a batch are known, and each closes its case."""
    from contor.payments.sent import transactions_sent

    invoices, file = collected(creditor, 5)
    with creditor.tenant.runtime.transaction(creditor.tenant.caller(), reads=True) as uow:
        sent = transactions_sent(uow, [file])
    assert [(it.amount, it.currency, it.mandate_reference, it.counterpart_name) for it in sent] == [
        (D(119), "EUR", "M-1", "Muster Handel GmbH")
    ] * 5
    assert sorted(it.document_ident for it in sent) == sorted(invoices)
    for it in sent:
        creditor.pay("119.00", it.document_ident, endToEndIdent=it.end_to_end_ident)
    assert {creditor.case(invoice)["status"] for invoice in invoices} == {"CLOSED"}
    assert {(it["status"], it["prebooked"]) for it in creditor.intents()} == {("SUCCESSFUL", False)}
    creditor.sound()


@pytest.mark.parametrize(
    ("report", "rejected"),
    [
        ({"status": "RJCT"}, 3),
        ({"group": "{group}", "group_status": "RJCT"}, 3),
        ({"group": "{group}", "group_status": "PART", "transactions": [("{key}", "RJCT", "AC04")]}, 1),
        ({"group": "{group}", "transactions": [("{key}", "ACSC", None)]}, 0),
        ({"status": "ACTC"}, 0),
        ({"status": "PDNG"}, 0),
    ],
)
def test_a_rejection_releases_and_books_nothing(creditor: Creditor, report: dict[str, Any], rejected: int) -> None:
    invoices, file = collected(creditor, 3)
    group = found(creditor.file(file), ".//p:PmtInf/p:PmtInfId")[0]
    key = key_of(creditor, invoices[0])
    said = {
        name: value.format(group=group) if isinstance(value, str) else [(key, it[1], it[2]) for it in value]
        for name, value in report.items()
    }
    before = creditor.sums()
    answer = creditor.report(a_report("B-1", file, **said))
    assert (answer["rejected"], answer["readBefore"]) == (rejected, False)
    assert creditor.sums() == before
    assert creditor.call("GET", f"/v2/payment-files/{file}")["status"] == ("REJECTED" if rejected == 3 else "ANSWERED")
    open_ = [invoice for invoice in invoices if not creditor.case(invoice)["prebookedItems"]]
    assert len(open_) == rejected
    again = creditor.report(a_report("B-1", file, **said))
    assert (again["rejected"], again["readBefore"]) == (rejected, True)
    assert [it["status"] for it in creditor.intents()].count("FAILED") == rejected
    creditor.sound()


def test_a_report_about_another_file_is_refused(creditor: Creditor) -> None:
    assert "no such file was written" in str(creditor.report(a_report("B-1", "unknown", status="RJCT"), 400))
    assert "is no XML" in str(creditor.report(b"<Document", 400))
    creditor.sound()


def test_m37_what_does_not_fit_is_named_and_left_out(creditor: Creditor) -> None:
    """M37's side of the intent: it fails, says why, and promises nothing; the rest is written."""
    creditor.mandate("M-2", accountHolderName="N" * 72)
    good, bad = creditor.document(**AT_ONCE), creditor.document(**AT_ONCE)
    creditor.intend(good, customerPaymentAccountIdent="account-1")
    creditor.intend(bad, customerPaymentAccountIdent="account-2")
    wrote = creditor.write()
    assert (wrote.transactions, wrote.left_out) == (1, 1)
    failed = next(it for it in creditor.intents() if it["documentIdent"] == bad)
    assert (failed["status"], failed["prebooked"], failed["attempts"]) == ("FAILED", False, [])
    assert "70" in failed["reason"]
    assert creditor.case(bad)["prebookedItems"] == []
    creditor.sound()


def test_the_customer_is_told_before(creditor: Creditor) -> None:
    """Money 2.5: too short a notice moves the day, and the intent says when."""
    mandate = {"reference": "M-3", "signedOn": "2025-05-01", "preNotificationDays": 30}
    creditor.account(None, iban="DE02120300000000202051", bic="BYLADEM1001", mandate=mandate)
    invoice = creditor.document(**AT_ONCE)
    told = creditor.call("GET", f"/v2/documents/{invoice}")
    day = next_target_day(dt.date.fromisoformat(day_here()) + dt.timedelta(days=30))
    assert told["collectionDate"] == day.isoformat()
    assert "30 days lie between telling the customer" in told["collectionReason"]
    shown = creditor.intend(invoice, customerPaymentAccountIdent="account-2")
    assert (shown["dueDate"], "(pre-notification)" in shown["reason"]) == (day.isoformat(), True)
    assert creditor.write() == ((), 0, 0, 0)
    assert creditor.case(invoice)["collectionReason"] == told["collectionReason"]
    creditor.turn(day - dt.timedelta(days=10))
    (file,) = creditor.write().files
    assert found(creditor.file(file), ".//p:PmtInf/p:ReqdColltnDt") == [day.isoformat()]
    creditor.sound()


@pytest.mark.parametrize("collect", [True, False])
def test_who_was_told_of_no_debit_is_collected_from_after_a_notice_of_its_own(creditor: Creditor, collect: bool) -> None:
    """The document asks for a transfer: there was no account when it was issued, or nobody wanted to collect. Then the intent says on which
    day it is, and that a person tells the customer; the period begins with that, not with the document."""
    issued = dt.date.fromisoformat(day_here())
    creditor.turn(issued)
    creditor.call("POST", "/v2/customer-payment-accounts/account-1/actions/revoke-mandate", {})
    invoice = creditor.document(**{**AT_ONCE, "paymentCollection": {"collect": collect}})
    assert "collectionDate" not in creditor.call("GET", f"/v2/documents/{invoice}")
    mandate = {"reference": "M-3", "signedOn": "2025-05-01", "preNotificationDays": 30}
    creditor.account(None, iban="DE02120300000000202051", bic="BYLADEM1001", mandate=mandate)
    told_on = issued + dt.timedelta(days=8)
    creditor.turn(told_on)
    if collect:
        assert creditor.collect().intents == 1
        (intent,) = creditor.intents()
    else:
        intent = creditor.intend(invoice)
    day = next_target_day(told_on + dt.timedelta(days=30))
    notice = (
        f"{invoice} announces no debit: tell the customer on {told_on} that 119.00 EUR are collected on {day} by the mandate M-3 of the"
        f" creditor DE98ZZZ09999999999, for nobody else does."
    )
    assert intent["dueDate"] == day.isoformat()
    assert intent["reason"].startswith(notice)
    assert f"30 days lie between telling the customer, on {told_on}, and the collection (pre-notification)" in intent["reason"]
    (item,) = creditor.case(invoice)["prebookedItems"]
    assert (item["bookedOn"], item["note"].startswith(notice)) == (day.isoformat(), True)
    assert creditor.write() == ((), 0, 0, 0)
    creditor.turn(day - dt.timedelta(days=5))
    (file,) = creditor.write().files
    assert found(creditor.file(file), ".//p:PmtInf/p:ReqdColltnDt") == [day.isoformat()]
    creditor.sound()


def test_who_was_to_be_told_of_a_day_is_told_of_a_later_one(creditor: Creditor) -> None:
    creditor.turn(dt.date.fromisoformat(day_here()))
    shown = creditor.intend(creditor.document(paymentTerm={"periodInDays": 0}))
    creditor.turn(dt.date.fromisoformat(shown["dueDate"]), hour=15)
    assert creditor.write().transactions == 1
    reason = creditor.intent(shown["paymentIntentIdent"])["reason"]
    assert f"The customer was to be told that it is {shown['dueDate']}: tell him the later day." in reason
    creditor.sound()


def test_the_file_says_the_day_that_the_document_announces(creditor: Creditor) -> None:
    """Also where the account's settings change meanwhile; a file that comes too late says a later day, and why."""
    early, late = creditor.document(**AT_ONCE), creditor.document(**AT_ONCE)
    announced = creditor.call("GET", f"/v2/documents/{early}")["collectionDate"]
    bank = creditor.call("GET", "/v2/merchant-payment-accounts/bank")
    creditor.call("PUT", "/v2/merchant-payment-accounts/bank", {**bank, "sepa": {**bank["sepa"], "preNotificationDays": 30}})
    creditor.intend(early)
    (file,) = creditor.write().files
    assert found(creditor.file(file), ".//p:PmtInf/p:ReqdColltnDt") == [announced]
    day = dt.date.fromisoformat(announced)
    creditor.turn(day, hour=15)
    ident = creditor.intend(late)["paymentIntentIdent"]
    (file,) = creditor.write().files
    said = found(creditor.file(file), ".//p:PmtInf/p:ReqdColltnDt")
    assert said == [next_target_day(day + dt.timedelta(days=1), 1).isoformat()]
    reason = creditor.intent(ident)["reason"]
    assert f"The customer was told that it is {announced}: tell him the later day." in reason
    assert "until 12:00 (cut-off)" in reason
    creditor.sound()


def test_an_intent_never_collects_before_the_announced_day(creditor: Creditor) -> None:
    creditor.call("PUT", "/v2/customer-payment-accounts/account-1", NOTICE_OF_TEN)
    invoice = creditor.document(**AT_ONCE)
    announced = creditor.call("GET", f"/v2/documents/{invoice}")["collectionDate"]
    assert announced >= (dt.date.fromisoformat(day_here()) + dt.timedelta(days=10)).isoformat()
    shown = creditor.intend(invoice, dueDate=(dt.date.fromisoformat(day_here()) + dt.timedelta(days=1)).isoformat())
    (file,) = creditor.write().files
    assert found(creditor.file(file), ".//p:PmtInf/p:ReqdColltnDt") == [announced]
    assert "told of a later day" in creditor.intent(shown["paymentIntentIdent"])["reason"]
    creditor.sound()


def test_what_the_bank_should_have_answered_is_late(creditor: Creditor) -> None:
    """A file that nobody gave to the bank, and a debit that the bank neither booked nor refused, are listed by name."""
    (invoice,), file = collected(creditor, 1)
    waits = creditor.call("GET", f"/v2/payment-files/{file}")
    assert (waits["late"], waits["expectedBy"] <= creditor.intents()[0]["attempts"][0]["collectedOn"]) == (False, True)
    assert "confirm" in waits["reason"]
    assert creditor.call("GET", "/v2/payment-files?search=late==true").get("_embedded", []) == []
    on = dt.date.fromisoformat(creditor.intents()[0]["attempts"][0]["collectedOn"])
    creditor.turn(on)
    (late,) = creditor.call("GET", "/v2/payment-files?search=late==true")["_embedded"]
    assert (late["paymentFileIdent"], late["late"], "Late" in late["reason"]) == (file, True, True)
    assert creditor.intents("&search=late==true") == []
    sent = creditor.call("POST", f"/v2/payment-files/{file}/actions/confirm")
    assert (sent["late"], sent.get("expectedBy"), sent.get("reason")) == (False, None, None)
    expected = next_target_day(on, 5)
    (shown,) = creditor.intents()
    assert (shown["expectedBy"], shown["late"]) == (expected.isoformat(), False)
    assert file in shown["reason"]
    creditor.turn(expected)
    assert creditor.intents("&search=late==true") == []
    creditor.turn(expected + dt.timedelta(days=1))
    (shown,) = creditor.intents("&search=late==true")
    assert (shown["documentIdent"], shown["late"], "Late:" in shown["reason"]) == (invoice, True, True)
    assert len(creditor.intents(f"&search=expectedBy=lt={expected + dt.timedelta(days=1)}")) == 1
    creditor.pay("119.00", invoice, endToEndIdent=shown["attempts"][0]["endToEndIdent"])
    assert creditor.intents("&search=late==true") == []
    assert "expectedBy" not in creditor.intents()[0]
    creditor.sound()


def test_every_status_says_what_it_waits_for(creditor: Creditor) -> None:
    creditor.call("POST", "/v2/payment-intents/actions/enable", {"enabled": False})
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    assert "switched off" in creditor.intent(ident)["reason"]
    creditor.call("POST", "/v2/payment-intents/actions/enable", {"enabled": True})
    assert "goes out in a file" in creditor.intent(ident)["reason"]
    creditor.write()
    assert "expected by" in creditor.intent(ident)["reason"]
    creditor.sound()


def test_a_return_after_the_booking_and_the_next_try(creditor: Creditor) -> None:
    """M12's side: the case is in collection no more, and by AM04 it is tried again in a new file."""
    invoices, _ = collected(creditor, 1)
    key = key_of(creditor, invoices[0])
    creditor.pay("119.00", invoices[0], endToEndIdent=key)
    creditor.pay("119.00", "return", creditDebitIndicator="DEBIT", endToEndIdent=key, returnInformation={"reasonCode": "AM04"})
    (intent,) = creditor.intents()
    assert (intent["status"], intent["prebooked"]) == ("FAILED", False)
    assert intent["retryDate"] == (dt.date.fromisoformat(day_here()) + dt.timedelta(days=3)).isoformat()
    creditor.sound()


def test_a_payout_is_a_transfer(creditor: Creditor) -> None:
    invoice = creditor.document(**AT_ONCE)
    creditor.pay("119.00", invoice)
    memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice)
    creditor.intend(memo, dueDate=day_here())
    wrote = creditor.write()
    assert wrote.transactions == 1
    content = creditor.file(wrote.files[0])
    assert found(content, ".//p:CdtTrfTxInf/p:Amt/p:InstdAmt") == ["59.50"]
    key = key_of(creditor, memo)
    before = creditor.sums()
    paid = creditor.pay("59.50", "", creditDebitIndicator="DEBIT", endToEndIdent=key)
    assert paid["status"] == "ASSIGNED"
    case = creditor.case(memo)
    assert (case["balance"], case["status"], case["prebookedItems"]) == (0, "CLOSED", [])
    moved = {account: amount - before.get(account, D(0)) for account, amount in creditor.sums().items()}
    assert moved[1200] == D("-59.50")
    assert (before[10000], creditor.sums().get(10000)) == (D("-59.50"), None)
    (decision,) = creditor.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    assert (decision["rule"], decision["numbers"]) == ("OWN_REFERENCE", [memo])
    creditor.sound()
    # it comes back: what is owed is owed again, and the payout has failed
    back = creditor.pay("59.50", "", endToEndIdent=key, returnInformation={"reasonCode": "AC01"})
    assert back["status"] == "ASSIGNED"
    assert (creditor.case(memo)["balance"], creditor.case(memo)["balanceDebitCreditIndicator"]) == (59.5, "CREDIT")
    assert [it["status"] for it in creditor.intents(f"&search=documentIdent=={memo}")] == ["FAILED"]
    creditor.sound()


def test_given_to_the_bank_once(creditor: Creditor) -> None:
    _, file = collected(creditor, 1)
    assert creditor.call("POST", f"/v2/payment-files/{file}/actions/confirm")["status"] == "SENT"
    creditor.call("POST", f"/v2/payment-files/{file}/actions/confirm", status=400)
    creditor.sound()
    with creditor.tenant.runtime.transaction(creditor.tenant.caller()) as uow:
        uow.run("UPDATE payment_file SET expected_by = created_at")
    assert "payments.a_file_holds_its_attempts" in {found.check for found in creditor.tenant.broken()}


def test_a_held_tenant_writes_nothing(creditor: Creditor) -> None:
    creditor.call("POST", "/v2/payment-intents/actions/enable", {"enabled": False})
    creditor.document(**AT_ONCE)
    assert creditor.collect().planned == 1
    assert [it["status"] for it in creditor.tasks()] == ["WAITING"]
    assert creditor.write().transactions == 0
    creditor.call("POST", "/v2/payment-intent-tasks/actions/enable")
    assert creditor.collect().intents == 1
    assert creditor.write().transactions == 0
    creditor.call("POST", "/v2/payment-intents/actions/enable")
    assert creditor.write().transactions == 1
    creditor.sound()
