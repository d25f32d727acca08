"""The calendar of the tenant decides: midnights, month ends, leap days, quarters and the change of clocks, in zones east and west
(accounting reference 9, worked example 9)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import D, Office
from tests.factories.tenants import Tenant

BERLIN, SAO_PAULO, AUCKLAND, KOLKATA = "Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Kolkata"
USAGES = "/v2/usages"


class Calendar(Office):
    """An office somewhere."""

    def lies_in(self, zone: str) -> "Calendar":
        with self.tenant.runtime.transaction(self.tenant.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET time_zone = %s WHERE id = %s", (zone, self.tenant.id))
        return self

    def periods(self) -> list[tuple[str, str, D]]:
        rows = self.tenant.rows(
            "SELECT period_start, period_end, total FROM billable_item WHERE kind <> 'CREDIT' ORDER BY 1, item_id"
        )
        return [(str(row.period_start), str(row.period_end), row.total) for row in rows]

    def dated(self) -> list[tuple[str, str]]:
        rows = self.tenant.rows("SELECT ident, document_date FROM document ORDER BY id")
        return [(row.ident, str(row.document_date)) for row in rows]

    def through(self, *instants: str) -> None:
        for instant in instants:
            self.clock(instant)
            self.bill()


@pytest.fixture
def world(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Calendar:
    return Calendar(furnished, client, bearer(furnished))


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        (BERLIN, "2026-05-31T22:00"),
        (SAO_PAULO, "2026-06-01T03:00"),
        (AUCKLAND, "2026-05-31T12:00"),
        (KOLKATA, "2026-05-31T18:30"),
    ],
)
def test_a_period_begins_at_local_midnight(world: Calendar, zone: str, midnight: str) -> None:
    world.lies_in(zone).clock("2026-05-15T10:00")
    world.plan("10.00")
    world.contract(startDate="2026-05-01")
    world.bill()
    at = dt.datetime.fromisoformat(midnight)
    world.through((at - dt.timedelta(seconds=1)).isoformat())
    assert len(world.documents()) == 1
    world.through((at + dt.timedelta(seconds=1)).isoformat())
    assert world.dated()[1][1] == "2026-06-01"
    assert [(start, total) for start, _, total in world.periods()] == [("2026-05-01", D(10)), ("2026-06-01", D(10))]


@pytest.mark.parametrize(
    ("zone", "instant", "number", "date"),
    [
        (BERLIN, "2026-12-31T22:30", "RE-2026-000001", "2026-12-31"),
        (BERLIN, "2026-12-31T23:30", "RE-2027-000001", "2027-01-01"),
        (SAO_PAULO, "2027-01-01T02:30", "RE-2026-000001", "2026-12-31"),
        (SAO_PAULO, "2027-01-01T03:30", "RE-2027-000001", "2027-01-01"),
        (AUCKLAND, "2026-12-31T10:30", "RE-2026-000001", "2026-12-31"),
        (AUCKLAND, "2026-12-31T11:30", "RE-2027-000001", "2027-01-01"),
        (KOLKATA, "2026-12-31T18:29", "RE-2026-000001", "2026-12-31"),
        (KOLKATA, "2026-12-31T18:31", "RE-2027-000001", "2027-01-01"),
    ],
)
def test_9_dates_and_number_years_are_those_of_the_local_day(
    world: Calendar, zone: str, instant: str, number: str, date: str
) -> None:
    world.lies_in(zone).clock("2026-12-20T10:00")
    world.plan("10.00")
    world.contract(startDate="2026-12-20")
    world.through(instant)
    assert world.dated() == [(number, date)]


def test_a_year_of_numbers_goes_on_beside_the_new_one(world: Calendar) -> None:
    world.lies_in(BERLIN).clock("2026-12-31T22:50")
    world.plan("10.00")
    for ident, instant in (("v-1", "2026-12-31T22:55"), ("v-2", "2026-12-31T23:05"), ("v-3", "2027-01-01T23:05")):
        world.contract(ident, startDate="2026-12-15")
        world.through(instant)
    assert world.dated() == [
        ("RE-2026-000001", "2026-12-31"),
        ("RE-2027-000001", "2027-01-01"),
        ("RE-2027-000002", "2027-01-02"),
    ]


UNITS = [
    ({"value": 1, "unit": "MONTH"}, "2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]),
    ({"value": 1, "unit": "MONTH"}, "2028-01-30", ["2028-02-29", "2028-03-30", "2028-04-30"]),
    ({"value": 1, "unit": "YEAR"}, "2028-02-29", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
    ({"value": 1, "unit": "QUARTER"}, "2026-11-30", ["2027-02-28", "2027-05-30", "2027-08-30"]),
    ({"value": 1, "unit": "HALF_YEAR"}, "2026-08-31", ["2027-02-28", "2027-08-31", "2028-02-29"]),
    ({"value": 2, "unit": "WEEK"}, "2026-03-20", ["2026-04-03", "2026-04-17"]),
    ({"value": 10, "unit": "DAY"}, "2026-10-20", ["2026-10-30", "2026-11-09"]),
]


@pytest.mark.parametrize(("interval", "start", "ends"), UNITS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("zone", [BERLIN, SAO_PAULO, AUCKLAND])
def test_9_periods_are_anchored_and_never_chained(world: Calendar, zone: str, interval: Any, start: str, ends: list[str]) -> None:
    """Each costs the whole price, whatever its days and however the clocks change."""
    world.lies_in(zone).clock(f"{start}T12:00")
    world.plan("100.00", billingInterval=interval)
    world.contract(startDate=start)
    world.bill()
    for end in ends[:-1]:
        world.through(f"{end}T12:00")
    assert world.periods() == [(begin, end, D(100)) for begin, end in zip([start, *ends], ends, strict=False)]
    assert len(world.documents()) == len(ends)


@pytest.mark.parametrize(
    ("interval", "start", "expected"),
    [
        ("QUARTER", "2026-02-15", [("2026-02-15", "2026-04-01", "50.00"), ("2026-04-01", "2026-07-01", "100.00")]),
        ("HALF_YEAR", "2028-01-02", [("2028-01-02", "2028-07-01", "99.45"), ("2028-07-01", "2029-01-01", "100.00")]),
        ("MONTH", "2028-02-29", [("2028-02-29", "2028-03-01", "3.45"), ("2028-03-01", "2028-04-01", "100.00")]),
        ("YEAR", "2027-12-31", [("2027-12-31", "2028-01-01", "0.27"), ("2028-01-01", "2029-01-01", "100.00")]),
        ("WEEK", "2026-03-27", [("2026-03-27", "2026-03-30", "42.86"), ("2026-03-30", "2026-04-06", "100.00")]),
    ],
)
@pytest.mark.parametrize("zone", [BERLIN, AUCKLAND])
def test_calendar_sync_cuts_the_first_period(world: Calendar, zone: str, interval: str, start: str, expected: list[Any]) -> None:
    world.lies_in(zone).clock(f"{start}T10:00")
    world.plan("100.00", billingInterval={"value": 1, "unit": interval}, syncBillingToBillingIntervalUnit=True)
    world.contract(startDate=start)
    world.bill()
    world.through(f"{expected[1][0]}T13:00")
    assert world.periods() == [(begin, end, D(price)) for begin, end, price in expected]


@pytest.mark.parametrize(
    ("zone", "start", "end", "before", "after"),
    [  # the week in which the clocks change: in spring 167 hours, in autumn 169
        (BERLIN, "2026-03-23", "2026-03-30", "2026-03-29T21:59", "2026-03-29T22:01"),
        (BERLIN, "2026-10-19", "2026-10-26", "2026-10-25T22:59", "2026-10-25T23:01"),
        (AUCKLAND, "2026-09-21", "2026-09-28", "2026-09-27T10:59", "2026-09-27T11:01"),
        (AUCKLAND, "2026-03-30", "2026-04-06", "2026-04-05T11:59", "2026-04-05T12:01"),
        (SAO_PAULO, "2018-10-29", "2018-11-05", "2018-11-05T01:59", "2018-11-05T02:01"),
        (SAO_PAULO, "2018-10-28", "2018-11-04", "2018-11-04T02:59", "2018-11-04T03:01"),  # the midnight that was left out
    ],
)
def test_periods_over_a_change_of_clocks_cost_the_same(
    world: Calendar, zone: str, start: str, end: str, before: str, after: str
) -> None:
    world.lies_in(zone).clock(f"{start}T14:00")
    world.plan("70.00", billingInterval={"value": 1, "unit": "WEEK"}, timing="INTERVAL_END")
    world.contract(startDate=start)
    world.through(f"{start}T14:01", before)
    assert world.documents() == []
    world.through(after)
    assert (world.periods()[0], len(world.documents())) == ((start, end, D(70)), 1)


CLOCK = [
    {
        "pricingRules": [
            {"timeFrom": "00:00", "timeTo": "06:00", "price": "1.00"},
            {"timeFrom": "06:00", "timeTo": "00:00", "price": "2.00"},
        ],
    }
]


@pytest.mark.parametrize(
    ("zone", "begin", "stop", "cost"),
    [
        (BERLIN, "2026-10-24T00:00:00+02:00", "2026-10-25T00:00:00+02:00", "42.00"),
        (BERLIN, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "43.00"),  # 25 hours, seven of them at night
        (BERLIN, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "41.00"),  # the missing hour prices nothing
        (BERLIN, "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "1.00"),  # half past two until half past two
        (AUCKLAND, "2026-09-27T00:00:00+12:00", "2026-09-28T00:00:00+13:00", "41.00"),
        (AUCKLAND, "2026-04-05T00:00:00+13:00", "2026-04-06T00:00:00+12:00", "43.00"),
        (KOLKATA, "2026-10-25T05:30:00+05:30", "2026-10-25T06:30:00+05:30", "1.50"),
        (SAO_PAULO, "2026-10-25T05:00:00-03:00", "2026-10-25T07:00:00-03:00", "3.00"),
    ],
)
def test_usages_by_the_clock_count_what_passes(world: Calendar, zone: str, begin: str, stop: str, cost: str) -> None:
    day = begin[:8] + "01"
    world.lies_in(zone).clock(f"{begin[:10]}T23:00")
    option = {"optionIdent": "room", "name": "Room", "type": "TIME_BASED_USAGE", "status": "FINAL", "pricingGroups": CLOCK}
    world.call("POST", OPTIONS, option, 201)
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "room", "minimum": 1}]}
    world.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    world.call("POST", CONTRACTS, a_contract(optionQuantities=[], startDate=day), 201)
    body = {"usageIdent": "u", "contractIdent": "v-1", "optionIdent": "room", "startDate": begin, "endDate": stop}
    world.call("POST", USAGES, body, 201)
    world.through(f"{begin[:10]}T23:30", (dt.datetime.fromisoformat(day) + dt.timedelta(days=40)).isoformat())
    assert sum(net for _, net, _, _ in world.documents()) == D(cost)


@pytest.mark.parametrize(
    ("zone", "used", "period"),
    [
        (BERLIN, "2026-05-31T21:59:00Z", "2026-05-01"),
        (BERLIN, "2026-05-31T22:00:00Z", "2026-06-01"),
        (AUCKLAND, "2026-05-31T11:59:00Z", "2026-05-01"),
        (AUCKLAND, "2026-05-31T12:00:00Z", "2026-06-01"),
        (SAO_PAULO, "2026-06-01T02:59:00Z", "2026-05-01"),
        (SAO_PAULO, "2026-06-01T03:00:00Z", "2026-06-01"),
    ],
)
def test_a_usage_belongs_to_the_period_of_its_local_day(world: Calendar, zone: str, used: str, period: str) -> None:
    world.lies_in(zone).clock("2026-06-05T10:00")
    tiers = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}]
    world.call(
        "POST", OPTIONS, {"optionIdent": "kwh", "name": "Power", "type": "USAGE", "status": "FINAL", "usagePrices": tiers}, 201
    )
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "kwh", "minimum": 1}]}
    world.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    world.call("POST", CONTRACTS, a_contract(optionQuantities=[]), 201)
    body = {"usageIdent": "u", "contractIdent": "v-1", "optionIdent": "kwh", "startDate": used, "unitQuantity": 5}
    world.call("POST", USAGES, body, 201)
    world.through("2026-07-05T10:00")
    assert [(start, total) for start, _, total in world.periods() if total] == [(period, D(5))]


@pytest.mark.parametrize("zone", [BERLIN, SAO_PAULO, AUCKLAND])
@pytest.mark.parametrize(
    ("timing", "unit", "date"),
    [
        ("INTERVAL_START", "MONTH", "2026-06-01"),
        ("INTERVAL_END", "MONTH", "2026-07-01"),
        ("INTERVAL_START", "DAY", "2026-06-01"),
        ("INTERVAL_END", "DAY", "2026-06-02"),
    ],
)
def test_documents_are_of_the_day_on_which_they_are_made(world: Calendar, zone: str, timing: str, unit: str, date: str) -> None:
    """No document is dated before the day of its run, whatever its group says (accounting reference, amendment h)."""
    world.lies_in(zone).clock("2026-05-31T10:00")
    known = world.call("GET", "/v2/billing-groups/external")
    group = {name: known[name] for name in ("name", "localeConfiguration")}
    world.call("PUT", "/v2/billing-groups/external", {**group, "contractDocumentDateDetermination": "BILLING_PERIOD"})
    world.plan("10.00", billingInterval={"value": 1, "unit": unit}, timing=timing)
    world.contract(startDate="2026-06-01")
    world.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-30"})
    for instant in ("2026-06-01T09:00", "2026-06-02T09:00", "2026-07-01T09:00"):
        world.clock(instant)
        world.bill()
        if world.documents():
            break
    assert world.dated()[0][1] == date
