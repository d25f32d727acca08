"""Supplies that bear no tax because of the customer's VAT id need a proof where the tenant wants one: by the run, a request and a draft,
whatever the registers say."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.closers import PERIODS, Closer
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import D, Office
from tests.factories.telling import Telling
from tests.factories.tenants import Tenant
from tests.factories.vat_services import AUSTRIAN, FRENCH, Registers

from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive
from contor.documents.issue import drain
from contor.tax.vat_numbers import worker

WHEN_DOWN = ("ISSUE_WITH_LAST_PROOF", "TAX_AS_B2C", "HOLD")
CUSTOMER = {
    "customerIdent": "dupont",
    "customerType": "B2B",
    "company": "Dupont SARL",
    "vatId": FRENCH,
    "addresses": [
        {"addressIdent": "a", "addressType": "INVOICE", "street": "1 Rue Neuve", "zip": "75001", "city": "Paris", "country": "FR"}
    ],
}
FOUND = ("Dupont SARL", "1 RUE NEUVE")


class Proving(Office):
    """Sells to a French business, and to a private person of Germany."""

    def furnish(self) -> None:
        self.call("POST", "/v2/customers", CUSTOMER, 201)

    def validates(self, when_down: str = "HOLD", **more: Any) -> None:
        self.call("POST", "/v2/tax/configuration", {"vatIdValidation": True, "providerDownBehaviour": when_down, **more})

    def subscribes(self, ident: str = "v-1", **more: Any) -> None:
        self.contract(ident, debtorIdent="dupont", invoiceAddressIdent="a", **more)

    def asks(self) -> None:
        """The worker that asks the registers has its turn."""
        worker.look(self.tenant.runtime, self.tenant.id)

    def reasons(self) -> list[tuple[str, str | None, str | None]]:
        rows = self.tenant.rows("SELECT processing_status, status_reason, processing_error FROM billable_item ORDER BY item_id")
        return [(row.processing_status, row.status_reason, row.processing_error) for row in rows]

    def due_again(self) -> None:
        """The pause after a try without an answer is over."""
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            uow.run("UPDATE vat_number_enquiry SET try_at = %s", (uow.runtime.clock(),))

    def proves(self) -> str:
        """A proof of today; its ident."""
        made = self.call("POST", "/v2/customers/dupont/vat-number-checks", None, 202)
        self.asks()
        return str(made["vatNumberCheckIdent"])

    def taxes(self) -> list[tuple[str, D]]:
        idents = [row.ident for row in self.tenant.rows("SELECT ident FROM document ORDER BY id")]
        rows = [row for ident in idents for row in self.call("GET", f"/v2/documents/{ident}")["items"]]
        return [(tax["categoryCode"], D(tax["rate"])) for row in rows for tax in row["taxDetail"]["taxes"]]

    # documents that are asked for

    def requests(self, request_id: str = "r-1", category: str = "AE", **row: Any) -> Any:
        body = {
            "requestId": request_id,
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "en",
            "paymentCollection": {"collect": False},
            "customerDetail": {"customerIdent": "dupont", "invoiceAddressIdent": "a"},
            "items": [a_row(category, **row)],
        }
        self.call("POST", "/v2/documents/invoices", body, 202)
        drain(self.tenant.runtime, self.tenant.id)
        return self.request(request_id)

    def request(self, request_id: str = "r-1") -> Any:
        return self.call("GET", f"/v2/documents/requests/{request_id}")

    def issues(self) -> None:
        drain(self.tenant.runtime, self.tenant.id)


def a_row(category: str = "AE", **more: Any) -> dict[str, Any]:
    side = {"net": "100.00"}
    return {
        "ident": "i-1",
        "category": "SERVICE" if category == "AE" else "PHYSICAL_PRODUCT",
        "name": "Work",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": side, "originalTotal": side, "total": side},
        "performanceLocation": {"country": "FR"},
        "servicePeriod": {"start": "2026-05-01", "end": "2026-05-09"},
        "taxDetail": {"calculationBasis": "NET", "taxes": [{"rate": 0, "categoryCode": category}]},
        **more,
    }


@pytest.fixture
def seller(tenant: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Proving:
    master_data(tenant.runtime, tenant.caller())
    made = Proving(tenant, client, bearer(tenant))
    made.clock("2026-05-10T10:00")
    made.furnish()
    return made


# the run


def test_without_validation_nobody_is_asked(seller: Proving, registers: Registers) -> None:
    seller.plan()
    seller.subscribes()
    assert (seller.bill()["documents"], seller.taxes(), registers.asked) == (1, [("AE", D(0))], [])


@pytest.mark.parametrize("when_down", WHEN_DOWN)
def test_a_contract_waits_for_its_proof_and_is_billed_by_itself(seller: Proving, registers: Registers, when_down: str) -> None:
    registers.known[FRENCH] = FOUND
    seller.validates(when_down)
    seller.plan()
    seller.subscribes()
    assert seller.bill()["documents"] == 0
    reason = f"the VAT id {FRENCH} is being confirmed; it goes on by itself"
    assert seller.reasons() == [("ERROR", "VAT_PROOF_AWAITED", f"contract v-1, basic-fee from 2026-05-01: {reason}")]
    (item,) = seller.call("GET", "/v2/billableitems/pageable")["_embedded"]
    assert item["statusReason"] == "VAT_PROOF_AWAITED"
    assert seller.call("GET", "/v2/billableitems/pageable?search=statusReason==VAT_PROOF_AWAITED")["page"]["totalElements"] == 1
    seller.asks()
    assert seller.reasons() == [("PENDING_RETRY", None, f"contract v-1, basic-fee from 2026-05-01: {reason}")]
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("AE", D(0))])


def test_hold_waits_until_the_register_answers(seller: Proving, registers: Registers) -> None:
    registers.known[FRENCH] = FOUND
    registers.down = {"VIES", "EVATR"}
    seller.validates("HOLD")
    seller.plan()
    seller.subscribes()
    for _ in range(3):
        assert seller.bill()["documents"] == 0
        seller.due_again()
        seller.asks()
    assert seller.bill()["documents"] == 0
    ((status, reason, said),) = seller.reasons()
    assert (status, reason) == ("ERROR", "VAT_PROOF_AWAITED")
    assert said is not None and "cannot be confirmed now" in said and "it is asked for again, and goes on by itself" in said
    registers.down = set()
    seller.due_again()
    seller.asks()
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("AE", D(0))])


def test_tax_as_b2c_taxes_as_a_consumer_while_nobody_answers(seller: Proving, registers: Registers) -> None:
    registers.down = {"VIES", "EVATR"}
    seller.validates("TAX_AS_B2C")
    seller.plan()
    seller.subscribes()
    seller.bill()
    seller.asks()
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("S", D(19))])
    assert seller.documents() == [("INVOICE", D("10.00"), D("1.90"), D("11.90"))]


def test_the_last_proof_is_enough_where_the_tenant_says_so(seller: Proving, registers: Registers) -> None:
    registers.known[FRENCH] = FOUND
    proof = seller.proves()
    seller.validates("ISSUE_WITH_LAST_PROOF")
    seller.plan()
    seller.subscribes()
    seller.clock("2026-06-10T10:00")
    registers.down = {"VIES", "EVATR"}
    seller.bill()
    seller.asks()
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("AE", D(0))] * 2)
    (first,) = seller.tenant.rows("SELECT ident FROM document")
    (file,) = seller.call("GET", f"/v2/files/documents/{first.ident}/attachments")["attachments"]
    assert (file["type"], file["sha256"]) == ("VAT_PROOF", hashlib.sha256(registers.answered[0]).hexdigest())
    assert proof in str(seller.tenant.rows("SELECT change::text FROM audit_entry WHERE subject_ident = %s", (first.ident,)))


def test_without_any_proof_there_is_none_to_issue_with(seller: Proving, registers: Registers) -> None:
    registers.down = {"VIES", "EVATR"}
    seller.validates("ISSUE_WITH_LAST_PROOF")
    seller.plan()
    seller.subscribes()
    seller.bill()
    seller.asks()
    assert seller.bill()["documents"] == 0
    assert "there is no earlier proof to issue with" in str(seller.reasons())


@pytest.mark.parametrize("when_down", WHEN_DOWN)
def test_a_number_that_is_not_valid_is_taxed_as_of_a_consumer(seller: Proving, registers: Registers, when_down: str) -> None:
    seller.validates(when_down)
    seller.plan()
    seller.subscribes()
    seller.bill()
    seller.asks()
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("S", D(19))])


def test_what_else_is_billed_does_not_wait(seller: Proving, registers: Registers) -> None:
    registers.down = {"VIES", "EVATR"}
    seller.validates("HOLD")
    seller.plan()
    seller.subscribes()
    seller.contract("v-2")
    assert (seller.bill()["documents"], seller.taxes()) == (1, [("S", D(19))])


def test_what_was_ordered_without_tax_is_not_taxed_in_silence(seller: Proving, registers: Registers) -> None:
    seller.validates("HOLD")
    line = a_line(category="SERVICE", taxInformation=[{"taxRate": 0, "taxCategoryCode": "AE"}])
    details = {"debtorIdent": "dupont", "invoiceAddressIdent": "a"}
    seller.call("POST", ORDERS, {"orderIdent": "o-1", "debtorOrderDetails": details, "lineItems": [line]}, 201)
    seller.bill()
    seller.asks()
    assert seller.bill()["documents"] == 0
    ((status, reason, said),) = seller.reasons()
    assert (status, reason) == ("ERROR", None)
    assert said is not None and "it was ordered without tax (category AE)" in said


def test_the_group_decides_instead_of_its_tenant(seller: Proving, registers: Registers) -> None:
    seller.validates("HOLD")
    seller.call("POST", "/v2/tax/configuration/billing-groups/external", {"vatIdValidation": False})
    seller.plan()
    seller.subscribes()
    assert (seller.bill()["documents"], registers.asked) == (1, [])


def test_what_waits_goes_on_when_something_else_is_decided(seller: Proving, registers: Registers) -> None:
    registers.down = {"VIES", "EVATR"}
    seller.validates("HOLD")
    seller.plan()
    seller.subscribes()
    seller.requests()
    seller.bill()
    seller.asks()
    seller.bill()
    seller.issues()
    assert (seller.request()["status"], seller.documents()) == ("RECEIVED", [])
    seller.call("POST", "/v2/tax/configuration", {"vatIdValidation": False})
    seller.issues()
    assert (seller.bill()["documents"], seller.request()["status"]) == (1, "COMPLETED")


# requests


@pytest.mark.parametrize("category", ["AE", "K"])
@pytest.mark.parametrize("when_down", WHEN_DOWN)
def test_a_request_waits_for_its_proof_says_why_and_goes_on(
    seller: Proving, registers: Registers, when_down: str, category: str
) -> None:
    registers.known[FRENCH] = FOUND
    seller.validates(when_down)
    waits = seller.requests(category=category)
    assert (waits["status"], [(one["code"], one["fieldName"]) for one in waits["errors"]]) == (
        "RECEIVED",
        [("vat_proof_awaited", "customerDetail.customerIdent")],
    )
    assert waits["errors"][0]["error"] == f"waits: the VAT id {FRENCH} is being confirmed; it goes on by itself"
    seller.asks()
    seller.issues()
    done = seller.request()
    assert (done["status"], done["errors"]) == ("COMPLETED", [])
    (file,) = seller.call("GET", f"/v2/files/documents/{done['documentIdent']}/attachments")["attachments"]
    assert (file["type"], file["mediaType"], file["sha256"]) == (
        "VAT_PROOF",
        "application/json",
        hashlib.sha256(registers.answered[0]).hexdigest(),
    )
    path = f"/v2/files/documents/{done['documentIdent']}/attachments/{file['attachmentIdent']}"
    assert seller.client.get(path, headers=seller.headers).content == registers.answered[0]
    facts = seller.tenant.rows("SELECT payload FROM event WHERE name = 'documents.attachments_archived'")
    assert [row.payload["file_idents"] for row in facts] == [[file["attachmentIdent"]]]
    assert seller.tenant.broken() == []


def test_a_proof_is_told_once_when_it_is_kept(seller: Proving, registers: Registers) -> None:
    """It can be fetched before the document's own files are made, which are told when they are there."""
    registers.known[FRENCH] = FOUND
    seller.validates("HOLD")
    telling = Telling(seller.tenant, seller.client, seller.headers)
    telling.route("https://receiver.example.com/", status="PAUSED")
    seller.requests(category="K")
    seller.asks()
    seller.issues()
    ident = seller.request()["documentIdent"]
    (file,) = seller.call("GET", f"/v2/files/documents/{ident}/attachments")["attachments"]
    created, attached = [one for one in telling.told() if one["type"].startswith(("invoice.", "documentAttachment."))]
    assert (created["type"], attached["type"], created["subject"]) == (
        "invoice.created",
        "documentAttachment.archived",
        attached["subject"],
    )
    said = {name: attached["payload"][name] for name in ("documentIdent", "attachmentIdent", "attachmentType", "name")}
    assert said == {
        "documentIdent": ident,
        "attachmentIdent": file["attachmentIdent"],
        "attachmentType": "VAT_PROOF",
        "name": file["name"],
    }
    ((number,),) = seller.tenant.rows("SELECT id FROM document")
    seller.tenant.execute(archive, ArchiveDocuments(document_ids=(number,)))
    told = [one["payload"]["attachmentType"] for one in telling.told() if one["type"] == "documentAttachment.archived"]
    assert told.count("VAT_PROOF") == 1
    files = seller.call("GET", f"/v2/documents/{ident}")["files"]
    assert sorted(told) == sorted(one["type"] for one in files if one["type"] != "PDF")


