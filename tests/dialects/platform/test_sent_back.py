"""What was read can be sent back; null says nothing where it is not a change; a change changes what it names and nothing else."""

import re
from typing import Any

import pytest
from tests.checkers.body_fields import fields_of
from tests.factories.bodies import AGGREGATION, COUNTER, CUSTOMER, GROUP, SITE, but
from tests.factories.tenants import Tenant

from contor.api.exchange import shaped
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.kernel.errors import Refused

NUMBERS = "/billing/configuration/document-numbers"
SITES = "/billing/configuration/operating-sites"
MONTH = {"value": 1, "unit": "MONTH"}
PHASE = {"ident": "p-1", "name": "Phase", "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "fee"}]}
CONTRACT = {
    "contractIdent": "v-1",
    "planIdent": "basic",
    "debtorIdent": "c-1",
    "invoiceAddressIdent": "a-1",
    "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}],
    "paymentInformation": {"paymentType": "DIRECT_DEBIT"},
}
S19 = [{"taxRate": 19, "taxCategoryCode": "S"}]
ORDER = {
    "orderIdent": "o-1",
    "debtorOrderDetails": {"debtorIdent": "c-1"},
    "lineItems": [{"ident": "l-1", "name": "Machine", "unitPriceNet": "100.00", "taxInformation": S19}],
    "paymentInformation": {"paymentType": "PAYPAL", "paymentReference": "A"},
    "paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]},
    "billingTime": "ON_DEMAND",
}
MADE: list[tuple[str, Any]] = [
    ("/customers", CUSTOMER),
    ("/billing-groups", but(GROUP, billing=None)),
    (SITES, SITE),
    (f"{NUMBERS}/counters", COUNTER),
    (f"{NUMBERS}/strategies/service-countries", {"ident": "s", "key": "AT", "counterIdent": "web"}),
    ("/billing/configuration/aggregation", AGGREGATION),
    ("/drafts", {"draftIdent": "d-1", "type": "INVOICE", "currency": "EUR"}),
    (
        "/billing/plan-options",
        {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "prices": [{"price": "10.00"}], "status": "FINAL"},
    ),
    ("/plans", {"planIdent": "basic", "name": "Basic", "businessSegmentIdent": "s-1", "phases": [PHASE]}),
    ("/price-adaptations", {"ident": "index", "name": "Index"}),
    ("/price-adaptations/index/values", {"ident": "one", "date": "2031-01-01", "value": 100}),
    ("/contracts", CONTRACT),
    ("/contracts/v-1/allowances", {"ident": "less", "optionIdent": "fee", "name": "Less", "amount": "1.00"}),
    ("/orders", ORDER),
]


@pytest.fixture
def stocked(tenant: Tenant) -> Tenant:
    for path, body in MADE:
        answer = tenant.call("POST", path, body)
        assert answer.status in (200, 201), (path, answer.body)
    return tenant


def paths(tenant: Tenant) -> list[tuple[str, str]]:
    """(method, path) of what is written where it is read."""
    plan = tenant.rows("SELECT plan_id FROM plan")[0].plan_id
    contract = tenant.rows("SELECT contract_id FROM contract")[0].contract_id
    put = [
        "/customers/c-1",
        "/customers/c-1/addresses/a-1",
        "/billing-groups/g-1",
        "/billing-groups/g-1/business-segments/s-1",
        f"{SITES}/hh",
        "/billing/configuration/aggregation/agg",
        "/document-output/configuration",
        "/billing-runs/bounds",
        "/drafts/d-1",
        "/billing/plan-options/fee",
        f"/plans/{plan}",
        "/price-adaptations/index/values/one",
        "/contracts/v-1/allowances/less",
        "/orders/o-1/lineItems/l-1",
    ]
    patch = [f"/contracts/{contract}", "/orders/o-1", "/tenant-settings"]
    return [*(("PUT", path) for path in put), *(("PATCH", path) for path in patch)]


def test_what_was_read_can_be_sent_back(stocked: Tenant) -> None:
    for method, path in paths(stocked):
        shown = stocked.call("GET", path)
        assert shown.status == 200, path
        answer = stocked.call(method, path, shown.body)
        assert answer.status == 200, (method, path, answer.body)
        now = {"lastModifiedAt", "version", "lineItems", "validFrom", "versions"}
        after = stocked.call("GET", path).body
        assert {n: v for n, v in after.items() if n not in now} == {n: v for n, v in shown.body.items() if n not in now}, path


def test_what_is_listed_can_be_sent_back(stocked: Tenant) -> None:
    for path, key in ((f"{NUMBERS}/counters", "web"), (f"{NUMBERS}/strategies/service-countries", "s")):
        (row,) = [row for row in stocked.call("GET", path).body["_embedded"] if row["ident"] == key]
        assert stocked.call("PUT", f"{path}/{key}", row).status == 200
        (row,) = [row for row in stocked.call("GET", path).body["_embedded"] if row["ident"] == key]
        refused = stocked.call("PUT", f"{path}/{key}", {**row, "createdAt": "2020-01-01T00:00:00Z"})
        assert (refused.status, [entry["fieldName"] for entry in refused.body["errors"]]) == (400, ["createdAt"])


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/customers/c-1", {"debtorAccount": 10001, "addresses": []}),
        ("/billing-groups/g-1", {"defaultBillingGroup": False}),
        ("/orders/o-1", {"status": "CANCELLED", "currency": "USD"}),
    ],
)
def test_what_cannot_be_written_is_named_where_it_differs(stocked: Tenant, path: str, changes: dict[str, Any]) -> None:
    shown = stocked.call("GET", path).body
    method = "PATCH" if "orders" in path else "PUT"
    refused = stocked.call(method, path, {**shown, **changes})
    assert (refused.status, sorted(entry["fieldName"] for entry in refused.body["errors"])) == (400, sorted(changes))
    assert stocked.call("GET", path).body == shown
    assert stocked.call(method, path, {**shown, **dict.fromkeys(changes)}).status == 200  # null says nothing
    assert stocked.call(method, path, {**shown, "colour": "red"}).status == 400


