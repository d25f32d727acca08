"""Which day it is, the billing group says for what it bills: at one instant two groups date and bill differently."""

import datetime as dt

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import GROUP, GROUPS, Office, a_group
from tests.factories.usages import USAGES, metered, per_unit

MINUTE = dt.timedelta(minutes=1)


def dated(office: Office) -> list[tuple[str, str]]:
    rows = office.tenant.rows("SELECT billing_group_ident, document_date FROM document ORDER BY id")
    return [(row.billing_group_ident, str(row.document_date)) for row in rows]


@pytest.mark.parametrize(
    ("zone", "midnight", "first"),
    [
        # 1 June begins in Auckland at 12:00, in Kolkata at 18:30, in Berlin at 22:00 of 31 May, in Los Angeles at 07:00 (UTC)
        ("Pacific/Auckland", "2026-05-31T12:00", "special"),
        ("Asia/Kolkata", "2026-05-31T18:30", "special"),
        ("America/Los_Angeles", "2026-05-31T22:00", "external"),
    ],
)
def test_a_period_is_billed_and_dated_from_midnight_of_the_group(office: Office, zone: str, midnight: str, first: str) -> None:
    a_group(office, timeZone=zone)
    office.plan()
    office.contract("ours", startDate="2026-06-01")
    office.contract("theirs", businessSegmentIdent="special", startDate="2026-06-01")
    begins = dt.datetime.fromisoformat(midnight)
    office.clock((begins - MINUTE).isoformat())
    office.bill()
    assert dated(office) == []
    office.clock((begins + MINUTE).isoformat())
    office.bill()
    assert dated(office) == [(first, "2026-06-01")]
    office.clock("2026-06-01T07:01")
    office.bill()
    second = {"special": "external", "external": "special"}[first]
    assert dated(office) == [(first, "2026-06-01"), (second, "2026-06-01")]


