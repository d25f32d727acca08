"""A wrong invoice is taken back and issued anew: both papers, the open items, the books, the customer's address; once, or not at all."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from starlette.testclient import TestClient
from tests.factories.companies import Company, day_here
from tests.factories.tenants import Tenant

from contor.documents.after import ArchiveDocuments, archive, reissuing
from contor.documents.issue import worker
from contor.documents.types import DocumentRequest
from contor.kernel.shapes import replace
from contor.openitems.clearing import reissued

ADDRESS = {
    "company": "Muster Handel GmbH",
    "street": "Neue Straße",
    "streetNo": "7",
    "zip": "20099",
    "city": "Hamburg",
    "country": "DE",
}
TABLES = (
    "document",
    "document_content",
    "document_reissue",
    "document_request",
    "opos_case",
    "opos_movement",
    "journal_line",
    "address",
)
D = Decimal


class Corrector(Company):
    """A company that corrects what it issued."""

    def reissue(self, old: str, status: int = 202, /, **body: Any) -> Any:
        return self.call("POST", f"/v2/documents/{old}/actions/reissue", body, status)

    def view(self, ident: str) -> Any:
        return self.call("GET", f"/v2/documents/{ident}")

    def codes(self, old: str, status: int, /, **body: Any) -> list[tuple[str | None, str]]:
        """The findings of a refusal, which leaves nothing."""
        before = self.everything()
        answer = self.reissue(old, status, **body)
        assert self.everything() == before
        return [(entry.get("fieldName"), entry["error"]) for entry in answer["errors"]]

    def everything(self) -> dict[str, list[str]]:
        return {name: sorted(map(str, self.tenant.rows(f"SELECT * FROM {name}"))) for name in TABLES}

    def balances(self, *idents: str) -> list[D]:
        """Of open items; positive is owed to us."""
        found = {row.ident: row.balance for row in self.tenant.rows("SELECT ident, balance FROM opos_case")}
        return [found[ident] for ident in idents]

    def pay_in_part(self, amount: str, text: str, **more: Any) -> None:
        self.take_parts()
        assert self.pay(amount, text, **more)["status"] == "ASSIGNED"


@pytest.fixture
def shop(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Corrector:
    made = Corrector(furnished, client, bearer(furnished))
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    return made


def a_row(ident: str, amount: str, rate: int = 19, basis: str = "NET", **more: Any) -> dict[str, Any]:
    side = {basis.lower(): amount}
    return {
        "ident": ident,
        "category": "SERVICE",
        "name": f"Work {ident}",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": side, "originalTotal": side, "total": side},
        "performanceLocation": {"country": "DE"},
        "taxDetail": {"calculationBasis": basis, "taxes": [{"rate": rate, "categoryCode": "S"}]},
        **more,
    }


def test_a_reissued_invoice_is_credited_and_stands_anew_with_the_new_address(shop: Corrector) -> None:
    old = shop.document()
    answer = shop.reissue(
        old, requestId="again", invoiceAddress=ADDRESS, properties=[{"key": "purchaseOrderReference", "value": "PO-7"}]
    )
    new, memo = answer["documentIdent"], answer["creditMemoIdent"]
    assert answer == {
        "requestId": "again",
        "status": "COMPLETED",
        "documentIdent": new,
        "creditMemoIdent": memo,
        "reissuedDocumentIdent": old,
    }
    assert shop.call("GET", "/v2/documents/requests/again")["documentIdent"] == new
    first, credit, second = shop.view(old), shop.view(memo), shop.view(new)
    assert (credit["documentType"], credit["relatedDocumentIdent"], credit["totals"]) == ("CREDIT_MEMO", old, first["totals"])
    assert (second["documentType"], second["totals"], second["taxes"]) == ("INVOICE", first["totals"], first["taxes"])
    assert first["relatedBy"] == [memo, new]
    assert second["originReferences"] == [
        {"type": "REISSUED_DOCUMENT", "ident": old},
        {"type": "REISSUE_CREDIT_MEMO", "ident": memo},
    ]
    streets = [view["customer"]["address"]["street"] for view in (first, credit, second)]
    assert streets == ["Beispielallee", "Beispielallee", "Neue Straße"]
    assert second["items"][0]["deliveryDate"] == first["documentDate"] == second["taxDate"]
    assert second["properties"] == [{"key": "purchaseOrderReference", "value": "PO-7"}]
    stored = shop.call("GET", "/v2/customers/muster-handel/addresses/zentrale")
    assert (stored["street"], stored["zip"], stored["addressType"]) == ("Neue Straße", "20099", "INVOICE")
    assert shop.balances(old, memo, new) == [0, 0, 119]
    assert shop.sums() == {10000: D(119), 8400: D(-100), 1776: D(-19)}
    audited = {
        (row.subject_kind, row.subject_ident)
        for row in shop.tenant.rows("SELECT subject_kind, subject_ident FROM audit_entry WHERE operation = 'document.reissue'")
    }
    assert audited >= {
        ("document", old),
        ("document", memo),
        ("document", new),
        ("address", "zentrale"),
        ("document_request", "again"),
    }
    shop.sound()


def test_the_papers_pass_the_official_rules(shop: Corrector) -> None:
    rows = [a_row("i-1", "100.00"), a_row("i-2", "10.00", 7, debitCreditIndicator="CREDIT"), a_row("i-3", "50.00", 7)]
    old = shop.document(
        items=rows,
        allowancesCharges=[{"ident": "d", "type": "ALLOWANCE", "name": "Jubilee", "percentage": 10}],
        prepaid=[{"reference": "p", "date": day_here(), "amount": 20}],
        properties=[{"key": "buyerReference", "value": "04011000-12345-34"}, {"key": "reason", "value": "GOODWILL"}],
    )
    shop.reissue(old, language="en")
    ids = tuple(row.id for row in shop.tenant.rows("SELECT id FROM document"))
    shop.tenant.execute(archive, ArchiveDocuments(document_ids=ids))
    files = shop.tenant.rows("SELECT type, sendable, findings FROM document_file")
    assert len(files) == 9
    assert [file.findings for file in files if not file.sendable] == []
    shop.sound()


@pytest.mark.parametrize(
    ("paid", "balances"),
    [("119.00", [0, 0, 0]), ("50.00", [0, 0, 69]), ("129.00", [-10, 0, 0])],
    ids=["all", "a part", "too much"],
)
@pytest.mark.parametrize("cash", [False, True], ids=["accrual", "cash taxation"])
def test_what_was_paid_counts_for_the_new_document(shop: Corrector, paid: str, balances: list[int], cash: bool) -> None:
    """The payment stays assigned to the old document; what exceeds it stays there as a credit."""
    if cash:
        with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    old = shop.document()
    shop.pay_in_part(paid, old)
    before = shop.sums()
    answer = shop.reissue(old)
    new = answer["documentIdent"]
    assert shop.balances(old, answer["creditMemoIdent"], new) == balances
    assert shop.sums() == before
    assert shop.view(new)["outstanding"] == balances[2]
    (assignment,) = shop.call("GET", "/v2/payment-assignments")["_embedded"]
    assert (assignment["targetIdent"], assignment["status"]) == (old, "PROCESSED")
    shop.sound()
    if balances[2]:
        shop.pay(str(balances[2]), new)
    assert shop.balances(new) == [0]
    tax = shop.sums()
    assert (tax[1776], tax.get(1766, 0)) == (-19, 0)
    shop.sound()
    shop.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")
    assert sum(shop.balances(old, answer["creditMemoIdent"], new)) == D(119) - balances[2]
    shop.sound()


def bounced(shop: Corrector) -> None:
    (made,) = shop.call("GET", "/v2/payment-assignments")["_embedded"]
    shop.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")


@pytest.mark.parametrize("paid", ["119.00", "50.00", "129.00", "116.62"], ids=["all", "a part", "too much", "less a cash discount"])
@pytest.mark.parametrize("cash", [False, True], ids=["accrual", "cash taxation"])
def test_a_payment_that_bounces_is_owed_on_the_new_document(shop: Corrector, paid: str, cash: bool) -> None:
    if cash:
        with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    old = shop.document(paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]})
    shop.pay_in_part(paid, old)
    first = shop.reissue(old)
    second = shop.reissue(first["documentIdent"])
    bounced(shop)
    assert shop.balances(old, first["creditMemoIdent"], first["documentIdent"]) == [0, 0, 0]
    assert shop.balances(second["creditMemoIdent"], second["documentIdent"]) == [0, 119]
    assert shop.sums() == {1200: D(paid), 1792: -D(paid), 10000: D(119), 8400: D(-100), (1766 if cash else 1776): D(-19)}
    shop.sound()
    shop.pay("119.00", second["documentIdent"])
    assert shop.balances(second["documentIdent"]) == [0]
    assert {account: amount for account, amount in shop.sums().items() if account in (10000, 1766, 1776)} == {1776: D(-19)}
    shop.sound()


def test_a_debt_on_a_replaced_document_is_found(shop: Corrector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what bounces is left where it was."""
    old = shop.document()
    shop.pay_in_part("119.00", old)
    shop.reissue(old)
    monkeypatch.setattr(
        reissued, "locked_cases", lambda uow, ids: [SimpleNamespace(case=SimpleNamespace(balance=0, opening=0))] * 2
    )
    bounced(shop)
    assert ["nothing_is_owed_on_a_replaced_document" in str(finding) for finding in shop.tenant.broken()] == [True]


