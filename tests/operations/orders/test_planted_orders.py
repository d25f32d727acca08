"""Bugs planted one at a time into orders: a day of selling, and the checks must find each."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.desks import ORDERS, S19, TRADE_IN, Desk, a_deposit, a_line

from contor.billing import items as stored
from contor.billing.corrections import changes
from contor.billing.proposal import due_items
from contor.billing.runs import bill
from contor.documents.request import facts
from contor.kernel.shapes import replace
from contor.orders import change_lines, queries

JUBILEE = {
    "ident": "d",
    "name": "Jubilee",
    "itemType": "DISCOUNT_USE",
    "rowTotalNet": "10.00",
    "rowTotalGross": "11.90",
    "taxInformation": S19,
}


def a_day(desk: Desk) -> list[str]:
    """Something of everything; what the checks find then."""
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", documentCorrectionMode="DOCUMENT_BASED")
    lines = [a_line(), a_line("l-2", "50.00"), a_line("held", "5.00", processingConfig={"type": "ON_HOLD"})]
    desk.order(lineItems=lines, allowances=[JUBILEE, TRADE_IN])
    desk.order("o-2", lineItems=[a_line(net="1000.00")], agreedDeposits=[a_deposit("half", "595.00")])
    desk.order("o-3", lineItems=[a_line(), a_line("l-2", "70.00")])
    run(desk)
    desk.pay("595.00", desk.idents("DEPOSIT_INVOICE")[0])
    run(desk)
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="80.00"))
    desk.call("POST", f"{ORDERS}/o-2/lineItems", [a_line("later", "900.00")], 201)
    run(desk)
    desk.call("POST", f"{ORDERS}/o-3/lineItems/actions/cancel", {"idents": ["l-2"]})
    run(desk)
    return desk.tenant.unsound()


def run(desk: Desk) -> None:
    failed = desk.call("POST", "/v2/billingrun", {})["failed"]
    assert not failed, desk.tenant.rows(
        "SELECT origin_ident, processing_error FROM billable_item WHERE processing_status = 'ERROR'"
    )


def _an_edit_bills_the_whole_again(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(change_lines, "put_in_place", lambda uow, billed, row: change_lines.bill_anew(uow, billed[-1], row))


def _an_edit_of_a_billed_line_is_forgotten(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(change_lines, "put_in_place", lambda uow, billed, row: None)


def _a_cancelled_line_is_not_credited(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(change_lines, "correct", lambda uow, changes: None)


def _an_allowance_is_billed_twice(plant: pytest.MonkeyPatch) -> None:
    """Whenever it is billed anew."""
    honest = stored.bill_anew

    def bill_anew(uow: Any, entry: Any, row: Any, *more: Any) -> Any:
        if entry.row.kind == "ALLOWANCE":
            honest(uow, entry, row, *more)
        return honest(uow, entry, row, *more)

    plant.setattr(changes, "bill_anew", bill_anew)


def _a_held_line_is_billed(plant: pytest.MonkeyPatch) -> None:
    honest = due_items.open_items

    def items(uow: Any, customers: Any, cutoff: Any) -> Any:
        held = "i.processing_status = 'NOT_STARTED' AND i.processing_at IS NULL"
        rows = [one.row._replace(processing_at=uow.ctx.now()) for one in stored.items_where(uow, held, ())]
        return rows + honest(uow, customers, cutoff)

    plant.setattr(due_items, "open_items", items)
    plant.setattr(bill, "stored_due", _never_late(bill.stored_due))


def _never_late(honest: Callable[..., Any]) -> Callable[..., Any]:
    def due(uow: Any, customers: Any, cutoff: Any) -> Any:
        found = honest(uow, customers, cutoff)
        before = cutoff.replace(year=2020)
        return found._replace(items=[item._replace(processing_at=min(item.processing_at, before)) for item in found.items])

    return due


def _forgetful(plant: pytest.MonkeyPatch) -> None:
    """Nobody remembers what a final invoice has deducted."""
    honest, related = queries.deposit_documents, facts.related_documents

    def documents(uow: Any, numbers: Any, *, locked: bool = False) -> Any:
        return [row._replace(final_document_id=None) for row in honest(uow, numbers, locked=locked)]

    def known(uow: Any, idents: Any) -> Any:
        return {ident: replace(entry, deducted_by=None) for ident, entry in related(uow, idents).items()}

    plant.setattr(queries, "deposit_documents", documents)
    plant.setattr(facts, "related_documents", known)


def test_an_honest_day_of_orders_is_sound(desk: Desk) -> None:
    assert a_day(desk) == []


@pytest.mark.parametrize(
    ("bug", "finding"),
    [
        (_an_edit_bills_the_whole_again, "orders.lines_stand_with_what_they_say"),
        (_an_edit_of_a_billed_line_is_forgotten, "orders.lines_stand_with_what_they_say"),
        (_a_cancelled_line_is_not_credited, "orders.lines_stand_with_what_they_say"),
        (_an_allowance_is_billed_twice, "orders.lines_stand_with_what_they_say"),
        (_a_held_line_is_billed, "billing.nothing_is_billed_before_its_time"),
        (_forgetful, "orders.deposits_are_deducted_as_received_once"),
    ],
)
def test_a_bug_of_orders_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, bug: Callable[[pytest.MonkeyPatch], None], finding: str
) -> None:
    bug(monkeypatch)
    found = a_day(desk)
    assert any(finding in entry for entry in found), found
