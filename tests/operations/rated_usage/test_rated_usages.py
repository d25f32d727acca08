"""Rated usages through the platform API: recorded once with their price, collected by period, billed after two delays."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import D, Office, group
from tests.factories.tenants import Tenant

RATED, AGGREGATIONS = "/v2/rated-usages", "/v2/rated-usage-aggregations"
SMS = {"optionIdent": "sms", "name": "Messages", "type": "RATED_USAGE", "status": "FINAL", "aggregationDelayInSeconds": 86_400}


def rated(ident: str, price: Any = "1.00", day: str = "2026-05-12", **more: Any) -> dict[str, Any]:
    body = {
        "ratedUsageIdent": ident,
        "contractIdent": "v-1",
        "optionIdent": "sms",
        "netPrice": price,
        "startDate": f"{day}T10:00:00+02:00",
        **more,
    }
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
def carrier(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    office = Office(furnished, client, bearer(furnished))
    office.clock("2026-05-10T10:00")
    office.call("POST", OPTIONS, SMS, 201)
    office.call("POST", OPTIONS, {**SMS, "optionIdent": "extra"}, 201)
    config = {"billingInterval": MONTH, "timing": "INTERVAL_END_WITH_DELAY", "delayInSeconds": 3 * 86_400}
    phase = {**PHASE, "billingConfig": config, "linkedOptions": [{"optionIdent": "sms"}]}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    office.call("POST", CONTRACTS, a_contract(optionQuantities=[]), 201)
    return office


def status(office: Office, ident: str) -> str:
    return str(office.call("GET", f"{RATED}/{ident}")["status"])


def aggregations(office: Office) -> list[tuple[str, int, D, str]]:
    found = office.call("GET", f"{AGGREGATIONS}?sort=aggregationId,asc")["_embedded"]
    return [(one["billingPeriod"]["start"], one["sequence"], D(str(one["netTotal"])), one["status"]) for one in found]


def record(office: Office, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        office.call("POST", RATED, body, 201)


def test_usages_are_collected_closed_and_billed_after_two_delays(carrier: Office) -> None:
    record(
        carrier, rated("r-1", "0.333"), rated("r-2", "0.333"), rated("r-3", "0.333", "2026-05-31"), rated("r-4", 5, "2026-06-01")
    )
    (june, may) = carrier.call("GET", AGGREGATIONS)["_embedded"]
    assert (may["netTotal"], may["quantity"], may["status"]) == (0.999, 3, "OPEN")
    assert (may["closingDate"], may["billingDate"]) == ("2026-06-01T22:00:00Z", "2026-06-03T22:00:00Z")
    assert june["billingPeriod"] == {"start": "2026-06-01", "end": "2026-06-30"}
    carrier.clock("2026-06-01T21:59")
    carrier.bill()
    assert status(carrier, "r-1") == "OPEN"
    carrier.clock("2026-06-01T22:00")
    assert carrier.bill()["documents"] == 0
    assert (status(carrier, "r-1"), status(carrier, "r-4")) == ("AGGREGATED", "OPEN")
    carrier.clock("2026-06-03T22:01")
    assert carrier.bill()["documents"] == 1
    assert carrier.documents() == [("INVOICE", D("1.00"), D("0.19"), D("1.19"))]
    shown = carrier.call("GET", f"{AGGREGATIONS}/{may['aggregationIdent']}")
    assert (shown["status"], shown["memberCount"], len(shown["billableItemIdents"])) == ("BILLED", 3, 1)
    assert [member["ratedUsageIdent"] for member in shown["members"]] == ["r-1", "r-2", "r-3"]
    assert shown["members"][0]["billableItemIdent"] == shown["billableItemIdents"][0]
    found = carrier.call("GET", f"{RATED}?search=aggregationIdent=={may['aggregationIdent']};status==BILLED")
    assert found["page"]["totalElements"] == 3
    assert carrier.bill()["documents"] == 0


def test_a_unit_price_counts_for_each_unit_and_stands_on_the_document(carrier: Office) -> None:
    record(carrier, *[rated(f"r-{n}", None, unitPrice="0.0125", unitQuantity=n * 100) for n in (1, 2)])
    assert carrier.call("GET", f"{RATED}/r-2")["netPrice"] == 2.5
    carrier.clock("2026-06-05T10:00")
    carrier.bill()
    (number,) = [row.ident for row in carrier.tenant.rows("SELECT ident FROM document")]
    (row,) = carrier.call("GET", f"/v2/documents/{number}")["items"]
    assert (row["quantity"], row["prices"]["unit"]["net"], row["prices"]["total"]["net"]) == (300, 0.0125, 3.75)
    assert row["servicePeriod"] == {"start": "2026-05-01", "end": "2026-05-31"}


def coming(office: Office, path: str = f"{CONTRACTS}/v-1") -> list[tuple[Any, ...]]:
    found = office.call("GET", f"{path}/upcoming-items")["items"]
    return [
        (one["kind"], one["billingPeriod"]["start"], one["total"], one["reason"]["code"], one.get("processingDate"))
        for one in found
    ]


def test_what_is_collected_is_among_what_comes(carrier: Office) -> None:
    """By period, at what it comes to so far; and what no period takes, which waits for someone."""
    record(carrier, rated("r-1", "0.333"), rated("r-2", "0.333"), rated("r-3", "0.333"), rated("r-4", 5, "2026-06-01"))
    record(carrier, rated("r-5", "7.00", "2026-04-30"), rated("r-6", "9.00"))
    carrier.call("POST", f"{RATED}/r-6/actions/cancel")
    may, june = ("RATED_USAGE", "2026-05-01", 1, "NOT_DUE_YET"), ("RATED_USAGE", "2026-06-01", 5, "NOT_DUE_YET")
    lost = ("RATED_USAGE", "2026-04-30", 7, "ERROR")
    expected = [(*lost, None), (*may, "2026-06-03T22:00:00Z"), (*june, "2026-07-03T22:00:00Z")]
    assert coming(carrier) == coming(carrier, "/v2/customers/muster-handel") == expected
    texts = [one["reason"]["text"] for one in carrier.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"]]
    assert texts[0] == "rated usage r-5: lies outside the contract"
    assert texts[1] == "its usages are collected until 2026-06-02; a run takes it on 2026-06-04"
    carrier.clock("2026-06-02T10:00")
    carrier.bill()
    assert coming(carrier) == [expected[1], expected[0], expected[2]]  # an item by now, once
    carrier.clock("2026-06-04T10:00")
    carrier.bill()
    assert coming(carrier) == [expected[0], expected[2]]


def test_a_rated_usage_happens_once(carrier: Office) -> None:
    made = carrier.call("POST", RATED, rated("r-1"), 201)
    assert carrier.call("POST", RATED, rated("r-1"), 201) == made
    carrier.call("POST", RATED, rated("r-1", "1.01"), 409)
    assert aggregations(carrier) == [("2026-05-01", 0, D(1), "OPEN")]


def test_every_finding_at_once(carrier: Office) -> None:
    wrong = rated("r-1", None, contractIdent="none", optionIdent="none", endDate="2026-05-01T00:00:00Z")
    assert carrier.findings("POST", RATED, wrong) == ["contractIdent", "endDate", "netPrice", "optionIdent"]
    assert carrier.findings("POST", RATED, rated("r-1", 1, unitPrice=1)) == ["netPrice"]
    assert carrier.findings("POST", RATED, rated("r-1", 1, "2024-01-01")) == ["startDate"]
    assert carrier.findings("POST", RATED, rated("?", -1)) == ["netPrice", "ratedUsageIdent"]
    assert carrier.call("GET", RATED)["page"]["totalElements"] == 0


def test_a_final_option_is_not_changed_and_others_have_no_such_fields(carrier: Office) -> None:
    assert carrier.findings("PUT", f"{OPTIONS}/sms", {**SMS, "name": "Other"}) == ["status"]
    usage = {"name": "x", "type": "RECURRING", "prices": [{"price": 1}], "aggregationDelayInSeconds": 1, "taxCode": "REDUCED"}
    assert carrier.findings("POST", OPTIONS, usage) == ["aggregationDelayInSeconds", "taxCode"]


def test_what_no_period_takes_is_kept_and_tried_again(carrier: Office) -> None:
    body = {name: value for name, value in a_contract("v-2", optionQuantities=[]).items() if name != "startDate"}
    carrier.call("POST", CONTRACTS, body, 201)
    record(carrier, rated("r-1", contractIdent="v-2"), rated("r-2", day="2026-04-30"), rated("r-3", optionIdent="extra"))
    errors = [carrier.call("GET", f"{RATED}/r-{n}")["error"] for n in (1, 2, 3)]
    assert errors[:2] == ["the contract has not begun", "lies outside the contract"] and "does not have the option" in errors[2]
    assert status(carrier, "r-1") == "ERROR" and aggregations(carrier) == []
    carrier.call("POST", f"{CONTRACTS}/v-2/actions/activate", {"startDate": "2026-05-01"}, 204)
    carrier.call("POST", f"{PLANS}/basic/phases/p-1/options", {"optionIdent": "extra", "enableForAllContracts": True}, 201)
    for ident in ("r-1", "r-2", "r-3"):
        carrier.call("POST", f"{RATED}/{ident}/actions/retry")
    assert [status(carrier, ident) for ident in ("r-1", "r-2", "r-3")] == ["OPEN", "ERROR", "OPEN"]
    carrier.call("POST", f"{RATED}/r-1/actions/retry", status=400)
    carrier.call("POST", f"{RATED}/r-2/actions/cancel")
    carrier.call("POST", f"{RATED}/r-2/actions/cancel", status=400)
    carrier.clock("2026-06-05T10:00")
    carrier.bill()
    assert [net for _, net, _, _ in carrier.documents()] == [D(2)]


def test_late_usages_are_carried_over_into_the_next_open_period(carrier: Office) -> None:
    record(carrier, rated("r-1", 10))
    carrier.clock("2026-06-02T10:00")
    carrier.bill()
    record(carrier, rated("late", 3), rated("r-2", 5, "2026-06-02"))
    assert aggregations(carrier) == [("2026-05-01", 0, D(10), "CLOSED"), ("2026-06-01", 0, D(8), "OPEN")]
    carrier.clock("2026-07-05T10:00")
    carrier.bill()
    rows = carrier.tenant.rows(
        "SELECT total, content ->> 'service_start' AS s, content ->> 'tax_date' AS t, period_start FROM billable_item"
    )
    assert sorted((row.total, row.s, row.t, str(row.period_start)) for row in rows) == [
        (3, "2026-05-01", "2026-05-31", "2026-06-01"),
        (5, "2026-06-01", "2026-06-30", "2026-06-01"),
        (10, "2026-05-01", "2026-05-31", "2026-05-01"),
    ]


def test_late_usages_correct_their_period_where_the_group_says_so(carrier: Office) -> None:
    group(carrier, lateUsageBehaviour="CORRECTIVE")
    record(carrier, rated("r-1", 10))
    carrier.clock("2026-06-05T10:00")
    carrier.bill()
    record(carrier, rated("l-1", 3), rated("l-2", 4))
    assert aggregations(carrier)[1:] == [("2026-05-01", 1, D(7), "OPEN")]
    assert carrier.bill()["documents"] == 1
    record(carrier, rated("l-3", 1))
    carrier.bill()
    assert [net for _, net, _, _ in carrier.documents()] == [D(10), D(7), D(1)]
    assert [one[1:] for one in aggregations(carrier)] == [(0, D(10), "BILLED"), (1, D(7), "BILLED"), (2, D(1), "BILLED")]


def test_after_the_end_of_the_contract_late_usages_correct(carrier: Office) -> None:
    record(carrier, rated("r-1", 10), rated("r-2", 1, "2026-05-25"))
    carrier.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    assert carrier.call("GET", f"{RATED}/r-2")["error"] == "lies outside the contract"
    (one,) = carrier.call("GET", AGGREGATIONS)["_embedded"]
    assert (one["billingPeriod"]["end"], one["netTotal"], one["closingDate"]) == ("2026-05-20", 10, "2026-05-21T22:00:00Z")
    carrier.clock("2026-05-24T10:00")
    assert carrier.bill()["documents"] == 1
    record(carrier, rated("late", 2))
    assert carrier.bill()["documents"] == 1
    assert [net for _, net, _, _ in carrier.documents()] == [D(10), D(2)]


def test_what_waited_for_a_period_that_never_comes_corrects_its_own(carrier: Office) -> None:
    record(carrier, rated("r-1", 10))
    carrier.clock("2026-06-02T10:00")
    carrier.bill()
    record(carrier, rated("late", 3))
    carrier.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    assert aggregations(carrier) == [
        ("2026-05-01", 0, D(10), "CLOSED"),
        ("2026-06-01", 0, D(0), "CLOSED"),
        ("2026-05-01", 1, D(3), "OPEN"),
    ]
    carrier.clock("2026-06-05T10:00")
    carrier.bill()
    assert [net for _, net, _, _ in carrier.documents()] == [D(13)]


def test_an_aggregation_closes_early_and_is_billed_in_time(carrier: Office) -> None:
    record(carrier, rated("r-1", 10))
    (one,) = carrier.call("GET", AGGREGATIONS)["_embedded"]
    closed = carrier.call("POST", f"{AGGREGATIONS}/{one['aggregationIdent']}/actions/close")
    assert (closed["status"], len(closed["billableItemIdents"])) == ("CLOSED", 1)
    carrier.call("POST", f"{AGGREGATIONS}/{one['aggregationIdent']}/actions/close", status=400)
    record(carrier, rated("r-2", 1))
    assert aggregations(carrier)[1] == ("2026-06-01", 0, D(1), "OPEN")
    assert carrier.bill()["documents"] == 0
    carrier.clock("2026-06-04T10:00")
    assert carrier.bill()["documents"] == 1


def test_what_is_cancelled_is_not_billed_or_given_back(carrier: Office) -> None:
    record(carrier, *[rated(f"r-{n}", n) for n in (1, 2, 4, 8)])
    carrier.call("POST", f"{RATED}/r-1/actions/cancel")
    carrier.clock("2026-06-02T10:00")
    carrier.bill()
    assert carrier.call("POST", f"{RATED}/r-2/actions/cancel")["status"] == "CANCELLED"
    carrier.clock("2026-06-04T10:00")
    carrier.bill()
    carrier.call("POST", f"{RATED}/r-4/actions/cancel")
    carrier.bill()
    assert [(kind, net) for kind, net, _, _ in carrier.documents()] == [("INVOICE", D(12)), ("CREDIT_MEMO", D(4))]
    assert carrier.call("POST", f"{RATED}/r-4/actions/retry")["status"] == "OPEN"  # carried over into June
    carrier.call("POST", f"{RATED}/r-8/actions/cancel")
    carrier.clock("2026-07-04T10:00")
    carrier.bill()
    nets = [(kind, net) for kind, net, _, _ in carrier.documents()][2:]
    assert sorted(nets) == [("CREDIT_MEMO", D(8)), ("INVOICE", D(4))]


def test_places_are_taxed_apart_and_a_cancelled_contract_costs_nothing(carrier: Office) -> None:
    record(carrier, rated("r-1", 1), rated("r-2", 2, taxLocation={"country": "DE", "city": "Kiel"}), rated("r-3", 3))
    carrier.clock("2026-06-04T10:00")
    carrier.bill()
    assert sorted(total for _, _, _, total in carrier.items()) == [2, 4]
    record(carrier, rated("r-4", 1, "2026-06-04"))
    carrier.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    carrier.bill()
    assert {status(carrier, f"r-{n}") for n in (1, 2, 3, 4)} == {"CANCELLED"}
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in carrier.documents()) == 0
    carrier.call("POST", f"{RATED}/r-4/actions/retry")
    assert carrier.call("GET", f"{RATED}/r-4")["error"] == "the contract was cancelled"


def test_another_tenant_and_another_scope_see_no_rated_usages(
    carrier: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    record(carrier, rated("r-1"))
    (one,) = carrier.call("GET", AGGREGATIONS)["_embedded"]
    stranger, other = bearer(new_tenant()), bearer(carrier.tenant, "nbx-product-management-write")
    paths = [f"{RATED}/r-1", f"{AGGREGATIONS}/{one['aggregationIdent']}"]
    calls = [("GET", path) for path in paths] + [("POST", f"{RATED}/r-1/actions/{verb}") for verb in ("cancel", "retry")]
    for method, path in [*calls, ("POST", f"{paths[1]}/actions/close")]:
        assert carrier.client.request(method, path, headers=stranger).status_code == 404, path
        assert carrier.client.request(method, path, headers=other).status_code == 403, path
    for path in (RATED, AGGREGATIONS):
        assert carrier.client.get(path, headers=stranger).json()["page"]["totalElements"] == 0
    assert status(carrier, "r-1") == "OPEN"