def test_taxes_are_those_of_the_supply_not_of_today(shop: Corrector) -> None:
    rows = [
        a_row("i-1", "100.00", 16, servicePeriod={"start": "2020-07-01", "end": "2020-07-31"}),
        a_row("i-2", "10.00", 5, deliveryDate="2020-07-31"),
    ]
    old = shop.document(items=rows)
    new = shop.view(shop.reissue(old, documentDate=day_here())["documentIdent"])
    assert [(tax["rate"], tax["amount"]) for tax in new["taxes"]] == [(16, 16), (5, D("0.5"))]
    assert new["items"][0]["servicePeriod"] == {"start": "2020-07-01", "end": "2020-07-31"}
    shop.sound()


def test_everything_between_gross_and_payable_is_taken_back_and_comes_again(shop: Corrector) -> None:
    old = shop.document(
        items=[a_row("i-1", "119.99", basis="GROSS"), a_row("i-2", "7.77", 7, basis="GROSS")],
        allowancesCharges=[
            {"ident": "a", "type": "ALLOWANCE", "name": "Bonus", "amount": "5.00"},
            {"ident": "b", "type": "CHARGE", "name": "Freight", "amount": "3.33", "tax": {"rate": 19, "categoryCode": "S"}},
        ],
        postTaxItems=[{"ident": "v", "name": "Gift card", "amount": "-20.00"}],
        prepaid=[{"reference": "p", "date": day_here(), "amount": "10.00"}],
        rounding="0.01",
        paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]},
    )
    before = shop.sums()
    answer = shop.reissue(old)
    new = shop.view(answer["documentIdent"])
    kept = ("totals", "taxes", "allowancesCharges", "postTaxItems", "prepaid", "paymentTerm")
    assert {name: new[name] for name in kept} == {name: shop.view(old)[name] for name in kept}
    before[2309], before[2709] = D("0.01"), D("-0.02")  # a rounding taken back is a loss, not less income
    assert shop.sums() == before
    shop.sound()


