"""The billing of orders meets money: the run deducts and takes back what holds when it issues, not what held when it proposed."""

import pytest
from tests.checkers.books import sound
from tests.checkers.meeting import Meeting
from tests.factories.desks import ORDERS, Desk, a_deposit, a_line
from tests.factories.offices import D

BOTH_WAYS = pytest.mark.parametrize("money_first", [True, False])
BILL, PAY, BOUNCE = "billing.run", "payment.create", "payment_assignment.reverse"
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 14, "percentage": 2}]}


@pytest.fixture
def meeting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(desk.tenant, monkeypatch)


def bounce(desk: Desk, status: int = 200) -> None:
    (made,) = desk.call("GET", "/v2/payment-assignments")["_embedded"]
    desk.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse", None, status)


def billed(desk: Desk) -> None:
    assert desk.bill()["failed"] == 0


@BOTH_WAYS
@pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
def test_a_final_invoice_and_the_return_of_its_deposits_payment(
    desk: Desk, meeting: Meeting, method: str, money_first: bool
) -> None:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    desk.order(lineItems=[a_line("l-1", "500.00")], agreedDeposits=[a_deposit("d-1", "119.00")])
    desk.bill()
    (deposit,) = desk.idents("DEPOSIT_INVOICE")
    desk.pay("119.00", deposit)
    if money_first:
        meeting.of(BOUNCE, lambda: bounce(desk), lambda: billed(desk))
    else:
        meeting.of(BILL, lambda: billed(desk), lambda: bounce(desk, 400))
    assert sound(desk.tenant) == []
    owed = D("595.00") if money_first else D("476.00")
    assert desk.balances()[10000] == owed
    assert (desk.balances()[8400], desk.balances()[1776]) == (D("-500.00"), D("-95.00"))
    assert not desk.balances().get(1718)


@BOTH_WAYS
def test_a_payment_with_skonto_and_the_credit_of_a_cancelled_order(desk: Desk, meeting: Meeting, money_first: bool) -> None:
    desk.order(lineItems=[a_line("l-1", "100.00")], paymentTerm=SKONTO)
    billed(desk)
    (invoice,) = desk.idents("INVOICE")
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", None, 204)
    if money_first:
        meeting.of(PAY, lambda: desk.pay("116.62", invoice), lambda: billed(desk))
    else:
        meeting.of(BILL, lambda: billed(desk), lambda: desk.pay("116.62", invoice))
    assert sound(desk.tenant) == []
    assert desk.balances() == {1200: D("116.62"), 10000: D("-116.62")}


def test_the_last_two_deposits_of_an_order_are_paid_at_once(desk: Desk, meeting: Meeting) -> None:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    deposits = [a_deposit("d-1", "119.00"), a_deposit("d-2", "238.00")]
    desk.order(lineItems=[a_line("l-1", "500.00")], agreedDeposits=deposits)
    billed(desk)
    first, second = sorted(desk.idents("DEPOSIT_INVOICE"))
    meeting.of(PAY, lambda: desk.pay("119.00", first), lambda: desk.pay("238.00", second))
    billed(desk)
    assert sound(desk.tenant) == []
    assert desk.balances()[10000] == D("238.00")
