"""What happens to lines, allowances and deposits that are changed again and again, billed or not: it is corrected once, to the cent."""

from decimal import Decimal

import pytest
from tests.checkers.books import owed
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, S19, TRADE_IN, Desk, a_deposit, a_line

D = Decimal
MODES = pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])


def net(desk: Desk) -> D:
    return sum((amount if kind == "INVOICE" else -amount for kind, amount, _, _ in desk.documents()), D(0))


@MODES
def test_a_line_of_nothing_becomes_worth_something_again(desk: Desk, mode: str) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.order()
    desk.bill()
    for price in ("0.00", "50.00", "0.00", "70.00"):
        desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net=price))
        desk.bill()
        assert net(desk) == D(price)


def test_a_line_that_waits_costs_less_than_what_was_credited_of_it(desk: Desk) -> None:
    desk.order(lineItems=[a_line(net="30.00", processingConfig={"type": "ON_HOLD"})])
    (item,) = desk.call("GET", f"{ORDERS}/o-1/billableitems")
    credit = {"billableItemId": item["billableItemId"], "amount": "5.00"}
    desk.call("POST", f"{ORDERS}/o-1/creditbillableitems", credit, 201)
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="3.00"))
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    desk.bill()
    assert net(desk) == 0


def test_a_period_that_waits_ends_with_less_than_what_was_credited_of_it(desk: Desk) -> None:
    """31.00 less 25.00 are 6.00; 20 days cost 20.00. What was credited counts against the 11 days that are not charged, as it does where
    the period was billed before (accounting reference 9): 6.00 stand."""
    desk.plan("31.00", timing="INTERVAL_END")
    number = desk.contract()
    desk.bill()
    (item,) = desk.call("GET", f"{CONTRACTS}/{number}/billableitems")
    desk.call(
        "POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": item["billableItemId"], "amount": "25.00"}, 201
    )
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    desk.clock("2026-06-01T10:00")
    desk.bill()
    desk.bill()
    assert net(desk) == 6


@MODES
def test_a_period_of_which_a_part_was_credited_by_hand(desk: Desk, mode: str) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.plan("31.00")
    number = desk.contract()
    desk.bill()
    (item,) = desk.call("GET", f"{CONTRACTS}/{number}/billableitems")
    desk.call(
        "POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": item["billableItemId"], "amount": "5.00"}, 201
    )
    desk.bill()
    assert net(desk) == 26
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    desk.bill()
    assert net(desk) == 20


@MODES
def test_what_paid_stays_paid_when_other_rows_are_corrected(desk: Desk, mode: str) -> None:
    desk.group(documentCorrectionMode=mode)
    voucher = [{"ident": "p", "name": "Gift card", "amountGross": "50.00"}]
    desk.order(lineItems=[a_line(postTaxExtras=voucher), a_line("l-2", "10.00")], allowances=[TRADE_IN])
    desk.bill()
    assert owed(desk) == D("60.90")
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-2", a_line("l-2", "20.00"))
    desk.bill()
    assert owed(desk) == D("72.80")
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(postTaxExtras=voucher, name="Another machine"))
    desk.bill()
    assert owed(desk) == D("72.80")


@MODES
def test_a_line_of_a_final_invoice_is_corrected(desk: Desk, mode: str) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", documentCorrectionMode=mode)
    desk.order(lineItems=[a_line(net="1000.00")], agreedDeposits=[a_deposit("half", "595.00")])
    desk.bill()
    desk.pay("595.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.bill()
    assert owed(desk) == 595
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="900.00"))
    assert desk.bill()["failed"] == 0
    assert owed(desk) == 476
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    assert desk.bill()["documents"] == 1
    assert owed(desk) == -595  # what was paid on the deposit


