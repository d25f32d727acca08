"""Documents name the payment account that they are paid from: one of the customer's own, and nobody else's."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant


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