def test_dollars_keep_their_rate(shop: Corrector) -> None:
    rate = {"rate": "1.10", "date": day_here(), "source": "BMF"}
    old = shop.document(currency="USD", exchangeRate=rate)
    payment = {"originalAmount": {"amount": "50.00", "currency": "USD"}, "exchangeRate": "1.08"}
    shop.pay_in_part("46.30", old, **payment)
    before = shop.sums()
    answer = shop.reissue(old)
    assert shop.view(answer["documentIdent"])["ledger"] == shop.view(old)["ledger"]
    assert shop.sums() == before
    shop.sound()


def test_our_own_invoice_for_a_partner_is_corrected_and_issued_anew(shop: Corrector) -> None:
    with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
        uow.run("UPDATE customer SET self_billing_agreement_on = '2026-01-01'")
    old = shop.document("self-billing-invoices")
    answer = shop.reissue(old, invoiceAddress=ADDRESS)
    assert shop.view(answer["creditMemoIdent"])["documentType"] == "SELF_BILLING_INVOICE_CORRECTION"
    assert shop.balances(old, answer["creditMemoIdent"], answer["documentIdent"]) == [0, 0, -119]
    shop.sound()


def test_another_address_of_the_customer_is_only_chosen(shop: Corrector) -> None:
    second = {**ADDRESS, "addressIdent": "second", "addressType": "INVOICE", "street": "Zweite"}
    shop.call("POST", "/v2/customers/muster-handel/addresses", second, 201)
    old = shop.document()
    new = shop.view(shop.reissue(old, invoiceAddressIdent="second")["documentIdent"])
    assert (new["customerDetail"]["invoiceAddressIdent"], new["customer"]["address"]["street"]) == ("second", "Zweite")
    assert shop.call("GET", "/v2/customers/muster-handel/addresses/zentrale")["street"] == "Beispielallee"
    shop.sound()


