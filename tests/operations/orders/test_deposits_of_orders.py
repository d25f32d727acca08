"""Deposits of orders where something else happens at the same time: the order's invoice is due, or the money was paid elsewhere."""

import pytest
from tests.factories.desks import ORDERS, Desk, a_deposit, a_line
from tests.factories.manual_credits import by_hand
from tests.factories.offices import D


@pytest.fixture
def selling(desk: Desk) -> Desk:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    return desk


def waiting(desk: Desk, order: str) -> dict[str, str]:
    """Why what stands on no document does not, by the document on which it will."""
    rows = desk.call("GET", f"{ORDERS}/{order}/billableitems")
    return {row["targetDocumentType"]: row["statusReason"] for row in rows if row["processingStatus"] != "COMPLETED"}


def test_an_invoice_that_is_due_with_its_deposit_does_not_bill_it_again(selling: Desk) -> None:
    """119.00 with a deposit of 59.50: the customer owes 119.00, not 178.50."""
    selling.order(agreedDeposits=[a_deposit("d-1", "59.50")], billingTime="ON_DEMAND")
    selling.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert waiting(selling, "o-1") == {"DEPOSITINVOICE": "DUE", "INVOICE": "DEPOSIT_EXPECTED"}
    selling.bill()
    assert [kind for kind, *_ in selling.documents()] == ["DEPOSIT_INVOICE"]
    assert waiting(selling, "o-1") == {"INVOICE": "DUE"}
    selling.bill()
    kinds = [kind for kind, *_ in selling.documents()]
    assert kinds == ["DEPOSIT_INVOICE", "INVOICE", "DEPOSIT_INVOICE_CORRECTION"]
    assert selling.balances() == {10000: D(119), 8400: D(-100), 1776: D(-19)}
    assert [row.balance for row in selling.tenant.rows("SELECT balance FROM opos_case ORDER BY balance")] == [0, 119]


@pytest.mark.parametrize(
    ("deposit", "net", "rest"), [("59.50", "100.00", "59.50"), ("119.00", "100.00", "0.00"), ("35.70", "200.00", "202.30")]
)
def test_a_deposit_that_was_paid_elsewhere_is_received(selling: Desk, deposit: str, net: str, rest: str) -> None:
    """Its tax is due with it, and the final invoice deducts it."""
    paid = {"paymentStatus": "PAID"}
    selling.order(
        lineItems=[a_line(net=net)], agreedDeposits=[a_deposit("d-1", deposit)], paymentInformation=paid, billingTime="ON_DEMAND"
    )
    selling.bill()
    received = D(deposit)
    tax = (received * 19 / 119).quantize(D("0.01"))
    assert selling.balances() == {1360: received, 1718: tax - received, 1776: -tax}
    assert selling.call("GET", f"{ORDERS}/o-1")["agreedDeposits"][0]["status"] == "PAID"
    selling.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    selling.bill()
    assert selling.documents()[-1][3] == D(rest)
    gross = D(net) * D("1.19")
    assert selling.balances() == {1360: gross, 8400: -D(net), 1776: D(net) - gross}
    assert {row.balance for row in selling.tenant.rows("SELECT balance FROM opos_case")} == {0}


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
@pytest.mark.parametrize(("deposit", "corrected"), [("595.00", "100.00"), ("238.00", "199.99"), ("59.50", "59.50")])
def test_the_open_rest_of_a_corrected_deposit_is_closed_with_the_final_invoice(
    selling: Desk, method: str, deposit: str, corrected: str
) -> None:
    """Nothing of it was paid: the customer owes the order, and nothing beside it (accounting reference 2.3)."""
    selling.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    selling.order(lineItems=[a_line(net="1000.00")], agreedDeposits=[a_deposit("d-1", deposit)], billingTime="ON_DEMAND")
    selling.bill()
    (number,) = selling.idents("DEPOSIT_INVOICE")
    by_hand(selling, (0, corrected), of=number, kind="deposit-invoice-corrections", basis="gross")
    selling.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    selling.bill()
    assert len(selling.idents("DEPOSIT_INVOICE_CORRECTION")) == (1 if deposit == corrected else 2)
    assert selling.balances() == {10000: D(1190), 8400: D(-1000), 1776: D(-190)}
    assert [row.balance for row in selling.tenant.rows("SELECT balance FROM opos_case ORDER BY balance")] == [0, 1190]


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])
def test_a_paid_deposit_that_was_corrected_does_not_hold_its_order_up(selling: Desk, method: str) -> None:
    """What was paid is the customer's credit: only by REVERSAL it moves to the final invoice."""
    selling.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    selling.order(lineItems=[a_line(net="1000.00")], agreedDeposits=[a_deposit("d-1", "238.00")], billingTime="ON_DEMAND")
    selling.bill()
    (number,) = selling.idents("DEPOSIT_INVOICE")
    selling.pay("238.00", number)
    by_hand(selling, (0, "238.00"), of=number, kind="deposit-invoice-corrections", basis="gross")
    selling.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert selling.bill()["failed"] == 0
    assert selling.balances() == {1200: D(238), 10000: D(952), 8400: D(-1000), 1776: D(-190)}
    assert {row.balance for row in selling.tenant.rows("SELECT balance FROM opos_case")} == (
        {0, 952} if method == "REVERSAL" else {-238, 1190}
    )


