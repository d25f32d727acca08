"""What ends an invoice: it is cancelled by what takes back all of it, in however many parts, and by nothing less."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import a_row_of
from tests.factories.fynn import Fynn
from tests.factories.receivers import Receiver, a_receiver

from contor.api.codec import JSON
from contor.commands.demo import ADDRESS, CUSTOMER, GROUP
from contor.notifications.delivering import send_due

TAKEN: dict[str, Any] = {"ident": "down", "debitCreditIndicator": "CREDIT"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


def up(net: str, rate: int = 19, ident: str = "up") -> dict[str, Any]:
    return {**a_row_of(net, rate), "ident": ident}


def down(net: str, rate: int = 19) -> dict[str, Any]:
    return {**a_row_of(net, rate), **TAKEN}


def issued(fynn: Fynn, kind: str, name: str, *rows: dict[str, Any], **more: Any) -> Any:
    """As the platform issues it; the number."""
    body = {"requestId": name, "billingGroupIdent": GROUP, "currency": "EUR", "language": "de", **more}
    body |= {"items": list(rows), "paymentCollection": {"collect": False}}
    body["customerDetail"] = {"customerIdent": CUSTOMER, "invoiceAddressIdent": ADDRESS}
    said = fynn.tenant.call("POST", f"/documents/{kind}", body)
    assert said.status < 300, said.body
    fynn.work()
    state = fynn.tenant.call("GET", f"/documents/requests/{name}").body
    assert state["status"] == "COMPLETED", state
    fynn.file()
    return state["documentIdent"]


def credited(fynn: Fynn, number: str, *rows: dict[str, Any]) -> None:
    items = [{**row, "referenceIdent": row["ident"]} for row in rows]
    issued(fynn, "credit-memos", f"memo-{number}", *items, relatedDocumentIdent=number)


def invoice(fynn: Fynn, number: str) -> Any:
    """As its page and the lists of every state show it, which are one."""
    (row,) = fynn.call("GET", f"/invoices?number={number}")["data"]
    shown = fynn.call("GET", f"/invoices/{row['id']}")
    assert row["status"] == shown["status"]
    for status in ("STATUS_UNPAID", "STATUS_PAID", "STATUS_CLOSED", "STATUS_CANCELLED"):
        found = fynn.call("GET", f"/invoices?number={number}&status={status}")["data"]
        assert bool(found) == (shown["status"] == status), (status, shown["status"])
    return shown


@pytest.mark.parametrize(
    ("rows", "back", "status"),
    [
        ([up("6000.00"), down("3000.00")], [up("5000.00")], "STATUS_UNPAID"),
        ([up("6000.00"), down("3000.00")], [up("6000.00"), down("3000.00")], "STATUS_CANCELLED"),
        ([up("3000.00"), down("3000.00")], [up("1000.00")], "STATUS_PAID"),
        ([up("3000.00"), down("3000.00")], [up("3000.00"), down("3000.00")], "STATUS_CANCELLED"),
        ([up("100.00"), up("100.00", 7, "less")], [up("100.00")], "STATUS_UNPAID"),
        ([up("0.33"), up("0.33", ident="b"), up("0.33", ident="c")], [up("0.33"), up("0.33", ident="b")], "STATUS_UNPAID"),
        (
            [up("0.33"), up("0.33", ident="b"), up("0.33", ident="c")],
            [up("0.33"), up("0.33", ident="b"), up("0.33", ident="c")],
            "STATUS_CANCELLED",
        ),
    ],
)
def test_an_invoice_is_cancelled_by_all_of_it(fynn: Fynn, rows: list[Any], back: list[Any], status: str) -> None:
    number = issued(fynn, "invoices", "made", *rows)
    credited(fynn, number, *back)
    assert invoice(fynn, number)["status"] == status


def test_what_is_reduced_as_a_whole_is_cancelled_by_all_of_it(fynn: Fynn) -> None:
    """Half off 200.00: half of what is left takes 100.00 of the row, as much as the whole document comes to."""
    allowance = {"type": "ALLOWANCE", "ident": "half", "name": "Half", "percentage": 50}
    number = issued(fynn, "invoices", "made", up("200.00"), allowancesCharges=[allowance])
    assert invoice(fynn, number)["grossAmount"]["amount"] == 11900
    said = fynn.tenant.call("POST", f"/documents/{number}/actions/cancel", {"amount": Decimal("59.50"), "description": "Half"})
    assert said.status < 300, said.body
    shown = invoice(fynn, number)
    assert shown["status"] == "STATUS_UNPAID"
    fynn.call("POST", f"/invoices/{shown['id']}/cancel", {"reason": "The rest"}, 201)
    assert invoice(fynn, number)["status"] == "STATUS_CANCELLED"


def test_the_cancellation_of_what_was_left_is_told_as_one(fynn: Fynn, receiver: Receiver) -> None:
    number = issued(fynn, "invoices", "made", up("6000.00"), down("3000.00"))
    made = invoice(fynn, number)
    events = ["invoice.credited", "invoice.canceled", "invoice.refunded"]
    body = {"version": "v1", "events": events, "enabled": True, "url": receiver.url("/webhook")}
    fynn.call("POST", "/webhooks", body, 201)
    for amount, event in ((Decimal(1190), "invoice.credited"), (None, "invoice.canceled")):
        said = fynn.tenant.call("POST", f"/documents/{number}/actions/cancel", {"amount": amount, "description": "No more"})
        assert said.status < 300, said.body
        before = len(receiver.received)
        send_due(fynn.tenant.runtime, fynn.tenant.id)
        told: list[Any] = [JSON.read(one.body) for one in receiver.received[before:]]
        assert [(one["event"]["type"], one["data"]["id"]) for one in told] == [(event, made["id"])]
    assert invoice(fynn, number)["status"] == "STATUS_CANCELLED"
