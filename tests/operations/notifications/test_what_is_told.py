"""What is told of each thing: one notification of each type, written with what caused it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.bodies import ADDRESS, CUSTOMER
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, TERM, a_contract
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.desks import ORDERS, a_line
from tests.factories.reminding import Reminding
from tests.factories.settlements import Settled
from tests.factories.telling import Telling

from contor.documents.after import ArchiveDocuments, archive
from contor.kernel.operations import Operation
from contor.notifications.kinds import TYPES
from contor.notifications.terms import TellTerms, tell_terms
from contor.runtime.uow import Uow

SOMEWHERE = "https://receiver.example.com/"
ELSEWHERE = {
    "accountNumber": 1599,
    "currency": "EUR",
    "accountType": "ASSET",
    "name": "Closed elsewhere",
    "role": "EXTERNAL_CLOSED",
    "oposAccount": True,
}
NOON = dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC)


@pytest.fixture
def telling(company: Telling) -> Telling:
    """Everything is written, nothing is sent."""
    company.route(SOMEWHERE, status="PAUSED")
    return company


def types(telling: Telling) -> list[str]:
    return [one["type"] for one in telling.told()]


def said(one: Any) -> Any:
    """What it says beside what every notification says."""
    common = ("notificationType", "tenantId", "notification_type", "business_client_id", "timestamp")
    return {name: value for name, value in one["payload"].items() if name not in common}


def as_other(telling: Telling, kind: Callable[..., Any]) -> Any:
    """The same company, doing something else."""
    return kind(telling.tenant, telling.client, telling.headers)


def test_customers_and_addresses(telling: Telling) -> None:
    telling.call("POST", "/v2/customers", CUSTOMER, 201)
    telling.call("POST", "/v2/customers/c-1/addresses", {**ADDRESS, "addressIdent": "a-2"}, 201)
    telling.call("PUT", "/v2/customers/c-1/addresses/a-2", {**ADDRESS, "addressIdent": "a-2", "city": "Potsdam"})
    telling.touch()
    who = {"customerIdent": "c-1", "debtorIdent": "c-1"}
    assert [(one["type"], one["subject"], said(one)) for one in telling.told()] == [
        ("customer.created", "customer:c-1", who),
        ("address.created", "customer:c-1", {**who, "addressIdent": "a-1"}),
        ("address.created", "customer:c-1", {**who, "addressIdent": "a-2"}),
        ("address.updated", "customer:c-1", {**who, "addressIdent": "a-2"}),
        ("customer.updated", "customer:muster-handel", {"customerIdent": "muster-handel", "debtorIdent": "muster-handel"}),
    ]


def test_what_every_notification_says(telling: Telling) -> None:
    telling.tenant.turn_clock(NOON)
    telling.touch()
    telling.document()
    common = {"timestamp": int(NOON.timestamp())}
    first, second = [one["payload"] for one in telling.told()]
    camel = {"notificationType": "customer.updated", "tenantId": telling.tenant.id, **common}
    snake = {"notification_type": "invoice.created", "business_client_id": telling.tenant.id, **common}
    assert camel.items() <= first.items()
    assert snake.items() <= second.items()


def test_documents_their_files_and_what_is_outstanding(telling: Telling) -> None:
    telling.tenant.turn_clock(NOON)
    ident = telling.document(paymentTerm={"periodInDays": 14}, properties=[{"key": "reason", "value": "agreed"}])
    ((number,),) = telling.tenant.rows("SELECT id FROM document")
    telling.tenant.execute(archive, ArchiveDocuments(document_ids=(number,)))
    telling.open_bank()
    telling.take_parts()
    telling.pay("19.00", ident, bookingDate="2026-05-10")
    files = {file["type"]: file for file in telling.call("GET", f"/v2/documents/{ident}")["files"]}
    of_document = [one for one in telling.told() if one["subject"] == f"document:{number}"]
    assert [one["type"] for one in of_document] == [
        "invoice.created",
        "invoice.archived",
        *["documentAttachment.archived"] * 2,
        "invoice.updated",
    ]
    created, archived, *attached, updated = map(said, of_document)
    assert created == {
        "invoice_ident": ident,
        "invoice_id": number,
        "reference_ident": None,
        "invoice_origin_references": [],
        "debtor_ident": "muster-handel",
        "customer_ident": "muster-handel",
        "type": "INVOICE",
        "status": "CREATED",
        "next_status_timestamp": int(dt.datetime(2026, 5, 24, 22, tzinfo=dt.UTC).timestamp()),
        "outstanding": 119.00,
        "invoice_total_exclusive_vat": 100.00,
        "invoice_total_vat": 19.00,
        "invoice_total_inclusive_vat": 119.00,
        "currency": "EUR",
        "order_date": None,
        "invoice_date": "2026-05-10",
        "business_segment_ident": None,
        "business_segment_idents": [],
        "document_reason": "agreed",
        "related_invoice_ident": None,
    }
    assert archived == {**created, "status": "COMPLETED"}
    sent = telling.client.get("/v2/notifications?search=type==invoice.*", headers=telling.headers).text
    assert (sent.count('"outstanding":119.00,'), sent.count('"outstanding":100.00,')) == (2, 1)
    assert updated == {**created, "status": "COMPLETED", "outstanding": 100.00}
    assert {one["attachmentType"]: one["attachmentIdent"] for one in attached} == {
        kind: file["fileIdent"] for kind, file in files.items() if kind != "PDF"
    }
    telling.pay("100.00", ident, bookingDate="2026-05-10")
    last = said(telling.told("type==invoice.updated")[-1])
    assert (last["outstanding"], last["next_status_timestamp"]) == (0.00, None)


def test_orders_and_what_is_billed_of_them(telling: Telling) -> None:
    telling.tenant.turn_clock(NOON)
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()]}
    telling.call("POST", ORDERS, body, 201)
    telling.call("POST", f"{ORDERS}/o-1/lineItems", [a_line("l-2")], 201)
    telling.call("POST", "/v2/billing-runs", {}, 201)
    telling.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    told = telling.told("subject==order:o-1")
    assert [one["type"] for one in told] == ["order.created", "order.updated", "order.cancelled"]
    assert said(told[0]) == {
        "orderIdent": "o-1",
        "customerIdent": "muster-handel",
        "businessSegmentIdent": telling.call("GET", f"{ORDERS}/o-1")["businessSegmentIdent"],
    }


@pytest.fixture
def selling(telling: Telling) -> Telling:
    telling.tenant.turn_clock(NOON)
    telling.call("POST", OPTIONS, {**OPTION, "status": "FINAL"}, 201)
    telling.call("POST", PLANS, {**PLAN, "phases": [{**PHASE, **TERM}]}, 201)
    return telling


def test_contracts_from_their_beginning_to_their_end(selling: Telling) -> None:
    selling.call("POST", CONTRACTS, a_contract(), 201)
    pending = {name: value for name, value in a_contract("v-2").items() if name != "startDate"}
    selling.call("POST", CONTRACTS, pending, 201)
    selling.call("POST", f"{CONTRACTS}/v-2/actions/activate", {"startDate": "2026-05-01"}, 204)
    selling.call("POST", f"{CONTRACTS}/v-1/actions/terminate", {})
    selling.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {})
    selling.call("POST", CONTRACTS, a_contract("v-3"), 201)
    selling.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-3"]}, 204)
    by_subject = {ident: selling.told(f"subject==contract:{ident}") for ident in ("v-1", "v-2", "v-3")}
    assert {ident: [one["type"] for one in found] for ident, found in by_subject.items()} == {
        "v-1": ["contract.created", "contract.started", "contract.terminated"],
        "v-2": ["contract.created", "contract.updated", "contract.started", "contract.cancelled"],
        "v-3": ["contract.created", "contract.started", "contract.cancelled"],
    }
    ended = said(by_subject["v-1"][-1])
    assert (ended["startDate"], ended["endDate"], ended["endKind"]) == ("2026-05-01", "2027-04-30", "ORDINARY")


def test_terms_that_begin_anew_and_contracts_that_are_over(selling: Telling) -> None:
    for ident in ("v-1", "v-2", "v-3"):
        selling.call("POST", CONTRACTS, a_contract(ident), 201)
    selling.call("POST", f"{CONTRACTS}/v-2/actions/terminate", {})

    def told(day: dt.date) -> list[tuple[str, str]]:
        selling.tenant.turn_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))
        while selling.tenant.execute(tell_terms, TellTerms(limit=2)):
            pass
        rows = selling.tenant.rows("SELECT type, subject FROM notification WHERE type IN ('contract.renewed', 'contract.expired')")
        return sorted((row.type, row.subject) for row in rows)

    assert told(dt.date(2027, 4, 30)) == []
    first = [("contract.expired", "contract:v-2"), ("contract.renewed", "contract:v-1"), ("contract.renewed", "contract:v-3")]
    assert told(dt.date(2027, 5, 1)) == told(dt.date(2027, 5, 2)) == first
    assert len(told(dt.date(2029, 6, 1))) == 5, "after a long time once, not once for each term"
    assert told(dt.date(2027, 5, 1)) == told(dt.date(2029, 6, 1)), "a clock that is turned back tells nothing again"


def test_money_that_is_put_to_open_items_and_taken_back(telling: Telling) -> None:
    ident = telling.document()
    telling.open_bank()
    telling.pay("119.00", ident)
    (assignment,) = telling.call("GET", "/v2/payment-assignments")["_embedded"]
    telling.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")
    processed, reversed_ = (telling.one(f"paymentAssignment.{what}") for what in ("processed", "reversed"))
    assert processed["subject"] == reversed_["subject"] == f"payment:{assignment['paymentIdent']}"
    assert said(processed) == {
        "paymentAssignmentIdent": assignment["paymentAssignmentIdent"],
        "paymentIdent": assignment["paymentIdent"],
        "merchantPaymentAccountIdent": "bank",
        "amount": {"amount": 119.00, "currency": "EUR"},
        "debitCreditIndicator": "CREDIT",
        "oposCaseIdents": [ident],
        "documentIdents": [ident],
        "customerIdents": ["muster-handel"],
    }


def test_results_of_intents(telling: Telling) -> None:
    creditor: Creditor = as_other(telling, Creditor).furnish()
    creditor.account("ok")
    paid = creditor.document(**AT_ONCE)
    creditor.intend(paid, paymentIntentIdent="i-1")
    creditor.submit()
    told = said(telling.one("paymentintent.result"))
    assert told == {
        "paymentIntentIdent": "i-1",
        "type": "CHARGE",
        "status": "SUCCESSFUL",
        "amount": {"amount": 119.00, "currency": "EUR"},
        "documentIdent": paid,
        "customerIdent": "muster-handel",
        "customerPaymentAccountIdent": "account-1",
        "retryIdent": None,
        "lastRetry": False,
        "retryDate": None,
        "errorCode": None,
        "errorMessage": None,
        "retryAdvice": None,
    }


def test_an_intent_that_failed_says_why_and_whether_it_is_tried_again(telling: Telling) -> None:
    creditor: Creditor = as_other(telling, Creditor).furnish()
    creditor.account("fail-AM04")
    creditor.intend(creditor.document(**AT_ONCE), paymentIntentIdent="i-1")
    creditor.submit()
    told = said(telling.one("paymentintent.result"))
    intent = creditor.intent("i-1")
    assert (told["status"], told["errorCode"]) == ("FAILED", intent["attempts"][-1]["reasonCode"])
    retry = intent.get("retryDate")
    assert (told["retryDate"], told["lastRetry"]) == (retry, retry is None)
    assert (told["retryIdent"], told["retryAdvice"]) == (("i-1", "RETRY") if retry else (None, "DO_NOT_RETRY"))


@pytest.mark.parametrize(
    ("kind", "type"),
    [
        ("DISCOUNT", "oposCaseDecision.discount"),
        ("CASH_DISCOUNT", "oposCaseDecision.cashDiscount"),
        ("BANK_FEE", "oposCaseDecision.bankFee"),
        ("UNCOLLECTABLE_RECEIVABLE", "oposCaseDecision.uncollectableReceivable"),
        ("DOUBTFUL_RECEIVABLE", "oposCaseDecision.doubtfulReceivable"),
        ("EXTERNAL_CLOSED", "oposCaseDecision.externalClosed"),
    ],
)
def test_decisions_and_what_takes_them_back(telling: Telling, kind: str, type: str) -> None:
    if kind == "EXTERNAL_CLOSED":
        telling.call("POST", "/v2/bookingAccounts", ELSEWHERE, 201)
    ident = telling.document()
    decided = telling.call("POST", f"/v2/opos-cases/{ident}/decisions", {"type": kind, "note": "agreed"}, 201)
    counter = telling.call("POST", f"/v2/opos-cases/{ident}/decisions/{decided['ident']}/actions/revert")
    first, second = telling.one(type), telling.one("oposCaseDecision.reversion")
    assert first["subject"] == second["subject"] == f"case:{ident}"
    assert said(first) == {
        "oposCaseIdent": ident,
        "ident": decided["ident"],
        "type": kind,
        "amount": {"amount": decided["amount"], "currency": "EUR"},
        "debitCreditIndicator": "CREDIT",
        "reversionTargetIdent": None,
        "customerIdent": "muster-handel",
        "note": "agreed",
    }
    assert (said(second)["ident"], said(second)["reversionTargetIdent"]) == (counter["ident"], decided["ident"])


def test_what_is_paid_too_much_and_kept(telling: Telling) -> None:
    ident = telling.document()
    telling.open_bank()
    telling.take_parts()
    telling.pay("120.00", ident)
    telling.call("POST", f"/v2/opos-cases/{ident}/decisions", {"type": "OTHER_REVENUE"}, 201)
    told = said(telling.one("oposCaseDecision.otherRevenue"))
    assert (told["amount"], told["debitCreditIndicator"]) == ({"amount": 1.00, "currency": "EUR"}, "DEBIT")


def test_dunning_letters_and_their_files(telling: Telling) -> None:
    reminding: Reminding = as_other(telling, Reminding)
    reminding.turn("2026-01-05")
    ident = reminding.document(paymentTerm={"periodInDays": 14})
    reminding.duns()
    reminding.turn("2026-03-01")
    reminding.run()
    reminding.file_all()
    (letter,) = reminding.letters()
    created, archived = said(telling.one("dunning.created")), said(telling.one("dunning.archived"))
    assert (
        created
        == archived
        == {
            "dunningLetterIdent": letter["letterIdent"],
            "customerIdent": "muster-handel",
            "level": 1,
            "letterDate": "2026-03-01",
            "payUntil": letter["payUntil"],
            "outstanding": {"amount": 119.00, "currency": "EUR"},
            "demand": {"amount": letter["demand"], "currency": "EUR"},
            "documentIdents": [ident],
        }
    )
    attached = said(telling.one("documentAttachment.archived"))
    assert (attached["documentIdent"], attached["attachmentType"]) == (ident, "DUNNING_LETTER")


def test_settlement_reports(telling: Telling) -> None:
    settled: Settled = as_other(telling, Settled)
    settled.open_bank()
    settled.open_provider()
    report = settled.begin("100.00")
    settled.add(report, "PAYMENT", "100.00")
    assert said(telling.one("settlementReport.processed")) == {"settlementReportIdent": report}


# --- what is written down, and when


def test_what_is_undone_is_not_told_and_leaves_no_gap(telling: Telling) -> None:
    telling.touch()
    telling.call("POST", "/v2/customers", {**CUSTOMER, "customerIdent": "muster-handel"}, 409)
    answer = telling.client.post("/v2/customers?dryRun=true", json=CUSTOMER, headers=telling.headers)
    assert answer.status_code in (200, 201, 400)
    telling.touch()
    numbers = [one["sequence"] for one in telling.told()]
    assert numbers == list(range(1, len(numbers) + 1))
    telling.sound()


def test_facts_of_packages_beside_are_known_by_their_names(telling: Telling) -> None:
    """`report.created` and the like are declared where nothing of them is imported."""
    from contor.kernel.events import EVENTS, event

    class Closed:
        month: str
        last_day: dt.date

    kind: Any = EVENTS.get("posting_period.closed") or event("posting_period.closed")(Closed)
    try:
        emit: Operation[Any, None] = Operation(
            "posting_period.close_here", "bookkeeping.write", None, None, lambda uow, fact: uow.emit(fact)
        )
        telling.tenant.execute(emit, kind(month="2026-10", last_day=dt.date(2026, 10, 31)))
    finally:
        if kind.__module__ == __name__:
            del EVENTS["posting_period.closed"]
    assert said(telling.one("postingPeriod.closed")) == {"period": "2026-10", "lastDay": "2026-10-31"}


def test_of_several_facts_that_say_the_same_one_is_told(telling: Telling) -> None:
    def twice(uow: Uow, idents: Any) -> None:
        from contor.customers.events import CustomersUpdated

        for _ in range(2):
            uow.emit(CustomersUpdated(customer_idents=idents))

    operation: Operation[Any, None] = Operation("customer.twice", "customers.write", None, None, twice)
    telling.tenant.execute(operation, ("c-1", "c-2"))
    assert [one["subject"] for one in telling.told()] == ["customer:c-1", "customer:c-2"]


def test_every_type_has_words() -> None:
    assert {name for name, one in TYPES.items() if not one.description} == set()


def test_what_exactly_became_otherwise_in_a_contract_is_told_beside_the_change(selling: Telling) -> None:
    option = {**OPTION, "optionIdent": "more", "status": "FINAL"}
    selling.call("POST", OPTIONS, option, 201)
    selling.call("POST", f"{PLANS}/basic/phases/p-1/options", {"optionIdent": "more", "minimum": 0}, 201)
    selling.call("POST", CONTRACTS, a_contract(), 201)

    def quantity(ident: str, count: int) -> None:
        body = {"optionQuantities": [{"optionIdent": ident, "quantity": count}], "effectiveDate": "2026-05-10"}
        selling.call("POST", f"{CONTRACTS}/v-1/actions/change", body)

    for ident, count in (("base", 5), ("more", 1), ("more", 0)):
        quantity(ident, count)
    found = selling.told("subject==contract:v-1")
    assert [one["type"] for one in found] == [
        *("contract.created", "contract.started"),
        *("contract.updated", "contract.quantityChanged"),
        *("contract.updated", "contract.optionsOrdered"),
        *("contract.updated", "contract.optionsEnded"),
    ]
    assert said(found[3])["options"] == [{"optionIdent": "base", "before": 2, "after": 5}]
    assert (said(found[5])["optionIdents"], said(found[7])["optionIdents"]) == (["more"], ["more"])


def test_a_contracts_life_is_told(selling: Telling) -> None:
    body = a_contract("v-1", startDate="2026-05-10", trial={"duration": {"value": 14, "unit": "DAY"}})
    selling.call("POST", CONTRACTS, body, 201)
    for action, sent in (
        ("pause", {"fromDate": "2026-07-01"}),
        ("resume", {"resumeDate": "2026-07-05"}),
        ("terminate-extraordinarily", {"terminationDate": "2026-08-01"}),
        ("withdraw-termination", None),
        ("extend-trial", {"lastDay": "2026-05-31"}),
    ):
        selling.call("POST", f"{CONTRACTS}/v-1/actions/{action}", sent)
    assert types(selling)[-8:] == [
        "contract.created",
        "contract.started",
        "contract.paused",
        "contract.resumed",
        "contract.cancelled",
        "contract.terminationWithdrawn",
        "contract.updated",
        "contract.trialExtended",
    ]


@pytest.mark.parametrize(("days", "told_on"), [(3, "2027-05-21"), (1, "2027-05-23"), (60, "2027-05-11")])
def test_that_a_trial_ends_is_told_some_days_before_once(selling: Telling, days: int, told_on: str) -> None:
    selling.tenant.turn_clock(dt.datetime(2027, 5, 10, 8, tzinfo=dt.UTC))
    selling.call("PATCH", "/v2/tenant-settings", {"trialNoticeDays": days})
    body = a_contract("v-1", startDate="2027-05-10", trial={"duration": {"value": 14, "unit": "DAY"}})
    selling.call("POST", CONTRACTS, body, 201)
    told: dict[str, int] = {}
    for day in range(10, 27):
        selling.tenant.turn_clock(dt.datetime(2027, 5, day, 10, tzinfo=dt.UTC))
        while selling.tenant.execute(tell_terms, TellTerms(limit=2)):
            pass
        told[f"2027-05-{day}"] = len([one for one in selling.told() if one["type"] == "contract.trialEnds"])
    assert min(day for day, count in told.items() if count) == told_on and max(told.values()) == 1
    content = said(selling.one("contract.trialEnds"))
    assert (content["contractIdent"], content["trialLastDay"]) == ("v-1", "2027-05-23")
