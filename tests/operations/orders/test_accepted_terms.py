"""What an order, contract, option, group or assignment says has its effect: Skonto, self-billing, who collects, which files go along, in
which language, to which document the money goes."""

import io
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, Desk, a_line

from contor.documents.after import ArchiveDocuments, archive
from contor.settings.groups import language_for

D = Decimal
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}


def only_document(desk: Desk) -> dict[str, Any]:
    (row,) = desk.tenant.rows("SELECT ident FROM document ORDER BY id")
    view: dict[str, Any] = desk.call("GET", f"/v2/documents/{row.ident}")
    return view


def test_skonto_of_an_order_is_granted(desk: Desk) -> None:
    """119.00 less 2 %: 116.62 within ten days."""
    desk.order(paymentTerm=SKONTO)
    desk.bill()
    view = only_document(desk)
    assert view["paymentTerm"] == SKONTO
    desk.pay("116.62", view["ident"])
    (case,) = desk.tenant.rows("SELECT balance FROM opos_case")
    assert case.balance == 0


@pytest.mark.parametrize("term", [SKONTO, {"periodInDays": 0, "cashDiscount": []}])
def test_skonto_of_a_contract_stands_on_its_documents(desk: Desk, term: dict[str, Any]) -> None:
    desk.plan("10.00")
    desk.contract(paymentTerm=term)
    desk.bill()
    assert only_document(desk)["paymentTerm"] == term


