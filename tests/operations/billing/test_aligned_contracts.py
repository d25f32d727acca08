"""Contracts of a customer that are billed on one day: the first part of each is charged by its days, and documents come together."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import MONTH
from tests.factories.contracts import CONTRACTS, YEAR
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office

D = Decimal
ALIGN = f"{CONTRACTS}/actions/align"
JOINT = "/v2/joint-billings"


def a_pair(office: Office) -> None:
    """31.00 a month from the 1st, 62.00 a month from the 10th."""
    office.clock("2027-05-01T10:00")
    office.plan("31.00")
    office.plan("62.00", ident="plus")
    office.contract(startDate="2027-05-01")
    office.bill()
    office.clock("2027-05-10T10:00")
    office.contract("v-2", plan="plus", startDate="2027-05-10")
    office.bill()


def test_two_contracts_come_together_on_one_document(office: Office) -> None:
    a_pair(office)
    found = office.call("POST", ALIGN, {"contractIdents": ["v-1", "v-2"]})
    assert [one["alignments"] for one in found] == [
        [{"fromDate": "2027-06-01", "billingDate": "2027-06-01"}],
        [{"fromDate": "2027-06-10", "billingDate": "2027-06-01"}],
    ]
    days(office, "2027-06-01", "2027-06-10", "2027-07-01")
    # 10 to 30 June: 21 of 30 days of 62.00
    assert billed(office, "2027-06-01") == [
        ("2027-06-01", "2027-06-01", "2027-06-30", D("31.00")),
        ("2027-06-10", "2027-06-10", "2027-06-30", D("43.40")),
        ("2027-07-01", "2027-07-01", "2027-07-31", D("31.00")),
        ("2027-07-01", "2027-07-01", "2027-07-31", D("62.00")),
    ]
    assert papers(office)[-1] == ("2027-07-01", "INVOICE", D("93.00"))


@pytest.mark.parametrize(
    ("interval", "timing", "date", "expected"),
    [
        (
            MONTH,
            "INTERVAL_START",
            "2027-06-15",
            [("2027-06-10", "2027-06-14", D("10.00")), ("2027-06-15", "2027-07-14", D("62.00"))],
        ),
        (MONTH, "INTERVAL_END", "2027-06-15", [("2027-05-10", "2027-06-09", D("62.00")), ("2027-06-10", "2027-06-14", D("10.00"))]),
        (YEAR, "INTERVAL_START", "2028-06-01", [("2028-05-10", "2028-05-31", D("3.73"))]),
    ],
)
def test_the_first_part_is_pro_rata_to_its_own_interval(
    office: Office, interval: Any, timing: str, date: str, expected: Any
) -> None:
    """62.00: 5 of 31 days of the month from 15 May on; 22 of the 366 days of the year from 1 June 2027 on."""
    office.clock("2027-05-10T10:00")
    office.plan("62.00", billingInterval=interval, timing=timing)
    office.contract(startDate="2027-05-10")
    office.bill()
    office.call("POST", ALIGN, {"contractIdents": ["v-1"], "billingDate": date})
    days(office, "2027-06-10", "2027-06-15", "2028-05-10")
    assert [row[1:] for row in billed(office, "2027-05-11")][: len(expected)] == expected


def test_what_was_billed_stays_and_a_second_alignment_takes_the_place_of_one_that_no_run_has_seen(office: Office) -> None:
    a_pair(office)
    before = billed(office)
    office.call("POST", ALIGN, {"contractIdents": ["v-2"], "billingDate": "2027-06-20"})
    (view,) = office.call("POST", ALIGN, {"contractIdents": ["v-2"], "billingDate": "2027-06-15"})
    assert view["alignments"] == [{"fromDate": "2027-06-10", "billingDate": "2027-06-15"}]
    office.bill()
    assert billed(office) == before


def test_what_cannot_be_aligned_is_refused_with_every_reason(office: Office) -> None:
    a_pair(office)
    office.plan("10.00", ident="calendar", syncBillingToBillingIntervalUnit=True)
    office.contract("v-3", plan="calendar", startDate="2027-05-10")
    act(office, "terminate-extraordinarily", {"terminationDate": "2027-05-09"}, ident="v-1")
    said = office.call("POST", ALIGN, {"contractIdents": ["v-1", "v-3"], "billingDate": "2327-01-01"}, 400)
    assert [one["fieldName"] for one in said["errors"]] == ["contractIdents[0]", "contractIdents[1]", "billingDate"]
    office.call("POST", ALIGN, {"contractIdents": ["v-9"]}, 404)


def test_a_joint_billing_takes_contracts_in_lets_them_go_and_moves_its_day(office: Office) -> None:
    a_pair(office)
    body = {
        "jointBillingIdent": "j-1",
        "ident": "j-1",
        "name": "All in one",
        "customerIdent": "muster-handel",
        "billingDate": "2027-06-01",
    }
    del body["jointBillingIdent"]
    made = office.call("POST", JOINT, body, 201)
    assert made["contractIdents"] == []
    joined = office.call("POST", f"{JOINT}/j-1/actions/join", {"contractIdents": ["v-2", "v-1"]})
    assert [one["jointBillingIdent"] for one in joined] == ["j-1", "j-1"]
    assert office.call("GET", f"{JOINT}/j-1")["contractIdents"] == ["v-1", "v-2"]
    office.call("PUT", f"{JOINT}/j-1", {**body, "billingDate": "2027-06-20"})
    days(office, "2027-06-01", "2027-06-10", "2027-06-20")
    # v-1: 1 to 19 June, 19 of the 31 days from 20 May on; v-2: 10 to 19 June, 10 of them
    assert [row[1:] for row in billed(office, "2027-06-01")] == [
        ("2027-06-01", "2027-06-19", D("19.00")),
        ("2027-06-10", "2027-06-19", D("20.00")),
        ("2027-06-20", "2027-07-19", D("31.00")),
        ("2027-06-20", "2027-07-19", D("62.00")),
    ]
    office.call("POST", f"{JOINT}/j-1/actions/leave", {"contractIdents": ["v-2"]})
    office.call("POST", f"{JOINT}/j-1/actions/leave", {"contractIdents": ["v-2"]}, 400)
    office.call("DELETE", f"{JOINT}/j-1", None, 204)
    days(office, "2027-07-20")
    assert papers(office)[-1] == ("2027-07-20", "INVOICE", D("93.00"))


def test_a_contract_without_a_start_begins_on_the_day_that_was_agreed(office: Office) -> None:
    office.clock("2027-05-10T10:00")
    office.plan("31.00")
    office.contract(startDate=None)
    office.call("POST", ALIGN, {"contractIdents": ["v-1"], "billingDate": "2027-06-01"})
    act(office, "activate", {"startDate": "2027-05-22"}, 204)
    days(office, "2027-05-22")
    assert billed(office) == [("2027-05-22", "2027-05-22", "2027-05-31", D("10.00"))]


def test_the_preview_shows_an_alignment(office: Office) -> None:
    a_pair(office)
    shown = act(office, "preview", {"change": {"alignTo": "2027-06-01"}, "n": 2}, ident="v-2")
    assert [one["totals"]["net"] for one in shown["next"]] == [74.4, 93.0]  # with those of the other contract


@pytest.mark.parametrize("seed", range(6))
def test_parts_sum_to_the_whole(office: Office, seed: int) -> None:
    """What is billed of one interval in parts is what its days cost, each part rounded once."""
    chance = random.Random(seed)
    waits, moved, price = chance.randint(1, 40), chance.randint(-200, 200), D(chance.randint(1, 50_000)) / 100
    ident = f"v-{office.tenant.runtime.new_uuid()}"
    start = dt.date(2027, 1, 1) + dt.timedelta(days=waits)
    office.clock(f"{start}T10:00")
    office.plan(str(price), ident=ident)
    office.contract(ident, plan=ident, startDate=str(start))
    office.bill()
    (view,) = office.call("POST", ALIGN, {"contractIdents": [ident], "billingDate": str(start + dt.timedelta(days=moved))})
    days(office, str(start + dt.timedelta(days=70)))
    rows = office.tenant.rows(
        "SELECT i.total, (i.content ->> 'service_start')::date AS since, (i.content ->> 'service_end')::date AS until"
        " FROM billable_item i JOIN contract c ON c.tenant_id = i.tenant_id AND c.contract_id = i.contract_id"
        " WHERE c.contract_ident = %s ORDER BY 2",
        (ident,),
    )
    assert [one.until for one in rows[:-1]] == [two.since for two in rows[1:]]
    for row in rows:
        days_of = (row.until - row.since).days
        assert row.total <= price
        if days_of >= 28 and row.total == price:
            continue
        # a part: between its days of the shortest month and of the longest
        low, high = price * days_of / 31, price * days_of / 28
        assert low - D("0.005") <= row.total <= high + D("0.005")
    assert view["alignments"]
