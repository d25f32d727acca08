"""What only describes something is answered as it was written, by every body that takes it."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.echoed import ECHOED
from tests.factories.administrators import Administrator
from tests.factories.companies import BANK, Company
from tests.factories.tenants import Tenant

PLACE = {
    "address_line1": "Kai 1",
    "address_line2": "Hof 2",
    "zip": "20457",
    "town": "Hamburg",
    "state": "Hamburg",
    "country_code": "DEU",
    "vat_id": "DE136695976",
}
OTHER = {
    "address_line1": "Ring 9",
    "address_line2": "Stock 4",
    "zip": "1010",
    "town": "Wien",
    "state": "Wien",
    "country_code": "AUT",
    "vat_id": "ATU13585627",
}
ORGANIZATION = {"economy_id": "E-1", "tax_number": "22/815", "managed_configuration": {"withhold_billing": True}}
CHANGED = {"economy_id": "E-2", "tax_number": "22/816", "managed_configuration": {"withhold_billing": False}}
SEGMENTS = [{"segmentIdent": "s-9", "name": "All"}]
ACCOUNT = {"accountGroup": "Cash", "oposAccount": True, "automatic": True}


@pytest.fixture
def told() -> set[str]:
    """The fields that a test has written and read again."""
    return set()


def same(told: set[str], kind: str, written: dict[str, Any], answer: dict[str, Any]) -> None:
    for name, value in written.items():
        assert answer[name] == value, (kind, name)
        told.add(f"{kind}.{''.join(f'_{c.lower()}' if c.isupper() else c for c in name)}")


def test_every_field_that_describes_is_answered(
    told: set[str], client: TestClient, furnished: Tenant, bearer: Callable[..., dict[str, str]]
) -> None:
    _management(told, Administrator(client, furnished))
    _platform(told, Company(furnished, client, bearer(furnished)))
    _papers(told, Company(furnished, client, bearer(furnished)))
    assert sorted(ECHOED.keys() - told) == []


def _management(told: set[str], api: Administrator) -> None:
    own = str(api.tenant.organization_id)
    named = {"name": "Filiale Nord", "managed_by_organization_id": own}
    path = f"/organizations/{api.call('POST', '/organizations', {**named, **PLACE, **ORGANIZATION})['_id']}"
    same(told, "OrganizationBody", PLACE | ORGANIZATION, api.call("GET", path))
    options = {"gln": "4012345000009", "withhold_billing": True, "bill_to_organization": own}
    api.call("PATCH", path, {**OTHER, **CHANGED, "billing_options": options})
    found = api.call("GET", path)
    same(told, "OrganizationPatch", OTHER | CHANGED, found)
    same(told, "BillingOptions", options, found["billing_options"])
    same(told, "ManagedConfiguration", CHANGED["managed_configuration"], found["managed_configuration"])  # type: ignore[arg-type]
    address = PLACE | {"recipient_additions": "c/o Buchhaltung"}
    path = f"/billing-addresses/{api.call('POST', '/billing-addresses', {**address, 'recipient': 'Nord GmbH'})['_id']}"
    same(told, "BillingAddressBody", address, api.call("GET", path))
    address = OTHER | {"recipient_additions": "Einkauf"}
    api.call("PATCH", path, address)
    same(told, "BillingAddressPatch", address, api.call("GET", path))


def _platform(told: set[str], company: Company) -> None:
    booked = {"accountNumber": 1234, "currency": "EUR", "accountType": "ASSET", "name": "Till"}
    company.call("POST", "/v2/bookingAccounts", {**booked, **ACCOUNT}, 201)
    path = "/v2/bookingAccounts/1234/EUR"
    same(told, "AccountBody", ACCOUNT, company.call("GET", path))
    changed = {"accountGroup": "Banks", "oposAccount": False, "automatic": False}
    company.call("PUT", path, {"name": "Till", **changed})
    same(told, "AccountChange", changed, company.call("GET", path))
    coupon = {"code": "c-1", "name": "Spring", "type": "PERCENTAGE", "percentage": "5"}
    company.call("POST", "/v2/coupons", {**coupon, "campaign": "Spring"}, 201)
    same(told, "CouponCreation", {"campaign": "Spring"}, company.call("GET", "/v2/coupons/c-1"))
    company.call("PUT", "/v2/coupons/c-1", {**coupon, "campaign": "Summer"})
    same(told, "CouponUpdate", {"campaign": "Summer"}, company.call("GET", "/v2/coupons/c-1"))
    kept = {"country": "AT", "settlementCreationDisabled": True}
    company.call("POST", "/v2/merchant-payment-accounts", {**BANK, **kept}, 201)
    path = "/v2/merchant-payment-accounts/bank"
    same(told, "MerchantPaymentAccountCreation", kept, company.call("GET", path))
    company.call(
        "PUT", path, {"name": "Other name", "active": True, "currency": "EUR", **kept}
    )  # it may be said again, not changed
    same(told, "MerchantPaymentAccountUpdate", kept, company.call("GET", path))
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "way", "name": "Way"}, 201)
    named = {
        "debtorIdent": company.call("GET", "/v2/customers")["_embedded"][0]["customerIdent"],
        "merchantPaymentGatewayIdent": "way",
    }
    told_of = {"accountCreationDate": "2026-01-02", "paymentCardType": "VISA", "paymentMethod": "CREDIT_CARD"}
    company.call(
        "POST", "/v2/customer-payment-accounts", {**named, **told_of, "ident": "card", "paymentMethodReference": "pm_1"}, 201
    )
    same(told, "CustomerAccountBody", told_of, company.call("GET", "/v2/customer-payment-accounts/card"))
    card, account = {"brand": "visa", "last4": "4242"}, {"email": "m@example.com", "billingAgreementId": "B-1"}
    ways = (("CARD", "card", "Card", card), ("PAYPAL", "paypal", "PayPal", account))
    company.call("POST", "/v2/payment-providers", {"id": 9, "name": "SIMULATED"}, 201)
    company.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "tried", "paymentServiceProviderId": 9}, 201)
    accounts = [{"merchantPaymentAccountIdent": "tried", "currency": "EUR"}]
    company.call("POST", "/v2/merchant-payment-gateways", {"ident": "tried", "name": "Tried", "accounts": accounts}, 201)
    for kind, name, shape, shown in ways:
        method = {
            "ident": f"by-{name}",
            "customerIdent": named["debtorIdent"],
            "gateway": "TESTING",
            "type": kind,
            "token": {"method": "ok"},
        }
        company.call("POST", "/v2/payment-methods", {**method, name: shown}, 201)
        same(told, shape, shown, company.call("GET", f"/v2/payment-methods/by-{name}")[name])
    group = {"name": "Other", "billing": "EXTERNAL_BILLING", "localeConfiguration": [{"country": "DEU"}]}
    dated = {"contractDocumentDateDetermination": "BILLING_PERIOD"}
    company.call("POST", "/v2/billing-groups", {**group, **dated, "billingGroupIdent": "g-9", "businessSegments": SEGMENTS}, 201)
    same(told, "BillingGroupWithSegmentsCreation", dated, company.call("GET", "/v2/billing-groups/g-9"))
    dated = {"contractDocumentDateDetermination": "DOCUMENT_CREATION"}
    company.call("PUT", "/v2/billing-groups/g-9", {**group, **dated})
    same(told, "BillingGroupUpdate", dated, company.call("GET", "/v2/billing-groups/g-9"))
    paid = {"creationDate": "2026-05-09T22:15:00Z"}
    fee = {"type": "card scheme", "amount": "0.35", "currency": "EUR"}
    made = company.pay("10.00", "for nothing known", fees=[fee], counterpart={"bic": "BYLADEM1001"}, **paid)
    same(told, "PaymentBody", paid, made)
    same(told, "Fee", {"type": fee["type"]}, made["fees"][0])
    same(told, "Counterpart", {"bic": "BYLADEM1001"}, made["counterpart"])


PAPER = {"date": "2026-03-02", "dueDate": "2026-03-16", "comment": "as agreed"}
OTHER_PAPER = {"date": "2026-03-03", "dueDate": "2026-03-17", "comment": "otherwise"}
FILED = {"type": "contract", "title": "Lease", "date": "2026-03-02", "note": "signed"}
OTHER_FILED = {"type": "letter", "title": "Notice", "date": "2026-03-03", "note": "sent"}


def _papers(told: set[str], company: Company) -> None:
    sums = {"net": "10.00", "tax": "1.90"}
    row = {"category": "office", "articleNumber": "A-1"}
    rows = [{"description": "Paper", "net": "10.00", "vatRate": 19, **row}]
    customer = company.call("GET", "/v2/customers")["_embedded"][0]["customerIdent"]
    spent, earned = {"supplier": "Papier Nord GmbH", **sums}, {"customerIdent": customer, **sums}
    kinds = (
        ("Expense", "/v2/expenses", {**spent, "rows": rows}, {**PAPER, "category": "Office"}, {**OTHER_PAPER, "category": "Shop"}),
        (
            "Revenue",
            "/v2/revenues",
            earned,
            {**PAPER, "number": "X-1", "title": "Design"},
            {**OTHER_PAPER, "number": "X-2", "title": "Print"},
        ),
        ("FiledPaper", "/v2/filed-papers", {}, FILED, OTHER_FILED),
        ("ProjectTask", _project(company, customer), {"name": "Design"}, {"priority": "HIGH"}, {"priority": "LOW"}),
    )
    for kind, path, needed, said, other in kinds:
        company.call("POST", path, {"ident": "x-1", **needed, **said}, 201)
        made = company.call("GET", f"{path}/x-1")
        same(told, f"{kind}Creation", said, made)
        if "rows" in needed:
            same(told, "PaperRow", row, made["rows"][0])
        company.call("PUT", f"{path}/x-1", {**needed, **other})
        same(told, f"{kind}Update", other, company.call("GET", f"{path}/x-1"))


def _project(company: Company, customer: str) -> str:
    """The path of its tasks."""
    company.call("POST", "/v2/projects", {"ident": "p-1", "name": "Website", "customerIdent": customer}, 201)
    return "/v2/projects/p-1/tasks"
