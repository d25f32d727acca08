"""A refund that carries the reference of a payment closes what is owed of it: where exactly so much is owed on one of its documents by
itself, else a person is shown which."""

from decimal import Decimal
from typing import Any

from tests.factories.companies import IN_PARTS
from tests.factories.settlements import ACCOUNT, Settled

D = Decimal


def paid(settled: Settled, report: str, amount: str, number: str, reference: str = "pi_1") -> None:
    settled.call("POST", f"{ACCOUNT}/assignment-configuration", IN_PARTS, 201)
    settled.add(report, "PAYMENT", amount, reference=reference, description=number)


def refund(settled: Settled, report: str, amount: str, reference: str = "pi_1") -> Any:
    item = settled.add(report, "REFUND", f"-{amount}", reference=reference)
    return settled.call("GET", f"{ACCOUNT}/payments/{item['paymentIdent']}")


def balance(settled: Settled, number: str) -> Decimal:
    return D(str(settled.case(number)["balance"]))


def test_what_was_paid_too_much_is_given_back(settled: Settled) -> None:
    number, report = settled.document(), settled.begin("0")
    paid(settled, report, "139.13", number)
    assert balance(settled, number) == D("20.13")
    back = refund(settled, report, "20.13")
    assert (back["status"], balance(settled, number)) == ("ASSIGNED", 0)
    assert settled.sums() == {8400: D(-100), 1776: D(-19), 1360: D(119)}
    decision = settled.call("GET", f"/v2/payments/{back['paymentIdent']}/decisions")["decisions"][-1]
    assert (decision["rule"], decision["numbers"]) == ("OWN_REFERENCE", [number])
    settled.sound()


def test_what_was_credited_of_it_is_given_back(settled: Settled) -> None:
    number, report = settled.document(), settled.begin("0")
    paid(settled, report, "119.00", number)
    memo = settled.document("credit-memos", "100.00", relatedDocumentIdent=number)
    assert refund(settled, report, "119.00")["status"] == "ASSIGNED"
    assert (balance(settled, number), balance(settled, memo)) == (0, 0)
    settled.sound()


def test_what_is_not_that_amount_is_suggested_with_its_reason(settled: Settled) -> None:
    number, report = settled.document(), settled.begin("0")
    paid(settled, report, "139.13", number)
    back = refund(settled, report, "10.00")
    assert (back["status"], balance(settled, number)) == ("OPEN", D("20.13"))
    path = f"/v2/payments/{back['paymentIdent']}"
    (one,) = settled.call("GET", f"{path}/suggestions")["suggestions"]
    assert (one["targetIdent"], one["note"]) == (number, "20.13 EUR are owed by us")
    note = settled.call("GET", f"{path}/decisions")["decisions"][-1]["note"]
    assert note == f"it gives back a payment on {number}: no open item there owes exactly 10.00 EUR"
    settled.call("POST", "/v2/payment-assignments", {"paymentIdent": back["paymentIdent"], "targetIdent": number}, 201)
    assert balance(settled, number) == D("10.13")
    settled.sound()


def test_of_two_that_owe_it_a_person_chooses(settled: Settled) -> None:
    number, report = settled.document(), settled.begin("0")
    paid(settled, report, "119.00", number)
    memos = [settled.document("credit-memos", "50.00", relatedDocumentIdent=number) for _ in range(2)]
    back = refund(settled, report, "59.50")
    assert back["status"] == "OPEN"
    suggested = settled.call("GET", f"/v2/payments/{back['paymentIdent']}/suggestions")["suggestions"]
    assert sorted(it["targetIdent"] for it in suggested) == sorted(memos)
    settled.sound()


def test_a_reference_that_nobody_paid_by_says_nothing(settled: Settled) -> None:
    number, report = settled.document(), settled.begin("0")
    paid(settled, report, "139.13", number)
    back = refund(settled, report, "20.13", "pi_2")
    assert (back["status"], back["reason"], balance(settled, number)) == ("OPEN", "NOT_A_RECEIPT", D("20.13"))
    assert settled.call("GET", f"/v2/payments/{back['paymentIdent']}/suggestions")["suggestions"] == []
    settled.sound()