@pytest.mark.parametrize(
    ("when_down", "status", "code"),
    [
        ("HOLD", "RECEIVED", "vat_proof_awaited"),
        ("TAX_AS_B2C", "FAILED", "vat_id_not_proven"),
        ("ISSUE_WITH_LAST_PROOF", "RECEIVED", "vat_proof_awaited"),
    ],
)
def test_a_request_while_nobody_answers(seller: Proving, registers: Registers, when_down: str, status: str, code: str) -> None:
    registers.down = {"VIES", "EVATR"}
    seller.validates(when_down)
    seller.requests()
    seller.asks()
    seller.issues()
    found = seller.request()
    assert (found["status"], [one["code"] for one in found["errors"]]) == (status, [code])
    assert seller.tenant.broken() == []


def test_what_is_held_is_acknowledged_and_issued_on_the_day_of_its_proof(seller: Proving, registers: Registers) -> None:
    """A month is closed though a register has not answered."""
    closer = Closer(seller.tenant, seller.client, seller.headers)
    registers.down = {"VIES", "EVATR"}
    closer.sell(requestId="sold")
    seller.validates("HOLD")
    assert seller.requests()["status"] == "RECEIVED"
    seller.asks()
    seller.issues()
    seller.clock("2026-06-02T10:00")
    (finding,) = seller.call("GET", f"{PERIODS}/2026-05/closing")["findings"]
    assert (finding["code"], finding["acknowledgeable"], finding["examples"]) == ("DOCUMENT_REQUESTS_HELD", True, ["r-1"])
    closer.begin_to_close("2026-05", status=400)
    closer.close("2026-05", "DOCUMENT_REQUESTS_HELD")
    registers.down, registers.known[FRENCH] = set(), FOUND
    seller.due_again()
    seller.asks()
    seller.issues()
    done = seller.request()
    assert (done["status"], done["errors"]) == ("COMPLETED", [])
    assert seller.call("GET", f"/v2/documents/{done['documentIdent']}")["documentDate"] == "2026-06-02"
    closer.even()


