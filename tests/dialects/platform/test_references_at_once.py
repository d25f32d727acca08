"""What is wrong with the shape of a body and what it refers to that does not exist are told together; of a field whose own shape is wrong
only that."""

import re
from typing import Any

import pytest
from tests.checkers.body_fields import fields_of
from tests.factories.tenants import Tenant

from contor.api.platform.routes import ROUTES

ITEM = {
    "ident": "i-1",
    "category": "SERVICE",
    "name": "Work",
    "quantity": "many",
    "quantityType": "PC",
    "prices": {"unit": {"net": 1}, "originalTotal": {"net": 1}, "total": {"net": 1}},
    "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
    "performanceLocation": {"country": "DE"},
}
DOCUMENT = {
    "requestId": "r-1",
    "billingGroupIdent": "nowhere",
    "operatingSiteIdent": "standard",
    "currency": "EUR",
    "language": "de",
    "customerDetail": {"customerIdent": "nobody", "invoiceAddressIdent": "a-1"},
    "items": [ITEM],
    "paymentCollection": {"collect": False},
    "relatedDocumentIdents": ["RE-7"],
}
ORDER = {
    "orderIdent": "o-1",
    "debtorOrderDetails": {"debtorIdent": "nobody"},
    "businessSegmentIdent": "nowhere",
    "lineItems": [{"ident": "l-1", "name": "Desk", "category": "SERVICE", "unitPriceNet": "much", "operatingSiteIdent": "moon"}],
}
CONTRACT = {
    "contractIdent": "v-1",
    "planIdent": "none",
    "debtorIdent": "nobody",
    "invoiceAddressIdent": "a-1",
    "startDate": "yesterday",
    "operatingSiteIdent": "moon",
}


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (
            "/documents/invoices",
            DOCUMENT,
            {"items[0].quantity", "billingGroupIdent", "customerDetail.customerIdent", "relatedDocumentIdents[0]"},
        ),
        (
            "/documents/invoices",
            {**DOCUMENT, "billingGroupIdent": 7},
            {"items[0].quantity", "billingGroupIdent", "operatingSiteIdent"},
        ),
        (
            "/orders",
            ORDER,
            {
                "lineItems[0].unitPriceNet",
                "debtorOrderDetails.debtorIdent",
                "businessSegmentIdent",
                "lineItems[0].operatingSiteIdent",
            },
        ),
        (
            "/contracts",
            {**CONTRACT, "contractPriceAdaptation": "cpi", "relatedContracts": [{"contractIdent": "v-9"}]},
            {
                "startDate",
                "planIdent",
                "debtorIdent",
                "operatingSiteIdent",
                "contractPriceAdaptation",
                "relatedContracts[0].contractIdent",
            },
        ),
        (
            "/usages/actions/batch",
            {"usages": [{"usageIdent": "u-1", "contractIdent": "v-9", "optionIdent": "power", "quantity": "all"}]},
            {"usages[0].quantity", "usages[0].contractIdent", "usages[0].startDate", "usages[0].optionIdent"},
        ),
        (
            "/rated-usages",
            {"ratedUsageIdent": "u-1", "contractIdent": "v-9", "optionIdent": "power"},
            {"contractIdent", "optionIdent", "startDate"},
        ),
        ("/billing-runs", {"debtorIdents": ["nobody"], "cutoff": "now"}, {"debtorIdents[0]", "cutoff"}),
        (
            "/billing/configuration/document-numbers/strategies/document-types",
            {"ident": "s-1", "key": "INVOICE", "counterIdent": "none", "prefix": 7},
            {"counterIdent", "prefix"},
        ),
        (
            "/billing/plan-options",
            {
                "optionIdent": "o-1",
                "type": "many",
                "name": "Seat",
                "prices": [{"price": 1, "criteria": {"operatingSiteIdent": "moon"}}],
            },
            {"type", "prices[0].criteria.operatingSiteIdent"},
        ),
        (
            "/billing/configuration/dunning",
            {"levels": [{"daysAfter": "soon", "operatingSiteIdent": "moon"}]},
            {"levels[0].daysAfter", "levels[0].operatingSiteIdent"},
        ),
    ],
)
def test_both_are_told_at_once(tenant: Tenant, path: str, body: dict[str, Any], expected: set[str]) -> None:
    answer = tenant.call("POST", path, body)
    assert answer.status == 400
    found = {entry["fieldName"]: entry["error"] for entry in answer.body["errors"]}
    assert len(found) == len(answer.body["errors"]) and expected <= found.keys(), found
    assert {found[name] for name in expected if name.endswith(("Ident", "Idents[0]"))} <= {
        "does not exist",
        found.get("billingGroupIdent"),
    }


