"""What is given back beyond what is billed: a credit memo to the customer, at once, and never a wait in silence."""

from typing import Any

import pytest
from tests.factories.desks import TRADE_IN, Desk, a_line
from tests.factories.offices import D

DISCOUNT = {**TRADE_IN, "ident": "d", "name": "Discount", "itemType": "DISCOUNT_USE"}


def memo(desk: Desk) -> Any:
    (number,) = desk.idents("CREDIT_MEMO")
    return desk.call("GET", f"/v2/documents/{number}")


@pytest.mark.parametrize(
    ("lines", "more", "net", "tax"),
    [
        ([a_line(net="40.00", debitCreditIndicator="CREDIT")], {}, "40.00", "7.60"),
        ([a_line(net="100.00"), a_line("l-2", "150.00", debitCreditIndicator="CREDIT")], {}, "50.00", "9.50"),
        (
            [
                a_line(net="10.00"),
                a_line("l-2", "12.00", debitCreditIndicator="CREDIT"),
                a_line("l-3", "3.50", debitCreditIndicator="CREDIT"),
            ],
            {},
            "5.50",
            "1.05",
        ),
        (
            [a_line(net="100.00")],
            {"allowances": [{**DISCOUNT, "rowTotalNet": "120.00", "rowTotalGross": "142.80"}]},
            "20.00",
            "3.80",
        ),
    ],
)
def test_an_order_that_comes_to_less_than_nothing_is_a_credit_memo(
    desk: Desk, lines: list[dict[str, Any]], more: dict[str, Any], net: str, tax: str
) -> None:
    desk.order(lineItems=lines, **more)
    report = desk.bill()
    assert (report["documents"], report["failed"], report["parked"]) == (1, 0, [])
    assert desk.documents() == [("CREDIT_MEMO", D(net), D(tax), D(net) + D(tax))]
    assert {status for _, status, _, _ in desk.items()} == {"COMPLETED"}
    shown = memo(desk)
    assert "relatedDocumentIdent" not in shown
    (case,) = desk.tenant.rows("SELECT status, opening FROM opos_case")
    assert (case.status, case.opening) == ("OPEN", -(D(net) + D(tax)))


@pytest.mark.parametrize(("price", "quantity", "net"), [("30.00", 1, "30.00"), ("12.50", 3, "37.50")])
def test_an_option_that_credits_is_a_credit_memo_of_its_period(desk: Desk, price: str, quantity: int, net: str) -> None:
    desk.plan(price, option={"debitCreditIndicator": "CREDIT"})
    desk.contract(quantity=quantity)
    assert desk.bill()["documents"] == 1
    assert [(kind, amount) for kind, amount, _, _ in desk.documents()] == [("CREDIT_MEMO", D(net))]
    (row,) = memo(desk)["items"]
    assert row["servicePeriod"] == {"start": "2026-05-01", "end": "2026-05-31"}


def reasons(desk: Desk) -> list[str | None]:
    rows = desk.call("GET", "/v2/billableitems/pageable")["_embedded"]
    return sorted({row.get("statusReason") for row in rows if row["processingStatus"] not in ("COMPLETED", "TERMINATED")})


def stop(desk: Desk, value: Any) -> None:
    path = "/v2/customers/muster-handel"
    body = desk.call("GET", path)
    for name in ("addresses", "createdAt", "lastModifiedAt", "id", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    desk.call("PUT", path, {**body, "billingStop": value})


def test_whatever_waits_says_why(desk: Desk) -> None:
    """Every cause for which an item stands on no document."""
    desk.order("held", lineItems=[a_line(processingConfig={"type": "ON_HOLD"})])
    assert reasons(desk) == ["ON_HOLD"]
    desk.order("later", lineItems=[a_line(processingConfig={"type": "AT_DATE", "date": "2026-09-01"})])
    assert reasons(desk) == ["NOT_DUE_YET", "ON_HOLD"]
    desk.order("now")
    assert reasons(desk) == ["DUE", "NOT_DUE_YET", "ON_HOLD"]
    stop(desk, True)
    desk.bill()
    assert reasons(desk) == ["BILLING_STOPPED", "NOT_DUE_YET", "ON_HOLD"]
    stop(desk, {"reason": "Dispute about the price"})
    assert reasons(desk) == ["BILLING_STOPPED: Dispute about the price", "NOT_DUE_YET", "ON_HOLD"]
    stop(desk, False)
    desk.bill()
    assert reasons(desk) == ["NOT_DUE_YET", "ON_HOLD"]


def test_what_pays_or_reduces_says_that_it_waits_for_an_invoice(desk: Desk) -> None:
    held = a_line(processingConfig={"type": "ON_HOLD"})
    desk.order("o-1", lineItems=[held], allowances=[{**DISCOUNT, "rowTotalNet": "10.00", "rowTotalGross": "11.90"}])
    desk.order("o-2", lineItems=[a_line(net="10.00")], allowances=[TRADE_IN])
    desk.bill()
    assert reasons(desk) == ["ON_HOLD", "WAITS_FOR_INVOICE"]
