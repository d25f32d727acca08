"""What a later message of the bank calls a payment that is assigned by then is kept, and its return is found by it: before or after."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

D = Decimal
DAY = dt.date(2026, 11, 2)
NEXT = DAY + dt.timedelta(days=1)


def balance(company: Company, number: str) -> Decimal:
    return D(str(company.case(number)["balance"]))


def assign(company: Company, payment: str, number: str, amount: str) -> None:
    body = {"paymentIdent": payment, "targetIdent": number, "amount": amount}
    company.call("POST", "/v2/payment-assignments", body, 201)


def told(reader: Reader, *lines: BankLine, message: str = "camt.054.001.08") -> Any:
    return reader.take(BankPaper(D(0), DAY, list(lines)).camt(message, balances=message.startswith("camt.053")))


def returned(reader: Reader, amount: str, name: str) -> None:
    back = BankLine(-D(amount), NEXT, "Rueckgabe", end_to_end=name, reason="AM04")
    reader.take(BankPaper(D(0), NEXT, [back]).camt("camt.052.001.08", balances=False))


@pytest.mark.parametrize("first", ["return", "name"])
@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("is_poorer", [False, True])
def test_the_name_of_an_assigned_payment_is_kept(
    reader: Reader, company: Company, first: str, by_hand: bool, is_poorer: bool
) -> None:
    number = company.document()
    text, name = ("Zahlung" if by_hand else number), "" if is_poorer else "Muster"
    told(reader, BankLine(D("119.00"), DAY, text, reference="B1"), message="camt.053.001.08")
    (payment,) = reader.payments()
    if by_hand:
        assign(company, payment.ident, number, "119.00")
    assert balance(company, number) == 0
    if first == "return":
        returned(reader, "119.00", "E-77")
        assert balance(company, number) == 0
    told(reader, BankLine(D("119.00"), DAY, "" if is_poorer else text, name=name, end_to_end="E-77", reference="B1"))
    shown = company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{payment.ident}")
    assert (shown["endToEndIdent"], shown["baseAmount"]["amount"], shown["status"]) == ("E-77", 119, "ASSIGNED")
    if first == "name":
        assert balance(company, number) == 0
        returned(reader, "119.00", "E-77")
    assert balance(company, number) == 119
    company.sound()


@pytest.mark.parametrize("first", ["return", "name"])
def test_the_parts_of_an_assigned_booking_are_kept(reader: Reader, company: Company, first: str) -> None:
    """Of equal parts the one whose document it names."""
    numbers = [company.document() for _ in range(3)]
    told(reader, BankLine(D("357.00"), DAY, "Sammler", reference="B1"), message="camt.053.001.08")
    (payment,) = reader.payments()
    for number in numbers:
        assign(company, payment.ident, number, "119.00")
    if first == "return":
        returned(reader, "119.00", "E-2")
    parts = [BankLine(D("119.00"), DAY, number, end_to_end=f"E-{at}") for at, number in enumerate(numbers, 1)]
    told(reader, BankLine(D("357.00"), DAY, parts=parts, reference="B1"))
    assert len([it for it in reader.payments() if it.signed > 0]) == 1
    if first == "name":
        returned(reader, "119.00", "E-2")
    assert [balance(company, number) for number in numbers] == [0, 119, 0]
    company.sound()
    # told again nothing is added
    names = company.tenant.rows("SELECT kind, name FROM payment_name ORDER BY kind, name")
    told(reader, BankLine(D("357.00"), DAY, parts=parts, reference="B1"))
    assert company.tenant.rows("SELECT kind, name FROM payment_name ORDER BY kind, name") == names
