"""Contracts in a foreign currency that are changed: what is given back goes back at the rate of its invoice, what is charged instead
has the rate of its own supply (section 16 (6) UStG). One document has one rate: they stand together where it is the same."""

from decimal import Decimal

import pytest
from tests.factories.changed import change, seats
from tests.factories.lives import days
from tests.factories.offices import Office, group

D = Decimal
QUARTER = {"value": 1, "unit": "QUARTER"}


@pytest.fixture
def abroad(office: Office) -> Office:
    """90.00 francs a quarter from January 2027 on, which are billed."""
    office.rates(*(("CHF", f"2027-{month:02}", rate) for month, rate in enumerate(("0.94", "0.96", "0.98", "0.90", "0.91"), 1)))
    office.clock("2027-01-01T10:00")
    office.plan("90.00", currency="CHF", billingInterval=QUARTER)
    office.contract(startDate="2027-01-01")
    office.bill()
    return office


def papers(office: Office, since: int = 0) -> list[tuple[str, D, D]]:
    """Type, net, rate."""
    rows = office.tenant.rows("SELECT ident FROM document ORDER BY id")[since:]
    found = [office.call("GET", f"/v2/documents/{row.ident}") for row in rows]
    return [(one["documentType"], D(str(one["totals"]["net"])), D(str(one["ledger"]["exchangeRate"]["rate"]))) for one in found]


def owed(office: Office) -> D:
    """By the customer, in the ledger's currency."""
    sql = "SELECT sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS owed FROM journal_line WHERE account = 10000"
    return D(office.tenant.rows(sql)[0].owed)


def test_what_is_given_back_at_another_rate_stands_on_a_credit_memo_of_its_own(abroad: Office) -> None:
    days(abroad, "2027-02-10")
    change(abroad, optionQuantities=seats(2))
    days(abroad, "2027-02-10")
    assert papers(abroad, 1) == [("INVOICE", D(100), D("0.96")), ("CREDIT_MEMO", D(50), D("0.94"))]
    days(abroad, "2027-03-02")
    change(abroad, optionQuantities=seats(1))
    days(abroad, "2027-03-02")
    assert papers(abroad, 3) == [("INVOICE", D(30), D("0.98")), ("CREDIT_MEMO", D(60), D("0.96"))]
    # 107.10 - 59.50 at 0.94, 119.00 - 71.40 at 0.96, 35.70 at 0.98
    assert owed(abroad) == D("113.94") - D("63.30") + D("123.96") - D("74.38") + D("36.43")


def test_within_one_rate_they_stand_together(abroad: Office) -> None:
    days(abroad, "2027-01-16")
    change(abroad, optionQuantities=seats(2))
    days(abroad, "2027-01-16")
    assert papers(abroad, 1) == [("INVOICE", D(75), D("0.94"))]


def test_a_credit_at_another_rate_than_the_next_bill_is_not_carried_to_it(abroad: Office) -> None:
    """It is given when the bill comes that cannot take it."""
    group(abroad, carryCredits=True)
    days(abroad, "2027-01-16")
    change(abroad, optionQuantities=seats(3))
    days(abroad, "2027-01-20")
    change(abroad, optionQuantities=seats(1))
    days(abroad, "2027-01-20")
    assert papers(abroad, 1) == [("INVOICE", D(150), D("0.94"))]
    days(abroad, "2027-04-01")
    assert papers(abroad, 2) == [("INVOICE", D(161), D("0.90")), ("CREDIT_MEMO", D(213), D("0.94"))]
