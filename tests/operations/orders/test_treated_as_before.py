"""What refers to an earlier document is posted to the accounts of that one, wherever its customer is by now (accounting reference 6.5)."""

from typing import Any

import pytest
from tests.factories.bureaus import ADDRESS
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, Desk, a_deposit, a_line
from tests.factories.manual_credits import by_hand

CUSTOMER = "/v2/customers/muster-handel"
VAT_IDS = {"AT": "ATU12345675", "DE": "DE129273398"}
CONSUMER = {"customerType": "B2C", "firstName": "Ada", "lastName": "Lovelace", "company": None}
MOVES = [("AT", "DE"), ("DE", "AT"), ("CH", "DE"), ("CH", "AT"), ("DE", "CH")]


def lives(desk: Desk, country: str, **person: Any) -> None:
    body = desk.call("GET", CUSTOMER)
    for name in ("addresses", "createdAt", "lastModifiedAt", "id", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    zip_code = "20095" if country in ("DE", "FR") else "1010"
    desk.call("PUT", f"{CUSTOMER}/addresses/zentrale", {**ADDRESS, "country": country, "zip": zip_code})
    desk.call("PUT", CUSTOMER, {**body, "vatId": VAT_IDS.get(country), **person})


def cancel(desk: Desk, what: str = "", *idents: str) -> None:
    desk.call("POST", f"{ORDERS}/o-1{what}/actions/cancel", {"idents": list(idents)} if idents else None, 200 if idents else 204)
    desk.bill()


@pytest.mark.parametrize(("here", "there"), MOVES)
@pytest.mark.parametrize("category", ["SERVICE", "PHYSICAL_PRODUCT"])
def test_a_cancelled_order(desk: Desk, here: str, there: str, category: str) -> None:
    lives(desk, here)
    desk.order(
        lineItems=[
            a_line(net="200.00", category=category),
            a_line("l-2", "30.00", category=category, debitCreditIndicator="CREDIT"),
        ]
    )
    desk.bill()
    booked = desk.balances()
    lives(desk, there)
    cancel(desk, "/lineItems", "l-2")
    assert desk.balances().keys() == booked.keys()
    cancel(desk)
    assert desk.balances() == {}


@pytest.mark.parametrize(("here", "there"), MOVES)
def test_a_credit_by_hand(desk: Desk, here: str, there: str) -> None:
    lives(desk, here)
    desk.order(lineItems=[a_line(net="200.00", category="SERVICE")])
    desk.bill()
    lives(desk, there)
    for amount in ("50.00", "150.00"):
        by_hand(desk, (0, amount), of=desk.idents("INVOICE")[0])
    assert desk.balances() == {}


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize(("here", "there"), MOVES)
def test_a_contract_that_ends(desk: Desk, here: str, there: str, mode: str) -> None:
    desk.group(documentCorrectionMode=mode)
    lives(desk, here)
    desk.plan("31.00")
    contract = desk.contract(startDate="2026-05-10")
    desk.bill()
    lives(desk, there)
    (item,) = desk.call("GET", f"{CONTRACTS}/{contract}/billableitems")
    desk.call(
        "POST", f"{CONTRACTS}/{contract}/creditbillableitems", {"billableItemId": item["billableItemId"], "amount": "5.00"}, 201
    )
    desk.bill()
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-09"})
    desk.bill()
    assert desk.balances() == {}


METHODS = ["REMAINDER", "FINAL", "REVERSAL"]


def deposited(desk: Desk, method: str, here: str, there: str | None, line: dict[str, Any], deposit: dict[str, Any]) -> None:
    """A deposit of which 300 come, its final invoice after the move; all of it is taken back, and the money goes back."""
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    desk.order(lineItems=[line], agreedDeposits=[deposit], billingTime="ON_DEMAND")
    desk.bill()
    desk.pay("300.00", desk.idents("DEPOSIT_INVOICE")[0])
    if there is not None:
        lives(desk, there)
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert desk.idents("INVOICE")
    assert not {1710, 1711, 1718} & desk.balances().keys()
    cancel(desk)
    (one,) = desk.call("GET", "/v2/payment-assignments")["_embedded"]
    desk.call("POST", f"/v2/payment-assignments/{one['paymentAssignmentIdent']}/actions/reverse")
    assert {account for account in desk.balances() if account not in (1200, 1792)} == set()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("here", "there"), MOVES)
def test_a_deposit_before_the_move(desk: Desk, method: str, here: str, there: str) -> None:
    lives(desk, here)
    deposit = {key: value for key, value in a_deposit("d-1", "357.00").items() if key != "taxInformation"}
    deposited(desk, method, here, there, a_line(net="1000.00", category="SERVICE"), deposit)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("there", [None, "BE", "DE"])
def test_a_deposit_of_the_one_stop_shop(desk: Desk, method: str, there: str | None) -> None:
    lives(desk, "FR", **CONSUMER)
    line = a_line(net="1000.00", category="DIGITAL_PRODUCT", taxScheme="OSS")
    deposited(desk, method, "FR", there, line, {"ident": "d-1", "grossValue": "363.00", "name": "Deposit"})


@pytest.mark.parametrize("method", METHODS)
def test_a_deposit_whose_tax_was_stated(desk: Desk, method: str) -> None:
    lives(desk, "AT")
    deposited(desk, method, "AT", None, a_line(net="1000.00", category="SERVICE"), a_deposit("d-1", "357.00"))


@pytest.mark.parametrize(("here", "category", "rate"), [("AT", "AE", 0), ("DE", "S", 19)])
def test_an_allowance_alone(desk: Desk, here: str, category: str, rate: int) -> None:
    lives(desk, here)
    taxes = [{"taxRate": rate, "taxCategoryCode": category}]
    sides = {"rowTotalNet": "20.00", "rowTotalGross": "23.80" if rate else "20.00"}
    allowance = {"ident": "a", "name": "Rebate", "itemType": "DISCOUNT_USE", "taxInformation": taxes, **sides}
    desk.order(lineItems=[a_line(net="200.00", category="SERVICE")], allowances=[allowance])
    desk.bill()
    booked = desk.balances()
    lives(desk, "AT" if here == "DE" else "DE")
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["a"]}, 204)
    desk.bill()
    assert desk.balances().keys() == booked.keys()
    cancel(desk)
    assert desk.balances() == {}
