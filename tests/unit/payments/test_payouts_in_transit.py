"""Which booking of a bank a payout arrived as."""

import datetime as dt
from decimal import Decimal

import pytest

from contor.payments.settlements.pairing import Booking, Payout, paired

DAY = dt.date(2026, 11, 20)


def payout(ident: str, gross: str = "-117.34", day: int = 0, reference: str = "po_1AbCd", account: str = "psp") -> Payout:
    return Payout(ident, account, Decimal(gross), "EUR", DAY + dt.timedelta(days=day), "STRIPE", (reference,))


def booking(ident: str, text: str, amount: str = "117.34", day: int = 2, account: str = "bank") -> Booking:
    return Booking(ident, account, Decimal(amount), "EUR", DAY + dt.timedelta(days=day), text)


@pytest.mark.parametrize(
    ("payouts", "bookings", "expected"),
    [
        ([payout("p")], [booking("b", "STRIPE PAYMENTS EUROPE")], {"p": "b"}),
        ([payout("p")], [booking("b", "Auszahlung PO-1 ABCD")], {"p": "b"}),
        ([payout("p")], [booking("b", "Zahlung RE-1 Danke")], {}),
        ([payout("p")], [booking("b", "STRIPE", "117.35")], {}),
        ([payout("p")], [booking("b", "STRIPE", "-117.34")], {}),
        ([payout("p", "117.34")], [booking("b", "STRIPE", "-117.34")], {"p": "b"}),
        ([payout("p")], [booking("b", "STRIPE", account="psp")], {}),
        ([payout("p")], [booking("b", "STRIPE", day=10)], {"p": "b"}),
        ([payout("p")], [booking("b", "STRIPE", day=11)], {}),
        ([payout("p")], [booking("b", "STRIPE", day=-5)], {"p": "b"}),
        ([payout("p")], [booking("b", "STRIPE", day=-6)], {}),
        ([payout("p")], [booking("b", "STRIPE", day=0), booking("c", "po_1AbCd", day=3)], {"p": "c"}),
        ([payout("p")], [booking("b", "STRIPE", day=3), booking("c", "STRIPE", day=1)], {"p": "c"}),
        ([payout("p"), payout("q", day=1)], [booking("b", "STRIPE")], {"q": "b"}),
        ([payout("p"), payout("q")], [booking("b", "STRIPE"), booking("c", "STRIPE")], {"p": "b", "q": "c"}),
        (
            [payout("p"), payout("q", reference="po_9ZZZZ")],
            [booking("b", "po_9ZZZZ"), booking("c", "STRIPE")],
            {"q": "b", "p": "c"},
        ),
        ([payout("p", reference="12")], [booking("b", "Zahlung 12")], {}),
        ([payout("p", reference="1234567")], [booking("b", "Zahlung 1234567")], {}),
        ([payout("p", reference="12345678")], [booking("b", "Zahlung 1234 5678")], {"p": "b"}),
        ([payout("p", reference="po_12")], [booking("b", "Zahlung PO 12")], {}),
        ([payout("p", reference="po_123")], [booking("b", "Zahlung PO 123")], {"p": "b"}),
    ],
)
def test_a_payout_arrives_as_one_booking(payouts: list[Payout], bookings: list[Booking], expected: dict[str, str]) -> None:
    assert paired(payouts, bookings) == expected
    assert paired(payouts[::-1], bookings[::-1]) == expected
