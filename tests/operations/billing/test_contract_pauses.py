"""Contracts that are paused: what begins meanwhile is left out, or billed when they go on; the calendar stays."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office

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
