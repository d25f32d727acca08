"""Two companies of one tenant: each counts its documents by itself, and who names one by its number alone is asked which of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.einvoices.examples import of_two_rates
from tests.factories.tenants import Tenant

from contor.commands.importing import import_files
from contor.documents.einvoice import ubl_of
from contor.documents.issue import worker
from contor.kernel.shapes import replace

SITES = "/v2/billing/configuration/operating-sites"
HOME, OTHER = "hamburg", "wien"
AUSTRIAN = {
    "ident": OTHER,
    "name": "Wien",
    "companyName": "Wiener Werk GmbH",
    "address": {"street": "Ring", "streetNo": "1", "zip": "1010", "city": "Wien", "country": "AT"},
    "vatId": "ATU12345675",
    "contact": {"name": "Büro", "email": "buero@wien.example"},
}


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.call("POST", SITES, AUSTRIAN, 201)
    made.open_bank()
    return made


def a_number_of_two(company: Company) -> str:
    number, same = (company.document(operatingSiteIdent=site) for site in (HOME, OTHER))
    assert number == same
    return number


def ids(company: Company) -> dict[str, str]:
    """The ids of the documents, by site."""
    return {row.operating_site_ident: str(row.id) for row in company.tenant.rows("SELECT id, operating_site_ident FROM document")}


def entities(company: Company) -> dict[str, str]:
    return {row.ident: row.legal_entity for row in company.tenant.rows("SELECT ident, legal_entity FROM operating_site")}


def put(company: Company, ident: str, **changes: Any) -> None:
    known = company.call("GET", f"{SITES}/{ident}")
    kept = {name: value for name, value in known.items() if name not in ("id", "createdAt", "lastModifiedAt")}
    company.call("PUT", f"{SITES}/{ident}", {**kept, **changes})


def test_each_company_has_its_own_numbers(company: Company) -> None:
    numbers = [company.document(operatingSiteIdent=site) for site in (HOME, OTHER, HOME, OTHER)]
    assert numbers[:2] == [numbers[0]] * 2
    assert numbers[2:] == [numbers[2]] * 2
    assert numbers[0] != numbers[2]
    company.sound()


def test_a_number_that_two_have_is_named_by_its_id(company: Company) -> None:
    number = a_number_of_two(company)
    of = ids(company)
    for path in ("/v2/documents/{}", "/v2/documents/invoices/{}", "/v2/opos-cases/{}"):
        refused = company.call("GET", path.format(number), None, 409)
        for text in (*of.values(), "Contor Demo GmbH", "Wiener Werk GmbH"):
            assert text in str(refused)
        for site, one in of.items():
            shown = company.call("GET", path.format(one))
            assert shown.get("operatingSiteIdent", site) == site
    labelled = company.call("POST", f"/v2/documents/{of[OTHER]}/labels", {"label": "checked"}, 201)
    assert "checked" in str(labelled)
    assert "checked" not in str(company.call("GET", f"/v2/documents/{of[HOME]}"))


def test_the_id_is_answered_and_searched_wherever_a_document_is_told(company: Company) -> None:
    number = a_number_of_two(company)
    of = ids(company)
    states = [company.call("GET", f"/v2/documents/requests/r-{asked}") for asked in (1, 2)]
    assert [(state["documentIdent"], state["documentId"]) for state in states] == [
        (number, int(of[site])) for site in (HOME, OTHER)
    ]
    for path in ("/v2/documents", "/v2/data-access/invoices", "/v2/opos-cases"):
        for one in of.values():
            assert company.call("GET", f"{path}/{one}")["documentId"] == int(one)
            listed = company.call("GET", f"{path}?search=documentId=={one}")
            assert [row["documentId"] for row in listed["_embedded"]] == [int(one)], path
    for one in of.values():
        posted = company.call("GET", f"/v2/bookingEntries?search=documentId=={one}")["_embedded"]
        assert len(posted) > 1
        assert {(row["documentId"], row["documentIdent"]) for row in posted} == {(int(one), number)}


def test_site_and_customer_say_which_document_is_credited(company: Company) -> None:
    number = a_number_of_two(company)
    of = ids(company)
    refused = company.ask("credit-memos", 409, relatedDocumentIdent=number)
    assert of[OTHER] in str(refused)
    company.document("credit-memos", "40.00", relatedDocumentIdent=number, operatingSiteIdent=OTHER)
    company.document("credit-memos", "30.00", relatedDocumentIdent=of[HOME])
    credited = {
        row.credited_document_id: row.net for row in company.tenant.rows("SELECT credited_document_id, net FROM document_credit")
    }
    assert {str(one): str(net) for one, net in credited.items()} == {of[OTHER]: "40.0000", of[HOME]: "30.0000"}
    company.sound()


def test_numbers_of_callers_are_free_in_each_company(company: Company) -> None:
    group = company.call("GET", "/v2/billing-groups/external")
    kept = ("name", "localeConfiguration", "contractDocumentDateDetermination", "depositReceivableRelevant")
    override = [{"documentType": "INVOICE", "externalNumber": "REQUIRED"}]
    company.call(
        "PUT", "/v2/billing-groups/external", {name: group[name] for name in kept} | {"documentNumberConfiguration": override}
    )
    for site in (HOME, OTHER):
        assert company.document(operatingSiteIdent=site, ident="RE-1") == "RE-1"
    refused = company.ask("invoices", 400, operatingSiteIdent=OTHER, ident="RE-1")
    assert "RE-1" in str(refused)
    company.sound()


def test_a_payment_that_names_a_number_of_two_waits(company: Company) -> None:
    number = a_number_of_two(company)
    of = ids(company)
    waiting = company.pay("119.00", number)
    assert waiting["status"] != "ASSIGNED"
    body = {"paymentIdent": waiting["paymentIdent"], "targetType": "DOCUMENT", "targetIdent": number}
    assert of[HOME] in str(company.call("POST", "/v2/payment-assignments", body, 409))
    made = company.call("POST", "/v2/payment-assignments", {**body, "targetIdent": of[OTHER]}, 201)
    assert [company.case(of[site])["balance"] for site in (HOME, OTHER)] == [119, 0]
    # one is open: now the number says enough
    assert company.pay("119.00", number)["status"] == "ASSIGNED"
    company.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    company.sound()


def a_number_of_another_seller(company: Company, folder: Path) -> tuple[str, str]:
    """(number of ours, id of what was taken over from another seller under the same number)"""
    number = company.document()
    path = folder / "invoice.xml"
    invoice = of_two_rates()
    path.write_bytes(ubl_of(replace(invoice, ident="OLD-1", seller=replace(invoice.seller, name="Elbe AG", vat_id="DE129273398"))))
    runtime = company.tenant.runtime
    import_files(runtime, [path], company.tenant.realm, lambda stage, count: None)
    worker.drain(runtime, company.tenant.id)
    (theirs,) = company.tenant.rows("SELECT id, ident FROM document ORDER BY id DESC LIMIT 1")
    assert theirs.ident == number
    return number, str(theirs.id)


def test_what_is_taken_over_from_another_seller_takes_no_number_from_us(company: Company, tmp_path: Path) -> None:
    number, theirs = a_number_of_another_seller(company, tmp_path)
    for path in ("/v2/documents", "/v2/documents/invoices", "/v2/opos-cases"):
        ours = company.call("GET", f"{path}/{number}")
        assert company.call("GET", f"{path}/{theirs}") != ours
    assert str(company.call("GET", f"/v2/documents/{number}")["documentId"]) != theirs
    company.document("credit-memos", "40.00", relatedDocumentIdent=number)
    company.call("POST", f"/v2/documents/{number}/labels", {"label": "checked"}, 201)
    assert company.call("GET", f"/v2/documents/{number}/labels") == {"labels": ["checked"]}
    assert company.call("GET", f"/v2/documents/{theirs}/labels") == {"labels": ["OLD-1"]}  # the number that it had
    company.sound()


def test_money_that_names_our_number_never_pays_another_seller(company: Company, tmp_path: Path) -> None:
    number, theirs = a_number_of_another_seller(company, tmp_path)
    owed = company.case(theirs)["balance"]
    assert company.pay("119.00", number)["status"] == "ASSIGNED"
    assert company.case(number)["balance"] == 0
    for text in (number, number.replace("-", " ")):  # ours is paid
        waiting = company.pay(str(owed), f"{text} again")
        assert waiting["status"] != "ASSIGNED"
    assert company.case(theirs)["balance"] == owed
    body = {"paymentIdent": waiting["paymentIdent"], "targetType": "DOCUMENT", "targetIdent": theirs}
    company.call("POST", "/v2/payment-assignments", body, 201)
    assert company.case(theirs)["balance"] == 0
    company.sound()


def test_a_site_that_gets_another_id_takes_its_numbers_along(company: Company) -> None:
    first = company.document(operatingSiteIdent=OTHER)
    before = entities(company)
    put(company, OTHER, vatId="ATU13585627")  # the only one of its company: still the same one
    assert entities(company) == before
    put(company, OTHER, vatId="DE136695976")  # that of the other site: one company from now on
    after = entities(company)
    assert after[HOME] == after[OTHER] != before[HOME]
    numbers = [company.document(operatingSiteIdent=site) for site in (HOME, OTHER)]
    assert len({first, *numbers}) == 3
    put(company, OTHER, vatId="ATU12345675")
    assert entities(company)[OTHER] != entities(company)[HOME]
    assert company.document(operatingSiteIdent=OTHER) not in (first, *numbers)
    company.sound()
