"""Ends that are withdrawn before they take effect, or overcome after: what was credited is charged again, no period is lost."""

from decimal import Decimal

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office, group

D = Decimal


@pytest.fixture
def monthly(office: Office) -> Office:
    """31.00 a month in advance, from 1 May 2027."""
    office.clock("2027-05-01T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-05-01")
    office.bill()
    return office


MAY = ("2027-05-01", "2027-05-01", "2027-05-31", D(31))


def test_s10_a_termination_is_withdrawn_a_day_before_its_end_and_its_credit_is_taken_back_by_document(monthly: Office) -> None:
    monthly.clock("2027-05-05T10:00")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    monthly.bill()
    credit = ("2027-05-05", "2027-05-21", "2027-05-31", D(-11))
    assert billed(monthly) == [MAY, credit]
    monthly.clock("2027-05-19T10:00")
    told = act(monthly, "preview", {"change": {"withdrawTermination": True}})
    view = act(monthly, "withdraw-termination")
    assert "endDate" not in view and "endKind" not in view
    days(monthly, "2027-05-19", "2027-06-01", "2027-07-01")
    again = ("2027-05-19", "2027-05-21", "2027-05-31", D(11))
    june, july = ("2027-06-01", "2027-06-01", "2027-06-30", D(31)), ("2027-07-01", "2027-07-01", "2027-07-31", D(31))
    assert billed(monthly) == [MAY, credit, again, june, july]
    assert papers(monthly)[1:3] == [("2027-05-05", "CREDIT_MEMO", D(11)), ("2027-05-19", "INVOICE", D(11))]
    assert [one["totals"]["net"] for one in (*told["now"], *told["next"])] == [11, 31]


def test_a_credit_that_is_not_issued_yet_is_not_issued(monthly: Office) -> None:
    monthly.clock("2027-05-05T10:00")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    act(monthly, "withdraw-termination")
    days(monthly, "2027-05-06", "2027-06-01")
    assert billed(monthly) == [MAY, ("2027-06-01", "2027-06-01", "2027-06-30", D(31))]


def test_a_part_of_an_interval_that_was_billed_for_the_end_becomes_whole(monthly: Office) -> None:
    monthly.clock("2027-05-05T10:00")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-06-10"})
    days(monthly, "2027-06-01")
    part = ("2027-06-01", "2027-06-01", "2027-06-10", D("10.33"))
    assert billed(monthly) == [MAY, part]
    monthly.clock("2027-06-09T10:00")
    act(monthly, "withdraw-termination")
    days(monthly, "2027-06-09", "2027-07-01")
    rest = ("2027-06-09", "2027-06-11", "2027-06-30", D("20.67"))
    assert billed(monthly) == [MAY, part, rest, ("2027-07-01", "2027-07-01", "2027-07-31", D(31))]


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_the_sum_is_that_of_a_contract_that_was_never_terminated(monthly: Office, mode: str) -> None:
    group(monthly, documentCorrectionMode=mode)
    monthly.clock("2027-05-05T10:00")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    days(monthly, "2027-05-05", "2027-05-06")
    act(monthly, "withdraw-termination")
    days(monthly, "2027-05-07", "2027-06-01")
    assert sum(net for *_, net in billed(monthly)) == D(62)


def test_an_ended_contract_begins_again_on_a_day_and_keeps_its_ident(monthly: Office) -> None:
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20", "reason": "moved away"})
    days(monthly, "2027-05-20", "2027-06-01")
    monthly.clock("2027-06-10T10:00")
    assert [one["code"] for one in monthly.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["reasons"]] == ["CONTRACT_ENDED"]
    view = act(monthly, "reactivate", {})
    assert (view["status"], view["contractIdent"]) == ({"performanceStatus": "RUNNING"}, "v-1")
    assert view["formerEnds"] == [
        {
            "endDate": "2027-05-20",
            "restartDate": "2027-06-10",
            "endKind": "EXTRAORDINARY",
            "noticeDate": "2027-05-01",
            "reason": "moved away",
        }
    ]
    days(monthly, "2027-06-10", "2027-07-01", "2027-07-10")
    assert billed(monthly)[1:] == [
        ("2027-05-20", "2027-05-21", "2027-05-31", D(-11)),
        ("2027-06-10", "2027-06-10", "2027-07-09", D(31)),
        ("2027-07-10", "2027-07-10", "2027-08-09", D(31)),
    ]
