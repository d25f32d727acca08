"""What is done with customers who are suspended, archived or merged, and what no more."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.customers import another_customer
from tests.factories.reminding import Reminding
from tests.factories.tenants import Tenant

CUSTOMER = "/v2/customers/muster-handel"


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    return Company(furnished, client, bearer(furnished))


def act(company: Company, verb: str, status: int = 204, body: Any = None) -> Any:
    return company.call("POST", f"{CUSTOMER}/actions/{verb}", body, status)


def fields(answer: Any) -> list[str]:
    return [entry["fieldName"] for entry in answer["errors"]]


def test_who_is_archived_gets_nothing_new_and_what_he_has_is_taken_back(company: Company) -> None:
    ident = company.document()
    act(company, "archive")
    assert fields(company.ask("invoices", 400)) == ["customerDetail.customerIdent"]
    company.document("credit-memos", relatedDocumentIdent=ident)
    act(company, "unarchive")
    company.document()
    assert company.tenant.broken() == []


def test_who_is_suspended_is_not_billed_by_runs(company: Company) -> None:
    act(company, "suspend")
    shown = company.call("GET", CUSTOMER)
    assert (shown["status"], shown["billingStop"]) == ("SUSPENDED", {"reason": "SUSPENDED"})
    act(company, "reinstate")
    shown = company.call("GET", CUSTOMER)
    assert (shown["status"], "billingStop" in shown) == ("ACTIVE", False)
    act(company, "suspend")
    act(company, "archive")
    act(company, "suspend", 400)
    act(company, "reinstate", 400)
    act(company, "unarchive")
    assert "billingStop" not in company.call("GET", CUSTOMER)


def test_a_block_that_somebody_set_stays(company: Company) -> None:
    before = company.call("GET", CUSTOMER)
    body = {name: value for name, value in before.items() if name not in ("createdAt", "lastModifiedAt", "debtorId")}
    company.call("PUT", CUSTOMER, {**body, "billingStop": {"reason": "Streit"}})
    act(company, "suspend")
    act(company, "reinstate")
    assert company.call("GET", CUSTOMER)["billingStop"] == {"reason": "Streit"}


@pytest.mark.parametrize("verb", ["suspend", "archive"])
def test_no_contract_begins_with_who_is_not_active(company: Company, verb: str) -> None:
    act(company, verb)
    body = {"contractIdent": "v-1", "planIdent": "p", "debtorIdent": "muster-handel", "invoiceAddressIdent": "zentrale"}
    answer = company.call("POST", "/v2/contracts", {**body, "optionQuantities": []}, 400)
    assert "debtorIdent" in fields(answer)


def test_another_takes_the_place_of_who_is_merged(company: Company) -> None:
    another_customer(company)
    ident = company.document()
    act(company, "merge", 400, {"intoCustomerIdent": "muster-handel"})
    act(company, "merge", 400, {"intoCustomerIdent": "nobody"})
    act(company, "merge", 204, {"intoCustomerIdent": "zweite"})
    shown = company.call("GET", CUSTOMER)
    assert (shown["status"], shown["mergedInto"]) == ("ARCHIVED", "zweite")
    act(company, "unarchive", 400)
    act(company, "merge", 400, {"intoCustomerIdent": "zweite"})
    company.document("credit-memos", relatedDocumentIdent=ident)
    company.call("DELETE", "/v2/customers/zweite", status=204)  # he is named by the merged one, and is kept
    assert company.tenant.rows("SELECT 1 AS one FROM customer WHERE customer_ident = 'zweite' AND deleted_at IS NOT NULL")
    assert company.tenant.broken() == []


@pytest.fixture
def reminding(company: Company) -> Reminding:
    made = Reminding(company.tenant, company.client, company.headers)
    made.turn("2026-01-05")
    return made


def change(company: Company, **values: Any) -> None:
    before = company.call("GET", CUSTOMER)
    kept = {name: value for name, value in before.items() if name not in ("createdAt", "lastModifiedAt", "debtorId")}
    company.call("PUT", CUSTOMER, {**kept, **values})


def test_the_customers_own_days_count_where_a_document_says_nothing(reminding: Reminding) -> None:
    change(reminding, paymentTerms={"days": 30})
    due = [
        reminding.call("GET", f"/v2/documents/{ident}")["dueDate"]
        for ident in (reminding.document(), reminding.document(paymentTerm={"periodInDays": 7}))
    ]
    assert due == ["2026-02-04", "2026-01-12"]


def test_who_is_not_reminded_is_passed_over_unless_a_run_names_him(reminding: Reminding) -> None:
    change(reminding, dunning={"reminders": False})
    reminding.duns()
    ident = reminding.document()
    reminding.turn("2026-03-02")
    assert reminding.items(reminding.run()) == {ident: "BLOCKED"}
    assert reminding.items(reminding.run(debtorIdents=["muster-handel"])) == {ident: "DUNNED"}


@pytest.mark.parametrize(("fees", "claimed"), [(True, [10]), (False, [])])
def test_no_fees_are_claimed_of_who_pays_none(reminding: Reminding, fees: bool, claimed: list[int]) -> None:
    change(reminding, dunning={"fees": fees})
    reminding.duns([{"daysAfter": 1, "daysToPay": 7}, {"daysAfter": 7, "daysToPay": 7, "fee": "10.00"}])
    reminding.document()
    reminding.turn("2026-02-02")
    reminding.run()
    reminding.turn("2026-02-16")
    reminding.run()
    assert [one["amount"] for one in reminding.claims()] == claimed
