"""What is left of a payment waits, and says why."""

from typing import Any

from tests.factories.companies import Company

PAYMENTS = "/v2/merchant-payment-accounts/bank/payments"
ASSIGNMENTS = "/v2/payment-assignments"


def standing(company: Company, payment: Any) -> tuple[str, str | None]:
    found = company.call("GET", f"{PAYMENTS}/{payment['paymentIdent']}")
    return found["status"], found.get("reason")


def test_the_rest_after_accepting_and_what_was_taken_back(company: Company) -> None:
    number = company.document(net="50.00")
    paid = company.pay("70.00", number)
    assert standing(company, paid) == ("OPEN", "OVERPAID")
    path = f"/v2/payments/{paid['paymentIdent']}/suggestions"
    (one,) = company.call("GET", path)["suggestions"]
    company.call("POST", f"{path}/actions/accept", {"suggestionIdents": [one["suggestionIdent"]]})
    assert standing(company, paid) == ("PARTIALLY_ASSIGNED", "REST")
    (made,) = company.call("GET", ASSIGNMENTS)["_embedded"]
    company.call("POST", f"{ASSIGNMENTS}/{made['paymentAssignmentIdent']}/actions/reverse")
    assert standing(company, paid) == ("OPEN", "TAKEN_BACK")
    company.sound()


def test_the_rest_after_assigning_by_hand(company: Company) -> None:
    number = company.document(net="50.00")
    paid = company.pay("70.00", "nothing")
    company.call("POST", ASSIGNMENTS, {"paymentIdent": paid["paymentIdent"], "targetIdent": number, "amount": 50}, 201)
    assert standing(company, paid) == ("PARTIALLY_ASSIGNED", "REST")
    company.call("POST", ASSIGNMENTS, {"paymentIdent": paid["paymentIdent"], "targetIdent": number}, 201)
    assert standing(company, paid) == ("ASSIGNED", None)
    company.sound()


def test_of_what_is_owed_for_money_a_reduction_is_refused_with_what_closes_it(company: Company) -> None:
    """Paid 70.00 on 59.50; 10.50 went back; the 70.00 come back: 59.50 are owed for the supply, 10.50 for the money."""
    company.take_parts()
    number = company.document(net="50.00")
    company.pay("70.00", number, endToEndIdent="e-1")
    out = company.pay("10.50", "back", creditDebitIndicator="DEBIT")
    company.call("POST", ASSIGNMENTS, {"paymentIdent": out["paymentIdent"], "targetIdent": number}, 201)
    company.pay("70.00", "", creditDebitIndicator="DEBIT", endToEndIdent="e-1", returnInformation={"reasonCode": "AC04"})
    assert company.case(number)["balance"] == 70
    decisions = f"/v2/opos-cases/{number}/decisions"
    company.call("POST", decisions, {"type": "DISCOUNT", "amount": "59.50"}, 201)
    refused = company.call("POST", decisions, {"type": "DISCOUNT"}, 400)
    assert refused["errors"][0]["error"] == (
        "Only 0.00 EUR is open for what was supplied, after credits and decisions: DISCOUNT reduces no more. The other 10.50 EUR of the"
        " balance are for money that went back: EXTERNAL_CLOSED or BANK_FEE closes them."
    )
    company.call("POST", decisions, {"type": "BANK_FEE"}, 201)
    company.sound()
