"""Contracts that are paused: what begins meanwhile is left out, or billed when they go on; the calendar stays."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.changed import change, own_price, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office
from tests.factories.usages import POWER, USAGES, metered, usage

D = Decimal
JANUARY = ("2027-01-01", "2027-01-01", "2027-01-31", D(31))


@pytest.fixture
def monthly(office: Office) -> Office:
    """31.00 a month in advance, from 1 January 2027, of which January is billed."""
    office.clock("2027-01-01T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-01-01")
    office.bill()
    return office


@pytest.mark.parametrize(
    ("missed", "now"),
    [
        (
            "BILL_MISSED",
            [
                ("2027-04-15", "2027-02-01", "2027-02-28", D(31)),
                ("2027-04-15", "2027-03-01", "2027-03-31", D(31)),
                ("2027-04-15", "2027-04-01", "2027-04-30", D(31)),
            ],
        ),
        ("IGNORE", [("2027-04-15", "2027-04-01", "2027-04-30", D(31))]),
    ],
)
@pytest.mark.parametrize("usages", ["BILLED", "WITHHELD"])
def test_s5_paused_on_15_january_and_resumed_on_15_april(monthly: Office, missed: str, now: Any, usages: str) -> None:
    monthly.clock("2027-01-15T10:00")
    view = act(monthly, "pause", {"usages": usages, "reason": "moves house"})
    assert view["status"] == {"performanceStatus": "RUNNING", "condition": "PAUSED"}
    days(monthly, "2027-02-01", "2027-03-01", "2027-04-01")
    assert billed(monthly) == [JANUARY]
    monthly.clock("2027-04-15T10:00")
    told = act(monthly, "preview", {"change": {"resume": {"missedPeriods": missed}}, "n": 2})
    act(monthly, "resume", {"missedPeriods": missed})
    days(monthly, "2027-04-15", "2027-05-01", "2027-06-01")
    following = [
        (f"2027-{month}-01", f"2027-{month}-01", f"2027-{month}-{last}", D(31)) for month, last in (("05", 31), ("06", 30))
    ]
    assert billed(monthly) == [JANUARY, *now, *following]
    shown = [(one["documentDate"], D(str(one["totals"]["net"]))) for one in (*told["now"], *told["next"])]
    assert shown == [(day, net) for day, _, net in papers(monthly)[1:]]
    assert monthly.call("GET", CONTRACTS)[0]["status"] == {"performanceStatus": "RUNNING"}


def codes(office: Office, action: str, body: Any, ident: str = "v-1") -> list[tuple[str, str]]:
    """What is said against an action: the field and the words."""
    found = office.call("POST", f"{CONTRACTS}/{ident}/actions/{action}", body, 400)["errors"]
    return [(one.get("fieldName", ""), one["error"]) for one in found]


def test_pausing_is_refused_in_words(monthly: Office) -> None:
    act(monthly, "pause", {"fromDate": "2027-01-20", "resumeDate": "2027-02-20"})
    assert codes(monthly, "pause", {"fromDate": "2027-02-01"}) == [
        ("fromDate", "The contract is paused from 2027-01-20 until it goes on on 2027-02-20.")
    ]
    assert codes(monthly, "pause", {"fromDate": "2026-12-31", "resumeDate": "2026-12-01"})[-1] == (
        "resumeDate",
        "is not after 2026-12-31",
    )
    act(monthly, "pause", {"fromDate": "2027-03-01"})
    assert codes(monthly, "pause", {}) == [("", "The contract is paused from 2027-03-01 on; it can be resumed.")]
    monthly.contract("v-2", startDate=None)
    assert codes(monthly, "pause", {}, "v-2") == [("", "The contract has no start yet: activate it.")]
    monthly.contract("v-3", startDate="2027-01-01")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-01-01"}, ident="v-3")
    monthly.clock("2027-01-03T10:00")
    assert codes(monthly, "pause", {}, "v-3") == [("", "The contract has ended; it can be reactivated.")]
    assert codes(monthly, "resume", {}, "v-3") == [("", "The contract has ended; it can be reactivated.")]


def test_what_is_not_paused_is_not_resumed(monthly: Office) -> None:
    assert codes(monthly, "resume", {}) == [("", "The contract is not paused, nor is a pause to come.")]


def test_a_pause_lies_no_further_back_than_the_tenant_takes(office: Office) -> None:
    office.clock("2029-06-15T10:00")
    office.plan("31.00")
    office.contract(startDate="2026-06-01", allowBackdating=True)
    (found,) = codes(office, "pause", {"fromDate": "2027-06-01"})
    assert found[0] == "fromDate" and "24 months" in found[1]
    act(office, "pause", {"fromDate": "2027-06-01", "allowBackdating": True})
    (found,) = codes(office, "resume", {"resumeDate": "2027-06-02"})
    assert found[0] == "resumeDate" and "24 months" in found[1]


def test_what_was_billed_before_a_pause_in_the_past_stays(monthly: Office) -> None:
    days(monthly, "2027-02-01", "2027-02-20")
    act(monthly, "pause", {"fromDate": "2027-01-20"})
    days(monthly, "2027-02-20", "2027-03-01")
    assert [start for _, start, _, _ in billed(monthly)] == ["2027-01-01", "2027-02-01"]
    monthly.clock("2027-03-10T10:00")
    act(monthly, "resume", {"missedPeriods": "BILL_MISSED"})
    monthly.bill()
    assert [start for _, start, _, _ in billed(monthly)] == ["2027-01-01", "2027-02-01", "2027-03-01"]


def test_a_pause_with_an_end_goes_on_by_itself_also_across_a_years_end(office: Office) -> None:
    office.clock("2027-11-01T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-11-01")
    office.bill()
    act(office, "pause", {"fromDate": "2027-11-15", "resumeDate": "2028-02-15", "usages": "WITHHELD"})
    days(office, "2027-12-01", "2027-12-31", "2028-01-01", "2028-02-01", "2028-02-14")
    assert len(billed(office)) == 1
    days(office, "2028-02-15", "2028-03-01")
    assert [row[:2] for row in billed(office)[1:]] == [("2028-02-15", "2028-02-01"), ("2028-03-01", "2028-03-01")]


@pytest.mark.parametrize("missed", ["BILL_MISSED", "IGNORE"])
def test_a_pause_with_an_end_is_ended_earlier(monthly: Office, missed: str) -> None:
    act(monthly, "pause", {"fromDate": "2027-01-15", "resumeDate": "2027-06-15", "missedPeriods": "BILL_MISSED"})
    days(monthly, "2027-02-01", "2027-03-01")
    monthly.clock("2027-03-10T10:00")
    act(monthly, "resume", {"missedPeriods": missed})
    days(monthly, "2027-03-10", "2027-04-01")
    starts = ["2027-01-01", *(["2027-02-01"] if missed == "BILL_MISSED" else []), "2027-03-01", "2027-04-01"]
    assert [start for _, start, _, _ in billed(monthly)] == starts


def test_a_pause_to_come_does_not_come(monthly: Office) -> None:
    act(monthly, "pause", {"fromDate": "2027-02-15"})
    assert act(monthly, "resume", {})["pauses"] == []
    days(monthly, "2027-02-01", "2027-03-01")
    assert [start for _, start, _, _ in billed(monthly)] == ["2027-01-01", "2027-02-01", "2027-03-01"]


def test_several_pauses_in_a_life(monthly: Office) -> None:
    for since, until in (("2027-01-20", "2027-03-05"), ("2027-04-20", "2027-05-25"), ("2027-06-20", "2027-08-01")):
        act(monthly, "pause", {"fromDate": since, "resumeDate": until})
    days(monthly, *(f"2027-{month:02}-{day}" for month in range(2, 10) for day in ("01", "26")))
    assert [start[5:7] for _, start, _, _ in billed(monthly)] == ["01", "03", "04", "05", "06", "08", "09"]


def test_the_price_of_what_was_missed_is_that_of_its_own_interval(monthly: Office) -> None:
    number = monthly.call("GET", CONTRACTS)[0]["contractId"]
    prices = [{"optionIdent": "basic-fee", "prices": [{"price": "62.00"}]}]
    monthly.clock("2027-01-15T10:00")
    act(monthly, "pause", {})
    modifiers = [{"optionPrices": prices, "effectiveFrom": "2027-03-01"}]
    monthly.call("PATCH", f"{CONTRACTS}/{number}", {"planModifiers": modifiers})
    days(monthly, "2027-02-01", "2027-03-01")
    monthly.clock("2027-04-15T10:00")
    act(monthly, "resume", {"missedPeriods": "BILL_MISSED"})
    monthly.bill()
    assert [(start, net) for _, start, _, net in billed(monthly)[1:]] == [
        ("2027-02-01", D(31)),
        ("2027-03-01", D(62)),
        ("2027-04-01", D(62)),
    ]


def test_a_paused_contract_is_terminated_and_owes_nothing_more(monthly: Office) -> None:
    monthly.clock("2027-01-15T10:00")
    act(monthly, "pause", {"usages": "WITHHELD"})
    days(monthly, "2027-02-01", "2027-03-10")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-03-20"})
    days(monthly, "2027-03-20", "2027-04-01")
    assert billed(monthly) == [JANUARY]


def test_a_contract_that_is_billed_at_the_end_owes_the_interval_that_ran_when_it_was_paused(office: Office) -> None:
    office.clock("2027-01-01T10:00")
    office.plan("31.00", timing="INTERVAL_END")
    office.contract(startDate="2027-01-01")
    days(office, "2027-01-01", "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-02-01", "2027-03-01")
    assert billed(office) == [("2027-02-01", "2027-01-01", "2027-01-31", D(31))]
    office.clock("2027-03-10T10:00")
    act(office, "resume", {})
    days(office, "2027-03-10", "2027-04-01")
    assert billed(office)[1:] == [("2027-04-01", "2027-03-01", "2027-03-31", D(31))]


@pytest.mark.parametrize("missed", ["BILL_MISSED", "IGNORE"])
@pytest.mark.parametrize(("usages", "on"), [("BILLED", "2027-03-01"), ("WITHHELD", "2027-04-15")])
def test_what_is_used_in_a_pause_is_kept_and_billed_as_set(office: Office, usages: str, on: str, missed: str) -> None:
    office.clock("2027-01-01T10:00")
    metered(office, POWER, None, "2027-01-01")
    days(office, "2027-01-01", "2027-01-15")
    act(office, "pause", {"usages": usages})
    office.clock("2027-02-10T10:00")
    office.call("POST", USAGES, usage("u-1", 10, "2027-02-05"), 201)
    days(office, "2027-02-10", "2027-03-01", "2027-04-01")
    office.clock("2027-04-15T10:00")
    act(office, "resume", {"missedPeriods": missed})
    days(office, "2027-04-15", "2027-05-01", "2027-06-01")
    assert [row for row in billed(office) if row[-1]] == [(on, "2027-02-01", "2027-02-28", D("1.70"))]


def test_what_was_used_in_a_pause_is_billed_when_the_contract_ends_in_it(office: Office) -> None:
    office.clock("2027-01-01T10:00")
    metered(office, POWER, None, "2027-01-01")
    days(office, "2027-01-01", "2027-01-15")
    act(office, "pause", {"usages": "WITHHELD"})
    office.clock("2027-02-10T10:00")
    office.call("POST", USAGES, usage("u-1", 10, "2027-02-05"), 201)
    days(office, "2027-02-10", "2027-03-01")
    act(office, "terminate-extraordinarily", {"terminationDate": "2027-03-05"})
    days(office, "2027-03-06", "2027-03-07")
    assert [net for *_, net in billed(office) if net] == [D("1.70")]


def test_why_a_paused_contract_is_not_billed(monthly: Office) -> None:
    monthly.clock("2027-01-15T10:00")
    act(monthly, "pause", {"reason": "moves house", "resumeDate": "2027-03-10"})
    monthly.clock("2027-02-15T10:00")
    (reason,) = monthly.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["reasons"]
    assert reason == {
        "code": "PAUSED",
        "text": "the contract is paused since 2027-01-15, until it goes on on 2027-03-10: moves house",
    }


@pytest.mark.parametrize("missed", ["BILL_MISSED", "IGNORE"])
def test_what_is_not_due_yet_of_an_interval_that_began_in_a_pause_in_the_past_is_left_out(office: Office, missed: str) -> None:
    office.clock("2027-01-01T10:00")
    office.plan("31.00", timing="INTERVAL_END")
    office.contract(startDate="2027-01-01")
    days(office, "2027-01-01", "2027-02-01", "2027-02-20")
    act(office, "pause", {"fromDate": "2027-01-15"})  # 1 February is proposed, and due on 1 March
    days(office, "2027-03-01", "2027-04-01")
    assert [row[:2] for row in billed(office)] == [("2027-02-01", "2027-01-01")]
    office.clock("2027-04-15T10:00")
    act(office, "resume", {"missedPeriods": missed})
    days(office, "2027-04-15", "2027-05-01")
    later = [("2027-05-01", "2027-04-01")]
    missing = [("2027-04-15", "2027-02-01"), ("2027-04-15", "2027-03-01")] if missed == "BILL_MISSED" else []
    assert [row[:2] for row in billed(office)[1:]] == missing + later


@pytest.mark.parametrize("until", [None, "2027-03-20"])
def test_a_paused_contract_that_is_changed_is_looked_at_when_it_goes_on(monthly: Office, until: str | None) -> None:
    """What is withheld opens with the end of the pause, whatever else is agreed meanwhile."""
    monthly.clock("2027-01-15T10:00")
    act(monthly, "pause", {"usages": "WITHHELD", "resumeDate": until, "missedPeriods": "BILL_MISSED"})
    change(monthly, optionQuantities=seats(2), effectiveDate="2027-02-10")
    days(monthly, "2027-01-16", "2027-02-01", "2027-02-10", "2027-03-01")
    change(monthly, optionPrices=own_price("28.00"), effectiveDate="2027-03-01")
    days(monthly, "2027-03-02")
    assert billed(monthly) == [JANUARY]
    monthly.clock("2027-03-20T10:00")
    if until is None:
        act(monthly, "resume", {"missedPeriods": "BILL_MISSED"})
    monthly.bill()
    assert [net for _, _, _, net in billed(monthly)[1:]] == [D("9.96"), D("42.07"), D(56)]
