"""Claims of default: paid, waived, taken back; in the books when they are paid, or when they are claimed."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.reminding import CLAIMS, LETTERS, Reminding

D = Decimal
WITH_FEES = [{"daysAfter": 14, "fee": "5.00"}, {"daysAfter": 14, "fee": "10.00", "interest": True}]


def dunned_twice(creditor: Reminding, **switches: Any) -> str:
    """An invoice of 119.00 that was due on 2026-01-19 by contract: two letters, fees of 5.00 and 10.00, interest on 15 days."""
    creditor.duns(WITH_FEES, dueDateAgreed=True, **switches)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    for day in ("2026-01-20", "2026-02-04"):
        creditor.turn(day)
        creditor.run()
    return number


def amounts(creditor: Reminding) -> list[tuple[str, str, str]]:
    return [(one["kind"], str(one["openAmount"]), one["status"]) for one in creditor.claims()]


def pay(creditor: Reminding, claim: Any, payment: Any, status: int = 200, **more: Any) -> Any:
    body = {"paymentIdent": payment["paymentIdent"], **more}
    return creditor.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/pay", body, status)


def test_the_letter_demands_what_is_owed_with_its_damages(creditor: Reminding) -> None:
    dunned_twice(creditor)
    first, second = creditor.letters()
    assert (first["costs"], first["demand"]) == (5, 124)
    # 119.00 x (1.27 + 9) % x 15 / 365
    assert (second["costs"], str(second["interest"]), str(second["demand"])) == (15, "0.5", "134.5")
    (item,) = second["items"]
    assert (item["interestFrom"], item["interestUntil"]) == ("2026-01-20", "2026-02-03")
    assert amounts(creditor) == [("FEE", "5.0", "OPEN"), ("FEE", "10.0", "OPEN"), ("INTEREST", "0.5", "OPEN")]
    assert creditor.sums()[10000] == D(119)
    creditor.sound()


def test_row_27_a_memo_is_booked_when_it_is_paid_and_gone_when_that_is_taken_back(creditor: Reminding) -> None:
    dunned_twice(creditor)
    first, second, interest = creditor.claims()
    untouched = creditor.call("POST", f"{CLAIMS}/{first['claimIdent']}/actions/reverse", status=409)
    assert untouched["message"] == "Nothing was paid on the claim, and it was not waived."
    payment = creditor.paid("20.00", "Mahnkosten")
    assert pay(creditor, first, payment)["status"] == "PAID"
    waits = creditor.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{payment['paymentIdent']}")
    assert (waits["status"], waits["reason"]) == ("PARTIALLY_ASSIGNED", "REST")
    assert str(pay(creditor, second, payment, amount="4.00")["openAmount"]) == "6.0"
    pay(creditor, interest, payment)
    assert creditor.entries("DUNNING_CLAIM") == [
        *((10000, "D", D("5.00")), (2709, "C", D("5.00"))),
        *((10000, "D", D("4.00")), (2709, "C", D("4.00"))),
        *((10000, "D", D("0.50")), (2650, "C", D("0.50"))),
    ]
    assert creditor.entries("PAYMENT")[:2] == [(1792, "D", D("5.00")), (10000, "C", D("5.00"))]
    assert creditor.sums()[1792] == D("-10.50")
    creditor.sound()
    creditor.call("POST", f"{CLAIMS}/{second['claimIdent']}/actions/reverse")
    assert amounts(creditor) == [("FEE", "0.0", "PAID"), ("FEE", "10.0", "OPEN"), ("INTEREST", "0.0", "PAID")]
    assert creditor.entries("DUNNING_CLAIM")[-2:] == [(10000, "D", D("-4.00")), (2709, "C", D("-4.00"))]
    assert creditor.sums()[1792] == D("-14.50")
    creditor.call("POST", f"{CLAIMS}/{second['claimIdent']}/actions/reverse", status=409)
    creditor.sound()


def test_row_27_booked_claims_are_on_the_account_until_they_are_paid_or_waived(creditor: Reminding) -> None:
    number = dunned_twice(creditor, bookDunningClaims=True)
    assert creditor.entries("DUNNING_CLAIM") == [
        *((10000, "D", D("5.00")), (2709, "C", D("5.00"))),
        *((10000, "D", D("10.00")), (2709, "C", D("10.00"))),
        *((10000, "D", D("0.50")), (2650, "C", D("0.50"))),
    ]
    assert creditor.sums()[10000] == D("134.5")
    creditor.sound()
    creditor.paid("119.00", number)
    assert creditor.case(number)["status"] == "CLOSED"
    assert creditor.sums()[10000] == D("15.50")
    first, second, interest = creditor.claims()
    creditor.call("POST", f"{CLAIMS}/{interest['claimIdent']}/actions/waive", {})
    assert creditor.entries("DUNNING_CLAIM")[-2:] == [(10000, "D", D("-0.50")), (2650, "C", D("-0.50"))]
    payment = creditor.paid("20.00", "Mahnkosten")
    pay(creditor, first, payment)
    pay(creditor, second, payment)
    assert creditor.sums().get(10000) is None
    creditor.sound()


def test_the_flat_charge_and_the_fees_are_never_both_claimed(creditor: Reminding) -> None:
    dunned_twice(creditor, flatCharge=True)
    assert [(kind, amount) for kind, amount, _ in amounts(creditor)] == [("FLAT", "40.0"), ("INTEREST", "0.5")]
    assert [letter["costs"] for letter in creditor.letters()] == [40, 40]
    creditor.sound()


@pytest.mark.parametrize(
    ("amount", "more", "field"),
    [
        ("20.00", {"amount": "5.01"}, "amount"),
        ("3.00", {"amount": "3.01"}, "amount"),
        ("20.00", {"amount": "1.001"}, "amount"),
        ("20.00", {"amount": "0"}, "amount"),
    ],
)
def test_what_a_payment_cannot_pay_of_a_claim_is_said(creditor: Reminding, amount: str, more: Any, field: str) -> None:
    dunned_twice(creditor)
    payment = creditor.paid(amount, "Mahnkosten")
    refused = pay(creditor, creditor.claims()[0], payment, 400, **more)
    assert {one["fieldName"] for one in refused["errors"]} == {field}
    pay(creditor, creditor.claims()[0], {"paymentIdent": "none"}, 404)
    creditor.call("POST", f"{CLAIMS}/mc-0/actions/pay", {"paymentIdent": payment["paymentIdent"]}, 404)
    assert amounts(creditor)[0] == ("FEE", "5.0", "OPEN")
    creditor.sound()


def test_another_currency_and_money_that_went_out_pay_no_claim(creditor: Reminding) -> None:
    dunned_twice(creditor)
    claim = creditor.claims()[0]
    out = creditor.paid("20.00", "x", creditDebitIndicator="DEBIT")
    refused = pay(creditor, claim, out, 400)
    assert {one["fieldName"] for one in refused["errors"]} == {"paymentIdent"}
    creditor.sound()


def test_interest_counts_a_payment_from_its_value_day(creditor: Reminding) -> None:
    creditor.duns([{"daysAfter": 14}, {"daysAfter": 14, "interest": True}], dueDateAgreed=True)
    number = creditor.document(net="1000.00", paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.turn("2026-02-02")
    creditor.paid("190.00", number, valueDate="2026-01-30")
    creditor.turn("2026-02-04")
    creditor.run()
    # 1190.00 for 10 days, 1000.00 for 5, at 10.27 %: one rounding
    assert str(creditor.letters()[-1]["interest"]) == "4.76"
    assert creditor.claims()[-1]["kind"] == "INTEREST"
    creditor.sound()


def test_a_withdrawn_letter_gives_up_what_is_open_of_its_claims(creditor: Reminding) -> None:
    dunned_twice(creditor, bookDunningClaims=True)
    last = creditor.letters()[-1]
    creditor.call("POST", f"{LETTERS}/{last['letterIdent']}/actions/withdraw")
    assert amounts(creditor) == [("FEE", "5.0", "OPEN"), ("FEE", "0.0", "WAIVED"), ("INTEREST", "0.0", "WAIVED")]
    assert creditor.sums()[10000] == D("124.00")
    creditor.sound()


def pay_document(creditor: Reminding, number: str, received: str, status: int = 200, **more: Any) -> Any:
    payment = creditor.paid(received, "Mahnung")
    body = {"paymentIdent": payment["paymentIdent"], "documentIdent": number, **more}
    return creditor.call("POST", f"{CLAIMS}/actions/pay-document", body, status)


@pytest.mark.parametrize(
    ("switches", "more", "claims", "balance"),
    [
        ({}, {}, [], "89.0"),
        ({"bookDunningClaims": True}, {}, [("FEE", "5.0"), ("FEE", "10.0"), ("INTEREST", "0.5")], "104.5"),
        ({"bookDunningClaims": True}, {"principalFirst": True}, [], "89.0"),
        ({"bookDunningClaims": True, "partialPaymentWish": "ACCEPT"}, {"principalFirst": True}, [], "89.0"),
        ({"bookDunningClaims": True, "partialPaymentWish": "ASK"}, {"principalFirst": True}, [], "89.0"),
    ],
)
def test_section_367_costs_interest_principal_where_claims_are_booked(
    creditor: Reminding, switches: Any, more: Any, claims: Any, balance: str
) -> None:
    number = dunned_twice(creditor, **switches)
    done = pay_document(creditor, number, "30.00", **more)
    assert [(one["kind"], str(one["amount"])) for one in done["claims"]] == claims
    assert (str(creditor.case(number)["balance"]), done["left"]) == (balance, 0)
    creditor.sound()


@pytest.mark.parametrize(
    ("wish", "more", "field"),
    [
        ("REFUSE", {"principalFirst": True}, "principalFirst"),
        ("ASK", {}, "principalFirst"),
        ("ACCEPT", {"amount": "30.01"}, "amount"),
        ("ACCEPT", {"amount": "1.001"}, "amount"),
    ],
)
def test_a_wish_of_the_payer_may_be_refused(creditor: Reminding, wish: str, more: Any, field: str) -> None:
    number = dunned_twice(creditor, bookDunningClaims=True, partialPaymentWish=wish)
    refused = pay_document(creditor, number, "30.00", 400, **more)
    assert {one["fieldName"] for one in refused["errors"]} == {field}
    pay_document(creditor, "nothing", "30.00", 404)
    assert creditor.case(number)["balance"] == 119
    creditor.sound()


def test_more_than_everything_stays_with_the_payment(creditor: Reminding) -> None:
    number = dunned_twice(creditor)
    done = pay_document(creditor, number, "200.00")
    assert (done["left"], creditor.case(number)["status"]) == (65.5, "CLOSED")
    assert [claim["status"] for claim in creditor.claims()] == ["PAID", "PAID", "PAID"]
    assert creditor.sums()[1792] == D("-65.50")
    pay_document(creditor, number, "200.00", 400)
    creditor.sound()


def standing(creditor: Reminding, payment: Any) -> Any:
    found = creditor.call("GET", "/v2/merchant-payment-accounts/bank/payments?size=100")["_embedded"]
    return next(one for one in found if one["paymentIdent"] == payment["paymentIdent"])


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("booked", [True, False])
def test_who_pays_what_the_letter_asks_for_pays_all_of_it(creditor: Reminding, booked: bool, over: bool) -> None:
    """134.50: the invoice, two fees, interest."""
    number = dunned_twice(creditor, bookDunningClaims=booked)
    if not over:
        creditor.call("DELETE", "/v2/merchant-payment-accounts/bank/assignment-configuration", status=204)
    payment = creditor.paid("134.50", f"{number} and reminders")
    read = standing(creditor, payment)
    assert (read["status"], read.get("reason")) == ("ASSIGNED", None)
    case = creditor.case(number)
    assert (case["status"], case["balance"]) == ("CLOSED", 0)
    assert [(kind, status) for kind, _, status in amounts(creditor)] == [("FEE", "PAID"), ("FEE", "PAID"), ("INTEREST", "PAID")]
    (made,) = creditor.call("GET", "/v2/payment-assignments")["_embedded"]
    assert (made["amount"], made["automatic"]) == (119, True)
    sums = creditor.sums()
    assert (sums[1200], sums.get(1792), sums.get(10000)) == (D("134.50"), None, None)
    assert (sums[2709], sums[2650]) == (D(-15), D("-0.50"))
    creditor.sound()


@pytest.mark.parametrize(("amount", "rest"), [("134.49", "OVERPAID"), ("134.51", "OVERPAID")])
def test_a_cent_more_or_less_than_the_demand_waits(creditor: Reminding, amount: str, rest: str) -> None:
    number = dunned_twice(creditor)
    creditor.call("DELETE", "/v2/merchant-payment-accounts/bank/assignment-configuration", status=204)
    payment = creditor.paid(amount, number)
    assert (payment["status"], payment["reason"]) == ("OPEN", rest)
    assert creditor.case(number)["balance"] == 119
    creditor.sound()


def test_m39_the_demand_of_a_letter_over_two_documents(creditor: Reminding) -> None:
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True)
    numbers = [creditor.document(net=net, paymentTerm={"periodInDays": 14}) for net in ("100.00", "50.00")]
    creditor.turn("2026-01-20")
    creditor.run()
    (letter,) = creditor.letters()
    assert letter["demand"] == 183.5
    creditor.paid("183.50", " ".join(numbers))
    assert [creditor.case(number)["status"] for number in numbers] == ["CLOSED", "CLOSED"]
    assert [claim["status"] for claim in creditor.claims()] == ["PAID"]
    creditor.sound()


def test_an_assignment_taken_back_leaves_the_claims_that_the_payment_paid(creditor: Reminding) -> None:
    """The document is owed again, its claims stay paid until they are taken back themselves; the payment has left what came back."""
    number = dunned_twice(creditor)
    payment = creditor.paid("150.00", "Mahnung")
    body = {"paymentIdent": payment["paymentIdent"], "documentIdent": number}
    creditor.call("POST", f"{CLAIMS}/actions/pay-document", body)
    assert creditor.sums()[1792] == D("-15.50")
    (made,) = creditor.call("GET", "/v2/payment-assignments")["_embedded"]
    creditor.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert creditor.case(number)["balance"] == 119
    assert [claim["status"] for claim in creditor.claims()] == ["PAID", "PAID", "PAID"]
    assert standing(creditor, payment)["status"] == "PARTIALLY_ASSIGNED"
    assert (creditor.sums()[1792], creditor.sums()[10000]) == (D("-134.50"), D(119))
    creditor.sound()
    again = creditor.call("POST", f"{CLAIMS}/actions/pay-document", body)
    assert (again["claims"], again["left"], again["assignment"]["amount"]) == ([], 15.5, 119)
    creditor.sound()
    for claim in creditor.claims():
        creditor.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/reverse")
    assert [claim["status"] for claim in creditor.claims()] == ["OPEN", "OPEN", "OPEN"]
    assert creditor.sums()[1792] == D("-31.00")


def suggested(creditor: Reminding, payment: Any) -> list[tuple[str, str]]:
    found = creditor.call("GET", f"/v2/payments/{payment['paymentIdent']}/suggestions")["suggestions"]
    return [(str(one["amount"]), one["status"]) for one in found]


@pytest.mark.parametrize(
    ("received", "left"), [("5.00", [("5.0", "WITHDRAWN")]), ("119.00", [("119.0", "WITHDRAWN")]), ("140.00", [("119.0", "OPEN")])]
)
def test_what_a_claim_was_paid_by_is_not_suggested_for_an_invoice_as_well(
    creditor: Reminding, received: str, left: list[tuple[str, str]]
) -> None:
    """Nobody has said that too much or too little is assigned by itself: it is suggested."""
    number = dunned_twice(creditor)
    off = {f"{name}AssignmentToDocuments": False for name in ("overpayment", "underpayment")}
    creditor.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", off, 201)
    payment = creditor.paid(received, number if received != "119.00" else "Mahnung", counterpart={"name": "Muster Handel GmbH"})
    assert [status for _, status in suggested(creditor, payment)] == ["OPEN"]
    pay(creditor, creditor.claims()[0], payment)
    assert suggested(creditor, payment) == left
    creditor.sound()


def test_nor_what_paid_the_claims_of_a_document(creditor: Reminding) -> None:
    number = dunned_twice(creditor, bookDunningClaims=True)
    payment = creditor.paid("119.00", "Mahnung", counterpart={"name": "Muster Handel GmbH"})
    assert suggested(creditor, payment) == [("119.0", "OPEN")]
    body = {"paymentIdent": payment["paymentIdent"], "documentIdent": number, "amount": "15.50"}
    creditor.call("POST", f"{CLAIMS}/actions/pay-document", body)
    assert suggested(creditor, payment) == [("119.0", "WITHDRAWN")]
    creditor.sound()
