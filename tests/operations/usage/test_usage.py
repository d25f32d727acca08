"""Usages through the platform API: recorded once, billed with their period, carried over when they come late."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import Office, a_group
from tests.factories.tenants import Tenant
from tests.factories.usages import CALLS, POWER, USAGES, metered, usage

D = Decimal


def rows(office: Office) -> list[tuple[str, D]]:
    found = office.tenant.rows(
        "SELECT origin_ident, total FROM billable_item WHERE processing_status = 'COMPLETED' ORDER BY item_id"
    )
    return [(row.origin_ident, row.total) for row in found if row.total]


def test_the_usages_of_a_month_are_billed_when_it_is_over(meter: Office) -> None:
    meter.call("POST", USAGES, usage("u-1", 250), 201)
    batch = [usage("u-2", 150, "2026-05-31"), usage("u-3", 70, "2026-06-01"), usage("c-1", 130, optionIdent="calls")]
    stay = {"startDate": "2026-05-20T10:00:00+02:00", "endDate": "2026-05-20T12:00:00+02:00", "optionIdent": "parking"}
    made = meter.call("POST", f"{USAGES}/actions/batch", {"usages": [*batch, usage("p-1", 0, **stay)]}, 201)
    assert (made["created"], made["known"]) == (4, 0)
    assert meter.bill()["documents"] == 0
    meter.clock("2026-06-01T10:00")
    assert meter.bill()["documents"] == 1
    assert sorted(rows(meter)) == [("calls", D("50.00")), ("parking", D("3.00")), ("power", D("56.00"))]
    assert meter.documents() == [("INVOICE", D(109), D("20.71"), D("129.71"))]
    states = {row["usageIdent"]: row["status"] for row in meter.call("GET", f"{USAGES}/pageable")["_embedded"]}
    assert states == {"u-1": "BILLED", "u-2": "BILLED", "u-3": "OPEN", "c-1": "BILLED", "p-1": "BILLED"}
    assert meter.bill()["documents"] == 0


def test_a_usage_happens_once(meter: Office) -> None:
    first = meter.call("POST", USAGES, usage("u-1", 10), 201)
    assert meter.call("POST", USAGES, usage("u-1", 10), 201) == first
    meter.call("POST", USAGES, usage("u-1", 11), 409)
    again = meter.call("POST", f"{USAGES}/actions/batch", {"usages": [usage("u-1", 10), usage("u-2", 5)]}, 201)
    assert [(one["usageIdent"], one["status"]) for one in again["results"]] == [("u-1", "KNOWN"), ("u-2", "CREATED")]
    refused = meter.call("POST", f"{USAGES}/actions/batch", {"usages": [usage("u-3"), usage("u-1", 99)]}, 409)
    assert [entry["fieldName"] for entry in refused["errors"]] == ["usages[1].usageIdent"]
    assert [row.n for row in meter.tenant.rows("SELECT count(*) AS n FROM usage")] == [2]
    assert meter.call("GET", f"{USAGES}/{first['usageId']}") == first


def test_every_finding_at_once_and_nothing_is_stored(meter: Office) -> None:
    wrong = [
        usage("u-1", contractIdent="none"),
        usage("u-2", optionIdent="none"),
        usage("u-3", day="2026-04-30"),
        usage("u-4", endDate="2026-05-01T00:00:00Z"),
        usage("u-5", optionIdent="parking"),
        usage("u-6"),
        usage("u-6"),
        usage("u-7", day="2023-01-01"),
    ]
    assert meter.findings("POST", f"{USAGES}/actions/batch", {"usages": wrong}) == [
        "usages[0].contractIdent",
        "usages[1].optionIdent",
        "usages[2].startDate",
        "usages[3].endDate",
        "usages[4].endDate",
        "usages[6].usageIdent",
        "usages[7].startDate",
        "usages[7].startDate",
    ]
    assert meter.findings("POST", USAGES, usage("?", -1, day="x")) == ["startDate", "unitQuantity", "usageIdent"]
    assert meter.tenant.rows("SELECT 1 FROM usage") == []


def test_late_usages_are_carried_over_at_the_price_of_their_own_period(meter: Office) -> None:
    meter.call("POST", USAGES, usage("u-1", 100), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    dearer = {
        "optionIdent": "power",
        "name": "Power",
        "type": "USAGE",
        "quantityType": "KWH",
        "usePooling": True,
        "usagePrices": [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}],
        "validFrom": "2026-06-03",
    }
    meter.call("PUT", f"{OPTIONS}/power", dearer)
    meter.call("POST", USAGES, usage("late", 10, "2026-05-30"), 201)
    meter.call("POST", USAGES, usage("u-2", 10, "2026-06-15"), 201)
    meter.clock("2026-07-02T10:00")
    meter.bill()
    # what came late is of the second tier of May, which 100 units had reached
    assert rows(meter) == [("power", D("17.00")), ("power", D("1.70")), ("power", D("1.30"))]
    meter.call("POST", USAGES, usage("u-3", 10, "2026-07-15"), 201)
    meter.clock("2026-08-02T10:00")
    meter.bill()
    assert sorted(rows(meter)) == [("power", D("1.30")), ("power", D("1.70")), ("power", D("10.00")), ("power", D("17.00"))]


STEPS = {"pricingModel": "TIER_PRICE", "priceTiers": [{"quantity": 1000, "price": "0.10"}, {"price": "0.05"}]}


@pytest.mark.parametrize(
    ("pooled", "quantities", "net"),
    [
        (None, (600, 600, 600), "180.00"),
        (False, (600, 600, 600), "180.00"),
        (True, (600, 600, 600), "140.00"),
        (None, (1500, 700), "195.00"),
        (True, (1500, 700), "160.00"),
    ],
)
def test_usages_are_rated_alone_unless_the_option_says_together(
    office: Office, pooled: bool | None, quantities: tuple[int, ...], net: str
) -> None:
    a_group(office)
    metered(office, [STEPS], **({} if pooled is None else {"usePooling": pooled}))
    assert office.call("GET", f"{OPTIONS}/power")["usePooling"] is bool(pooled)  # the answer says how it is rated
    usages = [usage(f"u-{number}", quantity) for number, quantity in enumerate(quantities)]
    office.call("POST", f"{USAGES}/actions/batch", {"usages": usages}, 201)
    office.clock("2026-06-01T10:00")
    office.bill()
    assert sum(amount for _, amount in rows(office)) == D(net)


FLAT = {"pricingModel": "TIER_PRICE", "priceTiers": [{"quantity": 50, "price": "9.00", "type": "FLAT"}, {"price": "0.10"}]}


@pytest.mark.parametrize(
    ("price", "more", "used", "net"),
    [
        (CALLS[0], {"chargeWithoutUsage": True}, None, "20.00"),
        (CALLS[0], {}, None, "0"),
        (CALLS[0], {"chargeWithoutUsage": True, "usePooling": True}, 130, "50.00"),
        (FLAT, {"chargeWithoutUsage": True, "usePooling": True}, None, "9.00"),
        (FLAT, {"chargeWithoutUsage": True, "usePooling": True}, 70, "11.00"),
        (FLAT, {"chargeWithoutUsage": True, "usageTaxDate": "USAGE_DATE"}, None, "9.00"),
        (POWER[0], {"chargeWithoutUsage": True}, None, "0"),
    ],
)
def test_a_base_fee_needs_no_usage(office: Office, price: dict[str, Any], more: dict[str, Any], used: int | None, net: str) -> None:
    a_group(office)
    metered(office, [price], **more)
    if used is not None:
        office.call("POST", USAGES, usage("u-1", used), 201)
    office.clock("2026-06-01T10:00")
    office.bill()
    assert sum((amount for _, _, _, amount in office.items()), D(0)) == D(net)
    assert [amount for _, amount, _, _ in office.documents()] == ([D(net)] if D(net) else [])


def test_what_comes_late_goes_on_where_the_base_fee_stood(office: Office) -> None:
    """30 within the 50 that the flat price is for, then 40 more."""
    a_group(office)
    metered(office, [FLAT], chargeWithoutUsage=True, usePooling=True)
    office.clock("2026-06-01T10:00")
    office.bill()
    office.call("POST", USAGES, usage("l-1", 30), 201)
    office.clock("2026-07-01T10:00")
    office.bill()
    office.call("POST", USAGES, usage("l-2", 40), 201)
    office.clock("2026-08-01T10:00")
    office.bill()
    assert [amount for _, amount, _, _ in office.documents()] == [D(9), D(9), D(11)]


def test_only_measured_options_are_charged_without_usage(office: Office) -> None:
    body = {"optionIdent": "x", "name": "X", "type": "RECURRING", "prices": [{"price": "1.00"}], "chargeWithoutUsage": True}
    assert office.findings("POST", OPTIONS, body) == ["chargeWithoutUsage"]


def test_usages_taxed_elsewhere_are_not_pooled(meter: Office) -> None:
    there = {"taxLocation": {"country": "DE", "city": "Kiel"}}
    batch = [usage("u-1", 100), usage("u-2", 100), usage("u-3", 100, **there)]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    meter.clock("2026-06-01T10:00")
    meter.bill()
    assert rows(meter) == [("power", D("30.00")), ("power", D("17.00"))]


def test_what_is_cancelled_or_deleted_is_not_billed(meter: Office) -> None:
    batch = [usage("u-1", 100), usage("u-2", 100), usage("u-3", 100)]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    done = meter.call("POST", f"{USAGES}/actions/cancel", {"usageIdents": ["u-1", "none"]}, 202)
    assert [one["result"] for one in done["results"]] == ["CANCELLED", "NOT_FOUND"]
    meter.call("DELETE", USAGES, {"usageIdents": ["u-2"]}, 204)
    meter.call("DELETE", USAGES, {"usageIdents": ["u-2"]}, 404)
    assert meter.call("POST", f"{USAGES}/actions/cancel", {"usageIdents": ["u-2"]}, 202)["results"][0]["result"] == "NOT_FOUND"
    meter.clock("2026-06-01T10:00")
    meter.bill()
    assert rows(meter) == [("power", D("17.00"))]
    meter.call("DELETE", USAGES, {"usageIdents": ["u-3"]}, 409)
    assert meter.call("POST", f"{USAGES}/actions/cancel", {"usageIdents": ["u-3"]}, 202)["results"][0]["result"] == "CREDITED"


def test_what_is_deleted_stays_with_when_and_by_whom_and_is_not_shown(meter: Office) -> None:
    """The application cannot delete the row: who looks into the database later still sees what was taken back."""
    made = meter.call("POST", USAGES, usage("u-1", 100), 201)
    meter.call("POST", USAGES, usage("u-2", 50), 201)
    meter.call("DELETE", USAGES, {"usageIdents": ["u-1"]}, 204)
    meter.call("GET", f"{USAGES}/{made['usageId']}", None, 404)
    assert [one["usageIdent"] for one in meter.call("GET", USAGES)] == ["u-2"]
    stored = meter.tenant.rows("SELECT status, deleted_at IS NOT NULL, deleted_by, quantity FROM usage WHERE usage_ident = 'u-1'")
    assert [tuple(row) for row in stored] == [("DELETED", True, meter.tenant.actor, D(100))]
    # neither the same nor another usage takes its ident
    for again in (usage("u-1", 100), usage("u-1", 70)):
        assert [entry["fieldName"] for entry in meter.call("POST", USAGES, again, 409)["errors"]] == ["usageIdent"]
    assert meter.tenant.broken() == []


def test_another_tenant_and_another_scope_find_nothing(
    meter: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    number = meter.call("POST", USAGES, usage("u-1"), 201)["usageId"]
    stranger, other = bearer(new_tenant()), bearer(meter.tenant, "nbx-product-management-write")
    calls: list[tuple[str, str, Any, int]] = [
        ("GET", f"{USAGES}/{number}", None, 404),
        ("DELETE", USAGES, {"usageIdents": ["u-1"]}, 404),
        ("POST", USAGES, usage("x"), 400),
        ("POST", f"{USAGES}/actions/batch", {"usages": [usage("x")]}, 400),
    ]
    for method, path, body, status in calls:
        assert meter.client.request(method, path, json=body, headers=stranger).status_code == status, path
        assert meter.client.request(method, path, json=body, headers=other).status_code == 403, path
    cancelled = meter.client.post(f"{USAGES}/actions/cancel", json={"usageIdents": ["u-1"]}, headers=stranger).json()
    assert cancelled["results"][0]["result"] == "NOT_FOUND"
    assert meter.call("GET", f"{USAGES}/{number}")["status"] == "OPEN"


def optional(meter: Office, **linked: Any) -> None:
    """Another contract, v-2: of a plan whose option `power` is optional, or as said."""
    phase = {
        **PHASE,
        "billingConfig": {"billingInterval": MONTH},
        "linkedOptions": [{"optionIdent": "power", "minimum": 0, **linked}],
    }
    meter.call("POST", PLANS, {**PLAN, "planIdent": "free", "phases": [phase, {**phase, "ident": "p-2"}]}, 201)
    meter.call("POST", CONTRACTS, a_contract("v-2", planIdent="free", optionQuantities=[]), 201)


def named(phase: str = "p-1", option: str = "power", **more: Any) -> dict[str, Any]:
    return {"optionQuantities": [{"phaseIdent": phase, "optionQuantity": [{"optionIdent": option, **more}]}]}


ADD = f"{CONTRACTS}/v-2/actions/add-options"


def test_an_optional_usage_is_refused_until_it_is_added(meter: Office) -> None:
    """The minimum 0 alone gives nobody the option; once added, the month that runs is billed too."""
    optional(meter)
    meter.bill()
    assert meter.findings("POST", USAGES, usage("u-1", contractIdent="v-2")) == ["optionIdent"]
    assert meter.call("GET", f"{CONTRACTS}/v-2/terms")["phases"][0]["linkedOptions"] == []
    changed = meter.call("POST", ADD, named())
    assert changed["optionQuantities"] == [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "power", "quantity": 1}]}]
    assert [link["optionIdent"] for link in meter.call("GET", f"{CONTRACTS}/v-2/terms")["phases"][0]["linkedOptions"]] == ["power"]
    meter.call("POST", USAGES, usage("u-1", 100, contractIdent="v-2"), 201)
    meter.clock("2026-06-01T10:00")
    meter.bill()
    assert rows(meter) == [("power", D("17.00"))]
    meter.call("POST", USAGES, usage("u-2", 10, "2026-06-03", contractIdent="v-2"), 201)
    meter.clock("2026-07-01T10:00")
    meter.bill()
    assert rows(meter) == [("power", D("17.00")), ("power", D("1.70"))]


def test_an_option_for_everyone_or_named_at_the_beginning_is_had(meter: Office) -> None:
    optional(meter, enableForAllContracts=True)
    meter.call("POST", USAGES, usage("u-1", 10, contractIdent="v-2"), 201)
    linked = [{"optionIdent": "calls", "minimum": 0}]
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": linked}
    meter.call("POST", PLANS, {**PLAN, "planIdent": "named", "phases": [phase]}, 201)
    meter.call("POST", CONTRACTS, a_contract("v-3", planIdent="named", **named(option="calls")), 201)
    meter.call("POST", USAGES, usage("c-1", 50, contractIdent="v-3", optionIdent="calls"), 201)
    meter.clock("2026-06-01T10:00")
    meter.bill()
    assert sorted(rows(meter)) == [("calls", D("20.00")), ("power", D("1.70"))]


def test_only_what_a_phase_offers_and_the_contract_lacks_is_added(meter: Office) -> None:
    optional(meter)
    wrong = {
        "optionQuantities": [
            {
                "phaseIdent": "p-1",
                "optionQuantity": [{"optionIdent": "calls"}, {"optionIdent": "power", "quantity": 0}, {"optionIdent": "power"}],
            },
            {"phaseIdent": "p-9"},
        ]
    }
    assert meter.findings("POST", ADD, wrong) == [
        "optionQuantities[0].optionQuantity[0].optionIdent",
        "optionQuantities[0].optionQuantity[1].quantity",
        "optionQuantities[0].optionQuantity[2].optionIdent",
        "optionQuantities[1].phaseIdent",
    ]
    meter.call("POST", ADD, named())
    assert meter.findings("POST", ADD, named()) == ["optionQuantities[0].optionQuantity[0].optionIdent"]
    meter.call("POST", ADD, named("p-2"))
    meter.call("POST", f"{CONTRACTS}/none/actions/add-options", named(), 404)
    meter.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)
    meter.call("POST", ADD, named(), 400)


def test_options_are_added_by_nobody_else(
    meter: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    optional(meter)
    stranger, other = bearer(new_tenant()), bearer(meter.tenant, "nbx-product-management-write")
    assert meter.client.post(ADD, json=named(), headers=stranger).status_code == 404
    assert meter.client.post(ADD, json=named(), headers=other).status_code == 403
    assert meter.findings("POST", USAGES, usage("u-1", contractIdent="v-2")) == ["optionIdent"]


def test_a_usage_outside_the_phases_of_its_option_is_refused_by_name(meter: Office) -> None:
    """No item of the option would ever bill it."""
    first = {
        **PHASE,
        "linkedOptions": [{"optionIdent": "power"}],
        "termDuration": MONTH,
        "transition": {"type": "NEXT_PHASE", "toPhase": "p-2"},
    }
    meter.call("POST", PLANS, {**PLAN, "planIdent": "two", "phases": [first, {**PHASE, "ident": "p-2", "linkedOptions": []}]}, 201)
    meter.call("POST", CONTRACTS, a_contract("v-2", planIdent="two", optionQuantities=[]), 201)
    meter.call("POST", USAGES, usage("u-1", 1, "2026-05-31", contractIdent="v-2"), 201)
    late = usage("u-2", 1, "2026-06-01", contractIdent="v-2")
    for path, body, field in ((USAGES, late, "startDate"), (f"{USAGES}/actions/batch", {"usages": [late]}, "usages[0].startDate")):
        (said,) = meter.call("POST", path, body, 400)["errors"]
        assert (said["fieldName"], "from 2026-06-01 to 2026-06-30" in said["error"]) == (field, True)
