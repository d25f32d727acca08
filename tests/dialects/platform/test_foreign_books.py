"""As another tenant, nobody's journal entry, report, export, tax rule, calculation, route or notification exists, and nothing changes."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.commands.demo import master_data

BELOW = re.compile(r"/v2/(journal-entries|reports|exports|tax/rules|tax/calculations|vat-number-checks/jobs|notifications)/.*\{")
TAKING_AN_ID = [row for row in ROUTES if BELOW.match(row.path) and not row.path.startswith("/v2/reports/periods")]
RULE = {
    "taxRuleIdent": "books",
    "country": "DE",
    "itemCategory": "DIGITAL_PRODUCT",
    "variants": [
        {"taxRuleVariantIdent": "v-1", "applicableFrom": "2026-01-01", "taxRate": 7, "taxCode": "R", "taxName": "Reduced"}
    ],
}
SENT = {"ident": "hook", "type": "customer.*", "url": "https://hooks.example.com/contor"}
BODIES: dict[str, Any] = {
    "PUT /v2/tax/rules/{taxRuleIdent}": {"country": "DE", "itemCategory": "SERVICE"},
    "POST /v2/tax/rules/{taxRuleIdent}/variants": {"applicableFrom": "2030-01-01", "taxRate": 9, "taxCode": "R", "taxName": "R"},
    "PUT /v2/tax/rules/{taxRuleIdent}/variants/{taxRuleVariantIdent}": {
        "applicableFrom": "2030-01-01",
        "taxRate": 9,
        "taxCode": "R",
        "taxName": "R",
    },
    "PUT /v2/notifications/configuration/routes/{routeIdent}": SENT,
}


@pytest.fixture
def company(tenant: Tenant, client: TestClient) -> Company:
    master_data(tenant.runtime, tenant.caller())
    return Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})


def furnish(company: Company) -> dict[str, str]:
    """Everything that the routes name, by placeholder."""
    rule = company.call("POST", "/v2/tax/rules", RULE, 201)
    route = company.call("POST", "/v2/notifications/configuration/routes", SENT, 201)
    number = company.document()
    (customer, *_) = company.call("GET", "/v2/customers")["_embedded"]
    company.call("PUT", f"/v2/customers/{customer['customerIdent']}", {"company": "Muster Handel GmbH"})
    month = company.call("GET", f"/v2/documents/{number}")["documentDate"][:7]
    return {
        "taxRuleIdent": rule["taxRuleIdent"],
        "taxRuleVariantIdent": "v-1",
        "routeIdent": route["routeIdent"] if "routeIdent" in route else route["ident"],
        "notificationIdent": company.call("GET", "/v2/notifications")["_embedded"][0]["ident"],
        "journalEntryId": str(company.call("GET", "/v2/journal-entries")["_embedded"][0]["id"]),
        "reportIdent": company.call("POST", "/v2/reports", {"type": "JOURNAL", "period": month}, 202)["reportIdent"],
        "exportIdent": company.call("POST", "/v2/exports", {"kind": "BULK", "period": month}, 202)["exportIdent"],
        "jobIdent": company.call("POST", "/v2/vat-number-checks/actions/check-all", None, 202)["jobIdent"],
        "requestId": "none",
        "name": "index.csv",
    }


def test_another_tenants_books_do_not_exist(company: Company, other: Tenant) -> None:
    ids = furnish(company)
    master_data(other.runtime, other.caller())
    before = everything(company.tenant), everything(other)
    wrong = []
    for route in TAKING_AN_ID:
        path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path)
        body = BODIES.get(f"{route.method} {route.path}")
        assert (body is None) == (route.body is None or route.filterable is not None), f"{route.method} {path} needs a body here"
        answer = other.call(route.method, path.removeprefix("/v2"), body)
        if answer.status != 404:
            wrong.append((route.method, path, answer.status, answer.body))
    assert wrong == []
    assert (everything(company.tenant), everything(other)) == before
    unread = {"name", "requestId"}  # an export that is not made has no file yet
    reads = [row for row in TAKING_AN_ID if row.method == "GET" and not unread & {*re.findall(r"\{(\w+)\}", row.path)}]
    answered = {row.path: company.client.get(paths(row, ids), headers=company.headers).status_code for row in reads}
    assert {path: status for path, status in answered.items() if not path.endswith("/file")} == {
        path: 200 for path in answered if not path.endswith("/file")
    }


def paths(route: Route, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path)
