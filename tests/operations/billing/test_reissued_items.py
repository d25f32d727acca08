"""What the engine billed on a document that is reissued stands on the new one, and is credited there."""

import threading
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import QUARTER
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office
from tests.factories.tenants import Tenant


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2026-04-01T10:00")
    made.plan("90.00", billingInterval=QUARTER, syncBillingToBillingIntervalUnit=True)
    made.contract(startDate="2026-04-01")
    made.bill()
    return made


def reissued(office: Office) -> dict[str, str]:
    (old,) = office.tenant.rows("SELECT ident FROM document")
    address = {"company": "Muster Handel GmbH", "street": "Neu", "zip": "20099", "city": "Hamburg", "country": "DE"}
    answer = office.call("POST", f"/v2/documents/{old.ident}/actions/reissue", {"invoiceAddress": address}, 202)
    return {str(name): str(value) for name, value in answer.items()}


def test_items_move_and_a_later_credit_takes_from_the_new_document(office: Office) -> None:
    answer = reissued(office)
    new = answer["documentIdent"]
    items = office.call("GET", "/v2/billableitems/pageable")["_embedded"]
    assert [(item["invoiceIdent"], item["processingStatus"]) for item in items] == [(new, "COMPLETED")]
    view = office.call("GET", f"/v2/documents/{new}")
    assert (str(view["totals"]["gross"]), view["taxDate"]) == ("107.1", "2026-06-30")
    assert office.bill()["documents"] == 0
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    assert office.bill()["documents"] == 1
    (last,) = office.tenant.rows("SELECT ident FROM document ORDER BY id DESC LIMIT 1")
    credit = office.call("GET", f"/v2/documents/{last.ident}")
    assert (credit["documentType"], credit["relatedDocumentIdent"], str(credit["totals"]["net"])) == ("CREDIT_MEMO", new, "9.89")
    audited = office.tenant.rows(
        "SELECT 1 FROM audit_entry WHERE subject_kind = 'billable_item' AND operation = 'document.reissue'"
    )
    assert len(audited) == 1


def test_a_credit_that_waits_takes_from_the_new_document(office: Office) -> None:
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    new = reissued(office)["documentIdent"]
    office.bill()
    (last,) = office.tenant.rows("SELECT ident FROM document ORDER BY id DESC LIMIT 1")
    assert office.call("GET", f"/v2/documents/{last.ident}")["relatedDocumentIdent"] == new


def test_a_credit_and_a_reissue_at_once(office: Office) -> None:
    """Whoever comes first: the credit is issued once, and if the reissue came later it was refused."""
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    (old,) = office.tenant.rows("SELECT ident FROM document")
    answers: dict[str, int] = {}

    def call(path: str) -> None:
        answers[path] = office.client.post(path, json={}, headers=office.headers).status_code

    paths = [f"/v2/documents/{old.ident}/actions/reissue", "/v2/billingrun"]
    threads = [threading.Thread(target=call, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[paths[0]] in (202, 400) and answers[paths[1]] == 200
    office.bill()
    kinds = sorted(kind for kind, _, _, _ in office.documents())
    wanted = {202: ["CREDIT_MEMO", "CREDIT_MEMO", "INVOICE", "INVOICE"], 400: ["CREDIT_MEMO", "INVOICE"]}
    assert kinds == wanted[answers[paths[0]]]
    assert [item[:2] for item in office.items()] == [("RECURRING", "COMPLETED"), ("CREDIT", "COMPLETED")]
