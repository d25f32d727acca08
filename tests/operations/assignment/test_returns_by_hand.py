"""A return that names no payment is put to its open item by hand: the banks' charges are a cost first, and what the open item has of a
payment of that amount is undone as where it is found by itself (posting table row 17, worked case M9)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import said, tax_on_receipt
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM, FEES, DEBTOR = 1200, 1792, 4970, 10000
SKONTO = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}


def waits(company: Company, amount: str, charges: str = "0.00", **more: Any) -> str:
    information = {"reasonCode": "AM04", "charges": charges}
    back = company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent="E-?", returnInformation=information, **more)
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_WITHOUT_PAYMENT")
    return str(back["paymentIdent"])


def put(company: Company, payment: str, number: str, status: int = 201, **more: Any) -> Any:
    return company.call("POST", "/v2/payment-assignments", {"paymentIdent": payment, "targetIdent": number, **more}, status)


def read(company: Company, payment: str) -> Any:
    return company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{payment}")


def balance(company: Company, number: str) -> Decimal:
    return D(str(company.case(number)["balance"]))


@pytest.mark.parametrize("way", ["all", "amount", "split"])
@pytest.mark.parametrize("cash", [False, True])
def test_the_charges_are_a_cost_and_the_rest_is_owed(company: Company, cash: bool, way: str) -> None:
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    number = company.document(items=[a_row_of("333.33"), a_row_of("77.77", 7) | {"ident": "i-2"}])
    before = company.sums()
    company.pay("479.87", number)
    back = waits(company, "483.00", "3.13")
    if way == "split":
        body = {"assignments": [{"paymentIdent": back, "targetIdent": number}]}
        company.call("POST", "/v2/payment-assignments/actions/split", body, 201)
    else:
        put(company, back, number, **({"amount": "479.87"} if way == "amount" else {}))
    assert balance(company, number) == D("479.87")
    assert company.sums() == before | {BANK: D("-3.13"), FEES: D("3.13")}
    assert read(company, back)["status"] == "ASSIGNED"
    company.sound()
    # it was none: reversed, and put there again, by which the charges are no cost twice
    made = company.call("GET", "/v2/payment-assignments")["_embedded"]
    (one,) = [it for it in made if it["targetType"] == "DOCUMENT" and it["creditDebitIndicator"] == "DEBIT"]
    assert (one["automatic"], one["decision"]["rule"]) == (False, "MANUAL")
    company.call("POST", f"/v2/payment-assignments/{one['paymentAssignmentIdent']}/actions/reverse")
    assert balance(company, number) == 0
    put(company, back, number)
    assert balance(company, number) == D("479.87")
    assert company.sums() == before | {BANK: D("-3.13"), FEES: D("3.13")}
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
def test_a_part_that_came_back_less_its_charges(company: Company, cash: bool) -> None:
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    number = company.document(net="400.00")
    company.pay("476.00", number)
    put(company, waits(company, "103.00", "3.00"), number)
    assert balance(company, number) == 100
    tax = {account: amount for account, amount in company.sums().items() if account in (1766, 1776)}
    assert tax == ({1776: D("-60.03"), 1766: D("-15.97")} if cash else {1776: D(-76)})
    assert company.sums()[FEES] == 3
    company.sound()


def test_the_discount_falls_with_its_payment(company: Company) -> None:
    number = company.document(**SKONTO)
    before = company.sums()
    company.pay("116.62", number)
    put(company, waits(company, "119.75", "3.13"), number)
    assert balance(company, number) == 119
    assert company.sums() == before | {BANK: D("-3.13"), FEES: D("3.13")}
    company.sound()


def test_two_documents_by_parts_and_the_charges_once(company: Company) -> None:
    one, other = company.document(), company.document(net="200.00")
    company.pay("119.00", one)
    company.pay("238.00", other)
    back = waits(company, "360.00", "3.00")
    refused = put(company, back, one, 400, amount="357.01")
    assert "Only 357.00 EUR are left beside the 3.00 EUR that the banks took." in said(refused)
    put(company, back, one, amount="119.00")
    assert (balance(company, one), company.sums()[FEES], company.sums()[INTERIM]) == (119, 3, 238)
    put(company, back, other)
    assert (balance(company, other), company.sums()[FEES], read(company, back)["status"]) == (238, 3, "ASSIGNED")
    assert INTERIM not in company.sums()
    company.sound()


def test_what_never_came_does_not_go_back(company: Company) -> None:
    number = company.document()
    back = waits(company, "119.00")
    refused = put(company, back, number, 400)
    assert f"Only 0.00 EUR were received on {number}: no more can go back." in said(refused)
    assert balance(company, number) == 119
    company.sound()


def test_charges_that_are_left_alone_are_booked(company: Company) -> None:
    """Their assignment was reversed: with the next one they are a cost again."""
    number = company.document()
    company.pay("119.00", number)
    back = waits(company, "122.00", "3.00")
    put(company, back, number)
    (fee,) = [it for it in company.call("GET", "/v2/payment-assignments")["_embedded"] if it["targetType"] == "BANK_FEE"]
    company.call("POST", f"/v2/payment-assignments/{fee['paymentAssignmentIdent']}/actions/reverse")
    assert company.sums()[INTERIM] == 3
    assert put(company, back, number)["targetType"] == "BANK_FEE"
    assert (balance(company, number), company.sums()[FEES], read(company, back)["status"]) == (119, 3, "ASSIGNED")
    company.sound()


def test_parts_of_one_debit_come_back_to_one_document(company: Company) -> None:
    """Dunning hears of it once."""
    company.take_parts()
    number = company.document()
    for amount in ("50.00", "69.00"):
        company.pay(amount, number, mandateReference="M-1")
    back = waits(company, "119.00")
    put(company, back, number, amount="50.00")
    put(company, back, number)
    assert balance(company, number) == 119
    assert len(company.tenant.rows("SELECT document_id FROM dunning_return")) == 1
    company.sound()


def test_charges_that_no_bank_states_are_named_by_hand(company: Company) -> None:
    number = company.document()
    company.pay("119.00", number)
    back = waits(company, "122.00")
    fee = {"paymentIdent": back, "targetType": "BANK_FEE"}
    early = company.call("POST", "/v2/payment-assignments", fee, 400)
    assert "Nothing of the return went back yet" in said(early)
    put(company, back, number, amount="119.00")
    assert (read(company, back)["status"], read(company, back)["reason"]) == ("PARTIALLY_ASSIGNED", "RETURN_NOT_CLEAR")
    assert "Only 3.00 EUR are left." in said(company.call("POST", "/v2/payment-assignments", {**fee, "amount": "3.01"}, 400))
    assert "for no document" in said(company.call("POST", "/v2/payment-assignments", {**fee, "targetIdent": number}, 400))
    made = company.call("POST", "/v2/payment-assignments", fee, 201)
    assert (made["targetType"], made["amount"]) == ("BANK_FEE", 3)
    assert read(company, back)["status"] == "ASSIGNED"
    assert read(company, back).get("reason") is None
    assert (balance(company, number), company.sums()[FEES]) == (119, 3)
    assert INTERIM not in company.sums()
    assert "Nothing of the payment is left." in said(company.call("POST", "/v2/payment-assignments", fee, 400))
    company.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert (FEES in company.sums(), company.sums()[INTERIM]) == (False, 3)
    company.sound()


def test_charges_are_those_of_returns_and_a_document_is_named(company: Company) -> None:
    paid = company.pay("119.00", "?")["paymentIdent"]
    other = company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid, "targetType": "BANK_FEE"}, 400)
    assert "Banks take charges of a debit that was returned" in said(other)
    missing = company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid}, 400)
    assert "which one is meant?" in said(missing)
