"""Intervals that come earlier, later, or together with those of the customer's other contracts."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, billed, days
from tests.factories.offices import Office

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}


@pytest.fixture
def monthly(office: Office) -> Office:
    """31.00 a month in advance, from 10 January 2027, of which the first interval is billed."""
    office.clock("2027-01-10T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-01-10")
    office.bill()
    return office


def test_the_next_interval_is_billed_at_once_and_the_calendar_stays(monthly: Office) -> None:
    monthly.clock("2027-01-20T10:00")
    told = act(monthly, "preview", {"change": {"renew": True}})
    assert [one["totals"]["net"] for one in told["now"]] == [31]
    act(monthly, "renew")
    days(monthly, "2027-01-20", "2027-02-10", "2027-03-10")
    assert billed(monthly)[1:] == [
        ("2027-01-20", "2027-02-10", "2027-03-09", D(31)),
        ("2027-03-10", "2027-03-10", "2027-04-09", D(31)),
    ]


def test_what_is_due_anyway_is_not_renewed(monthly: Office) -> None:
    monthly.clock("2027-02-10T10:00")
    (found,) = monthly.call("POST", f"{CONTRACTS}/v-1/actions/renew", None, 400)["errors"]
    assert found["error"] == "The interval from 2027-02-10 on is due already; the next run bills it."


def test_an_interval_that_is_billed_at_the_end_is_not_billed_before(office: Office) -> None:
    office.clock("2027-01-10T10:00")
    office.plan("31.00", timing="INTERVAL_END")
    office.contract(startDate="2027-01-10")
    office.bill()
    act(office, "renew")
    days(office, "2027-01-11", "2027-02-10", "2027-03-10")
    assert [row[0] for row in billed(office)] == ["2027-02-10", "2027-03-10"]


@pytest.mark.parametrize(("today", "start"), [("2027-12-20", "2028-01-10"), ("2028-02-15", "2028-02-15")])
def test_a_contract_whose_plan_goes_no_further_is_prolonged_by_another_term(office: Office, today: str, start: str) -> None:
    office.clock("2027-01-10T10:00")
    office.plan("365.00", billingInterval=YEAR, phase={"termDuration": YEAR, "termSync": False})
    office.contract(startDate="2027-01-10")
    days(office, "2027-01-10", "2027-02-10")
    office.clock(f"{today}T10:00")
    view = act(office, "renew")
    assert [one["restartDate"] for one in view["formerEnds"]] == [start]
    office.bill()
    assert [row[:2] for row in billed(office)] == [("2027-01-10", "2027-01-10"), (today, start)]


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ({"month": 6}, "2027-06-10"),
        ({"month": 2}, "2028-02-10"),
        ({"month": 1}, "2028-01-10"),
        ({"toDate": "2027-04-15"}, "2027-04-15"),
    ],
)
def test_an_interval_is_postponed_and_the_time_between_costs_nothing(monthly: Office, body: Any, begins: str) -> None:
    monthly.clock("2027-01-20T10:00")
    told = act(monthly, "preview", {"change": {"postpone": body}})
    assert [one["documentDate"] for one in (*told["now"], *told["next"])] == [begins]
    view = act(monthly, "postpone", body)
    assert view["postponements"] == [{"fromDate": "2027-02-10", "toDate": begins}]
    days(monthly, "2027-02-10", "2027-03-10")
    (reason,) = monthly.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["reasons"]
    assert reason["text"] == f"its interval of 2027-02-10 is postponed to {begins}"
    days(monthly, begins)
    assert [row[:2] for row in billed(monthly)[1:]] == [(begins, begins)]


@pytest.mark.parametrize(
    ("first", "second", "begins"),
    [
        ({"month": 6}, {"toDate": "2027-04-15"}, "2027-04-15"),
        ({"month": 6}, {"toDate": "2027-08-01"}, "2027-08-01"),
        ({"month": 6}, {"month": 7}, "2027-07-10"),
        ({"month": 6}, {"toDate": "2027-02-10"}, "2027-02-10"),
    ],
)
def test_a_postponed_interval_is_moved_once_more_and_back(monthly: Office, first: Any, second: Any, begins: str) -> None:
    monthly.clock("2027-01-20T10:00")
    act(monthly, "postpone", first)
    view = act(monthly, "postpone", second)
    assert view["postponements"] == ([{"fromDate": "2027-02-10", "toDate": begins}] if begins > "2027-02-10" else [])
    days(monthly, "2027-02-10", "2027-03-09", begins) if begins > "2027-03-09" else days(monthly, begins)
    assert [row[:2] for row in billed(monthly)[1:]] == [(begins, begins)]


def test_time_that_went_by_without_charge_is_not_charged_by_moving_the_interval_back(monthly: Office) -> None:
    monthly.clock("2027-01-20T10:00")
    act(monthly, "postpone", {"month": 6})
    days(monthly, "2027-02-20")  # the interval from 10 February on is looked at, and costs nothing
    (found,) = monthly.call("POST", f"{CONTRACTS}/v-1/actions/postpone", {"toDate": "2027-03-09"}, 400)["errors"]
    assert found["error"] == "is not after 2027-03-09"
    act(monthly, "postpone", {"toDate": "2027-03-10"})
    days(monthly, "2027-03-10")
    assert [row[:2] for row in billed(monthly)[1:]] == [("2027-03-10", "2027-03-10")]


def test_a_postponed_interval_is_renewed_by_itself_and_not_by_the_time_before_it(monthly: Office) -> None:
    monthly.clock("2027-01-20T10:00")
    act(monthly, "postpone", {"month": 4})
    act(monthly, "renew")
    days(monthly, "2027-01-20", "2027-04-10", "2027-05-10")
    assert [row[:2] for row in billed(monthly)[1:]] == [("2027-01-20", "2027-04-10"), ("2027-05-10", "2027-05-10")]


def test_what_cannot_be_moved_is_refused_in_words(monthly: Office) -> None:
    def said(action: str, body: Any = None) -> list[str]:
        return [one["error"] for one in monthly.call("POST", f"{CONTRACTS}/v-1/actions/{action}", body, 400)["errors"]]

    assert said("postpone", {}) == ["say toDate or month, one of the two"]
    assert said("postpone", {"month": 3, "toDate": "2027-03-01"}) == ["say toDate or month, one of the two"]
    assert said("postpone", {"toDate": "2027-02-10"}) == ["is not after 2027-02-10"]
    assert said("postpone", {"toDate": "2047-02-10"}) == ["is more than 120 months after 2027-02-10"]
    act(monthly, "pause", {})
    assert said("renew") == said("postpone", {"month": 3}) == ["The contract is paused; resume it first."]
    act(monthly, "resume", {})
    act(monthly, "terminate", {})
    assert said("renew") == ["The contract is terminated; withdraw the termination first."]


def test_contracts_of_a_customer_get_one_billing_day(monthly: Office) -> None:
    monthly.clock("2027-01-25T10:00")
    monthly.contract("v-2", startDate="2027-01-25", alignBilling=True)
    monthly.contract("v-3", startDate="2027-01-25", billingAnchor="2028-08-10")
    days(monthly, "2027-01-25", "2027-02-10")
    aligned = ("2027-01-25", "2027-01-25", "2027-02-09", D(16))  # 16 of the 31 days from 10 January
    assert billed(monthly)[1:3] == [aligned, aligned]
    assert [row[:3] for row in billed(monthly)[3:]] == [("2027-02-10", "2027-02-10", "2027-03-09")] * 3
    assert monthly.tenant.rows("SELECT count(*) AS n FROM document WHERE document_date = '2027-02-10'")[0].n == 1


def test_what_of_a_beginning_cannot_be_is_refused(office: Office) -> None:
    office.plan("31.00", syncBillingToBillingIntervalUnit=True)
    body = {
        "contractIdent": "v-1",
        "planIdent": "basic",
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee"}]}],
        "startDate": "2026-05-10",
        "billingStartDate": "2026-06-01",
        "trial": {"duration": {"value": 1, "unit": "WEEK"}},
        "noTrial": True,
        "billingAnchor": "2026-05-01",
        "alignBilling": True,
    }
    assert office.findings("POST", CONTRACTS, body) == ["billingAnchor", "billingAnchor", "trial", "trial"]
