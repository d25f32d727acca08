"""The page "Create deposit invoice" of the contract, word for word: what it asks for, what it lets be left out, how long things are."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data

PATH = "/v2/documents/deposit-invoices"
ITEM = {
    "ident": "i-1",
    "category": "SERVICE",
    "name": "Deposit",
    "quantity": 1,
    "quantityType": "PC",
    "prices": {"unit": {"net": 100}, "originalTotal": {"net": 100}, "total": {"net": 100}},
    "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
    "performanceLocation": {"country": "DE"},
}
BODY: dict[str, Any] = {
    "requestId": "r-1",
    "billingGroupIdent": "external",
    "currency": "EUR",
    "language": "de",
    "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
    "items": [ITEM],
    "paymentCollection": {"collect": False},
}
TIERS = [{"quantity": 0, "unitPrice": "0.30"}, {"quantity": 100, "unitPrice": "0.20"}]
BLOCK = {"type": "BLOCK", "blockSize": 60, "blockQuantity": 2, "usedQuantity": 110, "blockPrice": 15, "tiers": []}


@pytest.fixture
def company(new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]) -> Company:
    made = new_tenant()
    master_data(made.runtime, made.caller())
    return Company(made, client, bearer(made))


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in BODY.items() if key != name}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *[(without(name), name) for name in ("billingGroupIdent", "currency", "customerDetail", "items", "language")],
        *[(without(name), name) for name in ("paymentCollection", "requestId")],
        *[({**BODY, name: None}, name) for name in ("language", "paymentCollection", "requestId")],
        *[({**BODY, "requestId": blank}, "requestId") for blank in ("", " ", "  \u00a0 ", "\t")],
        ({**BODY, "requestId": "r" * 256}, "requestId"),
        ({**BODY, "items": []}, "items"),
        ({**BODY, "items": [{**ITEM, "name": "n" * 256}]}, "items[0].name"),
        ({**BODY, "items": [{**ITEM, "articleNumber": "a" * 256}]}, "items[0].articleNumber"),
        ({**BODY, "items": [{**ITEM, "itemGroup": "g" * 65}]}, "items[0].itemGroup"),
        ({**BODY, "items": [{**ITEM, "name": None}]}, "items[0].name"),
        ({**BODY, "items": [{**ITEM, "priceCalculationBasis": "BLOCK"}]}, "items[0].priceCalculationBasis"),
        ({**BODY, "items": [{**ITEM, "priceCalculationBasis": [{"type": "RATE"}]}]}, "items[0].priceCalculationBasis[0].type"),
        (
            {**BODY, "items": [{**ITEM, "priceCalculationBasis": [BLOCK, {"type": "TIER_SINGLE", "tiers": TIERS}]}]},
            "items[0].priceCalculationBasis",
        ),
    ],
)
def test_what_the_page_asks_for_is_asked_for(company: Company, body: dict[str, Any], field: str) -> None:
    refused = company.call("POST", PATH, body, 400)
    assert [entry["fieldName"] for entry in refused["errors"]] == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None, "description": "What is described needs no name"},
        {"name": "n" * 255, "articleNumber": "a" * 255, "itemGroup": "g" * 64},
        {"priceCalculationBasis": None},
        {"priceCalculationBasis": []},
        {"priceCalculationBasis": BLOCK},
        {"priceCalculationBasis": [BLOCK]},
        {"priceCalculationBasis": [BLOCK, {**BLOCK, "blockQuantity": 3, "usedQuantity": 170}]},
    ],
    ids=", ".join,
)
def test_what_the_page_allows_is_issued_and_said_again(company: Company, changes: dict[str, Any]) -> None:
    ident = company.document("deposit-invoices", items=[{**ITEM, **changes}])
    (item,) = company.call("GET", f"/v2/documents/{ident}")["items"]
    for name, value in changes.items():
        if value is not None and name != "description":
            assert item[name] == value
    assert item["name"] == changes.get("name", "Deposit") or item["name"] == changes["description"]


@pytest.mark.parametrize("page", ["invoices", "credit-memos", "deposit-invoice-corrections", "self-billing-invoices"])
def test_every_page_asks_for_the_language_and_what_is_collected(company: Company, page: str) -> None:
    body = {key: value for key, value in BODY.items() if key not in ("language", "paymentCollection")}
    refused = company.call("POST", f"/v2/documents/{page}", body, 400)
    assert [entry["fieldName"] for entry in refused["errors"]][:2] == ["language", "paymentCollection"]
