"""The bank of the tests notices what it is there to notice: it can fail."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from tests.checkers.bank_double import Bank
from tests.factories.creditors import OUR_IBAN
from tests.factories.sepa import RUN, a_debit, our_account

from contor.payments.sepa import write_debits

D = Decimal
ON = dt.date(2026, 12, 3)
CUSTOMER = "DE02120300000000202051"


@pytest.fixture
def bank() -> Bank:
    return Bank(OUR_IBAN, random.Random(1), owners={CUSTOMER: "k-1"}, return_share=0)


def a_file(*numbers: int, run: str = "R1") -> bytes:
    (file,) = write_debits([a_debit(number) for number in numbers], our_account(), RUN._replace(ident=run)).files
    return file.content


def test_what_is_ordered_is_executed_once_on_its_day(bank: Bank) -> None:
    bank.take(a_file(1, 2))
    assert bank.day(ON - dt.timedelta(days=1)) is None
    day = bank.day(ON)
    assert day is not None
    assert (day.paper.opening, day.paper.closing, bank.balance) == (D(5000), D(5238), D(5238))
    assert bank.day(ON + dt.timedelta(days=1)) is None


def test_a_file_that_is_given_twice_is_refused(bank: Bank) -> None:
    bank.take(a_file(1))
    with pytest.raises(AssertionError, match="was given before"):
        bank.take(a_file(1))


def test_what_is_ordered_twice_is_refused(bank: Bank) -> None:
    bank.take(a_file(1))
    with pytest.raises(AssertionError, match="E-1 was ordered before"):
        bank.take(a_file(1, 2, run="R2"))


def test_sums_that_do_not_agree_are_refused(bank: Bank) -> None:
    with pytest.raises(AssertionError):
        bank.take(a_file(1).replace(b"<CtrlSum>119.00<", b"<CtrlSum>119.01<", 1))


def test_what_comes_back_is_booked_with_its_charges(bank: Bank) -> None:
    bank.return_share = 1
    bank.take(a_file(1))
    for n in range(60):
        bank.day(ON + dt.timedelta(days=n))
    assert [(one.kind, one.amount) for one in bank.booked] == [("DEBIT", D(119)), ("RETURN", D(-119))]
    assert bank.balance == 5000 - sum(one.charges for one in bank.booked)
    assert bank.orders["E-1"].state == "RETURNED"
