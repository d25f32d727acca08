"""Options, plans and price adaptations through the platform API."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.bodies import SITE
from tests.factories.catalogue import MONTH, OPTION, OPTIONS, PHASE, PLAN, PLANS, Shop
from tests.factories.tenants import Tenant

SITES = "/v2/billing/configuration/operating-sites"


@pytest.fixture
def shop(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Shop:
    return Shop(furnished, client, bearer(furnished))


def test_a_draft_is_changed_in_place_and_a_final_option_by_versions(shop: Shop) -> None:
    made = shop.call("POST", OPTIONS, OPTION, 201)
    assert (made["status"], len(made["versions"])) == ("DRAFT", 1)
    changed = shop.call("PUT", f"{OPTIONS}/base", {**OPTION, "prices": [{"price": 12}], "status": "FINAL"})
    assert (changed["status"], [v["content"]["prices"][0]["price"] for v in changed["versions"]]) == ("FINAL", [12])
    later = (dt.datetime.now(dt.UTC).date() + dt.timedelta(40)).isoformat()
    versioned = shop.call("PUT", f"{OPTIONS}/base", {**OPTION, "prices": [{"price": 15}], "validFrom": later})
    assert [(v.get("validFrom"), v["content"]["prices"][0]["price"]) for v in versioned["versions"]] == [(None, 12), (later, 15)]
    assert shop.findings("PUT", f"{OPTIONS}/base", {**OPTION, "type": "ONETIME", "validFrom": "2020-01-01"}) == [
        "type",
        "validFrom",
    ]
    shop.call("DELETE", f"{OPTIONS}/base", status=409)
    assert [o["optionIdent"] for o in shop.call("GET", OPTIONS)["_embedded"]] == ["base"]


def test_an_option_that_a_plan_names_stays(shop: Shop) -> None:
    shop.call("POST", OPTIONS, OPTION, 201)
    shop.call("POST", OPTIONS, OPTION, 409)
    number = shop.call("POST", PLANS, PLAN, 201)["planId"]
    shop.call("DELETE", f"{OPTIONS}/base", status=409)
    shop.call("DELETE", f"{PLANS}/{number}", status=204)
    shop.call("DELETE", f"{OPTIONS}/base", status=204)
    shop.call("GET", f"{OPTIONS}/base", status=404)


def test_every_finding_about_an_option_at_once(shop: Shop) -> None:
    wrong = {"name": "x", "type": "USAGE", "prices": [{"price": 1}, {"price": 2}], "commissionPercentage": 5}
    assert shop.findings("POST", OPTIONS, wrong) == ["commissionPercentage", "prices", "prices[1].criteria", "usagePrices"]
    shapeless = {"type": "WRONG", "prices": [{"price": -1, "netGrossIndicator": "both"}], "unknown": 1}
    assert shop.findings("POST", OPTIONS, shapeless) == [
        "name",
        "prices[0].netGrossIndicator",
        "prices[0].price",
        "type",
        "unknown",
    ]
    assert shop.call("GET", OPTIONS)["page"]["totalElements"] == 0


@pytest.mark.parametrize(
    ("kind", "path", "price"),
    [
        ("RECURRING", "prices", {"price": "10.00"}),
        ("USAGE", "usagePrices", {"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "0.17"}]}),
        (
            "TIME_BASED_USAGE",
            "pricingGroups",
            {"pricingRules": [{"timePeriod": {"start": "00:00", "end": "24:00"}, "price": "0.10"}]},
        ),
    ],
)
def test_a_price_holds_at_a_site_that_exists_and_keeps_it(shop: Shop, kind: str, path: str, price: dict[str, Any]) -> None:
    body = {"optionIdent": "here", "name": "Fee", "type": kind}
    prices = [price, {**price, "criteria": {"operatingSiteIdent": "nowhere"}}]
    answer = shop.call("POST", OPTIONS, {**body, path: prices}, 400)
    wanted = {"fieldName": f"{path}[1].criteria.operatingSiteIdent", "error": "does not exist", "rejectedValue": "nowhere"}
    assert answer["errors"] == [wanted]
    shop.call("POST", SITES, {**SITE, "ident": "nowhere"}, 201)
    shop.call("POST", OPTIONS, {**body, path: prices}, 201)
    assert "option here" in shop.call("DELETE", f"{SITES}/nowhere", status=409)["message"]
    shop.call("PUT", f"{OPTIONS}/here", {**body, path: [price]})
    shop.call("DELETE", f"{SITES}/nowhere", status=204)


def test_an_option_is_found_by_its_product(shop: Shop) -> None:
    shop.call("POST", OPTIONS, {**OPTION, "productIdent": "P-1", "productName": "Hosting", "articleNumber": "A-1"}, 201)
    shop.call("POST", OPTIONS, {**OPTION, "optionIdent": "other", "productIdent": "P-2"}, 201)
    for search in ("productIdent==P-1", "productName==Host*"):
        (found,) = shop.call("GET", f"{OPTIONS}?search={search}")["_embedded"]
        assert (found["optionIdent"], found["productIdent"]) == ("base", "P-1")


def test_a_plan_is_read_by_number_listed_and_extended(shop: Shop) -> None:
    shop.call("POST", OPTIONS, OPTION, 201)
    usage = {
        "optionIdent": "kwh",
        "name": "Power",
        "type": "USAGE",
        "usagePrices": [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "0.17"}]}],
    }
    made = shop.call("POST", PLANS, {**PLAN, "options": [usage]}, 201)
    number = made["planId"]
    assert (made["businessSegmentIdent"], made["dayCount"], made["lifecycleStatus"]) == ("main", "ACT_ACT", "ACTIVE")
    shop.call("POST", PLANS, PLAN, 409)
    assert shop.call("GET", f"{PLANS}/{number}") == made
    linked = shop.call("POST", f"{PLANS}/basic/phases/p-1/options", {"optionIdent": "kwh", "minimum": 3}, 201)
    assert [(o["optionIdent"], o["minimum"]) for o in linked["phases"][0]["linkedOptions"]] == [("base", 1), ("kwh", 0)]
    shop.call("POST", f"{PLANS}/basic/phases/p-9/options", {"optionIdent": "kwh"}, 404)
    shop.call("POST", f"{PLANS}/none/phases/p-1/options", {"optionIdent": "kwh"}, 404)
    assert [plan["planIdent"] for plan in shop.call("GET", PLANS)] == ["basic"]
    assert shop.call("GET", f"{PLANS}/pageable?search=planIdent==basic")["page"]["totalElements"] == 1
    changed = shop.call("PUT", f"{PLANS}/{number}", {**PLAN, "name": "New", "lifecycleStatus": "RETIRED"})
    assert (changed["name"], changed["lifecycleStatus"]) == ("New", "RETIRED")
    for unknown in ("999999", "basic", "1e3", "-1"):
        shop.call("GET", f"{PLANS}/{unknown}", status=404)


def test_every_finding_about_a_plan_at_once(shop: Shop) -> None:
    phase = {
        **PHASE,
        "transition": {"type": "NEXT_PHASE", "toPhase": "p-2"},
        "billingConfig": {"billingInterval": MONTH, "timing": "INTERVAL_END_WITH_DELAY"},
    }
    wrong = {**PLAN, "phases": [phase, phase], "businessSegmentIdent": "none", "initialPhase": "x"}
    assert set(shop.findings("POST", PLANS, wrong)) == {
        "initialPhase",
        "phases[0].linkedOptions[0].optionIdent",
        "phases[0].transitions[0].toPhase",
        "phases[0].transitions[0].type",
        "phases[0].billingConfig.delayInSeconds",
        "phases[1].ident",
        "phases[1].linkedOptions[0].optionIdent",
        "phases[1].transitions[0].toPhase",
        "phases[1].transitions[0].type",
        "phases[1].billingConfig.delayInSeconds",
        "businessSegmentIdent",
    }
    assert shop.call("GET", f"{PLANS}/pageable")["page"]["totalElements"] == 0
    with_option = {**wrong, "options": [OPTION]}
    shop.call("POST", PLANS, with_option, 400)
    shop.call("GET", f"{OPTIONS}/base", status=404)


def test_an_index_has_values_that_hold_from_a_day(shop: Shop) -> None:
    path = "/v2/price-adaptations"
    shop.call("POST", path, {"ident": "vpi", "name": "Consumer prices"}, 201)
    shop.call("POST", f"{path}/vpi/values", {"ident": "2025", "date": "2025-01-01", "value": "100.0"}, 201)
    shop.call("POST", f"{path}/vpi/values", {"ident": "same", "date": "2025-01-01", "value": "101"}, 409)
    shop.call("POST", f"{path}/none/values", {"ident": "x", "date": "2025-01-01", "value": "101"}, 404)
    assert shop.findings("POST", f"{path}/vpi/values", {"ident": "?", "date": "x", "value": 0}) == ["date", "ident", "value"]
    later = (dt.datetime.now(dt.UTC).date() + dt.timedelta(400)).isoformat()
    shop.call("POST", f"{path}/vpi/values", {"ident": "next", "date": later, "value": 103}, 201)
    assert shop.call("PUT", f"{path}/vpi/values/next", {"date": later, "value": 104})["value"] == 104
    shop.call("PUT", f"{path}/vpi/values/2025", {"date": "2025-01-01", "value": 104}, 400)
    assert [value["ident"] for value in shop.call("GET", f"{path}/vpi/values")["_embedded"]] == ["2025", "next"]
    shop.call("DELETE", f"{path}/vpi/values/next", status=204)
    shop.call("DELETE", f"{path}/vpi", status=204)
    shop.call("GET", f"{path}/vpi", status=404)


def test_another_tenant_and_another_scope_find_nothing(
    shop: Shop, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    shop.call("POST", OPTIONS, OPTION, 201)
    number = shop.call("POST", PLANS, PLAN, 201)["planId"]
    shop.call("POST", "/v2/price-adaptations", {"ident": "vpi", "name": "x"}, 201)
    before = [shop.tenant.rows(f"SELECT * FROM {name}") for name in ("plan_option", "plan", "plan_option_link", "price_adaptation")]
    calls = [
        ("GET", f"{OPTIONS}/base", None),
        ("PUT", f"{OPTIONS}/base", OPTION),
        ("DELETE", f"{OPTIONS}/base", None),
        ("GET", f"{PLANS}/{number}", None),
        ("PUT", f"{PLANS}/{number}", PLAN),
        ("DELETE", f"{PLANS}/{number}", None),
        ("POST", f"{PLANS}/basic/phases/p-1/options", {"optionIdent": "base"}),
        ("GET", "/v2/price-adaptations/vpi", None),
        ("DELETE", "/v2/price-adaptations/vpi", None),
    ]
    stranger = bearer(new_tenant())
    reader = bearer(shop.tenant, "nbx-contract-order-management-write")
    for method, path, body in calls:
        assert shop.client.request(method, path, json=body, headers=stranger).status_code == 404, path
        assert shop.client.request(method, path, json=body, headers=reader).status_code == 403, path
    assert before == [
        shop.tenant.rows(f"SELECT * FROM {name}") for name in ("plan_option", "plan", "plan_option_link", "price_adaptation")
    ]