def test_a_document_names_what_it_bills_and_money_for_the_order_finds_it(desk: Desk) -> None:
    desk.order()
    payment = {
        "externalIdent": "bank-9",
        "baseAmount": {"amount": "119.00", "currency": "EUR"},
        "bookingDate": "2026-05-10",
        "creditDebitIndicator": "CREDIT",
        "description": "somewhere",
    }
    made = desk.call("POST", "/v2/merchant-payment-accounts/bank/payments", payment, 201)
    body = {"paymentIdent": made["paymentIdent"], "targetType": "ORDER", "targetIdent": "o-1"}
    assert desk.findings("POST", "/v2/payment-assignments", body) == ["targetIdent"]
    desk.bill()
    view = only_document(desk)
    assert view["originReferences"] == [{"type": "ORDER", "ident": "o-1"}]
    assigned = desk.call("POST", "/v2/payment-assignments", body, 201)
    assert (assigned["targetType"], assigned["targetIdent"]) == ("DOCUMENT", view["ident"])
    assert [row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case")] == [0]


def test_a_payment_that_names_the_order_goes_to_its_document(desk: Desk) -> None:
    strategy = {"ident": "orders", "regularExpression": "o-[0-9]+", "targetType": "ORDER"}
    desk.call("POST", "/v2/regex-matching-strategies", strategy, 201)
    path = "/v2/merchant-payment-accounts/bank/assignment-configuration"
    desk.call("POST", path, {"regexMatchingStrategies": ["orders"]}, 201)
    desk.order("o-7")
    desk.bill()
    desk.pay("119.00", "Order o-7, thank you")
    assert [row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case")] == [0]


@pytest.mark.parametrize(("orders", "shown"), [(True, ["plan.pdf"]), (False, [])])
def test_files_go_along_where_they_are_wanted(desk: Desk, orders: bool, shown: list[str]) -> None:
    desk.call("PUT", "/v2/document-output/configuration", {"attachOrderFiles": orders})
    desk.order(billingTime="ON_DEMAND")
    sent = desk.client.post(
        f"{ORDERS}/o-1/attachments", files={"file": ("plan.pdf", b"%PDF-1.7", "application/pdf")}, headers=desk.headers
    )
    assert sent.status_code == 200, sent.text
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert [row.name for row in desk.tenant.rows("SELECT name FROM document_attachment")] == shown


@pytest.mark.parametrize(("wanted", "within"), [(True, [True, False, True]), (False, [False, False, False])])
def test_files_stand_within_the_pdf_as_far_as_there_is_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, wanted: bool, within: list[bool]
) -> None:
    monkeypatch.setattr("contor.documents.after.attached.MOST_EMBEDDED", 20)
    desk.call("PUT", "/v2/document-output/configuration", {"attachOrderFiles": True, "embedAttachments": wanted})
    desk.order(billingTime="ON_DEMAND")
    for name, content in (("a.csv", b"1;2\n"), ("b.pdf", b"%PDF-1.7 " + 20 * b"b"), ("c.pdf", b"%PDF-1.7 c")):
        sent = desk.client.post(f"{ORDERS}/o-1/attachments", files={"file": (name, content)}, headers=desk.headers)
        assert sent.status_code == 200, sent.text
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    rows = desk.tenant.rows("SELECT document_id, in_pdf FROM document_attachment ORDER BY position")
    assert [row.in_pdf for row in rows] == within
    desk.tenant.execute(archive, ArchiveDocuments(document_ids=(rows[0].document_id,)))
    files = {entry["type"]: entry for entry in desk.call("GET", f"/v2/documents/{only_document(desk)['ident']}")["files"]}
    pdf = desk.client.get(f"/v2/files/{files['PDF']['fileIdent']}", headers=desk.headers).content
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert sorted(str(entry.UF) for entry in opened.Root.AF) == sorted(
            ["factur-x.xml", *(["a.csv", "c.pdf"] if wanted else [])]
        )
    assert desk.tenant.broken() == []


@pytest.mark.parametrize(("status", "collected"), [("OPEN", True), ("PAID", False), ("PARTIALPAID", True), ("REFUND", False)])
def test_nothing_is_collected_twice(desk: Desk, status: str, collected: bool) -> None:
    desk.order(paymentInformation={"paymentControl": "CHARGE", "paymentStatus": status})
    desk.bill()
    assert only_document(desk)["paymentCollection"]["collect"] is collected


def test_what_was_paid_elsewhere_is_no_claim(desk: Desk) -> None:
    """Nothing is left to be reminded of; the money is in transit until it is paid out."""
    desk.order(paymentInformation={"paymentStatus": "PAID"})
    desk.bill()
    (case,) = desk.tenant.rows("SELECT balance, status FROM opos_case")
    assert (case.balance, case.status) == (0, "CLOSED")
    assert desk.balances() == {1360: D("119.00"), 8400: D("-100.00"), 1776: D("-19.00")}
    desk.order("o-2", paymentInformation={"paymentStatus": "PAID"}, lineItems=[a_line("l-2", "50.00")])
    desk.order("o-3", lineItems=[a_line("l-3", "10.00")])
    desk.bill()
    assert desk.balances()[1360] == D("178.50")
    assert [row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case ORDER BY balance")] == [0, 0, D("11.90")]


def test_an_option_that_the_customer_supplies_is_self_billed(desk: Desk) -> None:
    customer = desk.call("GET", "/v2/customers/muster-handel")
    desk.call("PUT", "/v2/customers/muster-handel", {**customer, "selfBillingAgreementOn": "2026-01-01"})
    desk.plan("10.00", option={"invoicingAgreementType": "SELF_BILLING"})
    desk.contract(quantity=3)
    desk.bill()
    assert desk.documents() == [("SELF_BILLING_INVOICE", D("30.00"), D("5.70"), D("35.70"))]
    less = {"ident": "less", "optionIdent": "basic-fee", "name": "Less", "type": "PERCENTAGE", "percentage": 10}
    desk.call("POST", f"{CONTRACTS}/v-1/allowances", less, 201)
    desk.clock("2026-06-10T10:00")
    desk.bill()
    assert desk.documents()[1] == ("SELF_BILLING_INVOICE", D("27.00"), D("5.13"), D("32.13"))


def test_what_is_used_is_not_self_billed(desk: Desk) -> None:
    price = {"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}
    body = {"optionIdent": "u", "name": "U", "type": "USAGE", "usagePrices": [price], "invoicingAgreementType": "SELF_BILLING"}
    assert desk.findings("POST", OPTIONS, body) == ["invoicingAgreementType"]


def test_a_self_billing_option_has_one_direction(desk: Desk) -> None:
    """CREDIT would bill a correction that corrects nothing, by which the partner owes us; an allowance reduces what he is paid."""
    body = {**OPTION, "optionIdent": "s", "invoicingAgreementType": "SELF_BILLING", "debitCreditIndicator": "CREDIT"}
    assert desk.findings("POST", OPTIONS, body) == ["debitCreditIndicator"]
    desk.call("POST", OPTIONS, {**body, "debitCreditIndicator": "DEBIT"}, 201)
    assert desk.findings("PUT", f"{OPTIONS}/s", body) == ["debitCreditIndicator"]


LOCALE = {"country": "DE", "regions": [{"languages": ["fr", "nl"]}], "default_language": "fr", "fallback_language": "nl"}


@pytest.mark.parametrize(
    ("country", "wanted", "own", "written"),
    [
        ("DE", None, None, "fr"),
        ("DE", None, "nl", "nl"),
        ("DE", None, "de", "fr"),
        ("DE", "nl", "fr", "nl"),
        ("DE", "de", None, "nl"),
        ("AT", "sv", None, "sv"),
        ("AT", None, "en", "en"),
        ("AT", None, None, "de"),
    ],
)
def test_the_language_of_a_group(country: str, wanted: str | None, own: str | None, written: str) -> None:
    assert language_for([LOCALE], country, wanted, own) == written


@pytest.mark.parametrize(("wanted", "written"), [("en", "en"), ("fr", "en"), (None, "de")])
def test_orders_and_contracts_are_written_as_their_group_says(desk: Desk, wanted: str | None, written: str) -> None:
    more = {"language": wanted} if wanted else {}
    assert desk.order(**more)["language"] == written
    desk.plan("10.00")
    desk.contract(**more)
    (shown,) = desk.call("GET", CONTRACTS)
    assert shown["language"] == written
    assert desk.call("PATCH", f"{ORDERS}/o-1", {"language": "sv"})["language"] == "en"