def agreed(desk: Desk, order: str = "o-1", search: str = "") -> list[tuple[str, str, str | None]]:
    page = desk.call("GET", f"{ORDERS}/{order}/agreedDeposits{search}")
    return [(one["ident"], one["status"], one.get("documentIdent")) for one in page["_embedded"]]


@pytest.mark.parametrize(
    ("corrected", "paid", "status"),
    [
        ("59.50", None, "CANCELLED"),
        ("23.80", None, "EXPECTED"),
        ("23.80", "35.70", "PAID"),
        (None, "59.50", "PAID"),
        (None, "59.49", "EXPECTED"),
        (None, None, "EXPECTED"),
    ],
)
def test_a_deposit_is_paid_when_money_came(selling: Desk, corrected: str | None, paid: str | None, status: str) -> None:
    """A correction leaves nothing open, too: that is no payment. What waited for the deposit goes on in both cases."""
    selling.order(agreedDeposits=[a_deposit("d-1", "59.50")])
    selling.bill()
    (ident,) = selling.idents("DEPOSIT_INVOICE")
    if corrected is not None:
        by_hand(selling, (0, corrected), of=ident, kind="deposit-invoice-corrections", basis="gross")
    if paid is not None:
        selling.pay(paid, ident)
    assert agreed(selling) == [("d-1", status, ident)]
    assert selling.call("GET", f"{ORDERS}/o-1")["agreedDeposits"][0]["status"] == status
    assert (waiting(selling, "o-1") == {"INVOICE": "DEPOSIT_EXPECTED"}) == (status == "EXPECTED")


def test_deposits_are_found_and_sorted_by_their_invoices(selling: Desk) -> None:
    """Those that we invoice, and one that was sent in."""
    selling.order(agreedDeposits=[a_deposit("d-1", "59.50"), a_deposit("d-2", "11.90"), a_deposit("d-3", "5.95")])
    selling.bill()
    idents = {ident: number for ident, _, number in agreed(selling)}
    for ident, number in idents.items():
        assert agreed(selling, search=f"?search=documentIdent=={number}") == [(ident, "EXPECTED", number)]
        assert {one for one, _, _ in agreed(selling, search=f"?search=documentIdent!={number}")} == idents.keys() - {ident}
    backwards = [number for _, _, number in agreed(selling, search="?sort=documentIdent,desc")]
    assert backwards == sorted([str(number) for number in idents.values()], reverse=True)
    selling.group(depositReceivableRelevant=True, depositInvoiceCreation="NONE")
    selling.order("o-2", agreedDeposits=[a_deposit("d-1", "59.50")])
    assert agreed(selling, "o-2", "?search=documentIdent=null=true") == [("d-1", "EXPECTED", None)]
    assert agreed(selling, "o-2", "?search=documentIdent==x") == []