# --- refusals --------------------------------------------------------------------------------------------------------------------


def test_once_per_document_but_the_new_one_is_another(shop: Corrector) -> None:
    old = shop.document()
    new = shop.reissue(old)["documentIdent"]
    assert shop.codes(old, 409) == [(None, f"{old} was reissued as {new}; a document is reissued once.")]
    third = shop.reissue(new)["documentIdent"]
    assert shop.balances(old, new, third) == [0, 0, 119]
    shop.sound()


def test_two_at_once_reissue_it_once(shop: Corrector) -> None:
    old = shop.document()
    answers: list[int] = []

    def one() -> None:
        path = f"/v2/documents/{old}/actions/reissue"
        answers.append(shop.client.post(path, json={}, headers=shop.headers).status_code)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202, 409, 409, 409]
    assert [row.n for row in shop.tenant.rows("SELECT count(*) AS n FROM document")] == [3]
    shop.sound()


def test_what_was_credited_in_part_is_not_reissued(shop: Corrector) -> None:
    old = shop.document()
    memo = shop.document("credit-memos", "10.00", relatedDocumentIdent=old)
    assert shop.codes(old, 400) == [(None, f"{old} was credited by {memo}; only an invoice that stands as a whole is reissued.")]
    assert shop.codes(memo, 400)[0][1].startswith("A CREDIT_MEMO cannot be reissued")


def test_a_reissued_invoice_cannot_be_credited_again(shop: Corrector) -> None:
    old = shop.document()
    shop.reissue(old)
    assert "left" in str(shop.ask("credit-memos", 400, "10.00", relatedDocumentIdent=old))


def test_a_final_invoice_keeps_its_deposits(shop: Corrector) -> None:
    deposit = shop.document("deposit-invoices", "1000.00")
    shop.pay("1190.00", deposit)
    final = shop.document("invoices", "3000.00", relatedDocumentIdent=deposit)
    ((_, said),) = shop.codes(final, 400)
    assert said.startswith(f"{final} deducts the deposits of {deposit}")
    ((_, said),) = shop.codes(deposit, 400)
    assert said.startswith("A DEPOSIT_INVOICE cannot be reissued")


def test_every_finding_at_once_and_nothing_stays(shop: Corrector) -> None:
    old = shop.document()
    tomorrow = (dt.date.fromisoformat(day_here()) + dt.timedelta(days=2)).isoformat()
    found = shop.codes(
        old,
        400,
        requestId="later",
        documentDate=tomorrow,
        ident="X-1",
        creditMemoIdent="X-2",
        invoiceAddress={**ADDRESS, "city": None, "addressType": "SHIPPING"},
    )
    assert {name for name, _ in found} == {
        "documentDate",
        "ident",
        "creditMemoIdent",
        "invoiceAddress.addressType",
    }
    assert [name for name, _ in shop.codes(old, 400, invoiceAddressIdent="nowhere", invoiceAddress=ADDRESS)] == [
        "invoiceAddressIdent"
    ]
    shop.reissue(old, requestId="later")
    shop.sound()


def test_an_incomplete_address_is_no_address_of_an_invoice(shop: Corrector) -> None:
    old = shop.document(net="1000.00")
    assert [name for name, _ in shop.codes(old, 400, invoiceAddress={**ADDRESS, "city": None})] == ["customer.address.city"]
    shop.sound()


