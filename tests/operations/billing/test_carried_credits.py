"""What a change of a contract gives back waits for its next bill where the billing group says so: it says why it waits, also while there is
no next bill, and is given when the contract goes on or ends, or after six months."""

import pytest
from tests.factories.changed import begun, change, own_price, papers, rows_of_last
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, days
from tests.factories.offices import D, Office, group

WAITS = (
    "what a change of its contract gives back waits for what the contract is billed next; a credit memo gives it back when the contract"
    " ends, or six months after the supply"
)


@pytest.fixture
def carried(office: Office) -> Office:
    """60.00 of April are billed, since the 16th it costs 30.00: 15.00 are owed. On the 20th the contract is paused."""
    group(office, carryCredits=True)
    begun(office, "60.00")
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("30.00"))
    office.bill()
    return office


def reasons(office: Office) -> set[tuple[str, str]]:
    return {
        (it["reason"]["code"], it["reason"]["text"]) for it in office.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"][:2]
    }


def test_it_says_why_it_waits(carried: Office) -> None:
    assert reasons(carried) == {("CREDIT_CARRIED", WAITS)}
    found = carried.call("GET", "/v2/billableitems?search=statusReason==CREDIT_CARRIED")
    assert [(it["statusReason"], it["processingStatus"]) for it in found] == [("CREDIT_CARRIED", "NOT_STARTED")] * 2


def test_while_the_contract_is_paused_it_says_that_too(carried: Office) -> None:
    carried.clock("2026-04-20T10:00")
    act(carried, "pause", {"reason": "moves house"})
    days(carried, "2026-04-20", "2026-05-01", "2026-06-01")
    assert papers(carried) == [("INVOICE", D(60))]
    paused = "Now it bills nothing: the contract is paused since 2026-04-20, until someone resumes it: moves house"
    assert reasons(carried) == {("CREDIT_CARRIED", f"{WAITS}. {paused}")}


@pytest.mark.parametrize(("missed", "net"), [("IGNORE", D(15)), ("BILL_MISSED", D(45))])
def test_it_is_given_on_the_first_bill_when_the_contract_goes_on(carried: Office, missed: str, net: D) -> None:
    carried.clock("2026-04-20T10:00")
    act(carried, "pause", {})
    days(carried, "2026-05-01", "2026-06-10")
    act(carried, "resume", {"missedPeriods": missed})
    carried.bill()
    assert papers(carried)[1:] == [("INVOICE", net)]  # June, and May
    assert (D(-30), "2026-04-16") in rows_of_last(carried)
    days(carried, "2026-07-01")
    assert papers(carried)[2:] == [("INVOICE", D(30))]


@pytest.mark.parametrize(
    ("last_day", "given_on"), [("2026-05-10", "2026-05-10"), ("2026-05-31", "2026-05-10"), ("2026-06-15", "2026-06-02")]
)
def test_it_is_given_when_the_contract_ends_in_its_pause(carried: Office, last_day: str, given_on: str) -> None:
    """As soon as no interval begins before the end that would be billed if it were resumed."""
    carried.clock("2026-04-20T10:00")
    act(carried, "pause", {})
    days(carried, "2026-05-01", "2026-05-10")
    act(carried, "terminate-extraordinarily", {"terminationDate": last_day})
    for day in ("2026-05-10", "2026-05-11", "2026-06-01", "2026-06-02"):
        days(carried, day)
        assert papers(carried)[1:] == ([("CREDIT_MEMO", D(-15))] if day >= given_on else [])


def test_it_is_given_at_once_where_the_end_leaves_no_interval_to_be_billed(carried: Office) -> None:
    """On one document with what was charged instead: 30.00 less 5 of the 15 days of the 15.00 that stand."""
    carried.clock("2026-04-17T10:00")
    act(carried, "terminate-extraordinarily", {"terminationDate": "2026-04-20"})
    carried.bill()
    assert papers(carried)[1:] == [("CREDIT_MEMO", D(-25))]
    assert rows_of_last(carried) == [(D(30), "2026-04-16"), (D(-5), "2026-04-16")]


def test_it_is_given_six_months_after_the_supply_whatever_the_contract_does(carried: Office) -> None:
    carried.clock("2026-04-20T10:00")
    act(carried, "pause", {})
    days(carried, "2026-05-01", "2026-10-29")
    assert papers(carried)[1:] == []
    days(carried, "2026-10-30")
    assert papers(carried)[1:] == [("CREDIT_MEMO", D(-15))]