def test_a_request_by_the_last_proof(seller: Proving, registers: Registers) -> None:
    registers.known[FRENCH] = FOUND
    seller.proves()
    seller.validates("ISSUE_WITH_LAST_PROOF")
    seller.clock("2026-05-12T10:00")
    registers.down = {"VIES", "EVATR"}
    assert seller.requests()["status"] == "RECEIVED"
    seller.asks()
    seller.issues()
    assert seller.request()["status"] == "COMPLETED"


def test_every_row_that_cannot_stand_is_named(seller: Proving, registers: Registers) -> None:
    seller.validates("HOLD")
    seller.proves()  # the register does not know the number
    body = {
        "requestId": "r-2",
        "billingGroupIdent": "external",
        "language": "en",
        "paymentCollection": {"collect": False},
        "currency": "EUR",
        "customerDetail": {"customerIdent": "dupont", "invoiceAddressIdent": "a"},
        "items": [a_row(), {**a_row(), "ident": "i-2"}],
    }
    seller.call("POST", "/v2/documents/invoices", body, 202)
    seller.issues()
    found = seller.request("r-2")
    assert [(one["code"], one["fieldName"]) for one in found["errors"]] == [
        ("vat_id_not_proven", "items[0].taxDetail.taxes[0].categoryCode"),
        ("vat_id_not_proven", "items[1].taxDetail.taxes[0].categoryCode"),
    ]
    assert "expected is category S with its rate" in found["errors"][0]["error"]


