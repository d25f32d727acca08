"""Customers beside their master data: removed, numbered in the books, with a credit; over `/v2`."""

from typing import Any

from tests.factories.tenants import Tenant

from contor.commands.demo import master_data

CUSTOMER = "/customers/muster-handel"


def furnished(tenant: Tenant) -> Tenant:
    master_data(tenant.runtime, tenant.caller())
    return tenant


def said(tenant: Tenant, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
    answer = tenant.call(method, path, body, **more)
    assert answer.status == status, answer.body
    return answer.body


def test_a_customer_whom_nothing_names_is_gone(tenant: Tenant) -> None:
    furnished(tenant)
    said(tenant, "DELETE", CUSTOMER, status=204)
    said(tenant, "GET", CUSTOMER, status=404)
    said(tenant, "DELETE", CUSTOMER, status=404)
    assert tenant.unsound() == []


def test_a_customer_with_a_credit_is_kept(tenant: Tenant) -> None:
    furnished(tenant)
    said(tenant, "POST", f"{CUSTOMER}/credits", {"amount": 25, "note": "Goodwill"}, 201)
    said(tenant, "DELETE", CUSTOMER, status=204)
    kept = said(tenant, "GET", CUSTOMER)
    assert kept["billingStop"] == {"reason": "DELETED"} and kept["deletedAt"]


def test_credits_are_told_with_their_balance(tenant: Tenant) -> None:
    furnished(tenant)
    said(tenant, "POST", f"{CUSTOMER}/credits", {"amount": "25.50", "note": "Goodwill"}, 201)
    account = said(tenant, "POST", f"{CUSTOMER}/credits", {"amount": 5, "currency": "CHF"}, 201)
    assert account == said(tenant, "GET", f"{CUSTOMER}/credits")
    assert {name: str(value) for name, value in account["balances"].items()} == {"CHF": "5.0000", "EUR": "25.5000"}
    assert [(one["currency"], one.get("note")) for one in account["entries"]] == [("CHF", None), ("EUR", "Goodwill")]
    refused = said(tenant, "POST", f"{CUSTOMER}/credits", {"amount": "1.005"}, 400)
    assert refused["errors"][0]["fieldName"] == "amount"
    said(tenant, "POST", "/customers/nobody/credits", {"amount": 1}, 404)
    said(tenant, "GET", "/customers/nobody/credits", status=404)
    said(tenant, "POST", f"{CUSTOMER}/credits", {"amount": 1}, 403, permissions=("bookkeeping.read",))


def test_a_debtor_account_is_chosen(tenant: Tenant) -> None:
    furnished(tenant)
    path = f"{CUSTOMER}/debtor-account"
    assert said(tenant, "PUT", path, {"debtorAccount": 10_500}) == {"debtorAccount": 10_500}
    assert said(tenant, "GET", CUSTOMER)["debtorAccount"] == 10_500
    refused = said(tenant, "PUT", path, {"debtorAccount": 9_999}, 400)
    assert refused["errors"][0]["fieldName"] == "debtorAccount"
    said(tenant, "PUT", "/customers/nobody/debtor-account", {"debtorAccount": 10_501}, 404)


def test_an_external_id_is_that_of_one_customer(tenant: Tenant) -> None:
    body = {"customerIdent": "a", "company": "A GmbH", "externalId": "x-1"}
    said(tenant, "POST", "/customers", body, 201)
    refused = said(tenant, "POST", "/customers", {**body, "customerIdent": "b"}, 400)
    assert refused["errors"][0] == {
        "fieldName": "externalId",
        "error": "is that of another customer",
        "rejectedValue": "x-1",
    }
