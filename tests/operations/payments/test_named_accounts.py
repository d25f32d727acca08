"""Documents name the payment account that they are paid from: one of the customer's own, and nobody else's."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.tenants import Tenant

from contor.documents.after.archiving import ArchiveDocuments, archive
from contor.documents.einvoice.model import DirectDebit
from contor.documents.einvoice.read import read_einvoice
from contor.documents.labels import written_date

IBAN = "DE89370400440532013000"
"""Not the one that the customer's master data show."""


def said(document: dict[str, Any]) -> dict[str, str]:
    """What it says of the mandate by which is collected."""
    return {
        entry["key"]: entry["value"]
        for entry in document.get("properties") or ()
        if entry["key"] in ("mandateReference", "creditorIdentifier")
    }


def test_a_document_names_a_payment_account_of_its_customer(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]
) -> None:
    company = Company(furnished, client, bearer(furnished))
    (mine, *_) = company.call("GET", "/v2/customers")["_embedded"]
    company.call("POST", "/v2/customers", {"customerIdent": "stranger", "company": "Fremd AG"}, 201)
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "way", "name": "Way"}, 201)
    for ident, debtor in (("own", mine["customerIdent"]), ("foreign", "stranger")):
        account = {"ident": ident, "debtorIdent": debtor, "merchantPaymentGatewayIdent": "way", "paymentMethodReference": "pm_1"}
        company.call("POST", "/v2/customer-payment-accounts", account, 201)
    number = company.document(paymentInformation={"paymentType": "DIRECT_DEBIT", "customerPaymentAccountIdent": "own"})
    told = company.call("GET", f"/v2/documents/{number}")
    assert told["paymentInformation"]["customerPaymentAccountIdent"] == "own"
    assert said(told) == {}
    mandate = {"reference": "M-1", "signedOn": "2025-05-01", "creditorIdentifier": "DE98ZZZ09999999999"}
    account = {"debtorIdent": mine["customerIdent"], "merchantPaymentGatewayIdent": "way", "iban": "DE02120300000000202051"}
    company.call("PUT", "/v2/customer-payment-accounts/own", {**account, "mandate": mandate})
    debited = {"paymentType": "DIRECT_DEBIT", "customerPaymentAccountIdent": "own"}
    number = company.document(paymentInformation=debited)
    assert said(company.call("GET", f"/v2/documents/{number}")) == {
        "mandateReference": "M-1",
        "creditorIdentifier": "DE98ZZZ09999999999",
    }
    number = company.document(paymentInformation=debited, properties=[{"key": "mandateReference", "value": "theirs"}])
    assert said(company.call("GET", f"/v2/documents/{number}"))["mandateReference"] == "theirs"
    number = company.document(paymentInformation={**debited, "paymentType": "BANK_TRANSFER"})
    assert said(company.call("GET", f"/v2/documents/{number}")) == {}
    company.call("POST", "/v2/customer-payment-accounts/own/actions/revoke-mandate", {})
    number = company.document(paymentInformation=debited)
    assert said(company.call("GET", f"/v2/documents/{number}")) == {}
    for named in ("foreign", "none"):
        body = company.body(paymentInformation={"paymentType": "DIRECT_DEBIT", "customerPaymentAccountIdent": named})
        answer = company.client.post("/v2/documents/invoices", json=body, headers=company.headers)
        company.work()
        state = company.call("GET", f"/v2/documents/requests/{body['requestId']}") if answer.status_code == 202 else answer.json()
        assert "paymentInformation.customerPaymentAccountIdent" in str(state["errors"])
    assert furnished.broken() == []


@pytest.mark.parametrize("wanted", ["XRECHNUNG", "EN16931"])
def test_an_e_invoice_of_a_collected_document_names_mandate_creditor_account_and_day(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], wanted: str
) -> None:
    """BT-89, BT-90, BT-91 and the day of collection are in both syntaxes; the IBAN is in no answer."""
    creditor = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    account = creditor.account(None, iban=IBAN, mandate={"reference": "M-1", "signedOn": "2025-05-01"})
    customer = creditor.call("GET", "/v2/customers/muster-handel")
    changed = {**customer, "eInvoiceFormat": wanted, "buyerReference": "04011000-12345-03"}
    creditor.call("PUT", "/v2/customers/muster-handel", changed)
    debited = {"paymentType": "SEPA_DIRECT_DEBIT", "customerPaymentAccountIdent": account}
    number = creditor.document(**AT_ONCE, paymentInformation=debited)
    told = creditor.call("GET", f"/v2/documents/{number}")
    (row,) = furnished.rows("SELECT id FROM document")
    furnished.execute(archive, ArchiveDocuments(document_ids=(row.id,)))
    stored = furnished.rows("SELECT type, sha256, findings FROM document_file")
    files = {one.type: furnished.runtime.blobs.get(furnished.id, one.sha256) for one in stored}
    assert {one.type: one.findings for one in stored} == {"PDF": None, "CII": None, "UBL": None}
    for syntax in ("CII", "UBL"):
        read = read_einvoice(files[syntax])
        assert read.payment is not None
        assert read.payment.means_code == "59"
        assert read.payment.direct_debit == DirectDebit(mandate="M-1", creditor_id="DE98ZZZ09999999999", debited_account=IBAN)
        day = written_date(dt.date.fromisoformat(told["collectionDate"]), "de")
        assert any(day in note.text for note in read.notes)
    assert IBAN not in str(told)
    assert furnished.broken() == []
