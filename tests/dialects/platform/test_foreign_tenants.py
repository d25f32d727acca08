"""As another tenant, every id is one that does not exist, and nothing of the owner changes. For every route that takes an id."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.bodies import ADDRESS, AGGREGATION, COUNTER, CUSTOMER, GROUP, SITE, but
from tests.factories.tenants import Tenant, a_tenant

from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.runtime.execute import Runtime

NUMBERS = "/billing/configuration/document-numbers"
OWNED = {
    "customerIdent": "c-1",
    "addressIdent": "a-1",
    "billingGroupIdent": "g-1",
    "businessSegmentIdent": "s-1",
    "counterIdent": "web",
    "strategyIdent": "s",
    "operatingSiteIdent": "hh",
    "aggregationConfigurationIdent": "agg",
    "accountNumber": "4711",
    "accountCurrency": "EUR",
    "draftIdent": "d-1",
    "configIdent": "de",
    "country": "DE",
    "customerGroupIdent": "vip",
    "customFieldIdent": "tier",
    "emailIdent": "",
    "debtorId": "",
    "addressId": "",
}
"""What the owner has, by placeholder. Documents, payments and cases have their own tests: their idents are drawn."""
NUMBERED = {
    "debtorId": "SELECT id FROM customer",
    "addressId": "SELECT id FROM address",
    "emailIdent": "SELECT ident AS id FROM customer_email",
}
"""Numbers are drawn, too; those of these are read."""
EMAIL = {"email": "taken@example.com", "default": True}
FIELD = {"kind": "CUSTOMER", "key": "tier", "name": "Tier", "type": "TEXT"}
BODIES: dict[str, Any] = {
    "POST /v2/tax/configuration/billing-groups/{billingGroupIdent}": {"vatIdValidation": True},
    "POST /v2/customers/{customerIdent}/vat-number-checks": {},
    "POST /v2/drafts/{draftIdent}/actions/complete": {"version": 1},
    "POST /v2/customers/{customerIdent}/addresses": but(ADDRESS, addressIdent="new"),
    "PUT /v2/customers/{customerIdent}": {"company": "Taken over"},
    "PUT /v2/customers/{customerIdent}/addresses/{addressIdent}": {"addressType": "INVOICE", "country": "FR"},
    "PUT /v2/customers/{customerIdent}/debtor-account": {"debtorAccount": 10_500},
    "POST /v2/customers/{customerIdent}/credits": {"amount": "1.00"},
    "POST /v2/customers/{customerIdent}/actions/merge": {"intoCustomerIdent": "c-2"},
    "PUT /v2/customers/{customerIdent}/parent": {"parentCustomerIdent": "c-2"},
    "PATCH /v2/customers/{customerIdent}/custom-fields": {"values": {"tier": "gold"}},
    "POST /v2/customers/{customerIdent}/emails": EMAIL,
    "PUT /v2/customers/{customerIdent}/emails/{emailIdent}": EMAIL,
    "PUT /v2/customer-groups/{customerGroupIdent}": {"name": "Taken over"},
    "PUT /v2/custom-fields/{customFieldIdent}": {**FIELD, "name": "Taken over"},
    "PUT /v2/debtors/{debtorId}": {"company": "Taken over"},
    "POST /v2/debtors/{debtorId}/addresses": but(ADDRESS, addressIdent="new"),
    "PUT /v2/debtors/{debtorId}/addresses/{addressId}": {"addressType": "INVOICE", "country": "FR"},
    "PUT /v2/billing-groups/{billingGroupIdent}": {"name": "Taken over", "localeConfiguration": [{"country": "FR"}]},
    "POST /v2/billing-groups/{billingGroupIdent}/business-segments": {"name": "Taken over"},
    "PUT /v2/billing-groups/{billingGroupIdent}/business-segments/{businessSegmentIdent}": {"name": "Taken over"},
    "PUT /v2/billing-groups/{billingGroupIdent}/splitting-config": {"contract": True},
    f"PUT /v2{NUMBERS}/counters/{{counterIdent}}": {"prefix": "Taken-"},
    f"PUT /v2{NUMBERS}/strategies/billing-groups/{{strategyIdent}}": {"key": "g-1", "counterIdent": "RE"},
    f"PUT /v2{NUMBERS}/strategies/document-types/{{strategyIdent}}": {"key": "INVOICE", "counterIdent": "RE"},
    f"PUT /v2{NUMBERS}/strategies/service-countries/{{strategyIdent}}": {"key": "FR", "counterIdent": "RE"},
    "PUT /v2/billing/configuration/operating-sites/{operatingSiteIdent}": but(SITE, ident=None, name="Taken over"),
    "POST /v2/billing/configuration/operating-sites/{operatingSiteIdent}/tax-registrations": [{"country": "FR"}],
    "DELETE /v2/billing/configuration/operating-sites/{operatingSiteIdent}/tax-registrations": {"idents": ["at"]},
    "PUT /v2/billing/configuration/aggregation/{aggregationConfigurationIdent}": {
        "invoiceType": "INVOICE",
        "aggregationStrategies": ["BY_TAX_CODE"],
    },
    "PUT /v2/bookingAccounts/{accountNumber}/{accountCurrency}": {"name": "Taken over"},
    "POST /v2/bookingAccounts/{accountNumber}/{accountCurrency}/clearings": {
        "debitBookingEntryIds": ["1-1"],
        "creditBookingEntryIds": ["2-1"],
    },
    "PUT /v2/drafts/{draftIdent}": {"version": 1, "currency": "USD"},
    "PATCH /v2/drafts/{draftIdent}": {"version": 1, "currency": "USD"},
}


def owned(route: Route) -> bool:
    placeholders = re.findall(r"\{(\w+)\}", route.path)
    return bool(placeholders) and all(name in OWNED for name in placeholders)


# a country is nobody's own there
TAKING_AN_ID = [row for row in ROUTES if owned(row) and not row.upload and "/tax/providers/" not in row.path]


def path_of(owner: Tenant, route: Route) -> str:
    """With what the owner has."""
    drawn = {name: str(owner.rows(sql)[0].id) for name, sql in NUMBERED.items() if name in route.path}
    return re.sub(r"\{(\w+)\}", lambda match: {**OWNED, **drawn}[match.group(1)], route.path.removeprefix("/v2"))


def furnish(tenant: Tenant) -> None:
    """Everything that `OWNED` names."""
    sites = "/billing/configuration/operating-sites"
    account = {
        "accountNumber": 4711,
        "currency": "EUR",
        "accountGroup": "OWN",
        "accountType": "EXPENSE",
        "name": "Own",
        "oposAccount": False,
    }
    made = [
        ("/customers", CUSTOMER),
        ("/customers/address-validation/configurations", {"configIdent": "de", "country": "DE"}),
        ("/billing-groups", GROUP),
        (f"{NUMBERS}/counters", COUNTER),
        (f"{NUMBERS}/strategies/billing-groups", {"ident": "s", "key": "g-1", "counterIdent": "web"}),
        (f"{NUMBERS}/strategies/service-countries", {"ident": "s", "key": "AT", "counterIdent": "web"}),
        (sites, SITE),
        (f"{sites}/hh/tax-registrations", [{"ident": "at", "country": "AT"}]),
        ("/billing/configuration/aggregation", AGGREGATION),
        ("/bookingAccounts", account),
        ("/drafts", {"draftIdent": "d-1", "type": "INVOICE", "currency": "EUR"}),
        ("/customers/c-1/emails", {"email": "own@example.com"}),
        ("/customer-groups", {"ident": "vip", "name": "Very important"}),
        ("/custom-fields", {"ident": "tier", **FIELD}),
    ]
    places = {"file": ("places.csv", b"zip;city\n10115;Berlin\n", "text/csv")}
    assert tenant.call("PUT", "/customers/address-validation/directories/DE", files=places).status == 200
    for path, body in made:
        answer = tenant.call("POST", path, body)
        assert answer.status in (200, 201), (path, answer.body)


@pytest.fixture(scope="module")
def two(runtime: Runtime, http: TestClient) -> tuple[Tenant, Tenant]:
    """Once: that nothing of it changes is what every test of it says. Customers of both belong to each other, and the stranger has one that
    the owner has not: nobody is refused for that, but for the ident."""
    owner, stranger = a_tenant(runtime, http), a_tenant(runtime, http)
    furnish(owner)
    for tenant in (owner, stranger):
        assert tenant.call("PATCH", "/tenant-settings", {"customerHierarchy": True}).status == 200
    assert stranger.call("POST", "/customers", but(CUSTOMER, customerIdent="c-2")).status == 201
    return owner, stranger


@pytest.mark.parametrize("route", TAKING_AN_ID, ids=lambda route: f"{route.method} {route.path}")
def test_another_tenants_id_does_not_exist(two: tuple[Tenant, Tenant], route: Route) -> None:
    owner, stranger = two
    path = path_of(owner, route)
    body = BODIES.get(f"{route.method} {route.path}")
    assert (body is None) == (route.body is None), "a route with a body needs one here"
    before, stranger_before = everything(owner), everything(stranger)
    answer = stranger.call(route.method, path, body)
    assert (answer.status, answer.body["status"]) == (404, "NOT_FOUND")
    assert everything(owner) == before
    assert everything(stranger) == stranger_before


def test_the_owner_reads_what_the_stranger_cannot(two: tuple[Tenant, Tenant]) -> None:
    """The paths above are right: each GET answers the owner."""
    owner, _ = two
    reads = [route for route in TAKING_AN_ID if route.method == "GET"]
    paths = [path_of(owner, route) for route in reads]
    assert {path: owner.call("GET", path).status for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.filterable is not None and "{" not in r.path], ids=lambda route: route.path
)
def test_lists_of_a_stranger(two: tuple[Tenant, Tenant], route: Route) -> None:
    """Searching for everything finds nothing of the owner's."""
    owner, stranger = two
    path = route.path.removeprefix("/v2")
    legacy = route.array or path.strip("/") == "billing-groups"
    mine = stranger.call("GET", path, params={} if legacy else {"size": "100"})
    assert mine.status == 200
    found = mine.body if route.array else mine.body["_embedded"]
    names = ("'c-1'", "'g-1'", "'s-1'", "'s-2'", "'web'", "'hh'", "'agg'", "'accountNumber': 4711", "'d-1'")
    assert [row for row in map(str, found) for name in names if name in row] == []
    if not route.array:
        assert mine.body["page"]["totalElements"] <= owner.call("GET", path).body["page"]["totalElements"]


def test_references_to_another_tenants_things_are_unknown(two: tuple[Tenant, Tenant]) -> None:
    _, stranger = two
    assert stranger.call("POST", "/billing/configuration/aggregation", {**AGGREGATION, "operatingSiteIdent": "hh"}).status == 400
    body = {"ident": "x", "key": "g-1", "counterIdent": "web"}
    answer = stranger.call("POST", f"{NUMBERS}/strategies/billing-groups", body)
    assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, ["key", "counterIdent"])


def test_the_same_idents_belong_to_both(two: tuple[Tenant, Tenant], tenant: Tenant) -> None:
    """Idents are unique per tenant, not over all tenants; numbers and accounts begin anew."""
    furnish(tenant)
    assert tenant.call("GET", "/customers/c-1").body["debtorAccount"] == 10000
