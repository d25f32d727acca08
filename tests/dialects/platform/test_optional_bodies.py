"""Where a body need not be there, none says the same as one that says nothing: every such route of both dialects carries it out."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.drafts import a_body
from tests.factories.lower_rates import a_row, issued
from tests.factories.received import a_ubl
from tests.factories.tenants import Tenant

from contor.api.exchange import shaped
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive
from contor.expenses.inbox import ReadItems, read_items

OPTIONAL = [route for route in (*PLATFORM, *MANAGEMENT) if route.may_be_empty]
PAYER: dict[str, Any] = {
    "ident": "acc",
    "debtorIdent": "muster-handel",
    "merchantPaymentGatewayIdent": "way",
    "iban": "DE02120300000000202051",
    "mandate": {"signedOn": "2025-05-01", "creditorIdentifier": "DE98ZZZ09999999999"},
}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture
def company(tenant: Tenant, client: TestClient) -> Company:
    """With what these routes name."""
    master_data(tenant.runtime, tenant.caller())
    company = Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})
    company.call("POST", "/v2/drafts", {"draftIdent": "d-1", **a_body()}, 201)
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "way", "name": "Way"}, 201)
    company.call("POST", "/v2/customer-payment-accounts", PAYER, 201)
    company.open_bank(iban="DE75512108001245126199")
    link = {"ident": "own", "merchantPaymentAccountIdent": "bank", "provider": "SIMULATED", "userName": "app"}
    company.call("POST", "/v2/open-banking-accounts", link, 201)
    company.call("POST", "/v2/coupons", {"code": "welcome", "name": "Welcome", "type": "PERCENTAGE", "percentage": "5"}, 201)
    company.call("PUT", "/v2/post/configuration", {"provider": "SIMULATED"})
    company.call("POST", "/v2/post/credits", {"credits": 1}, 201)
    company.call("PUT", "/v2/mail/configuration", {"sender": "rechnung@elbe.example", "server": {"host": "mail.example.com"}})
    _papers(company)
    return company


def _papers(company: Company) -> None:
    """A project with a time, an offer, an expense and a revenue."""
    customer, paper = "muster-handel", {"ident": "x", "date": "2026-03-02", "net": "10.00", "tax": "1.90"}
    company.call("POST", "/v2/projects", {"ident": "x", "name": "X", "customerIdent": customer, "hourPrice": 90}, 201)
    company.call("POST", "/v2/times", {"ident": "x", "projectIdent": "x", "minutes": 30}, 201)
    offer = {name: value for name, value in a_body().items() if name != "type"}
    company.call("POST", "/v2/offers", {"offerIdent": "x", **offer}, 201)
    company.call("POST", "/v2/expenses", {"supplier": "Papier Nord GmbH", **paper}, 201)
    company.call("POST", "/v2/revenues", {"customerIdent": customer, **paper}, 201)


IDENTS = {
    "customerIdent": "muster-handel",
    "draftIdent": "d-1",
    "code": "welcome",
    **dict.fromkeys(("customerPaymentAccountIdent", "paymentMethodIdent"), "acc"),
    "openBankingAccountIdent": "own",
    **dict.fromkeys(("projectIdent", "offerIdent", "expenseIdent", "revenueIdent"), "x"),
}


def came(company: Company) -> str:
    """A file of the inbox that was read, and says all that an expense needs."""
    headers = {**company.headers, "Content-Type": "application/xml", "Content-Disposition": 'attachment; filename="x.xml"'}
    made = company.client.post("/v2/inbox", content=a_ubl(), headers=headers).json()
    company.tenant.execute(read_items, ReadItems(inbox_item_ids=(made["inboxItemId"],)))
    return str(made["inboxItemIdent"])


def filed(company: Company) -> str:
    """A document with its files."""
    number = company.document()
    (stored,) = company.tenant.rows("SELECT id FROM document")
    company.tenant.execute(archive, ArchiveDocuments(document_ids=(stored.id,)))
    return number


@pytest.mark.parametrize("raw", [b"", b" \n", b"null", b"{}"])
@pytest.mark.parametrize("route", OPTIONAL, ids=named)
def test_it_is_carried_out_without_a_body(company: Company, route: Route, raw: bytes) -> None:
    document = issued(company, a_row("a", "100.00", 19)) if "correct-vat-2020" in route.path else ""
    drawn = {"documentIdent": document or filed(company)} if "{documentIdent}" in route.path else {}
    drawn |= {"inboxItemIdent": came(company)} if "{inboxItemIdent}" in route.path else {}
    path = re.sub(r"\{(\w+)\}", lambda match: {**IDENTS, **drawn}[match[1]], route.path)
    answer = company.client.request(route.method, path, content=raw, headers=company.headers)
    assert answer.status_code == route.status, answer.text


@pytest.mark.parametrize("route", OPTIONAL, ids=named)
def test_its_shape_can_say_nothing(route: Route) -> None:
    assert shaped(route.body, {}, camel=True) is not None


def test_what_it_does_is_what_it_does_with_an_empty_object(company: Company) -> None:
    company.client.post("/v2/customer-payment-accounts/acc/actions/revoke-mandate", headers=company.headers)
    account = company.call("GET", "/v2/customer-payment-accounts/acc")
    assert (account["mandateStatus"], account["mandateStatusReason"]) == ("REVOKED", "revoked by the customer")


@pytest.mark.parametrize("raw", [b"x", b"[]", b'"x"', b'{"reason": 1}'])
def test_what_is_there_is_still_judged(company: Company, raw: bytes) -> None:
    path = "/v2/customer-payment-accounts/acc/actions/revoke-mandate"
    assert company.client.post(path, content=raw, headers=company.headers).status_code == 400
    assert company.call("GET", "/v2/customer-payment-accounts/acc")["mandateStatus"] == "ACTIVE"
