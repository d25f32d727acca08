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


def said(office: Office, action: str, body: object = None, ident: str = "v-1") -> list[str]:
    found = office.call("POST", f"{CONTRACTS}/{ident}/actions/{action}", body, 400)["errors"]
    return [one["error"] for one in found]


def test_what_cannot_be_overcome_is_refused_in_words(monthly: Office) -> None:
    assert said(monthly, "withdraw-termination") == ["The contract was not terminated."]
    assert said(monthly, "reactivate", {}) == ["The contract has not ended."]
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    assert said(monthly, "reactivate", {}) == ["The contract has not ended; its termination can be withdrawn."]
    monthly.clock("2027-05-20T10:00")
    act(monthly, "withdraw-termination")  # its last day is not over
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    monthly.clock("2027-05-21T10:00")
    assert said(monthly, "withdraw-termination") == ["The termination has taken effect; the contract can be reactivated."]
    assert said(monthly, "reactivate", {"restartDate": "2027-05-20"}) == ["is not after the contract's last day 2027-05-20"]
    monthly.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    cancelled = ["The contract was cancelled: it is as if it had never been."]
    assert said(monthly, "withdraw-termination") == said(monthly, "reactivate", {}) == cancelled


def test_a_contract_begins_again_no_further_back_than_the_tenant_takes(monthly: Office) -> None:
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    days(monthly, "2027-05-21")
    monthly.clock("2029-07-01T10:00")
    (found,) = said(monthly, "reactivate", {"restartDate": "2027-06-01"})
    assert "at most 24 months back" in found
    act(monthly, "reactivate", {"restartDate": "2027-06-01", "allowBackdating": True})


def test_an_allowance_counts_again_when_the_contract_does(monthly: Office) -> None:
    given = {"ident": "a-1", "optionIdent": "basic-fee", "name": "Loyal", "amount": "3.10"}
    monthly.call("POST", f"{CONTRACTS}/v-1/allowances", given, 201)
    days(monthly, "2027-06-01")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-06-15"})
    days(monthly, "2027-06-02", "2027-06-16")
    monthly.clock("2027-07-10T10:00")
    act(monthly, "reactivate", {})
    days(monthly, "2027-07-10", "2027-08-10")
    assert [net for _, _, net in papers(monthly)] == [D(31), D("27.90"), D("13.95"), D("27.90"), D("27.90")]


def test_an_allowance_of_a_withdrawn_termination_is_given_again(monthly: Office) -> None:
    given = {"ident": "a-1", "optionIdent": "basic-fee", "name": "Loyal", "amount": "3.00"}
    monthly.call("POST", f"{CONTRACTS}/v-1/allowances", given, 201)
    days(monthly, "2027-06-01")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-06-15"})
    days(monthly, "2027-06-02")
    act(monthly, "withdraw-termination")
    days(monthly, "2027-06-03", "2027-07-01")
    assert sum(net for *_, net in billed(monthly)) == D(31) + 2 * D(28)


def test_a_contract_billed_at_the_end_owes_the_whole_interval_again(office: Office) -> None:
    office.clock("2027-05-01T10:00")
    office.plan("31.00", timing="INTERVAL_END")
    office.contract(startDate="2027-05-01")
    office.bill()
    act(office, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    days(office, "2027-05-19")
    act(office, "withdraw-termination")
    days(office, "2027-05-21", "2027-06-01", "2027-07-01")
    assert billed(office) == [
        ("2027-06-01", "2027-05-01", "2027-05-31", D(31)),
        ("2027-07-01", "2027-06-01", "2027-06-30", D(31)),
    ]


def test_items_that_were_dropped_for_an_end_are_made_again(office: Office) -> None:
    """A yearly contract, ended for the past: what waited was dropped, and is billed after all."""
    office.clock("2027-05-01T10:00")
    office.plan("31.00", timing="INTERVAL_END")
    office.contract(startDate="2027-03-01")
    office.bill()
    act(office, "terminate-extraordinarily", {"terminationDate": "2027-05-01"})
    office.bill()
    assert [row[1] for row in billed(office)] == ["2027-03-01", "2027-04-01"]
    act(office, "withdraw-termination")
    days(office, "2027-05-02", "2027-06-01")
    assert billed(office)[2:] == [("2027-06-01", "2027-05-01", "2027-05-31", D(31))]


def test_twice_ended_and_begun_again(monthly: Office) -> None:
    for last, again in (("2027-05-20", "2027-06-10"), ("2027-07-01", "2027-07-02")):
        monthly.clock(f"{last}T10:00")
        act(monthly, "terminate-extraordinarily", {"terminationDate": last})
        days(monthly, last)
        monthly.clock(f"{again}T10:00")
        view = act(monthly, "reactivate", {})
        days(monthly, again)
    assert [one["restartDate"] for one in view["formerEnds"]] == ["2027-06-10", "2027-07-02"]
    assert [(start, net) for _, start, _, net in billed(monthly)] == [
        ("2027-05-01", D(31)),
        ("2027-05-21", D(-11)),
        ("2027-06-10", D(31)),
        ("2027-07-02", D("-8.27")),  # 31.00 less 22 of 30 days
        ("2027-07-02", D(31)),
    ]


@pytest.mark.parametrize("last_day", ["2027-05-25", "2027-06-10"])
def test_ended_before_it_had_begun_again_it_begins_where_it_is_told_at_last(monthly: Office, last_day: str) -> None:
    """A beginning that lies behind the end never was, and the days before it stay free."""
    monthly.clock("2027-05-20T10:00")
    act(monthly, "terminate-extraordinarily", {"terminationDate": "2027-05-20"})
    days(monthly, "2027-05-21")
    act(monthly, "reactivate", {"restartDate": "2027-07-01"})
    days(monthly, "2027-07-05")
    act(monthly, "terminate-extraordinarily", {"terminationDate": last_day})
    days(monthly, "2027-07-06")
    assert sum(net for *_, net in billed(monthly)) == D(20)
    assert [it["endDate"] for it in act(monthly, "reactivate", {})["formerEnds"]] == ["2027-05-20"]
    days(monthly, "2027-07-06", "2027-08-06")
    assert [row[1:] for row in billed(monthly, "2027-07-06")][-2:] == [
        ("2027-07-06", "2027-08-05", D(31)),
        ("2027-08-06", "2027-09-05", D(31)),
    ]