def test_where_callers_give_the_numbers_both_are_given(shop: Corrector) -> None:
    rules = [{"document_type": kind, "external_number": "REQUIRED"} for kind in ("INVOICE", "CREDIT_MEMO")]
    with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET document_number_configuration = %s", (Jsonb(rules),))
    old = shop.document(ident="R-1")
    assert [name for name, _ in shop.codes(old, 400)] == ["ident", "creditMemoIdent"]
    answer = shop.reissue(old, ident="R-2", creditMemoIdent="G-1")
    assert (answer["documentIdent"], answer["creditMemoIdent"]) == ("R-2", "G-1")
    shop.sound()


def test_a_request_id_is_used_once(shop: Corrector) -> None:
    old = shop.document()
    shop.document()
    assert shop.codes(old, 409, requestId="r-2")
    shop.sound()


def test_a_doubtful_receivable_stands_elsewhere(shop: Corrector) -> None:
    old = shop.document()
    with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
        uow.run("UPDATE opos_case SET doubtful = true")
    ((_, said),) = shop.codes(old, 400)
    assert "doubtful" in said


def test_amounts_that_would_differ_are_refused(shop: Corrector, monkeypatch: pytest.MonkeyPatch) -> None:
    old = shop.document()
    monkeypatch.setattr(reissuing, "same_amounts", lambda one, other: False)
    ((_, said),) = shop.codes(old, 400)
    assert "would not come to the same amounts" in said


def test_a_half_reissue_would_be_found(shop: Corrector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the credit memo takes only the first row."""
    honest = reissuing.whole_credit

    def half(*given: Any) -> DocumentRequest:
        made = honest(*given)
        return replace(made, items=made.items[:1])

    old = shop.document(items=[a_row("i-1", "100.00"), a_row("i-2", "50.00")])
    monkeypatch.setattr(reissuing, "whole_credit", half)
    monkeypatch.setattr(reissuing, "same_amounts", lambda one, other: True)
    shop.reissue(old)
    assert ["a_reissue_takes_all_back" in str(finding) for finding in shop.tenant.broken()] == [True]


def test_a_dry_run_shows_it_and_leaves_nothing(shop: Corrector) -> None:
    old = shop.document()
    before = shop.everything()
    answer = shop.client.post(
        f"/v2/documents/{old}/actions/reissue", json={"invoiceAddress": ADDRESS}, headers={**shop.headers, "X-Dry-Run": "true"}
    )
    assert answer.status_code == 202 and answer.json()["documentIdent"].startswith("RE-")
    assert shop.everything() == before


def test_a_repetition_with_a_key_answers_the_same(shop: Corrector) -> None:
    old = shop.document()
    keyed = {**shop.headers, "Idempotency-Key": "k-1"}
    body = {"invoiceAddress": ADDRESS, "properties": [{"key": "note", "value": "x"}]}
    answers = [shop.client.post(f"/v2/documents/{old}/actions/reissue", json=body, headers=keyed).json() for _ in range(2)]
    assert answers[0] == answers[1]
    shop.sound()


def test_another_tenant_has_no_such_document(
    shop: Corrector, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    old = shop.document()
    before = shop.everything()
    stranger = bearer(new_tenant())
    answer = shop.client.post(f"/v2/documents/{old}/actions/reissue", json={"invoiceAddress": ADDRESS}, headers=stranger)
    assert answer.status_code == 404
    reader = bearer(shop.tenant, "nbx-document-management-read")
    assert shop.client.post(f"/v2/documents/{old}/actions/reissue", json={}, headers=reader).status_code == 403
    assert shop.everything() == before


def test_a_waiting_credit_fails_when_the_reissue_came_first(shop: Corrector) -> None:
    old = shop.document()
    shop.ask("credit-memos", 202, "10.00", relatedDocumentIdent=old)
    shop.reissue(old)
    worker.drain(shop.tenant.runtime, shop.tenant.id)
    assert shop.call("GET", f"/v2/documents/requests/r-{shop.requests}")["status"] == "FAILED"
    shop.sound()
