"""What another system keeps with a contract, and what options are called in it."""

import datetime as dt
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS, Shop
from tests.factories.contracts import CONTRACTS, TERM, a_contract
from tests.factories.offices import RUN
from tests.factories.tenants import Tenant

LABELS = f"{CONTRACTS}/v-1/labels"
NAMES = f"{CONTRACTS}/v-1/option-names"
KEPT = {
    "externalIdent": "shop-4711",
    "title": "Server in the cellar",
    "attributes": {"Colour": "red", "cost centre": "7"},
    "features": [{"code": "seats", "quantity": "5"}, {"code": "api", "value": "yes"}],
}


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Shop:
    shop = Shop(furnished, client, bearer(furnished))
    furnished.turn_clock(dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC))
    shop.call("POST", OPTIONS, {**OPTION, "status": "FINAL"}, 201)
    shop.call("POST", PLANS, {**PLAN, "phases": [{**PHASE, **TERM}]}, 201)
    for ident in ("v-1", "v-2"):
        shop.call("POST", CONTRACTS, a_contract(ident), 201)
    return shop


def test_what_is_kept_is_read_again_and_replaced_as_a_whole(office: Shop) -> None:
    assert office.call("GET", LABELS) == {"attributes": {}, "features": []}
    assert office.call("PUT", LABELS, KEPT) == KEPT
    assert office.call("PUT", LABELS, {"title": "Server"}) == {"title": "Server", "attributes": {}, "features": []}
    assert office.call("GET", LABELS) == {"title": "Server", "attributes": {}, "features": []}
    office.call("GET", f"{CONTRACTS}/v-9/labels", None, 404)
    office.call("PUT", f"{CONTRACTS}/v-9/labels", KEPT, 404)


def test_one_name_of_another_system_is_of_one_contract(office: Shop) -> None:
    office.call("PUT", LABELS, KEPT)
    office.call("PUT", LABELS, KEPT)
    refused = office.call("PUT", f"{CONTRACTS}/v-2/labels", {"externalIdent": "shop-4711"}, 409)
    assert refused["errors"] == [
        {"error": "Another contract is called 'shop-4711' already.", "fieldName": "externalIdent", "rejectedValue": "shop-4711"}
    ]
    office.call("PUT", LABELS, {})
    assert office.call("PUT", f"{CONTRACTS}/v-2/labels", {"externalIdent": "shop-4711"})["externalIdent"] == "shop-4711"


def test_an_option_is_called_on_documents_as_the_contract_says(office: Shop) -> None:
    made = office.call("POST", CONTRACTS, a_contract("v-3", ownNames=[{"optionIdent": "base", "name": "Rack 12"}]), 201)
    assert made["ownNames"] == [{"optionIdent": "base", "name": "Rack 12"}]
    own = [{"optionIdent": "base", "name": "Rack 1", "description": "in the cellar"}]
    assert office.call("PUT", NAMES, {"ownNames": own})["ownNames"] == own
    rows = office.call("POST", f"{CONTRACTS}/v-1/actions/preview", {})["now"][0]["items"]
    assert sorted(row["name"] for row in rows) == ["Base fee", "Rack 1", "Rack 12"]  # one document for all of the customer
    assert [row["description"].split("\n")[-1] for row in rows if row["name"] == "Rack 1"] == ["in the cellar"]
    assert office.call("PUT", NAMES, {"ownNames": []})["ownNames"] == []


def test_only_options_of_the_plan_have_names_and_each_has_one(office: Shop) -> None:
    own = [{"optionIdent": "base", "name": "A"}, {"optionIdent": "base", "name": "B"}, {"optionIdent": "none", "name": "C"}]
    refused = office.call("PUT", NAMES, {"ownNames": own}, 400)
    assert [one["fieldName"] for one in refused["errors"]] == ["ownNames[1].optionIdent", "ownNames[2].optionIdent"]
    refused = office.call("POST", CONTRACTS, a_contract("v-4", ownNames=own), 400)
    assert [one["fieldName"] for one in refused["errors"]] == ["ownNames[1].optionIdent", "ownNames[2].optionIdent"]


def test_a_bill_says_what_its_contracts_are_about(office: Shop) -> None:
    def billed(instant: str) -> list[str]:
        office.tenant.turn_clock(dt.datetime.fromisoformat(instant))
        office.call("POST", RUN, {})
        (document,) = office.call("GET", "/v2/documents?size=1&sort=documentId,desc")["_embedded"]
        return [entry["value"] for entry in document.get("properties", ()) if entry["key"] == "title"]

    assert billed("2026-05-11T10:00Z") == []
    office.call("PUT", LABELS, {"documentTitle": "Hosting"})
    assert billed("2026-06-11T10:00Z") == ["Hosting"]
    office.call("PUT", f"{CONTRACTS}/v-2/labels", {"documentTitle": "Hosting"})
    assert billed("2026-07-11T10:00Z") == ["Hosting"], "what both say is said once"
    office.call("PUT", f"{CONTRACTS}/v-2/labels", {"documentTitle": "Service"})
    assert billed("2026-08-11T10:00Z") == ["Hosting · Service"]
    office.call("PUT", f"{CONTRACTS}/v-2/labels", {"documentTitle": "S" * 250})
    assert billed("2026-09-11T10:00Z") == ["Hosting"], "what the line has no room for is left out"