def test_a_change_of_an_order_names_what_changes(stocked: Tenant) -> None:
    path = "/orders/o-1"
    before = stocked.call("GET", path).body
    changed = stocked.call("PATCH", path, {"paymentInformation": {"paymentReference": "B"}}).body
    assert changed["paymentInformation"] == {**before["paymentInformation"], "paymentReference": "B"}
    assert changed["paymentTerm"] == before["paymentTerm"]
    unset = stocked.call("PATCH", path, {"paymentInformation": {"paymentReference": None}, "paymentTerm": None}).body
    assert unset["paymentInformation"]["paymentType"] == "PAYPAL"
    assert "paymentReference" not in unset["paymentInformation"]
    assert "paymentTerm" not in unset
    assert stocked.call("PATCH", path, {"paymentInformation": None}).body["paymentInformation"]["paymentType"] == "BANK_TRANSFER"
    refused = stocked.call("PATCH", path, {"invoiceAddressIdent": None})
    assert (refused.status, [entry["fieldName"] for entry in refused.body["errors"]]) == (400, ["invoiceAddressIdent"])
    assert stocked.call("PATCH", path, {"language": "en"}).body["language"] == "en"
    assert stocked.call("PATCH", path, {"language": None}).body["language"] == "de"  # the customer's


def test_a_change_of_a_contract_names_what_changes(stocked: Tenant) -> None:
    path = f"/contracts/{stocked.rows('SELECT contract_id FROM contract')[0].contract_id}"
    changed = stocked.call("PATCH", path, {"paymentInformation": {"paymentReference": "B"}, "language": "en"}).body
    assert changed["paymentInformation"]["paymentType"] == "DIRECT_DEBIT"
    assert (changed["paymentInformation"]["paymentReference"], changed["language"]) == ("B", "en")
    unset = stocked.call("PATCH", path, {"paymentInformation": None, "language": None, "properties": None}).body
    assert (unset["paymentInformation"]["paymentType"], unset["language"]) == ("BANK_TRANSFER", "de")


def test_an_update_follows_the_rules_of_a_creation(stocked: Tenant) -> None:
    refused = stocked.call("PUT", "/customers/c-1", {})
    assert (refused.status, [entry["fieldName"] for entry in refused.body["errors"]]) == (400, ["company"])


# --- null ----------------------------------------------------------------------------------------------------------------------------


BODIES = [(row, True) for row in ROUTES if row.body is not None and not row.upload] + [
    (row, False) for row in MANAGEMENT if row.body is not None and not row.upload
]


@pytest.mark.parametrize(("row", "camel"), BODIES, ids=[f"{row.method} {row.path}" for row, _ in BODIES])
def test_null_is_as_if_the_field_were_left_out(row: Route, camel: bool) -> None:
    for field in fields_of(row.body, camel=camel):
        if field.required:
            continue
        try:
            shaped(row.body, field.body(None), camel=camel, in_part=row.in_part)
        except Refused as refused:
            unset = [problem for problem in refused.problems if problem.field == field.path]
            # what every thing has cannot be unset: the operation says so, or the shape; a thing in a list is whole
            named = row.in_part and "[" not in field.path
            assert all(named and problem.code == "missing" for problem in unset), (row.path, field.path, unset)


# --- ends ----------------------------------------------------------------------------------------------------------------------------

CLOSED = {
    "terminationDate": "says when a contract ends; one that goes on has none",
    "periodEndDate": "of what is supplied once: its end decides the tax date",
    "end": "of a period that a row of a paper names",
    "serviceEnd": "of what a paper that was received bills: it was supplied by then",
    "periodEnd": "of what a provider reports: a report has an end",
    "to": "of the days that an export has",
    "alignTo": "is no end, but the day on which a contract is billed together with others",
    "validUntil": "of a waiver that ends; in all other bodies it is open",
}
"""Ends that nothing can be without, with the reason."""


def test_the_end_of_time_is_no_end() -> None:
    """In every field that says until when something holds (platform API, "Dates": 9999-12-31)."""
    open_ones, closed = set(), set()
    for row, camel in BODIES:
        for field in fields_of(row.body, camel=camel):
            formats = {form.get("format") for form in field.forms} & {"date", "date-time"}
            if not formats or not re.search(r"(?i)(until|to|end|end_?date|termination_?date|expiry|expires.*)$", field.name):
                continue
            end = "9999-12-31" if formats == {"date"} else "9999-12-31T23:59:59Z"
            try:
                shaped(row.body, field.body(end), camel=camel, in_part=row.in_part)
                found: list[str | None] = []
            except Refused as refused:
                found = [problem.field for problem in refused.problems]
            (closed if field.path in found else open_ones).add(field.name)
    assert (sorted(open_ones), closed) == (["endDate", "until", "validTo", "validUntil"], set(CLOSED))
