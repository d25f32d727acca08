"""Final invoices of orders, whose deposits were deducted, are taken back: row by row, as far as each row has something left, whatever the
method of deduction; every account ends where the law says."""

from typing import Any

import pytest
from tests.checkers.books import owed, sound
from tests.factories.desks import ORDERS, Desk, a_deposit, a_line
from tests.factories.manual_credits import by_hand
from tests.factories.offices import D

METHODS = pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
S7 = [{"taxRate": 7, "taxCategoryCode": "S"}]


def finished(desk: Desk, method: str, lines: list[dict[str, Any]], *deposits: dict[str, Any], **group: Any) -> str:
    """The number of the final invoice of an order whose deposits were paid."""
    terms = {"depositReceivableRelevant": True, "depositInvoiceCreation": "AT_ORDER_CREATION", "finalInvoiceMethod": method}
    desk.group(**{**terms, **group})
    desk.order(lineItems=lines, agreedDeposits=list(deposits))
    desk.bill()
    for deposit, ident in zip(deposits, desk.idents("DEPOSIT_INVOICE"), strict=True):
        desk.pay(deposit["grossValue"], ident)
    assert desk.bill()["failed"] == 0
    (final,) = desk.idents("INVOICE")
    return final


def items(desk: Desk) -> dict[str, int]:
    rows = desk.tenant.rows("SELECT origin_ident, item_id FROM billable_item WHERE kind = 'LINE_ITEM'")
    return {row.origin_ident: row.item_id for row in rows}


SOLD = [
    # of 800.00 net, 600.00 were paid before: the final invoice comes to 200.00, and 300.00 of it are taken back
    (
        [a_line("l-1", "500.00"), a_line("l-2", "300.00")],
        [a_deposit("d-1", "714.00")],
        "-119.00",
        {1200: "714.00", 10000: "-119.00", 8400: "-500.00", 1776: "-95.00"},
    ),
    (
        [a_line("l-1", "99.99"), a_line("l-2", "33.34")],
        [a_deposit("d-1", "60.03"), a_deposit("d-2", "90.07")],
        "-31.11",
        {1200: "150.10", 10000: "-31.11", 8400: "-99.99", 1776: "-19.00"},
    ),
    # two rates, each with its deposit
    (
        [a_line("l-1", "500.00"), a_line("l-2", "300.00", taxInformation=S7)],
        [a_deposit("d-1", "535.50"), a_deposit("d-2", "214.00", taxInformation=S7)],
        "-154.50",
        {1200: "749.50", 10000: "-154.50", 8400: "-500.00", 1776: "-95.00"},
    ),
    # a deposit at another rate than the row that is taken back
    (
        [a_line("l-1", "500.00"), a_line("l-2", "300.00", taxInformation=S7)],
        [a_deposit("d-1", "321.00", taxInformation=S7), a_deposit("d-2", "59.50")],
        "214.50",
        {1200: "380.50", 10000: "214.50", 8400: "-500.00", 1776: "-95.00"},
    ),
]


@METHODS
@pytest.mark.parametrize(("lines", "deposits", "rest", "books"), SOLD)
@pytest.mark.parametrize("parts", [None, ("all",), ("11.11", "rest")])
def test_a_row_is_taken_back_that_is_more_than_its_rest(
    desk: Desk, method: str, lines: list[Any], deposits: list[Any], rest: str, books: dict[int, str], parts: tuple[str, ...] | None
) -> None:
    """Limits of credits are limits of rows (accounting reference, amendment g): by the line, by its item, and in two parts."""
    finished(desk, method, lines, *deposits)
    if parts is None:
        desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    price, taken = D(lines[1]["unitPriceNet"]), D(0)
    for part in parts or ():
        amount = price - taken if part in ("all", "rest") else D(part)
        body = {"billableItemId": items(desk)["l-2"], "amount": str(amount)}
        desk.call("POST", f"{ORDERS}/o-1/creditbillableitems", body, 201)
        taken += amount
        desk.clock(f"2026-05-{11 + len(desk.documents())}T10:00")
        assert desk.bill()["failed"] == 0
    assert desk.bill()["failed"] == 0
    assert (owed(desk), desk.balances()) == (D(rest), {account: D(balance) for account, balance in books.items()})
    body = {"billableItemId": items(desk)["l-2"], "amount": "0.01"}
    assert "0.00 EUR are left" in str(desk.call("POST", f"{ORDERS}/o-1/creditbillableitems", body, 400))
    assert sound(desk.tenant) == []


@METHODS
@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(("final_paid", "by_hand_before"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize(("lines", "deposits"), [(lines, deposits) for lines, deposits, _, _ in SOLD])
def test_an_order_is_cancelled_whose_deposits_were_deducted(
    desk: Desk, method: str, lines: list[Any], deposits: list[Any], final_paid: bool, by_hand_before: bool, is_memo: bool
) -> None:
    """What was received is the customer's, to the cent; nothing else stands, and when his payments are returned nothing at all."""
    final = finished(desk, method, lines, *deposits, depositReceivableRelevant=not is_memo)
    received = sum((D(deposit["grossValue"]) for deposit in deposits), D(0))
    if final_paid:
        rest = owed(desk)
        desk.pay(str(rest), final)
        received += rest
    if by_hand_before:
        by_hand(desk, (0, "12.34"), of=final)
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert (owed(desk), desk.balances()) == (-received, {1200: received, 10000: -received})
    assert desk.bill()["documents"] == 0
    assert desk.call("GET", f"{ORDERS}/o-1")["status"] == "CANCELLED"
    for made in desk.call("GET", "/v2/payment-assignments")["_embedded"]:
        desk.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert (owed(desk), desk.balances()) == (0, {1200: received, 1792: -received})
    assert sound(desk.tenant) == []


@METHODS
def test_of_several_deposits_one_was_not_paid(desk: Desk, method: str) -> None:
    """It was closed with the final invoice: nothing of it is taken back once more."""
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    desk.order(
        lineItems=[a_line(net="1000.00")],
        agreedDeposits=[a_deposit("d-1", "357.00"), a_deposit("d-2", "238.00"), a_deposit("d-3", "119.00")],
        billingTime="ON_DEMAND",
    )
    desk.bill()
    first, second, _ = desk.idents("DEPOSIT_INVOICE")
    desk.pay("357.00", first)
    desk.pay("100.00", second)
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert desk.bill()["failed"] == 0
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert (owed(desk), desk.balances()) == (-457, {1200: 457, 10000: -457})
