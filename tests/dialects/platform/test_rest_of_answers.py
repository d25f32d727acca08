"""Routes that no other test asks for what they answer when all is well: each answer is as published (the client judges it)."""

from typing import Any

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
