"""AVALARA determines what is taxed in the US: the run waits for its answer, several taxes stand on a row, what is issued is recorded there
once and taken back when it is cancelled."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.avataxes import COMPANY, PASSWORD, USER, AvaTax
from tests.factories.desks import a_line
from tests.factories.offices import D, Office
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data
from contor.documents.after import archive
from contor.documents.after.archiving import ArchiveDocuments
from contor.documents.issue import drain
from contor.tax.providers import asking, worker

US: dict[str, Any] = {
    "addressIdent": "a",
    "addressType": "INVOICE",
    "street": "Main St",
    "streetNo": "1",
    "zip": "92614",
    "city": "Irvine",
    "stateCode": "US-CA",
    "country": "US",
}
TRANSACTIONS = "/v2/tax/providers/transactions"


class Shipper(Office):
    """Sells to a company in California."""

    def furnish(self, **properties: str) -> None:
        self.call(
            "POST",
            "/v2/customers",
            {"customerIdent": "acme", "customerType": "B2B", "company": "Acme Inc.", "addresses": [US]},
            201,
        )
        given = {"companyCode": COMPANY, **{name.replace("__", "."): value for name, value in properties.items()}}
        self.call("POST", "/v2/tax/providers/AVALARA/credentials", {"username": USER, "password": PASSWORD})
        said = {"properties": [{"key": key, "value": value} for key, value in given.items()]}
        self.call("POST", "/v2/tax/providers/AVALARA/properties", said, 201)
        self.call("POST", "/v2/tax/providers/configurations/US", {"provider": "AVALARA"})

    def subscribes(self, ident: str = "v-1", **more: Any) -> None:
        self.contract(ident, debtorIdent="acme", invoiceAddressIdent="a", **more)

    def asks(self) -> None:
        """The worker that asks providers has its turn."""
        worker.look(self.tenant.runtime, self.tenant.id)

    def again(self) -> None:
        """The pause after a try is over."""
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            now = {"now": uow.runtime.clock()}
            uow.run("UPDATE tax_quote SET try_at = %(now)s WHERE try_at IS NOT NULL", now)
            uow.run("UPDATE tax_transaction SET try_at = %(now)s WHERE try_at IS NOT NULL", now)
        self.asks()

    def reasons(self) -> list[tuple[str, str | None, str | None]]:
        rows = self.tenant.rows("SELECT processing_status, status_reason, processing_error FROM billable_item ORDER BY item_id")
        return [(row.processing_status, row.status_reason, row.processing_error) for row in rows]

    def document(self, place: int = 0) -> Any:
        rows = self.tenant.rows("SELECT ident FROM document ORDER BY id")
        return self.call("GET", f"/v2/documents/{rows[place].ident}")

    def transactions(self) -> list[tuple[str, str, str | None]]:
        listed = self.call("GET", f"{TRANSACTIONS}?sort=createdAt,asc")["_embedded"]
        return [(one["type"], one["status"], one.get("failure")) for one in listed]

    def credits(self, amount: str | None = None) -> str:
        """A credit memo over the first document, or over a part of it."""
        document = self.document()
        rows = [
            {
                "ident": f"c-{number}",
                "referenceIdent": row["ident"],
                "category": row["category"],
                "name": row["name"],
                "quantity": 1,
                "quantityType": "PC",
                "prices": {
                    side: {"net": amount or str(row["prices"]["total"]["net"])} for side in ("unit", "originalTotal", "total")
                },
                "performanceLocation": row["performanceLocation"],
                "taxLocation": row["taxLocation"],
                "taxDetail": {
                    "calculationBasis": "NET",
                    "taxes": [{"rate": tax["rate"], "categoryCode": "S"} for tax in row["taxDetail"]["taxes"]],
                },
            }
            for number, row in enumerate(document["items"])
        ]
        known = len(self.tenant.rows("SELECT 1 FROM document"))
        body = {
            "requestId": f"credit-{known}",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "en",
            "paymentCollection": {"collect": False},
            "customerDetail": {"customerIdent": "acme", "invoiceAddressIdent": "a"},
            "relatedDocumentIdent": document["ident"],
            "items": rows,
        }
        self.call("POST", "/v2/documents/credit-memos", body, 202)
        drain(self.tenant.runtime, self.tenant.id)
        state = self.call("GET", f"/v2/documents/requests/credit-{known}")
        assert state["status"] == "COMPLETED", state
        return str(state["documentIdent"])


@pytest.fixture
def exporter(tenant: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Shipper:
    master_data(tenant.runtime, tenant.caller())
    made = Shipper(tenant, client, bearer(tenant))
    made.clock("2026-05-10T10:00")
    made.plan("100.00")
    return made


def test_a_contract_waits_for_its_taxes_and_bears_all_of_them(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    assert exporter.bill()["documents"] == 0
    assert exporter.reasons() == [
        (
            "ERROR",
            "TAX_AWAITED",
            "contract v-1, basic-fee from 2026-05-01: AVALARA is asked which taxes it bears; it goes on by itself",
        )
    ]
    assert avatax.calls == []  # nothing is asked in a transaction
    exporter.asks()
    assert exporter.bill()["documents"] == 1
    (row,) = exporter.document()["items"]
    assert [(tax["name"], tax["code"], D(tax["rate"])) for tax in row["taxDetail"]["taxes"]] == [
        ("CA STATE TAX", "06", D("6")),
        ("CA COUNTY TAX", "075", D("0.25")),
        ("CA SPECIAL TAX", "EMTN0", D("2.375")),
    ]
    totals = exporter.document()["totals"]
    assert (D(str(totals["net"])), D(str(totals["tax"])), D(str(totals["gross"]))) == (D("100.00"), D("8.63"), D("108.63"))
    path, asked = avatax.calls[0]
    assert (path, asked["type"], asked["commit"], asked["companyCode"]) == (
        "/api/v2/transactions/create",
        "SalesOrder",
        False,
        COMPANY,
    )
    assert asked["addresses"]["shipTo"] == {
        "line1": "Main St 1",
        "city": "Irvine",
        "region": "CA",
        "postalCode": "92614",
        "country": "US",
    }
    assert asked["addresses"]["shipFrom"]["city"] == "Hamburg"


def test_several_taxes_stand_in_a_picture_alone(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    (number,) = [row.id for row in exporter.tenant.rows("SELECT id FROM document")]
    exporter.tenant.execute(archive, ArchiveDocuments(document_ids=(number,)))
    files = exporter.call("GET", f"/v2/files/documents/{exporter.document()['ident']}/attachments")["attachments"]
    assert [file["type"] for file in files] == ["PDF"]
    assert exporter.tenant.broken() == []


def test_a_document_is_recorded_once_with_the_tax_that_it_says(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish(taxCode__SERVICE="SW052000")
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    assert exporter.transactions() == [("SalesInvoice", "TO_COMMIT", None)]
    avatax.faults = ["503", "garbage"]
    exporter.asks()
    assert exporter.transactions() == [("SalesInvoice", "TO_COMMIT", "AVALARA answers 503: nothing that can be read")]
    avatax.faults = ["lost"]  # it is recorded, and nobody knows
    exporter.again()
    assert exporter.transactions()[0][1] == "TO_COMMIT"
    exporter.again()
    assert exporter.transactions() == [("SalesInvoice", "COMMITTED", None)]
    ident = exporter.document()["ident"]
    (code,) = avatax.recorded
    model = avatax.recorded[code]
    assert (code.split(".")[0], len(code)) == (ident, len(ident) + 33)
    assert (model["status"], model["date"], model["commit"]) == ("Committed", "2026-05-10", True)
    (line,) = model["lines"]
    assert (line["amount"], line["taxOverride"]["taxAmount"], line["taxCode"]) == (D("100.00"), D("8.63"), "SW052000")
    exporter.again()
    assert sum(1 for path, _ in avatax.calls if path.endswith("createoradjust")) == 3
    assert exporter.tenant.broken() == []


def test_the_same_number_of_another_tenant_is_another_document(
    exporter: Shipper, new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]], avatax: AvaTax
) -> None:
    """Two tenants with one account at the provider, and one company code."""
    other = new_tenant()
    master_data(other.runtime, other.caller())
    second = Shipper(other, client, bearer(other))
    second.clock("2026-05-10T10:00")
    second.plan("100.00")
    for it in (exporter, second):
        it.furnish()
        it.subscribes()
        it.bill()
        it.asks()
        it.bill()
        it.asks()
    assert exporter.document()["ident"] == second.document()["ident"]
    assert [it["status"] for it in avatax.recorded.values()] == ["Committed", "Committed"]
    exporter.credits()
    exporter.asks()
    assert sorted(it["status"] for it in avatax.recorded.values()) == ["Cancelled", "Committed"]
    assert second.transactions() == [("SalesInvoice", "COMMITTED", None)]


def test_a_cancelled_document_is_taken_back_there(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    exporter.asks()
    exporter.credits()
    assert exporter.transactions() == [("SalesInvoice", "TO_VOID", None)]
    exporter.asks()
    assert exporter.transactions() == [("SalesInvoice", "VOIDED", None)]
    assert [one["status"] for one in avatax.recorded.values()] == ["Cancelled"]


def test_what_was_never_recorded_needs_no_taking_back(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    exporter.credits()
    exporter.asks()
    assert (exporter.transactions(), avatax.recorded) == ([("SalesInvoice", "VOIDED", None)], {})


def test_a_credit_of_a_part_is_recorded_as_a_return(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    memo = exporter.credits("40.00")
    exporter.asks()
    assert exporter.transactions() == [("SalesInvoice", "COMMITTED", None), ("ReturnInvoice", "COMMITTED", None)]
    (model,) = [it for code, it in avatax.recorded.items() if code.startswith(f"{memo}.")]
    (line,) = model["lines"]
    assert (line["amount"], line["taxOverride"]["taxAmount"]) == (D("-40.00"), D("-3.45"))
    assert model["referenceCode"] == exporter.document()["ident"]
    assert exporter.tenant.broken() == []


def test_an_address_that_the_provider_refuses_is_said_and_mended(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    address = {name: value for name, value in US.items() if name != "addressIdent"}
    exporter.call("PUT", "/v2/customers/acme/addresses/a", {**address, "zip": "00000"})
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    ((status, reason, said),) = exporter.reasons()
    assert (status, reason) == ("ERROR", None)
    assert said is not None and "AVALARA answers 400: The address cannot be found.; mend it and try the item again" in said
    exporter.call("PUT", "/v2/customers/acme/addresses/a", address)
    exporter.call("POST", "/v2/contracts/v-1/actions/retry-failed-billable-items", None, 200)
    exporter.bill()
    exporter.asks()
    assert exporter.bill()["documents"] == 1


def test_while_nobody_answers_the_item_waits(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    for fault in ("401", "503", "garbage"):
        avatax.faults = [fault]
        exporter.again()
        assert exporter.bill()["documents"] == 0
        assert exporter.reasons()[0][:2] == ("ERROR", "TAX_AWAITED")
    exporter.again()
    assert exporter.bill()["documents"] == 1


def test_a_slow_provider_is_waited_for_within_bounds(exporter: Shipper, avatax: AvaTax, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.000001)
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    assert "AVALARA gives no answer: There was no whole answer within 1e-06 s." in str(exporter.reasons())


def test_where_the_company_has_no_nexus_nobody_is_asked(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish(nexus="US-NY, CA")
    exporter.subscribes()
    assert exporter.bill()["documents"] == 1
    (row,) = exporter.document()["items"]
    assert [(tax["categoryCode"], D(tax["rate"])) for tax in row["taxDetail"]["taxes"]] == [("O", D(0))]
    assert avatax.calls == []


def test_where_nothing_is_due_the_law_at_home_says_what_stands_there(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    address = {name: value for name, value in US.items() if name != "addressIdent"}
    exporter.call("PUT", "/v2/customers/acme/addresses/a", {**address, "stateCode": "US-OR", "zip": "97035", "city": "Lake Oswego"})
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    assert exporter.bill()["documents"] == 1
    (row,) = exporter.document()["items"]
    assert [(tax["categoryCode"], D(tax["rate"])) for tax in row["taxDetail"]["taxes"]] == [("O", D(0))]


def test_a_part_that_is_taxed_gives_the_tax_that_was_said(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    avatax.taxable = Decimal("0.8")  # as in Texas, where a part of some services is not taxed
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    assert D(str(exporter.document()["totals"]["tax"])) == D("6.90")


def test_the_group_keeps_to_the_law_that_is_built_in(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    body = {"provider": "NITROBOX", "billingGroupIdent": "external"}
    exporter.call("POST", "/v2/tax/providers/configurations/US", body)
    exporter.subscribes()
    assert (exporter.bill()["documents"], avatax.calls) == (1, [])


def test_what_is_refused_there_is_shown_and_tried_again(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    exporter.bill()
    with exporter.tenant.runtime.transaction(exporter.tenant.caller()) as uow:
        body = json.loads(uow.scalar(str, "SELECT body::text FROM tax_transaction") or "")
        body["addresses"]["shipTo"]["postalCode"] = "00000"
    avatax.faults = []
    original = avatax._done
    avatax._done = lambda path, said: original(path, {"createTransactionModel": body})  # type: ignore[method-assign]
    exporter.asks()
    ident = exporter.document()["ident"]
    assert exporter.transactions() == [("SalesInvoice", "REFUSED", "AVALARA answers 400: The address cannot be found.")]
    assert [str(finding) for finding in exporter.tenant.broken() if "REFUSED" in str(finding)] != []
    avatax._done = original  # type: ignore[method-assign]
    assert exporter.call("POST", f"{TRANSACTIONS}/{ident}/actions/retry")["status"] == "TO_COMMIT"
    exporter.asks()
    assert exporter.transactions() == [("SalesInvoice", "COMMITTED", None)]
    refused = exporter.client.post(f"{TRANSACTIONS}/{ident}/actions/retry", headers=exporter.headers)
    assert refused.status_code == 400
    assert exporter.client.post(f"{TRANSACTIONS}/none/actions/retry", headers=exporter.headers).status_code == 404


def test_who_is_exempt_there_bears_no_tax(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    exemption = {"code": "VATEX-EU-132", "certificateNumber": "CA-77", "country": "US", "validUntil": "2026-12-31"}
    body = {"customerType": "B2B", "company": "Acme Inc.", "taxExemptions": [exemption]}
    exporter.call("PUT", "/v2/customers/acme", body)
    exporter.subscribes()
    exporter.bill()
    exporter.asks()
    assert exporter.bill()["documents"] == 1
    assert avatax.calls[0][1]["exemptionNo"] == "CA-77"
    assert D(str(exporter.document()["totals"]["tax"])) == D(0)


CALCULATE = "/v2/tax/calculate/documents"


def a_calculation(state: str = "US-NY", **more: Any) -> dict[str, Any]:
    place = {"performanceLocation": {"country": "US"}, "taxLocation": {"country": "US", "state": state}}
    item = {"ident": "i-1", **place, "taxDate": "2026-05-10", "prices": {"total": {"net": "100"}}}
    return {
        "billingGroupIdent": "external",
        "customer": {"customerIdent": "acme"},
        "forecast": True,
        "items": [{**item, "productInformation": {"category": "SERVICE"}}],
        **more,
    }


def test_a_calculation_asks_the_provider_and_leaves_no_trace(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    answer = exporter.call("POST", CALCULATE, a_calculation("US-CA"), 200)
    (item,) = answer["items"]
    assert [(tax["name"], D(str(tax["rate"]))) for tax in item["taxes"]] == [
        ("CA STATE TAX", D("6")),
        ("CA COUNTY TAX", D("0.25")),
        ("CA SPECIAL TAX", D("2.375")),
    ]
    assert D(str(answer["totals"]["tax"])) == D("8.63")
    ((path, asked),) = avatax.calls
    assert (path, asked["type"], asked["commit"]) == ("/api/v2/transactions/create", "SalesOrder", False)
    assert (avatax.recorded, exporter.tenant.rows("SELECT 1 FROM tax_quote"), exporter.transactions()) == ({}, [], [])


def test_a_batch_is_asked_for_at_once(exporter: Shipper, avatax: AvaTax) -> None:
    """Supplies to one place on one day are lines of one question; another place is another one, and what is determined here is none."""
    exporter.furnish()
    home = a_calculation("DE-BE")
    home["items"][0] |= {"performanceLocation": {"country": "DE"}, "taxLocation": {"country": "DE"}}
    other = a_calculation("US-CA")
    other["items"][0]["prices"] = {"total": {"net": "200"}}
    batch = [a_calculation("US-CA"), other, a_calculation("US-NY"), home]
    answers = exporter.call("POST", f"{CALCULATE}/batch", {"documents": batch}, 200)["documents"]
    assert [D(str(it["totals"]["tax"])) for it in answers] == [D("8.63"), D("17.25"), D("4"), D("19")]
    assert sorted(len(asked["lines"]) for _, asked in avatax.calls) == [1, 2]


def test_what_is_kept_is_asked_for_once(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    body = a_calculation("US-NY", forecast=False, requestId="r-1")
    first = exporter.call("POST", CALCULATE, body, 200)
    avatax.faults = ["503"]  # nobody would answer any more
    assert exporter.call("POST", CALCULATE, body, 200) == first
    assert len(avatax.calls) == 1


def test_a_provider_without_an_answer_is_said_clearly(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish()
    for fault, said in (
        ("503", "AVALARA answers 503: nothing that can be read; try again, or say which taxes it bears"),
        ("401", "AVALARA answers 401: Authentication failed.; try again, or say which taxes it bears"),
        ("garbage", "AVALARA answered with status 200 and nothing that can be read; try again, or say which taxes it bears"),
    ):
        avatax.faults = [fault]
        refused = exporter.call("POST", CALCULATE, a_calculation(), 400)
        assert [(it["fieldName"], it["error"]) for it in refused["errors"]] == [("items[0].taxDetail.taxes", said)]
    unknown = a_calculation()
    unknown["items"][0]["taxLocation"]["postalCode"] = "00000"
    refused = exporter.call("POST", CALCULATE, unknown, 400)
    assert "The address cannot be found.; mend it, or say which taxes it bears" in refused["errors"][0]["error"]


def test_nobody_foresees_at_home_what_the_provider_determines(exporter: Shipper, avatax: AvaTax) -> None:
    """A calculation asks it, so does the preview of a draft; where nobody is asked both are determined at home."""
    exporter.furnish(nexus="US-NY")
    place = {"performanceLocation": {"country": "US"}, "taxLocation": {"country": "US", "state": "US-NY"}}
    item = {"ident": "i-1", **place, "taxDate": "2026-05-10", "prices": {"total": {"net": "100"}}}
    asked = {"billingGroupIdent": "external", "customer": {"customerIdent": "acme"}, "forecast": True}
    body = {**asked, "items": [{**item, "productInformation": {"category": "SERVICE"}}]}
    assert exporter.call("POST", "/v2/tax/calculate/documents", body, 200)["totals"]["tax"] == 4
    given = {**body["items"][0], "taxDetail": {"taxes": [{"rate": 8, "categoryCode": "S"}]}}  # type: ignore[dict-item]
    assert exporter.call("POST", "/v2/tax/calculate/documents", {**body, "items": [given]}, 200)["totals"]["tax"] == 8
    price = {"net": "100"}
    row = {
        "ident": "i-1",
        **place,
        "category": "SERVICE",
        "name": "Support",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": price, "originalTotal": price, "total": price},
    }
    draft = {"draftIdent": "d-1", "type": "INVOICE", "billingGroupIdent": "external", "currency": "EUR", "items": [row]}
    who = {"customerDetail": {"customerIdent": "acme", "invoiceAddressIdent": "a"}}
    exporter.call("POST", "/v2/drafts", {**draft, **who}, 201)
    avatax.faults = ["503"]
    (found,) = exporter.call("GET", "/v2/drafts/d-1/preview")["findings"]
    said = "AVALARA answers 503: nothing that can be read; try again, or say which taxes it bears"
    assert (found["fieldName"], found["error"]) == ("items[0].taxDetail.taxes", said)
    shown = exporter.call("GET", "/v2/drafts/d-1/preview")
    assert (shown["findings"], D(str(shown["totals"]["tax"]))) == ([], D("4"))
    elsewhere = {**place, "taxLocation": {"country": "US", "state": "US-CA"}}
    there = {**body, "items": [{**body["items"][0], **elsewhere}]}  # type: ignore[dict-item]
    assert exporter.call("POST", "/v2/tax/calculate/documents", there, 200)["taxes"][0]["categoryCode"] == "O"
    exporter.call("PUT", "/v2/drafts/d-1", {**draft, **who, "version": 1, "items": [{**row, **elsewhere}]})
    assert exporter.call("GET", "/v2/drafts/d-1/preview")["findings"] == []


def ordered(exporter: Shipper, status: int, **line: Any) -> Any:
    """An order of acme's over 100.00 net, taxed in California."""
    there = {"country": "US", "state": "US-CA"}
    row = {**a_line("l-1", "100.00"), "performanceLocation": there, "taxLocation": there, **line}
    who = {"debtorIdent": "acme", "invoiceAddressIdent": "a"}
    body = {"orderIdent": "o-1", "debtorOrderDetails": who, "currency": "EUR", "lineItems": [row]}
    return exporter.call("POST", "/v2/orders", body, status)