def test_an_order_is_cancelled_after_a_final_invoice_without_receipts(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", depositReceivableRelevant=True)
    desk.order(agreedDeposits=[a_deposit("d", "50.00")], billingTime="ON_DEMAND")
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert owed(desk) == 119
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert owed(desk) == 0
    assert desk.balances() == {}


def test_an_order_is_cancelled_whose_deposit_was_paid_in_part(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", depositReceivableRelevant=True)
    desk.order(agreedDeposits=[a_deposit("d", "50.00")])
    desk.bill()
    desk.pay("20.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert owed(desk) == -20
    (made,) = desk.call("GET", "/v2/payment-assignments")["_embedded"]
    desk.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert (owed(desk), desk.balances()) == (0, {1200: 20, 1792: -20})


@pytest.mark.parametrize("amount", ["10.03", "10.01", "33.33"])
def test_a_deposit_of_exactly_the_invoice_is_deducted(desk: Desk, amount: str) -> None:
    gross = (D(amount) * D("1.19")).quantize(D("0.01"))
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION")
    desk.order(lineItems=[a_line(net=amount)], agreedDeposits=[a_deposit("all", str(gross))])
    desk.bill()
    desk.pay(str(gross), desk.idents("DEPOSIT_INVOICE")[0])
    desk.bill()
    assert owed(desk) == 0


def test_a_line_keeps_its_date_when_the_deposits_are_paid(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION")
    later = {"type": "AT_DATE", "date": "2026-06-01"}
    desk.order(lineItems=[a_line(processingConfig=later)], agreedDeposits=[a_deposit("d", "50.00")])
    desk.bill()
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="110.00", processingConfig=later))
    desk.clock("2026-06-02T10:00")
    assert desk.bill()["documents"] == 0  # the deposit is not paid
    desk.clock("2026-05-10T10:00")
    desk.pay("50.00", desk.idents("DEPOSIT_INVOICE")[0])
    assert desk.bill()["documents"] == 0
    desk.clock("2026-06-01T10:00")
    assert desk.bill()["documents"] == 1


def test_lines_of_a_cancelled_contract_are_cancelled(desk: Desk) -> None:
    desk.plan()
    desk.contract(lineItems=[a_line("done"), a_line("held", processingConfig={"type": "ON_HOLD"})])
    desk.bill()
    desk.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    lines = desk.call("GET", f"{CONTRACTS}/v-1/lineItems")["_embedded"]
    assert [line["status"] for line in lines] == ["CANCELLED", "CANCELLED"]


DISCOUNT = {
    "ident": "d",
    "name": "Jubilee",
    "itemType": "DISCOUNT_USE",
    "rowTotalNet": "30.00",
    "rowTotalGross": "35.70",
    "taxInformation": S19,
}


def test_a_discount_waits_for_its_own_order(desk: Desk) -> None:
    desk.order(lineItems=[a_line(processingConfig={"type": "ON_HOLD"})], allowances=[DISCOUNT])
    desk.order("o-2")
    desk.bill()
    assert net(desk) == 100
    desk.clock("2026-05-13T10:00")
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert net(desk) == 170


def test_a_payment_that_is_more_than_the_invoice_waits_for_a_larger_one(desk: Desk) -> None:
    more = {**TRADE_IN, "rowTotalNet": "150.00", "rowTotalGross": "150.00"}
    desk.order(allowances=[more])
    desk.bill()
    assert owed(desk) == 119
    desk.call("POST", f"{ORDERS}/o-1/lineItems", [a_line("l-2", "200.00")], 201)
    desk.bill()
    assert owed(desk) == 119 + 238 - 150


@pytest.mark.parametrize("at_once", [True, False])
def test_a_line_is_cancelled_and_the_discount_that_reduced_it(desk: Desk, at_once: bool) -> None:
    """Each is a row of its own, with a limit of its own (accounting reference, amendment g): until it is cancelled, too, the discount
    stands."""
    desk.order(allowances=[DISCOUNT])
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    if not at_once:
        desk.bill()
        assert (net(desk), owed(desk)) == (-30, D("-35.70"))
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d"]}, 204)
    desk.bill()
    assert (net(desk), desk.balances()) == (0, {})


@pytest.mark.parametrize(("price", "off"), [("100.00", "30.00"), ("10.00", "4.00"), ("59.97", "59.97"), ("100.06", "30.03")])
def test_a_discount_that_was_billed_again_no_longer_limits_its_line(desk: Desk, price: str, off: str) -> None:
    """All of the line comes back, though the invoice on which it stands came to less."""
    gross = str((D(off) * D("1.19")).quantize(D("0.01")))
    desk.order(lineItems=[a_line(net=price)], allowances=[{**DISCOUNT, "rowTotalNet": off, "rowTotalGross": gross}])
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d"]}, 204)
    desk.bill()
    assert net(desk) == D(price)
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    desk.clock("2026-05-11T10:00")
    desk.bill()
    assert (net(desk), owed(desk), desk.balances()) == (0, 0, {})
    (memo,) = desk.idents("CREDIT_MEMO")
    named = desk.call("GET", f"/v2/documents/{memo}")
    assert named["relatedDocumentIdents"] == desk.idents("INVOICE")  # both, for both show its tax


@pytest.mark.parametrize(
    ("price", "off", "rate"), [("100.06", "30.03", "1.0850"), ("100.00", "30.00", "1.3333"), ("59.97", "19.99", "0.9371")]
)
def test_what_is_billed_again_has_the_rate_of_what_it_corrects(desk: Desk, price: str, off: str, rate: str) -> None:
    """In dollars, and the rate is another by then: the supply is the same, so that all accounts come to nothing."""
    desk.rates(("USD", "2026-05", rate))
    gross = str((D(off) * D("1.19")).quantize(D("0.01")))
    desk.order(currency="USD", lineItems=[a_line(net=price)], allowances=[{**DISCOUNT, "rowTotalNet": off, "rowTotalGross": gross}])
    desk.bill()
    desk.rates(("USD", "2026-05", "1.2000"))
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d"]}, 204)
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    desk.clock("2026-05-11T10:00")
    desk.bill()
    assert (net(desk), owed(desk), desk.balances()) == (0, 0, {})


@pytest.mark.parametrize(
    ("first", "second", "back"), [(None, "34.99", "34.99"), ("81.63", None, "81.63"), ("81.63", "34.99", "116.62")]
)
def test_skonto_of_what_was_billed_again_goes_back_with_it(desk: Desk, first: str | None, second: str | None, back: str) -> None:
    """The memo over a line of 119.00 names both invoices; what comes back is what was paid, and no reduction stays."""
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
    desk.order(allowances=[DISCOUNT], paymentTerm=term)
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d"]}, 204)
    desk.bill()
    for amount, ident in zip((first, second), desk.idents("INVOICE"), strict=True):
        if amount:
            desk.pay(amount, ident)
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    desk.clock("2026-05-11T10:00")
    desk.bill()
    assert (owed(desk), desk.balances()) == (-D(back), {1200: D(back), 10000: -D(back)})
    for made in desk.call("GET", "/v2/payment-assignments")["_embedded"]:
        desk.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert (owed(desk), desk.balances()) == (0, {1200: D(back), 1792: -D(back)})


@pytest.mark.parametrize(("price", "goodwill"), [("10.00", "4.00"), ("31.00", "30.99"), ("7.77", "7.77"), ("100.06", "30.03")])
def test_goodwill_that_was_taken_back_no_longer_limits_what_its_contract_gives_back(desk: Desk, price: str, goodwill: str) -> None:
    desk.plan(price)
    desk.contract(lineItems=[a_line("sorry", goodwill, debitCreditIndicator="CREDIT")])
    desk.bill()
    assert net(desk) == D(price) - D(goodwill)
    desk.call("POST", f"{CONTRACTS}/v-1/lineItems/actions/cancel", {"idents": ["sorry"]})
    desk.bill()
    assert net(desk) == D(price)
    desk.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    desk.bill()
    assert (net(desk), owed(desk), desk.balances()) == (0, 0, {})
