"""Routes that no other test asks for what they answer when all is well: each answer is as published (the client judges it)."""

from typing import Any

from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data

NUMBERS = "/billing/configuration/document-numbers"
COUNTER = {"ident": "web", "prefix": "WEB-", "mask": "0000"}
S19 = [{"taxRate": 19, "taxCategoryCode": "S"}]
PHASE = {
    "ident": "p-1",
    "name": "P",
    "billingConfig": {"billingInterval": {"value": 1, "unit": "YEAR"}},
    "linkedOptions": [{"optionIdent": "fee"}],
}
BANK = {"ident": "bank", "name": "Bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
ACCOUNT = {
    "accountNumber": 4711,
    "currency": "EUR",
    "accountGroup": "OWN",
    "accountType": "EXPENSE",
    "name": "Own",
    "oposAccount": False,
}
STRATEGY = {"ident": "rx", "targetType": "DOCUMENT", "regularExpression": "RE-[0-9]+"}


def line(ident: str) -> dict[str, Any]:
    return {"ident": ident, "name": "Machine", "unitPriceNet": "100.00", "taxInformation": S19}


def test_settings_and_money(tenant: Tenant) -> None:
    master_data(tenant.runtime, tenant.caller())

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = tenant.call(method, path, body)
        assert answer.status == status, (method, path, answer.body)
        return answer.body

    call("POST", f"{NUMBERS}/counters", COUNTER)
    types = f"{NUMBERS}/strategies/document-types"
    for known in call("GET", types)["_embedded"]:
        call("DELETE", f"{types}/{known['ident']}", status=204)
    for path, key, other in (("document-types", "INVOICE", "CREDIT_MEMO"), ("service-countries", "AT", "FR")):
        strategies = f"{NUMBERS}/strategies/{path}"
        call("POST", strategies, {"ident": "s", "key": key, "counterIdent": "web"}, 201)
        call("PUT", f"{strategies}/s", {"key": other, "counterIdent": "web"})
        assert [row["key"] for row in call("GET", strategies)["_embedded"]] == [other]
        call("DELETE", f"{strategies}/s", status=204)
    call("POST", "/bookingAccounts", ACCOUNT, 201)
    assert call("GET", "/bookingAccounts/4711/EUR") == {**ACCOUNT, "automatic": False}
    call("PUT", "/bookingAccounts/4711/EUR", {"name": "Ours"})
    assert call("GET", "/bookingAccounts?search=name==Ours")["page"]["totalElements"] == 1
    call("DELETE", "/bookingAccounts/4711/EUR", status=204)
    call("POST", "/merchant-payment-accounts", BANK, 201)
    call("POST", "/merchant-payment-accounts/bank/assignment-configuration", {"overpaymentAssignmentToDocuments": True}, 201)
    call("DELETE", "/merchant-payment-accounts/bank/assignment-configuration", status=204)
    call("POST", "/regex-matching-strategies", STRATEGY, 201)
    call("PUT", "/regex-matching-strategies/rx", {**STRATEGY, "regularExpression": "AB-[0-9]+"})
    assert [row["ident"] for row in call("GET", "/regex-matching-strategies")["_embedded"]] == ["rx"]
    call("DELETE", "/regex-matching-strategies/rx", status=204)
    assert call("GET", "/merchant-payment-accounts?search=country==deu")["page"]["totalElements"] == 1
    call("DELETE", "/merchant-payment-accounts/bank", status=204)
    call("POST", "/price-adaptations", {"ident": "index", "name": "Prices"}, 201)
    call("POST", "/price-adaptations/index/values", {"ident": "v", "date": "2026-01-01", "value": "104.5"}, 201)
    assert (
        call("GET", "/price-adaptations/index/values/v")["value"]
        == call("GET", "/price-adaptations/index/values")["_embedded"][0]["value"]
    )
    assert call("GET", "/price-adaptations/index")["name"] == call("GET", "/price-adaptations")["_embedded"][0]["name"]
    for path in ("/opos-cases", "/bookingEntries"):
        assert call("GET", path)["_embedded"] == []


def test_contracts_and_orders(tenant: Tenant) -> None:
    master_data(tenant.runtime, tenant.caller())

    def call(method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        answer = tenant.call(method, path, body, **more)
        assert answer.status == status, (method, path, answer.body)
        return answer.body

    fee = {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "status": "FINAL", "prices": [{"price": "10.00"}]}
    call("POST", "/billing/plan-options", fee, 201)
    call("POST", "/plans", {"planIdent": "basic", "name": "Basic", "phases": [PHASE]}, 201)
    contract = {
        "contractIdent": "v-1",
        "planIdent": "basic",
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}],
        "startDate": "2026-05-01",
        "lineItems": [line("l-1"), line("l-2")],
    }
    call("POST", "/contracts", contract, 201)
    for word in ("lineItems", "purchaseItems"):
        held = call("POST", f"/contracts/v-1/{word}/actions/set-on-hold", {"idents": ["l-1"]})
        assert [row["status"] for row in held] == ["ON_HOLD"]
        call("POST", f"/contracts/v-1/{word}/actions/prepare-documents", {"idents": ["l-1"]})
    call("POST", "/contracts/v-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    csv = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="x.csv"'}
    call("POST", "/contracts/v-1/attachments", raw=b"1;2\n", headers=csv)
    call("DELETE", "/contracts/v-1/attachments/x.csv", status=204)
    call("POST", "/contracts/actions/terminate-extraordinarily", {"idents": ["v-1"]}, 204)
    assert [row["contractIdent"] for row in call("GET", "/contracts")] == ["v-1"]


def test_documents_by_their_type_and_what_nobody_uses(tenant: Tenant, client: TestClient) -> None:
    master_data(tenant.runtime, tenant.caller())
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.run("UPDATE customer SET self_billing_agreement_on = '2026-01-01'")
    company = Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})
    kinds = (
        ("invoices", "credit-memos"),
        ("deposit-invoices", "deposit-invoice-corrections"),
        ("self-billing-invoices", "self-billing-invoice-corrections"),
    )
    for kind, correction in kinds:
        issued = company.document(kind)
        taken_back = company.document(correction, relatedDocumentIdent=issued)
        for path in (f"/v2/documents/{kind}/{issued}", f"/v2/documents/{correction}/{taken_back}"):
            assert company.call("GET", path)["ident"] in path
    company.call("POST", f"/v2/documents/{issued}/labels", {"label": "checked"}, 201)
    company.call("POST", f"/v2/documents/{issued}/labels", {"label": "paid twice"}, 201)
    for search, count in (("labels==checked", 1), ('labels=="paid*"', 1), ("labels!=checked", 0), ("labels==other", 0)):
        found = company.call("GET", f"/v2/documents?search={search};ident=={issued}&sort=labels")["_embedded"]
        assert len(found) == count, search
    company.call("POST", f"/v2/documents/{issued}/labels/actions/remove", {"label": "paid twice"}, 204)
    company.call("POST", f"/v2/documents/{issued}/labels/actions/remove", {"label": "checked"}, 204)
    company.call(
        "POST",
        "/v2/billing/plan-options",
        {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "prices": [{"price": 1}]},
        201,
    )
    plan = company.call("POST", "/v2/plans", {"planIdent": "basic", "name": "Basic", "phases": [PHASE]}, 201)["planId"]
    company.call("POST", "/v2/price-adaptations", {"ident": "index", "name": "Prices"}, 201)
    for path in (f"/v2/plans/{plan}", "/v2/billing/plan-options/fee", "/v2/price-adaptations/index"):
        company.call("DELETE", path, status=204)
        company.call("GET", path, status=404)