def test_an_order_asks_nobody_and_is_billed_with_what_the_provider_says(exporter: Shipper, avatax: AvaTax) -> None:
    """It shows no tax, and the gross that is said beside the net is judged by nobody: which taxes it bears is known when it is billed."""
    exporter.furnish()
    avatax.faults = ["503"]
    made = ordered(exporter, 201, unitPriceGross="108.63")
    assert (made["lineItems"][0]["taxInformation"], avatax.calls) == ([], [])
    assert exporter.bill()["documents"] == 0
    exporter.asks()
    assert exporter.bill()["documents"] == 0
    assert exporter.reasons() == [("ERROR", "TAX_AWAITED", "order o-1, l-1: AVALARA answers 503: nothing that can be read")]
    exporter.again()
    assert exporter.bill()["documents"] == 1
    assert exporter.documents() == [("INVOICE", D("100.00"), D("8.63"), D("108.63"))]


def test_where_the_company_has_no_nexus_an_order_is_judged_by_the_law_at_home(exporter: Shipper, avatax: AvaTax) -> None:
    exporter.furnish(nexus="US-NY")
    refused = ordered(exporter, 400, unitPriceGross="108.63")
    assert [(it["fieldName"], it["error"]) for it in refused["errors"]] == [
        ("lineItems[0].unitPriceGross", "is not the net with 0 % tax (100.00 EUR)")
    ]
    ordered(exporter, 201, unitPriceGross="100.00")
    assert avatax.calls == []