def test_a_taxed_supply_needs_no_proof(seller: Proving, registers: Registers) -> None:
    seller.validates("HOLD")
    taxed = {"taxDetail": {"calculationBasis": "NET", "taxes": [{"rate": 20, "categoryCode": "S"}]}}
    assert seller.requests(**taxed)["status"] == "COMPLETED"
    assert registers.asked == []


def test_a_proof_is_attached_though_nobody_demands_one(seller: Proving, registers: Registers) -> None:
    registers.known[FRENCH] = FOUND
    seller.proves()
    seller.clock("2026-05-11T09:59")
    young = seller.requests("r-1")["documentIdent"]
    seller.clock("2026-05-11T10:00")
    old = seller.requests("r-2")["documentIdent"]
    assert [
        [file["type"] for file in seller.call("GET", f"/v2/files/documents/{ident}/attachments")["attachments"]]
        for ident in (young, old)
    ] == [["VAT_PROOF"], []]


def test_the_number_of_the_address_is_the_one_that_counts(seller: Proving, registers: Registers) -> None:
    registers.known[AUSTRIAN] = FOUND
    seller.validates("HOLD")
    address = {
        "addressType": "INVOICE",
        "street": "1 Rue Neuve",
        "zip": "75001",
        "city": "Paris",
        "country": "FR",
        "vatId": AUSTRIAN,
    }
    seller.call("PUT", "/v2/customers/dupont/addresses/a", address)
    seller.requests()
    seller.asks()
    seller.issues()
    assert seller.request()["status"] == "COMPLETED"
    assert [asked["vatNumber"] for _, asked in registers.asked] == [AUSTRIAN[2:]]