def test_at_one_instant_documents_and_usages_are_of_two_days(office: Office) -> None:
    """At 23:30 in Los Angeles it is the next morning in Berlin: the month, and with it the period of a usage, is another one."""
    a_group(office, timeZone="America/Los_Angeles")
    metered(office, [per_unit("2.00")])
    office.clock("2026-06-01T06:30")
    usage = {"usageIdent": "u-1", "contractIdent": "v-1", "optionIdent": "power", "unitQuantity": 3}
    office.call("POST", USAGES, {**usage, "startDate": "2026-06-01T06:00:00Z"}, 201)
    for ident, segment in (("o-1", "special"), ("o-2", None)):
        order = {"orderIdent": ident, "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "businessSegmentIdent": segment}
        lines = [a_line(deliveryDate="2026-05-09"), a_line("l-2", processingConfig={"type": "AT_DATE", "date": "2026-06-01"})]
        office.call("POST", ORDERS, {**order, "lineItems": lines}, 201)
    office.bill()
    assert sorted(dated(office)) == [("external", "2026-06-01"), ("special", "2026-05-31")]
    assert [str(row.used_on) for row in office.tenant.rows("SELECT used_on FROM usage")] == ["2026-05-31"]
    office.clock("2026-06-01T07:01")
    office.bill()
    assert sorted(dated(office)) == [("external", "2026-06-01"), ("special", "2026-05-31"), ("special", "2026-06-01")]
    billed = office.tenant.rows(
        "SELECT i.total FROM billable_item i JOIN document d ON d.id = i.document_id ORDER BY d.id DESC, i.total"
    )
    assert [row.total for row in billed] == [6, 100, 100, 100, 100]  # of May, in Los Angeles; and the line of 1 June there


def test_what_is_told_of_a_contract_is_of_the_day_of_its_group(office: Office) -> None:
    """Half an hour after midnight in Auckland, where it is noon of the day before for the tenant."""
    a_group(office, timeZone="Pacific/Auckland")
    office.plan()
    number = office.contract(businessSegmentIdent="special", startDate="2026-06-01")
    path = f"{CONTRACTS}/v-1"

    def told() -> tuple[str, list[str], list[str]]:
        upcoming = office.call("GET", f"{path}/upcoming-items")
        status = office.call("GET", f"{CONTRACTS}/{number}")["status"]["performanceStatus"]
        return status, [one["text"] for one in upcoming["reasons"]], [one["reason"]["text"] for one in upcoming["items"]]

    office.clock("2026-05-31T11:30")
    begins = "its period begins on 2026-06-01; a run takes it on 2026-06-01"
    assert told() == ("PENDING_START", ["the contract begins on 2026-06-01"], [begins])
    office.clock("2026-05-31T12:30")
    assert told() == ("RUNNING", [], ["it is due; the next run takes it"])
    office.bill()
    assert told() == ("RUNNING", [], [begins.replace("-06-", "-07-")])
    held = {"ident": "l-1", "processingConfig": {"type": "AT_DATE", "date": "2026-06-15"}}
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "businessSegmentIdent": "special"}
    office.call("POST", ORDERS, {**order, "lineItems": [a_line(**held)]}, 201)
    waiting = office.call("GET", "/v2/customers/muster-handel/upcoming-items")["items"]
    assert [one["reason"]["text"] for one in waiting if "orderIdent" in one] == ["a run takes it on 2026-06-15"]
    office.call("POST", f"{path}/actions/terminate-extraordinarily", {})  # at the end of today, which is 1 June there
    assert office.call("GET", f"{CONTRACTS}/{number}")["endDate"] == "2026-06-01"
    office.clock("2026-06-01T11:30")
    assert told()[0] == "RUNNING"
    office.clock("2026-06-01T12:30")
    assert told() == ("ENDED", ["the contract has ended on 2026-06-01"], told()[2])


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Pacific/Auckland", "2026-05-31T11:30", "2026-05-31T12:30"),
        ("Asia/Tokyo", "2026-05-31T14:30", "2026-05-31T15:30"),
        ("America/Los_Angeles", "2026-06-01T06:30", "2026-06-01T07:30"),
    ],
)
def test_a_small_document_waits_until_a_day_of_its_group(office: Office, zone: str, before: str, after: str) -> None:
    office.clock("2026-05-02T10:00")
    a_group(office, timeZone=zone, minimumAmounts=[{"currency": "EUR", "amount": "100.00", "mostPeriods": 12}])
    office.plan("31.00")
    office.contract(businessSegmentIdent="special", startDate="2026-05-01")
    assert office.bill()["documents"] == 0
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    office.clock(before)
    assert office.bill()["documents"] == 0
    office.clock(after)
    assert office.bill()["documents"] == 1
    assert dated(office) == [("special", "2026-06-01")]


def test_the_zone_is_answered_and_stays_as_long_as_it_has_dated_something(office: Office) -> None:
    assert office.findings("PUT", GROUP, {**_body(office), "timeZone": "Mars/Olympus"}) == ["timeZone"]
    office.call("PUT", GROUP, {**_body(office), "timeZone": "Asia/Tokyo"})
    assert office.call("GET", GROUP)["timeZone"] == "Asia/Tokyo"
    assert [one["billingGroupIdent"] for one in office.call("GET", f"{GROUPS}?search=timeZone==Asia/Tokyo")["_embedded"]] == [
        "external"
    ]
    office.plan()
    office.contract()
    refused = office.call("PUT", GROUP, {**_body(office), "timeZone": None}, 409)
    assert "v-1" in str(refused) and "timeZone" in str(refused)
    office.call("PUT", GROUP, {**_body(office), "name": "Other"})  # the rest may change


def _body(office: Office) -> dict[str, object]:
    known = office.call("GET", GROUP)
    return {name: known[name] for name in ("name", "localeConfiguration", "timeZone") if name in known}
