"""The worked cases of dunning (money M21 to M24, M39, and the demand of 75.00), to the cent."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.factories.dunned import RATES, an_item, in_default, levels, the_letter

from contor.dunning.rules import interest_of
from contor.dunning.rules.interest import BUSINESS, CONSUMER

D = Decimal


@pytest.mark.parametrize(
    ("case", "opening", "first", "end", "points", "wanted"),
    [
        ("M21", "1000.00", dt.date(2025, 8, 1), dt.date(2025, 8, 31), BUSINESS, "8.44"),
        ("M22", "1000.00", dt.date(2024, 6, 1), dt.date(2024, 8, 1), BUSINESS, "20.88"),
        ("M23", "119.00", dt.date(2025, 9, 1), dt.date(2025, 10, 16), CONSUMER, "0.92"),
    ],
)
def test_interest_is_that_of_the_case(case: str, opening: str, first: dt.date, end: dt.date, points: Decimal, wanted: str) -> None:
    assert interest_of(D(opening), (), (first, end), RATES, points, "EUR") == D(wanted), case


def test_m22_a_payment_counts_from_its_value_day() -> None:
    """30 days at 3.62 and 31 at 3.37: on the value day, 2024-08-01, nothing is outstanding any more."""
    paid = [(dt.date(2024, 8, 1), D("-1000.00"))]
    days = (dt.date(2024, 6, 1), dt.date(2024, 9, 30))
    assert interest_of(D("1000.00"), paid, days, RATES, BUSINESS, "EUR") == D("20.88")


def test_m23_a_consumer_owes_no_flat_charge() -> None:
    how = levels({}, {"interest": True, "fee": "5.00"}, flat_charge=True)
    item = in_default(balance="119.00", first_letter=dt.date(2026, 2, 26), due_date=dt.date(2026, 2, 16))
    letter = the_letter(item, how=how, is_consumer=True)
    (row,) = letter.rows
    assert (row.fee, row.flat) == (D("5.00"), D(0))
    business = the_letter(item, how=how).rows[0]
    assert (business.fee, business.flat) == (D(0), D(40))


def test_the_demand_counts_what_is_outstanding() -> None:
    """100 invoice, 30 paid, fee 5: 75.00."""
    letter = the_letter(in_default(balance="70.00"), how=levels({}, {"fee": "5.00"}))
    assert (letter.outstanding, letter.costs, letter.interest, letter.demand) == (D("70.00"), D("5.00"), D(0), D("75.00"))


def test_m39_one_letter_shows_each_document_with_its_own_outstanding_and_one_fee() -> None:
    half_paid = replace(in_default(2, "50.00"), opening=D("80.00"))
    letter = the_letter(in_default(1, "100.00"), half_paid, how=levels({}, {"fee": "5.00"}))
    assert [row.item.balance for row in letter.rows] == [D("100.00"), D("50.00")]
    assert letter.demand == D("155.00")
    assert [row.fee for row in letter.rows] == [D("5.00"), D(0)]


def test_the_letter_that_starts_default_carries_no_fee() -> None:
    """Not before 30 days after due date and receipt, and no date was agreed: the first letter is free, the second is not."""
    how = levels({"fee": "5.00", "interest": True}, {"fee": "5.00"}, flat_charge=True)
    first = the_letter(an_item(), how=how, today=dt.date(2026, 3, 3))
    assert (first.level, first.demand) == (1, D("100.00"))
    agreed = levels({"fee": "5.00"}, {"fee": "5.00"}, due_date_agreed=True)
    assert the_letter(an_item(), how=agreed, today=dt.date(2026, 3, 3)).demand == D("105.00")