# drafts

DRAFT: dict[str, Any] = {
    "draftIdent": "d-1",
    "language": "en",
    "paymentCollection": {"collect": False},
    "type": "INVOICE",
    "billingGroupIdent": "external",
    "currency": "EUR",
    "customerDetail": {"customerIdent": "dupont", "invoiceAddressIdent": "a"},
    "items": [a_row()],
}


def test_a_draft_says_what_it_waits_for_and_is_completed_then(seller: Proving, registers: Registers) -> None:
    registers.known[FRENCH] = FOUND
    seller.validates("HOLD")
    seller.call("POST", "/v2/drafts", DRAFT, 201)
    refused = seller.client.post("/v2/drafts/d-1/actions/complete", headers=seller.headers)
    assert (refused.status_code, [one["fieldName"] for one in refused.json()["errors"]]) == (400, ["customerDetail.customerIdent"])
    assert seller.call("GET", "/v2/drafts/d-1")["status"] == "OPEN"
    seller.asks()
    assert seller.call("POST", "/v2/drafts/d-1/actions/complete", None, 200)["documentIdent"]
    assert seller.tenant.broken() == []


def test_a_draft_of_a_number_that_is_not_valid_is_refused(seller: Proving, registers: Registers) -> None:
    seller.validates("HOLD")
    seller.proves()
    seller.call("POST", "/v2/drafts", DRAFT, 201)
    refused = seller.client.post("/v2/drafts/d-1/actions/complete", headers=seller.headers)
    assert (refused.status_code, [one["fieldName"] for one in refused.json()["errors"]]) == (
        400,
        ["items[0].taxDetail.taxes[0].categoryCode"],
    )


@pytest.mark.parametrize(
    ("when_down", "down", "taxes"),
    [
        ("HOLD", False, [("S", D(19))]),
        ("TAX_AS_B2C", True, [("S", D(19))]),
    ],
)
def test_a_draft_that_leaves_its_taxes_out_bears_those_of_a_consumer(
    seller: Proving, registers: Registers, when_down: str, down: bool, taxes: Any
) -> None:
    """The register does not know the number, or nobody answers."""
    registers.down = {"VIES", "EVATR"} if down else set()
    seller.validates(when_down)
    seller.proves()
    row = {**a_row(), "taxDetail": {"calculationBasis": "NET"}}
    seller.call("POST", "/v2/drafts", {**DRAFT, "items": [row]}, 201)
    seller.call("POST", "/v2/drafts/d-1/actions/complete", None, 200)
    assert seller.taxes() == taxes


@pytest.mark.parametrize(
    ("is_known", "said", "category"), [(True, None, "AE"), (False, None, "S"), (False, "VALID", "AE"), (True, "INVALID", "S")]
)
def test_a_calculation_knows_the_check_and_may_be_told_another_result(
    seller: Proving, registers: Registers, is_known: bool, said: str | None, category: str
) -> None:
    registers.known = {FRENCH: FOUND} if is_known else {}
    seller.validates("HOLD")
    seller.proves()
    place = {"country": "FR", "postalCode": "75001", "city": "Paris"}
    item = {
        "ident": "i-1",
        "performanceLocation": place,
        "taxLocation": place,
        "productInformation": {"category": "SERVICE"},
        "taxDate": "2026-05-09",
        "prices": {"total": {"net": "100.00"}},
    }
    body = {
        "billingGroupIdent": "external",
        "customer": {"customerIdent": "dupont"},
        "items": [item],
        "forecast": True,
        **({} if said is None else {"vatIdValidationResult": said}),
    }
    found = seller.call("POST", "/v2/tax/calculate/documents", body)
    assert [tax["categoryCode"] for row in found["items"] for tax in row["taxes"]] == [category]
