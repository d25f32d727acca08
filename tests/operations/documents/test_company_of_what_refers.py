"""What takes back or closes a document comes from the company of that document, whoever is the tenant's default; another company cannot."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of
from tests.factories.tenants import Tenant

from contor.documents.issue import worker

SITES = "/v2/billing/configuration/operating-sites"
OWN, DEFAULT, FOREIGN = "munich", "hamburg", "cologne"
"""The site of the original, the tenant's default, and a third company."""
VAT_IDS = {OWN: "DE134445555", FOREIGN: "DE245666770"}
ORIGINALS = {
    "credit-memos": "invoices",
    "credit-memos goodwill": "invoices",
    "deposit-invoice-corrections": "deposit-invoices",
    "self-billing-invoice-corrections": "self-billing-invoices",
    "invoices": "deposit-invoices",
}
"""What takes back or closes -> what it names."""


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    for ident, vat_id in VAT_IDS.items():
        body = {
            "ident": ident,
            "name": ident,
            "companyName": f"{ident} GmbH",
            "address": {"street": "Weg", "streetNo": "1", "zip": "80331", "city": "München", "country": "DE"},
            "vatId": vat_id,
            "contact": {"name": "Büro", "email": f"{ident}@company.example", "phone": "+49 89 1"},
        }
        made.call("POST", SITES, body, 201)
    customer = made.call("GET", "/v2/customers/muster-handel")
    made.call("PUT", "/v2/customers/muster-handel", {**customer, "selfBillingAgreementOn": "2026-01-01"})
    made.open_bank()
    return made


def site_of(company: Company, ident: str) -> tuple[str, str]:
    """(site, our VAT id) that a document says."""
    document = company.call("GET", f"/v2/documents/{ident}")
    return document["operatingSiteIdent"], document["seller"]["vatId"]


@pytest.mark.parametrize("kind", ORIGINALS)
@pytest.mark.parametrize("stated", [None, OWN, DEFAULT, FOREIGN])
def test_who_takes_back_or_closes_what_a_company_issued(company: Company, kind: str, stated: str | None) -> None:
    origin = company.document(ORIGINALS[kind], operatingSiteIdent=OWN)
    kind, _, reason = kind.partition(" ")
    more: dict[str, Any] = {"properties": [{"key": "reason", "value": reason.upper()}]} if reason else {}
    if stated is not None:
        more["operatingSiteIdent"] = stated
    if stated in (None, OWN):
        made = company.document(kind, relatedDocumentIdent=origin, **more)
        assert site_of(company, made) == (OWN, VAT_IDS[OWN])
    else:
        refused = company.ask(kind, 400, relatedDocumentIdent=origin, **more)
        (finding,) = refused["errors"]
        assert (finding["fieldName"], finding["rejectedValue"]) == ("operatingSiteIdent", stated)
        assert OWN in finding["error"]
    company.sound()


def test_one_memo_takes_back_nothing_of_two_companies(company: Company) -> None:
    invoices = [company.document(operatingSiteIdent=site, net=net) for site, net in ((OWN, "10.00"), (FOREIGN, "20.00"))]
    ids = [str(row.id) for row in company.tenant.rows("SELECT id FROM document ORDER BY id")]
    assert len(invoices) == len(ids)
    refused = company.ask("credit-memos", 400, "5.00", relatedDocumentIdents=ids)
    assert "each company takes back or deducts what it issued" in str(refused)


def test_what_is_issued_anew_stays_with_its_company(company: Company) -> None:
    origin = company.document(operatingSiteIdent=OWN)
    answer = company.call("POST", f"/v2/documents/{origin}/actions/reissue", {"language": "en"}, 202)
    worker.drain(company.tenant.runtime, company.tenant.id)
    for name in ("documentIdent", "creditMemoIdent"):
        assert site_of(company, answer[name]) == (OWN, VAT_IDS[OWN])
    company.sound()


def test_rows_name_a_document_by_number_or_id_whatever_the_memo_names(company: Company) -> None:
    numbers = [company.document(net=net) for net in ("10.00", "20.00")]
    ids = [str(row.id) for row in company.tenant.rows("SELECT id FROM document ORDER BY id")]
    row = a_row_of("5.00")
    for named, said in ((numbers, ids), (ids, numbers)):
        items = [{**row, "ident": name, "referenceIdent": "i-1", "relatedDocumentIdent": name} for name in said]
        memo = company.call("GET", f"/v2/documents/{company.document('credit-memos', relatedDocumentIdents=named, items=items)}")
        assert [item["relatedDocumentIdent"] for item in memo["items"]] == numbers
    (credited,) = company.tenant.rows(
        "SELECT count(DISTINCT credited_document_id) AS documents, sum(net) AS net FROM document_credit"
    )
    assert (credited.documents, credited.net) == (2, 20)
    company.sound()
