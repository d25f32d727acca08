"""A payment comes back as a whole that was not all for documents: what it paid of claims is open again, what waited of it waits no more."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.reminding import CLAIMS, LETTERS, Reminding

D = Decimal
BANK, INTERIM, DEBTOR = 1200, 1792, 10000
NAME = {"endToEndIdent": "E2E-1"}


def dunned(creditor: Reminding, **switches: Any) -> str:
    """An invoice of 119.00 and a letter with a fee of 5.00."""
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True, **switches)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    return number


def returned(creditor: Reminding, amount: str, **information: Any) -> Any:
    return creditor.paid(amount, "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AC04", **information}, **NAME)


def read(creditor: Reminding, payment: Any) -> Any:
    return creditor.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{payment['paymentIdent']}")


def lines(creditor: Reminding) -> list[tuple[str, int, str, Decimal]]:
    return [
        tuple(row)
        for row in creditor.tenant.rows(
            "SELECT e.kind, l.account, l.side, l.amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id"
            " AND e.id = l.entry_id ORDER BY e.id, l.position"
        )
    ]


def paid_with_claim(creditor: Reminding, number: str, amount: str) -> Any:
    payment = creditor.paid(amount, "Mahnung", **NAME)
    body = {"paymentIdent": payment["paymentIdent"], "documentIdent": number}
    creditor.call("POST", f"{CLAIMS}/actions/pay-document", body)
    return payment


def test_what_it_paid_of_claims_is_open_again(creditor: Reminding) -> None:
    number = dunned(creditor, bookDunningClaims=True)
    payment = paid_with_claim(creditor, number, "124.00")
    assert creditor.case(number)["balance"] == 0
    before = len(lines(creditor))
    back = returned(creditor, "127.00", originalAmount=124, charges=3)
    assert (back["status"], read(creditor, payment)["status"]) == ("ASSIGNED", "ASSIGNED")
    assert creditor.case(number)["balance"] == 119
    assert [(one["status"], one["openAmount"]) for one in creditor.claims()] == [("OPEN", 5)]
    assert sorted(it[1:] for it in lines(creditor)[before:]) == sorted(
        [
            *((DEBTOR, "D", D(119)), (BANK, "C", D(119)), (4970, "D", D(3)), (BANK, "C", D(3))),
            *((INTERIM, "D", D(-5)), (DEBTOR, "C", D(-5)), (INTERIM, "D", D(5)), (BANK, "C", D(5))),
        ]
    )
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), 2709: D(-5), DEBTOR: D(124), BANK: D(-3), 4970: D(3)}
    creditor.sound()


def test_what_paid_claims_alone(creditor: Reminding) -> None:
    dunned(creditor)
    payment = creditor.paid("5.00", "Mahnkosten", **NAME)
    (claim,) = creditor.claims()
    creditor.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/pay", {"paymentIdent": payment["paymentIdent"]})
    assert returned(creditor, "8.00", originalAmount=5, charges=3)["status"] == "ASSIGNED"
    assert creditor.claims()[0]["openAmount"] == 5
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119), BANK: D(-3), 4970: D(3)}
    creditor.sound()


def test_a_return_that_waited_is_found_once_claims_are_paid(creditor: Reminding) -> None:
    dunned(creditor)
    payment = creditor.paid("5.00", "Mahnkosten", **NAME)
    back = returned(creditor, "5.00")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_WITHOUT_PAYMENT")
    (claim,) = creditor.claims()
    creditor.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/pay", {"paymentIdent": payment["paymentIdent"]})
    assert [read(creditor, it)["status"] for it in (payment, back)] == ["ASSIGNED"] * 2
    assert creditor.claims()[0]["openAmount"] == 5
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119)}
    creditor.sound()


def test_what_waits_of_it_meets_the_return(creditor: Reminding) -> None:
    number = creditor.document()
    payment = creditor.paid("200.00", "?", **NAME)
    body = {"paymentIdent": payment["paymentIdent"], "targetIdent": number, "amount": "119.00"}
    creditor.call("POST", "/v2/payment-assignments", body, 201)
    before = len(lines(creditor))
    back = returned(creditor, "200.00")
    assert (back["status"], read(creditor, payment)["status"]) == ("ASSIGNED", "ASSIGNED")
    assert sorted(it[1:] for it in lines(creditor)[before:]) == sorted(
        [(DEBTOR, "D", D(119)), (BANK, "C", D(119)), (INTERIM, "D", D(81)), (BANK, "C", D(81))]
    )
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119)}
    creditor.sound()
    # taken back: both wait again
    made = creditor.call("GET", "/v2/payment-assignments")["_embedded"]
    one, other = sorted((it for it in made if it["targetType"] == "PAYMENT"), key=lambda it: it["creditDebitIndicator"])
    creditor.call("POST", f"/v2/payment-assignments/{one['paymentAssignmentIdent']}/actions/reverse", status=400)
    creditor.call("POST", f"/v2/payment-assignments/{other['paymentAssignmentIdent']}/actions/reverse")
    assert [read(creditor, it)["status"] for it in (payment, back)] == ["PARTIALLY_ASSIGNED"] * 2
    assert INTERIM not in creditor.sums()
    creditor.sound()


def test_less_than_all_of_it_is_for_a_person(creditor: Reminding) -> None:
    number = creditor.document()
    payment = creditor.paid("200.00", "?", **NAME)
    body = {"paymentIdent": payment["paymentIdent"], "targetIdent": number, "amount": "119.00"}
    creditor.call("POST", "/v2/payment-assignments", body, 201)
    back = returned(creditor, "150.00")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_NOT_CLEAR")
    assert creditor.case(number)["balance"] == 0
    creditor.sound()


@pytest.mark.parametrize("order", [("119.00", "8.00"), ("8.00", "119.00")])
def test_the_rest_that_paid_claims_comes_back_by_itself(creditor: Reminding, order: tuple[str, str]) -> None:
    """The invoice's part by one return, what paid the claims by another, less the banks' charges."""
    number = dunned(creditor, bookDunningClaims=True)
    payment = paid_with_claim(creditor, number, "124.00")
    for amount in order:
        charges = {"originalAmount": 5, "charges": 3} if amount == "8.00" else {}
        assert returned(creditor, amount, **charges)["status"] == "ASSIGNED"
    assert creditor.case(number)["balance"] == 119
    assert [(one["status"], one["openAmount"]) for one in creditor.claims()] == [("OPEN", 5)]
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), 2709: D(-5), DEBTOR: D(124), BANK: D(-3), 4970: D(3)}
    assert read(creditor, payment)["status"] == "ASSIGNED"
    creditor.sound()
    again = returned(creditor, "5.00")
    assert (again["status"], again["reason"]) == ("OPEN", "RETURNED_BEFORE")
    creditor.sound()


def test_a_part_of_what_paid_claims_says_what_is_left(creditor: Reminding) -> None:
    number = dunned(creditor)
    paid_with_claim(creditor, number, "124.00")
    returned(creditor, "119.00")
    back = returned(creditor, "2.00")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_NOT_CLEAR")
    note = creditor.call("GET", f"/v2/payments/{back['paymentIdent']}/decisions")["decisions"][-1]["note"]
    assert note == "5.00 EUR of the payment paid claims or wait: they go back as a whole, else put them to documents"
    assert creditor.claims()[0]["openAmount"] == 0
    creditor.sound()


def test_the_rest_that_waits_meets_its_own_return(creditor: Reminding) -> None:
    number = creditor.document()
    payment = creditor.paid("200.00", "?", **NAME)
    body = {"paymentIdent": payment["paymentIdent"], "targetIdent": number, "amount": "119.00"}
    creditor.call("POST", "/v2/payment-assignments", body, 201)
    for amount in ("119.00", "81.00"):
        assert returned(creditor, amount)["status"] == "ASSIGNED"
    assert read(creditor, payment)["status"] == "ASSIGNED"
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119)}
    creditor.sound()


@pytest.mark.parametrize("booked", [False, True])
def test_what_a_withdrawn_letter_claimed_is_not_owed_when_the_money_goes(creditor: Reminding, booked: bool) -> None:
    number = dunned(creditor, bookDunningClaims=booked)
    paid_with_claim(creditor, number, "124.00")
    (letter,) = creditor.letters()
    creditor.call("POST", f"{LETTERS}/{letter['letterIdent']}/actions/withdraw")
    returned(creditor, "124.00")
    assert creditor.case(number)["balance"] == 119
    assert [(one["status"], one.get("openAmount")) for one in creditor.claims()] == [("WAIVED", 0)]
    creditor.sound()