def test_a_draft_is_completed_with_what_the_provider_says(exporter: Shipper, avatax: AvaTax) -> None:
    """It is asked before the transaction; while it gives no answer nothing is issued, and no number drawn."""
    exporter.furnish()
    price = {"net": "100"}
    there = {"country": "US", "state": "US-CA"}
    row = {
        "ident": "i-1",
        "performanceLocation": there,
        "taxLocation": there,
        "category": "SERVICE",
        "name": "Support",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": price, "originalTotal": price, "total": price},
    }
    draft = {"draftIdent": "d-1", "type": "INVOICE", "billingGroupIdent": "external", "currency": "EUR", "items": [row]}
    who = {"customerDetail": {"customerIdent": "acme", "invoiceAddressIdent": "a"}}
    exporter.call("POST", "/v2/drafts", {**draft, **who}, 201)
    avatax.faults = ["503"]
    refused = exporter.call("POST", "/v2/drafts/d-1/actions/complete", {"version": 1}, 400)
    said = "AVALARA answers 503: nothing that can be read; try again, or say which taxes it bears"
    assert [it["error"] for it in refused["errors"]] == [said]
    assert exporter.documents() == []
    made = exporter.call("POST", "/v2/drafts/d-1/actions/complete", {"version": 1})
    assert made["documentIdent"].endswith("000001")
    assert exporter.documents() == [("INVOICE", D("100.00"), D("8.63"), D("108.63"))]
    assert [tax["name"] for tax in exporter.document()["items"][0]["taxDetail"]["taxes"]] == [
        "CA STATE TAX",
        "CA COUNTY TAX",
        "CA SPECIAL TAX",
    ]