def test_all_are_told_where_the_shape_is_right(tenant: Tenant) -> None:
    order = {**ORDER, "lineItems": [{**ORDER["lineItems"][0], "unitPriceNet": 10}]}  # type: ignore[index]
    wanted = {"debtorOrderDetails.debtorIdent", "businessSegmentIdent", "lineItems[0].operatingSiteIdent"}
    answer = tenant.call("POST", "/orders", order)
    assert {entry["fieldName"] for entry in answer.body["errors"]} == wanted
    price = {"optionPrices": [{"optionIdent": "o-1", "prices": [{"price": 1, "criteria": {"operatingSiteIdent": "mars"}}]}]}
    contract = {**CONTRACT, "startDate": "2026-01-01", "lineItems": order["lineItems"], "planModifiers": [price]}
    answer = tenant.call("POST", "/contracts", {**contract, "contractPriceAdaptation": "cpi"})
    assert {entry["fieldName"] for entry in answer.body["errors"]} >= {
        "planIdent",
        "debtorIdent",
        "operatingSiteIdent",
        "contractPriceAdaptation",
        "lineItems[0].operatingSiteIdent",
        "planModifiers[0].optionPrices[0].prices[0].criteria.operatingSiteIdent",
    }


NAMES_ALONE = {
    "operatingSiteIdent",
    "planIdent",
    "debtorIdent",
    "debtorIdents",
    "counterIdent",
    "businessSegmentIdent",
    "billingGroupIdent",
    "contractPriceAdaptation",
    "regexMatchingStrategies",
}
"""Fields that name a thing whatever else the body says."""


def test_no_field_that_names_a_thing_is_left_out() -> None:
    """A draft may name what is still to come: it is judged when it is completed, and a recurring document when one of it is due. A preview
    is judged as the change that it shows; a claim that is carried forward by all that its document would be judged by."""
    missing = set()
    for row in ROUTES:
        told = {reference.field for reference in row.operation.refers}
        for field in fields_of(row.body, camel=True) if row.body is not None and row.method != "DELETE" else ():
            name = re.sub(r"\[\d+\]", "", field.path).lstrip(".")
            own = (row.operation.name.partition(".")[0], name) in (("plan", "planIdent"), ("billing_group", "billingGroupIdent"))
            if name.rpartition(".")[2] in NAMES_ALONE and name not in told and not own:
                missing.add((row.operation.name, name))
    waiting = ("draft.", "recurring_document.", "opening_claim.")
    assert {(operation, name) for operation, name in missing if not operation.startswith(waiting)} == {
        ("contract.preview", f"change.{name}")
        for name in (
            "update.planModifiers.optionPrices.prices.criteria.operatingSiteIdent",
            "change.optionPrices.prices.criteria.operatingSiteIdent",
            "change.planIdent",
            "change.businessSegmentIdent",
        )
    }


def test_every_reference_is_a_field_of_the_bodies_of_its_operation() -> None:
    rows = [row for row in ROUTES if row.body is not None and row.operation.refers]
    assert len(rows) > 10
    for row in rows:
        names = {re.sub(r"\[\d+\]", "", field.path).lstrip(".") for field in fields_of(row.body, camel=True)}
        assert {reference.field for reference in row.operation.refers} <= names, row.path
