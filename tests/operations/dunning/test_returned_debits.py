"""A debit that comes back: default counts from its day, its dunning level stays, and what the bank took may be claimed (money 5)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.tampering import sentences
from tests.factories.reminding import CLAIMS, Reminding

D = Decimal
DRAWN = {"endToEndIdent": "E2E-1", "mandateReference": "M-1"}
INTEREST = [{"daysAfter": 14}, {"daysAfter": 14, "interest": True}]


def returned(creditor: Reminding, code: str = "AC04", charges: int = 3) -> Any:
    information = {"reasonCode": code, "originalAmount": 119, "charges": charges}
    return creditor.paid(
        str(119 + charges), "returned", creditDebitIndicator="DEBIT", returnInformation=information, endToEndIdent="E2E-1"
    )


def drawn_and_returned(creditor: Reminding, code: str = "AC04", charges: int = 3, **more: Any) -> str:
    """An invoice of 119.00, due on 2026-01-19 by contract, drawn on that day; it comes back on 2026-01-26."""
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-19")
    creditor.paid("119.00", number, **(DRAWN | more))
    creditor.turn("2026-01-26")
    returned(creditor, code, charges)
    return number


def claims(creditor: Reminding) -> list[tuple[str, Any, str, Any]]:
    return [(one["kind"], one["amount"], one["status"], one.get("letterIdent")) for one in creditor.claims()]


@pytest.mark.parametrize(("booked", "entry"), [(False, []), (True, [(10000, "D", D("3.00")), (2709, "C", D("3.00"))])])
def test_m9_what_the_bank_took_is_claimed_without_vat(creditor: Reminding, booked: bool, entry: Any) -> None:
    creditor.duns(claimReturnCosts=True, bookDunningClaims=booked)
    number = drawn_and_returned(creditor)
    case = creditor.case(number)
    assert (case["status"], case["balance"], case["dunningLevel"]) == ("OPEN", 119, 0)
    assert claims(creditor) == [("RETURN_COST", 3, "OPEN", None)]
    assert creditor.entries("DUNNING_CLAIM") == entry
    assert creditor.sums()[10000] == D(122 if booked else 119)
    creditor.sound()
    creditor.run()
    (letter,) = creditor.letters()
    assert (letter["outstanding"], letter["costs"], letter["demand"]) == (119, 3, 122)
    creditor.sound()


def test_m9_by_default_nothing_is_claimed(creditor: Reminding) -> None:
    creditor.duns()
    drawn_and_returned(creditor)
    assert claims(creditor) == []
    creditor.sound()


@pytest.mark.parametrize(("code", "charges"), [("AM05", 3), ("MD01", 3), ("AG01", 3), ("AC04", 0)])
def test_what_is_not_the_customers_is_not_claimed(creditor: Reminding, code: str, charges: int) -> None:
    """We collected twice, or without a mandate; the bank took nothing."""
    creditor.duns(claimReturnCosts=True)
    drawn_and_returned(creditor, code, charges)
    assert claims(creditor) == []
    creditor.sound()


def test_m9_the_level_stays_as_before(creditor: Reminding) -> None:
    creditor.duns(claimReturnCosts=True)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.turn("2026-01-22")
    creditor.paid("119.00", number, **DRAWN)
    assert creditor.case(number)["status"] == "CLOSED"
    creditor.turn("2026-01-26")
    returned(creditor)
    case = creditor.case(number)
    assert (case["status"], case["dunningLevel"]) == ("OPEN", 1)
    assert creditor.items(creditor.run()) == {number: "TERM_RUNNING"}
    creditor.turn("2026-02-03")
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    assert (creditor.letters()[-1]["level"], creditor.letters()[-1]["costs"]) == (2, 13)
    creditor.sound()


@pytest.mark.parametrize(
    ("more", "since", "interest"),
    [
        (DRAWN, "2026-01-26", "0.54"),  # 119.00 x 10.27 % x 16 / 365
        ({"mandateReference": None}, "2026-01-20", "0.54"),  # from the day that was agreed; while we had the money nothing was owed
    ],
)
def test_default_counts_from_the_return_where_we_had_the_mandate(creditor: Reminding, more: Any, since: str, interest: str) -> None:
    creditor.duns(INTEREST, dueDateAgreed=True)
    drawn_and_returned(creditor, **more)
    creditor.run()
    creditor.turn("2026-02-11")
    creditor.run()
    (item,) = creditor.letters()[-1]["items"]
    assert (item["interestFrom"], str(item["interest"])) == (since, interest)
    creditor.sound()


def test_a_return_that_was_none_claims_nothing(creditor: Reminding) -> None:
    creditor.duns(claimReturnCosts=True)
    drawn_and_returned(creditor)
    made = creditor.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    (back,) = [one for one in made if one["targetType"] == "DOCUMENT" and one["creditDebitIndicator"] == "DEBIT"]
    creditor.call("POST", f"/v2/payment-assignments/{back['paymentAssignmentIdent']}/actions/reverse")
    assert claims(creditor) == [("RETURN_COST", 3, "WAIVED", None)]
    assert creditor.tenant.rows("SELECT payment_ident FROM dunning_return") == []
    creditor.sound()


def test_the_flat_charge_does_not_take_in_what_the_bank_took(creditor: Reminding) -> None:
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True, flatCharge=True, claimReturnCosts=True)
    drawn_and_returned(creditor)
    creditor.run()
    (letter,) = creditor.letters()
    assert (letter["costs"], letter["demand"]) == (43, 162)
    creditor.sound()


def test_what_was_taken_is_paid_like_any_claim(creditor: Reminding) -> None:
    creditor.duns(claimReturnCosts=True)
    drawn_and_returned(creditor)
    (claim,) = creditor.claims()
    payment = creditor.paid("3.00", "return cost")
    paid = creditor.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/pay", {"paymentIdent": payment["paymentIdent"]})
    assert paid["status"] == "PAID"
    creditor.sound()


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE dunning_return SET returned_on = '2026-01-01' WHERE {mine}",
        "UPDATE dunning_claim SET document_id = 1 WHERE {mine}",
        "DELETE FROM dunning_return WHERE {mine}",
    ],
)
def test_a_planted_fault_is_found(creditor: Reminding, database_dsn: str, fault: str) -> None:
    creditor.duns(claimReturnCosts=True)
    drawn_and_returned(creditor)
    mine = f"tenant_id = {creditor.tenant.id}"
    assert sentences(database_dsn, creditor.tenant, "dunning.returned_debits_are_those_of_payments", fault.format(mine=mine))
