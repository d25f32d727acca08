"""As another tenant, documents, files, open items, payments and assignments do not exist, and nothing of the owner changes."""

import re
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.api.platform.routes import ROUTES
from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive

BODIES: dict[str, Any] = {
    "labels": {"label": "x"},
    "send": {"recipients": ["somebody@example.com"]},
    "actions/(cancel|correct-vat-2020|pay|post)": {},
    "comments": {"text": "x"},
    "reissue": {"invoiceAddress": {"city": "Lyon", "country": "FR"}},
    "decisions": {"type": "DISCOUNT", "amount": "1.00"},
    "dunning-block": {"blocked": True, "reason": "x"},
    "payments": {
        "externalIdent": "e",
        "baseAmount": {"amount": 1, "currency": "EUR"},
        "bookingDate": "2026-11-02",
        "creditDebitIndicator": "CREDIT",
    },
    "simulated-bookings": {"amount": "1.00"},
    "assignment-configuration": {},
    "statement-mappings": {"ident": "x", "form": {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}},
    "merchant-payment-accounts": {"name": "Mine now", "active": False},
    "regex-matching-strategies": {"regularExpression": "mine", "targetType": "DOCUMENT"},
    "payment-categories": {"enabled": False},
    "payment-transaction-categorization-rules": {
        "ident": "mine",
        "priority": 1,
        "jsonataExpression": "true",
        "resultingPaymentCategoryName": "CUSTOMER_PAYMENT",
    },
    "suggestions": {"suggestionIdents": ["s"]},
}
CHANGES: dict[str, Any] = {
    "PATCH /v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payments/{paymentIdent}": {"category": "RETURN"},
    "POST /v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payments/{paymentIdent}/actions/update-status": {
        "status": "OPEN"
    },
    "PUT /v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payment-transaction-categorization-rules/{ruleIdent}": {
        "priority": 1,
        "jsonataExpression": "true",
        "resultingPaymentCategoryName": "CUSTOMER_PAYMENT",
    },
}
"""Bodies of routes whose path says less than their method."""


def body_of(method: str, path: str) -> Any:
    return CHANGES.get(f"{method} {path}") or next(
        (body for word, body in BODIES.items() if re.search(rf"/{word}(/actions/\w+|/{{\w+}})?$", path)), None
    )


def test_another_tenant_finds_nothing_and_changes_nothing(
    company: Company,
    client: TestClient,
    new_tenant: Callable[[], Tenant],
    bearer: Callable[[Tenant], dict[str, str]],
) -> None:
    number = company.document()
    company.tenant.execute(
        archive, ArchiveDocuments(document_ids=tuple(r.id for r in company.tenant.rows("SELECT id FROM document")))
    )
    paid = company.pay("119.00", number)
    company.call("POST", "/v2/regex-matching-strategies", {"ident": "s", "regularExpression": "x", "targetType": "DOCUMENT"}, 201)
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {}, 201)
    company.call("POST", "/v2/payment-categories", {"name": "ours"}, 201)
    rule = {"ident": "r", "priority": 1, "jsonataExpression": "false", "resultingPaymentCategoryName": "ours"}
    rules = "/v2/merchant-payment-accounts/bank/payment-transaction-categorization-rules"
    company.call("POST", rules, rule, 201)
    company.call("POST", f"/v2/documents/{number}/labels", {"label": "x"}, 201)
    file = company.tenant.rows("SELECT ident FROM document_file ORDER BY ident")[0].ident
    ids = {
        "documentIdent": number,
        "invoiceIdent": number,
        "oposCaseIdent": number,
        "requestId": "r-1",
        "fileIdent": file,
        "attachmentIdent": file,
        "merchantPaymentAccountIdent": "bank",
        "paymentIdent": paid["paymentIdent"],
        "regexMatchingStrategyIdent": "s",
        "paymentCategoryName": "ours",
        "ruleIdent": "r",
        "paymentAssignmentIdent": company.call("GET", "/v2/payment-assignments")["_embedded"][0]["paymentAssignmentIdent"],
    }
    # settlements have a sweep of their own; files for banks are gone through with all things
    routes = [r for r in ROUTES if (names := re.findall(r"\{(\w+)\}", r.path)) and all(name in ids for name in names)]
    routes = [r for r in routes if "/settlement-" not in r.path and "/file-targets" not in r.path]
    routes = [r for r in routes if not r.path.startswith("/v2/tax/calculations/")]  # their request ids are others
    assert len(routes) > 25
    stranger = new_tenant()
    master_data(stranger.runtime, stranger.caller())
    headers = bearer(stranger)
    before, theirs = everything(company.tenant), everything(stranger)
    for route in routes:
        path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path)
        body = body_of(route.method, route.path) if route.body is not None else None
        assert (body is None) == (route.body is None), route.path
        named = {**headers, "Content-Disposition": 'attachment; filename="x.xml"'} if route.upload else headers
        answer = client.request(route.method, path, json=body, headers=named)
        assert answer.status_code == 404, (route.method, path, answer.text)
    foreign = {"paymentIdent": ids["paymentIdent"], "targetIdent": number}
    assert client.post("/v2/payment-assignments", json=foreign, headers=headers).status_code == 404
    assert everything(company.tenant) == before
    assert everything(stranger) == theirs
    for route in routes:
        if route.method == "GET":
            path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path)
            expected = (200, 404) if re.search(r"/documents/[a-z-]+/\{documentIdent\}", route.path) else (200,)
            if "/opening-claims/" in route.path:  # of documents that another system issued
                expected = (404,)
            if route.path.endswith("/ksef"):  # of a Polish seller alone
                expected = (409,)
            assert client.get(path, headers=company.headers).status_code in expected, path
