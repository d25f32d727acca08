"""Contracts that are changed while they are paused: a pause leaves out intervals, whatever plans and terms follow each other in them."""

from decimal import Decimal

import pytest
from tests.factories.changed import change
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office

D = Decimal
UP = [{"optionIdent": "basic-fee", "becomes": "big-fee"}]


def begun(office: Office, timing: str = "INTERVAL_START") -> None:
    """31.00 a month from January 2027 on; another plan costs 62.00."""
    office.clock("2027-01-01T10:00")
    office.plan("31.00", timing=timing)
    office.plan("62.00", ident="big", timing=timing)
    office.contract(startDate="2027-01-01")
    office.bill()


def test_a_plan_that_goes_on_in_an_interval_before_the_pause_is_charged(office: Office) -> None:
    """As other prices would be: no interval begins with it."""
    begun(office)
    days(office, "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-01-20")
    change(office, planIdent="big", optionMappings=UP)
    days(office, "2027-01-20", "2027-02-01", "2027-03-01")
    assert papers(office) == [("2027-01-01", "INVOICE", D(31)), ("2027-01-20", "INVOICE", D(12))]  # 62 × 12/31 less 31 × 12/31


def test_a_plan_billed_at_the_end_that_goes_on_before_the_pause_is_charged(office: Office) -> None:
    begun(office, "INTERVAL_END")
    days(office, "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-01-20")
    change(office, planIdent="big", optionMappings=UP)
    days(office, "2027-01-20", "2027-02-01", "2027-03-01")
    assert [row[1:] for row in billed(office)] == [("2027-01-01", "2027-01-19", D(19)), ("2027-01-20", "2027-01-31", D(24))]


@pytest.mark.parametrize("again", [False, True])
def test_the_interval_that_holds_the_resumption_counts_with_all_its_plans(office: Office, again: bool) -> None:
    begun(office)
    days(office, "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-02-01", "2027-02-08")
    change(office, planIdent="big", optionMappings=UP)
    days(office, "2027-02-15")
    if again:
        change(office, planIdent="basic", optionMappings=[{"optionIdent": "big-fee", "becomes": "basic-fee"}])
    days(office, "2027-02-22")
    assert len(billed(office)) == 1
    act(office, "resume", {})
    office.bill()
    rest = [("2027-02-08", "2027-02-14", D("15.50")), ("2027-02-15", "2027-02-28", D("15.50"))]
    whole = rest if again else [("2027-02-08", "2027-02-28", D("46.50"))]
    assert [row[1:] for row in billed(office)[1:]] == [("2027-02-01", "2027-02-07", D("7.75")), *whole]


def test_a_plan_with_intervals_of_its_own_begins_one_in_the_pause(office: Office) -> None:
    """What was billed for the time behind it is given back; its own interval is charged when the contract goes on."""
    begun(office)
    office.plan("365.00", ident="yearly", billingInterval={"value": 1, "unit": "YEAR"})
    days(office, "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-01-20")
    change(office, planIdent="yearly", optionMappings=[{"optionIdent": "basic-fee", "becomes": "yearly-fee"}])
    days(office, "2027-01-20", "2027-02-01")
    assert papers(office)[1:] == [("2027-01-20", "CREDIT_MEMO", D(12))]
    act(office, "resume", {})
    office.bill()
    assert billed(office)[2:] == [("2027-02-01", "2027-01-20", "2028-01-19", D(365))]
