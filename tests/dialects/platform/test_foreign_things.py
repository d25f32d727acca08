"""As another tenant, nobody's document, file, payment, open item, plan, feature, index or billing run exists, and nothing of the owner
changes. For every route that takes an id of these; with the sweeps of settings and of orders these are all routes that take one."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.cases import clearing
from tests.factories.companies import BANK, IN_PARTS, Company
from tests.factories.creditors import COLLECTED, OUR_IBAN, SEPA
from tests.factories.tenants import Tenant

from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive
from contor.openitems.collection import collect
from contor.payments.files import write_files
from contor.runtime.work.tenants import caller

BELOW = re.compile(
    r"/v2/(documents|files|data-access|merchant-payment-accounts|payment-assignments|regex-matching-strategies|opos-cases"
    r"|coupons|billing/plan-options|plans|price-adaptations|billing-runs|customer-payment-accounts|merchant-payment-gateways"
    r"|payment-providers|payment-intents|payment-intent-tasks|payment-files|payment-categories|payments|collection-runs|recurring-documents|post/letters"
    r"|payment-methods|open-banking-accounts|product-groups|joint-billings|features)/"
)
ELSEWHERE = re.compile(
    r"/v2/(orders|contracts|usages|rated-usages|rated-usage-aggregations|customers|debtors|customer-groups|custom-fields|billing-groups"
    r"|billing/configuration"
    r"|bookingAccounts|drafts|billing-runs/parked-customers|settlement-items|dunning-runs|dunning-letters|dunning-claims)/"
    r"|/v2/merchant-payment-accounts/[^/]+/settlement-"
    r"|/v2/(journal-entries|reports|exports|tax|vat-number-checks|notifications|mail|mails)/"
    r"|/v2/(translations|posting-periods|trial-balances|reports/periods)/"
    r"|/v2/(projects|times|offers|expenses|expense-categories|suppliers|opening-claims|revenues|inbox|folders|filed-papers)/"
)
"""What the other sweeps go through; months, and texts of documents, are named alike in every tenant."""
TAKING_AN_ID = [route for route in ROUTES if "{" in route.path and BELOW.match(route.path) and not ELSEWHERE.match(route.path)]
OPTION = {"optionIdent": "base", "productIdent": "store", "name": "Base fee", "type": "RECURRING", "prices": [{"price": "10.00"}]}
PHASE = {
    "ident": "p-1",
    "name": "Phase",
    "billingConfig": {"billingInterval": {"value": 1, "unit": "MONTH"}},
    "linkedOptions": [{"optionIdent": "base"}],
}
PLAN = {"planIdent": "basic", "name": "Basic", "phases": [PHASE]}
REGEX = {"ident": "mine", "regularExpression": "mine", "targetType": "DOCUMENT"}
RULE = {
    "ident": "all",
    "priority": 1,
    "jsonataExpression": "true",
    "resultingPaymentCategoryName": "RENT",
}
SUGGESTED = {"suggestionIdents": ["none"]}
LATER = "2999-01-01"
VALUE = {"ident": "next", "date": LATER, "value": "101"}
PAYMENT = {
    "externalIdent": "x",
    "baseAmount": {"amount": "1.00", "currency": "EUR"},
    "bookingDate": "2026-11-02",
    "creditDebitIndicator": "CREDIT",
    "description": "x",
}
MAPPING = {"ident": "own", "form": {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}}
PAYER = {
    "ident": "acc",
    "debtorIdent": "c-1",
    "merchantPaymentGatewayIdent": "way",
    "iban": "DE02120300000000202051",
    "mandate": {"signedOn": "2025-05-01", "creditorIdentifier": "DE98ZZZ09999999999"},
}
BANKED = {"ident": "link", "merchantPaymentAccountIdent": "debits", "provider": "SIMULATED"}
EDITIONS = {"name": "Editions", "members": [{"optionIdent": "base", "position": 1}]}
SEATS = {"name": "Seats", "type": "QUANTITY", "unit": "user"}
FEATURE = "/v2/features/{featureIdent}"
UPLOAD = {"ident": "files", "type": "UPLOAD", "format": "CAMT"}
SOURCE = {
    "ident": "own",
    "host": "127.0.0.1",
    "userName": "us",
    "password": "secret",
    "hostKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMd2bHG6U10Fp+x6IRLPxFII3NdJD2ImJWVYEUaLMLZE",
}
BODIES: dict[str, Any] = {
    "/v2/documents/{documentIdent}/actions/send": {},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/file-targets": {**SOURCE, "ident": "other"},
    "/v2/payment-intents/{paymentIntentIdent}/actions/end": {"reason": "It never came."},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/file-targets/{fileTargetIdent}": SOURCE,
    "/v2/documents/{documentIdent}/actions/reissue": {},
    "/v2/documents/{documentIdent}/actions/cancel": {},
    "/v2/documents/{documentIdent}/actions/correct-vat-2020": {},
    "/v2/documents/{documentIdent}/actions/pay": {},
    "/v2/documents/{documentIdent}/actions/post": {},
    "/v2/documents/{documentIdent}/comments": {"text": "Taken"},
    "/v2/recurring-documents/{recurringDocumentIdent}": {"version": 1},
    "/v2/documents/{documentIdent}/labels": {"label": "taken"},
    "/v2/documents/{documentIdent}/labels/actions/remove": {"label": "mine"},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}": {**BANK, "name": "Taken"},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payments": PAYMENT,
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/assignment-configuration": IN_PARTS,
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/statement-mappings": {**MAPPING, "ident": "other"},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/statement-mappings/{statementMappingIdent}": MAPPING,
    "/v2/customer-payment-accounts/{customerPaymentAccountIdent}": PAYER,
    "/v2/customer-payment-accounts/{customerPaymentAccountIdent}/actions/change-health-status": {"healthStatus": "HEALTHY"},
    "/v2/customer-payment-accounts/{customerPaymentAccountIdent}/actions/revoke-mandate": {},
    "/v2/merchant-payment-gateways/{merchantPaymentGatewayIdent}": {"name": "Taken"},
    "/v2/payment-providers/{paymentProviderId}": {"credentials": []},
    "/v2/payment-providers/{paymentProviderId}/settlement-sources": UPLOAD,
    "/v2/payment-providers/{paymentProviderId}/settlement-sources/{settlementSourceIdent}": UPLOAD,
    "/v2/opos-cases/{oposCaseIdent}/decisions": {"type": "DISCOUNT", "amount": "1.00"},
    "/v2/opos-cases/{oposCaseIdent}/dunning-block": {"blocked": True, "reason": "taken"},
    "/v2/payment-intent-tasks/{paymentIntentTaskIdent}": {"dueDate": LATER},
    "/v2/payment-categories/{paymentCategoryName}": {"enabled": False},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payment-transaction-categorization-rules": {
        **RULE,
        "ident": "other",
    },
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payment-transaction-categorization-rules/{ruleIdent}": RULE,
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payments/{paymentIdent}": {"properties": []},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/payments/{paymentIdent}/actions/update-status": {
        "status": "IGNORED",
        "reason": "taken",
    },
    "/v2/payments/{paymentIdent}/suggestions/actions/accept": SUGGESTED,
    "/v2/payments/{paymentIdent}/suggestions/actions/refuse": SUGGESTED,
    "/v2/regex-matching-strategies/{regexMatchingStrategyIdent}": {**REGEX, "regularExpression": "taken"},
    "/v2/billing/plan-options/{optionIdent}": OPTION,
    "/v2/plans/{planIdent}/phases/{phaseIdent}/options": {"optionIdent": "base"},
    "/v2/plans/{planId}": PLAN,
    "/v2/coupons/{code}": {"name": "Welcome", "type": "PERCENTAGE", "percentage": "5"},
    "/v2/coupons/{code}/actions/check": {},
    "/v2/payment-methods/{paymentMethodIdent}": {"name": "Taken"},
    "/v2/payment-methods/{paymentMethodIdent}/actions/remove": {},
    "/v2/open-banking-accounts/{openBankingAccountIdent}/actions/confirm": {},
    "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/simulated-bookings": {"amount": "1.00"},
    "/v2/product-groups/{productGroupIdent}": EDITIONS,
    "/v2/joint-billings/{jointBillingIdent}": {"name": "Taken", "customerIdent": "muster-handel", "billingDate": "2027-01-01"},
    "/v2/joint-billings/{jointBillingIdent}/actions/join": {"contractIdents": ["none"]},
    "/v2/joint-billings/{jointBillingIdent}/actions/leave": {"contractIdents": ["none"]},
    FEATURE: {**SEATS, "name": "Taken"},
    f"{FEATURE}/plans": {"planIdent": "basic", "value": "7"},
    f"{FEATURE}/plans/{{planIdent}}": {"value": "7"},
    f"{FEATURE}/options": {"optionIdent": "base", "value": "7"},
    f"{FEATURE}/options/{{optionIdent}}": {"value": "7"},
    f"{FEATURE}/products": {"productIdent": "store", "value": "7"},
    f"{FEATURE}/products/{{productIdent}}": {"value": "7"},
    "/v2/price-adaptations/{ident}/values": {**VALUE, "ident": "other"},
    "/v2/price-adaptations/{ident}/values/{valueIdent}": {"date": LATER, "value": "102"},
}


@pytest.fixture
def company(tenant: Tenant, client: TestClient) -> Company:
    master_data(tenant.runtime, tenant.caller())
    return Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})


def furnish(company: Company) -> dict[str, str]:
    """Everything that the routes name, by placeholder."""
    number = company.document()
    tenant = company.tenant
    (stored,) = tenant.rows("SELECT id FROM document")
    tenant.execute(archive, ArchiveDocuments(document_ids=(stored.id,)))
    company.call("POST", f"/v2/documents/{number}/labels", {"label": "mine"}, 201)
    (file, *_) = company.call("GET", f"/v2/documents/{number}")["files"]
    company.open_bank()
    company.take_parts()
    payment = company.pay("20.00", f"for {number}")
    (assignment, *_) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "way", "name": "Way"}, 201)
    debtor = company.call("GET", "/v2/customers")["_embedded"][0]["customerIdent"]
    company.call("POST", "/v2/customer-payment-accounts", {**PAYER, "debtorIdent": debtor}, 201)
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    company.call("POST", "/v2/payment-providers/7/settlement-sources", UPLOAD, 201)
    decision = company.call("POST", f"/v2/opos-cases/{number}/decisions", {"type": "DISCOUNT", "amount": "1.00"}, 201)
    cleared = clearing(company, cases=[number])
    (item, *_) = company.call("GET", f"/v2/opos-cases/clearing-runs/{cleared['ident']}/items")["_embedded"]
    company.call("POST", "/v2/regex-matching-strategies", REGEX, 201)
    company.call("POST", "/v2/billing/plan-options", OPTION, 201)
    plan = company.call("POST", "/v2/plans", PLAN, 201)
    company.call("POST", "/v2/coupons", {"code": "welcome", "name": "Welcome", "type": "PERCENTAGE", "percentage": "5"}, 201)
    company.call("POST", "/v2/price-adaptations", {"ident": "vpi", "name": "Prices"}, 201)
    company.call("POST", "/v2/price-adaptations/vpi/values", VALUE, 201)
    company.call("POST", "/v2/payment-categories", {"name": "RENT"}, 201)
    company.call("POST", "/v2/merchant-payment-accounts/bank/payment-transaction-categorization-rules", RULE, 201)
    collected = a_collection(company, debtor)
    run = company.client.post("/v2/billing-runs", json={}, headers=company.headers)
    assert run.status_code in (200, 201, 202), run.text
    company.call("POST", "/v2/merchant-payment-accounts/bank/statement-mappings", MAPPING, 201)
    company.call("POST", "/v2/merchant-payment-accounts/bank/file-targets", SOURCE, 201)
    company.call("PUT", "/v2/post/configuration", {"provider": "SIMULATED"})
    company.call("POST", "/v2/post/credits", {"credits": 1}, 201)
    company.call("POST", f"/v2/documents/{number}/actions/post", None, 202)
    (letter,) = company.call("GET", f"/v2/documents/{number}/letters")["_embedded"]
    content = {name: value for name, value in company.body().items() if name != "requestId"}
    rhythm = {"startDate": LATER, "frequency": "MONTHLY", "output": "DRAFT"}
    company.call("POST", "/v2/recurring-documents", {"recurringDocumentIdent": "rent", **rhythm, **content}, 201)
    bank = "/v2/merchant-payment-accounts/bank/statements"
    statement = company.client.post(bank, files={"file": ("own.xml", b"<none/>", "application/xml")}, headers=company.headers)
    assert statement.status_code == 202, statement.text
    return {
        "statementIdent": statement.json()["statementIdent"],
        "statementMappingIdent": "own",
        "fileTargetIdent": "own",
        "recurringDocumentIdent": "rent",
        "postLetterIdent": letter["ident"],
        "documentIdent": number,
        "invoiceIdent": number,
        "oposCaseIdent": number,
        "requestId": "r-1",
        "fileIdent": file["fileIdent"],
        "attachmentIdent": file["fileIdent"],
        "merchantPaymentAccountIdent": "bank",
        "paymentIdent": payment["paymentIdent"],
        "paymentCategoryName": "RENT",
        "ruleIdent": "all",
        "paymentAssignmentIdent": assignment["paymentAssignmentIdent"],
        "customerPaymentAccountIdent": "acc",
        "merchantPaymentGatewayIdent": "way",
        "paymentProviderId": "7",
        "settlementSourceIdent": "files",
        "decisionIdent": decision["ident"],
        "clearingRunIdent": cleared["ident"],
        "itemIdent": item["ident"],
        "regexMatchingStrategyIdent": "mine",
        "optionIdent": "base",
        "planIdent": "basic",
        "code": "welcome",
        "planId": str(plan["planId"]),
        "phaseIdent": "p-1",
        "ident": "vpi",
        "valueIdent": "next",
        "runIdent": run.json()["runIdent"],
        "collectionRunIdent": company.call("POST", "/v2/collection-runs", None, 201)["runIdent"],
        **collected,
        **what_is_given(company, debtor),
    }


def what_is_given(company: Company, customer: str) -> dict[str, str]:
    """A bank that is asked, a group of products, contracts billed as one, and a feature that all of them can give."""
    company.call("POST", "/v2/open-banking-accounts", BANKED, 201)
    company.call("POST", "/v2/product-groups", {"ident": "editions", **EDITIONS}, 201)
    joint = {"ident": "joint", "name": "All in one", "customerIdent": customer, "billingDate": "2027-01-01"}
    company.call("POST", "/v2/joint-billings", joint, 201)
    company.call("POST", "/v2/features", {"ident": "seats", **SEATS}, 201)
    company.call("POST", "/v2/features/seats/plans", {"planIdent": "basic", "value": "5"}, 201)
    company.call("POST", "/v2/features/seats/options", {"optionIdent": "base", "value": "5"}, 201)
    company.call("POST", "/v2/features/seats/products", {"productIdent": "store", "value": "5"}, 201)
    return {
        "paymentMethodIdent": "acc",
        "openBankingAccountIdent": "link",
        "productGroupIdent": "editions",
        "jointBillingIdent": "joint",
        "featureIdent": "seats",
        "productIdent": "store",
    }


def a_collection(company: Company, debtor: str) -> dict[str, str]:
    """A task, an intent and the file that it went out in."""
    runtime, tenant = company.tenant.runtime, company.tenant.id
    company.call("POST", "/v2/payment-providers", {"id": 8, "name": "SEPA_FILE"}, 201)
    company.open_bank(ident="debits", paymentServiceProviderId=8, iban=OUR_IBAN, bic="SOGEDEFFXXX", sepa=SEPA)
    accounts = [{"merchantPaymentAccountIdent": "debits", "currency": "EUR"}]
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "debits", "name": "Debits", "accounts": accounts}, 201)
    payer = {
        **PAYER,
        "ident": "acc-2",
        "debtorIdent": debtor,
        "merchantPaymentGatewayIdent": "debits",
        "accountHolderName": "Kunde",
    }
    company.call("POST", "/v2/customer-payment-accounts", payer, 201)
    wanted = {"targetIdent": company.document(paymentTerm={"periodInDays": 0}), "customerPaymentAccountIdent": "acc-2"}
    intent = company.call("POST", "/v2/payment-intents", wanted, 201)
    (file,) = write_files(runtime, caller("payment_files", tenant)).files
    company.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    assert collect(runtime, caller("collection", tenant)).planned == 1
    (task,) = company.call("GET", "/v2/payment-intent-tasks")["_embedded"]
    return {
        "paymentIntentIdent": intent["paymentIntentIdent"],
        "paymentIntentTaskIdent": task["paymentIntentTaskIdent"],
        "paymentFileIdent": file,
    }


def path_of(route: Route, ids: dict[str, str]) -> str:
    """Runs of collecting have idents of their own."""
    named = {**ids, "runIdent": ids["collectionRunIdent"]} if route.path.startswith("/v2/collection-runs/") else ids
    return re.sub(r"\{(\w+)\}", lambda match: named[match.group(1)], route.path)


def test_every_route_that_takes_an_id_is_gone_through() -> None:
    missed = [row.path for row in ROUTES if "{" in row.path and not BELOW.match(row.path) and not ELSEWHERE.match(row.path)]
    assert missed == []


def test_another_tenants_things_do_not_exist(company: Company, other: Tenant) -> None:
    """One owner for all routes, as each must leave everything as it was. Those that the owner may read answer him."""
    ids = furnish(company)
    master_data(other.runtime, other.caller())
    before = everything(company.tenant), everything(other)
    wrong = []
    for route in TAKING_AN_ID:
        path = path_of(route, ids)
        body = BODIES.get(route.path) if route.body is not None and route.filterable is None else None
        assert (body is None) == (route.body is None or route.filterable is not None), f"{path} needs a body here"
        sent: dict[str, Any] = {"raw": b"<none/>", "headers": {"Content-Disposition": 'attachment; filename="x.xml"'}}
        answer = other.call(route.method, path.removeprefix("/v2"), body, **(sent if route.upload else {}))
        if answer.status != 404:
            wrong.append((route.method, path, answer.status, answer.body))
    assert wrong == []
    assert (everything(company.tenant), everything(other)) == before
    typed = ("credit-memos", "deposit-invoice", "self-billing", "/ksef")  # it is none of these, nor of a Polish seller
    reads = [route for route in TAKING_AN_ID if route.method == "GET" and not any(kind in route.path for kind in typed)]
    paths = [path_of(route, ids) for route in reads]
    answers = {path: company.client.get(path, headers=company.headers).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 200)
