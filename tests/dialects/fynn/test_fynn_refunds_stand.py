"""A refund gives back what was paid, to the cent: what is open stays open, and what nobody paid is not given back."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn

from contor.openitems.clearing.steps import look

D = Decimal
PARTS = {"overpaymentAssignmentToDocuments": True, "underpaymentAssignmentToDocuments": True}
CARD = {"brand": "visa", "last4": "4242", "expMonth": 12, "expYear": 2030, "cardHolder": "M. Muster"}


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "EUR"}


def platform(fynn: Fynn, method: str, path: str, body: Any = None) -> Any:
    said = fynn.tenant.call(method, path, body)
    assert said.status < 300, said.body
    return said.body


@pytest.fixture
def paying(fynn: Fynn) -> str:
    """A card of the customer, and an account to which he transfers."""
    fynn.turn("2026-11-30")
    platform(fynn, "POST", "/payment-providers", {"id": 1, "name": "SIMULATED"})
    bank = {
        "ident": "bank",
        "name": "House bank",
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "paymentServiceProviderId": 1,
    }
    platform(fynn, "POST", "/merchant-payment-accounts", bank)
    platform(fynn, "POST", "/merchant-payment-accounts/bank/assignment-configuration", PARTS)
    main = {"ident": "main", "name": "Main", "accounts": [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]}
    platform(fynn, "POST", "/merchant-payment-gateways", main)
    sent = {"gateway": "testing", "type": "card", "customerId": "muster-handel", "card": CARD}
    return str(fynn.call("POST", "/payment-methods", sent, 201)["paymentMethod"]["id"])


def paid(fynn: Fynn, net: int, amount: int, *decided: str) -> Any:
    """An invoice of so much and 19 %, of which so much was paid."""
    position = {"name": "Beratung", "quantity": 1, "unitPrice": eur(net)}
    made = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [position]}, 201)
    fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)
    fynn.file()
    made = fynn.call("POST", f"/invoices/{made['id']}/payments", {"amount": eur(amount)}, 201)
    if decided:
        platform(fynn, "POST", f"/opos-cases/{made['number']}/decisions", {"type": decided[0], "amount": decided[1]})
    return made


def refund(fynn: Fynn, made: Any, amount: int | None = None, status: int = 201, **more: Any) -> Any:
    body = more if amount is None else {"amount": eur(amount), **more}
    return fynn.call("POST", f"/invoices/{made['id']}/refund", body, status)


def balances(fynn: Fynn) -> list[D]:
    """Of all open items, in the order in which they were issued."""
    return [row.balance for row in fynn.tenant.rows("SELECT balance FROM opos_case ORDER BY document_id")]


def cleared(fynn: Fynn, **criteria: Any) -> list[tuple[str, str]]:
    """What a clearing run did, and why not."""
    made = platform(fynn, "POST", "/opos-cases/clearing-runs", criteria)
    look(fynn.tenant.runtime, fynn.tenant.id)
    assert fynn.tenant.unsound() == []
    found = platform(fynn, "GET", f"/opos-cases/clearing-runs/{made['ident']}/items")["_embedded"]
    return sorted((one["status"], one.get("reason") or "") for one in found)


def test_a_clearing_run_leaves_what_a_refund_owes_unless_it_is_named(fynn: Fynn) -> None:
    """73.13 and 13.89 of tax, 47.11 of it paid, 10.99 to be given back, by no way that is known."""
    fynn.turn("2026-11-30")
    made = paid(fynn, 7313, 4711)
    refund(fynn, made, 1099)
    assert cleared(fynn, customerIdent="muster-handel") == [("LEFT_OUT", "NO_COUNTERPART"), ("LEFT_OUT", "REFUND")]
    assert cleared(fynn) == [("LEFT_OUT", "REFUND")]
    assert balances(fynn) == [D("39.91"), D("-10.99")]
    assert fynn.call("GET", f"/invoices/{made['id']}")["unpaidAmount"] == eur(3991)
    names = [row.ident for row in fynn.tenant.rows("SELECT ident FROM opos_case ORDER BY document_id")]
    cleared(fynn, cases=names)
    assert balances(fynn) == [D("28.92"), D(0)]


@pytest.mark.parametrize("pays_out", [True, False])
def test_what_is_open_is_collected_whole_while_a_refund_is_owed(fynn: Fynn, paying: str, pays_out: bool) -> None:
    made = paid(fynn, 7313, 4711)
    named: dict[str, Any] = {"paymentMethod": paying} if pays_out else {}
    refund(fynn, made, 1099, **named)
    body = {"targetIdent": made["number"], "customerPaymentAccountIdent": paying, "type": "CHARGE"}
    assert D(str(platform(fynn, "POST", "/payment-intents", body)["amount"])) == D("39.91")
    assert fynn.tenant.unsound() == []
    fynn.turn("2026-12-22")
    fynn.work()
    assert fynn.tenant.unsound() == []


def test_a_credit_that_waits_to_be_cleared_is_not_collected(fynn: Fynn, paying: str) -> None:
    made = paid(fynn, 7313, 4711)
    fynn.call("POST", f"/invoices/{made['id']}/credit", {"amount": eur(1099)}, 201)
    body = {"targetIdent": made["number"], "customerPaymentAccountIdent": paying, "type": "CHARGE"}
    assert D(str(platform(fynn, "POST", "/payment-intents", body)["amount"])) == D("28.92")


@pytest.mark.parametrize("said", [None, 11662])
def test_of_an_invoice_that_was_paid_less_a_cash_discount_all_that_was_paid_goes_back(fynn: Fynn, said: int | None) -> None:
    """Case 13: 119.00, paid 116.62, credited in full: the customer is to be refunded 116.62."""
    fynn.turn("2026-11-30")
    made = paid(fynn, 10000, 11662, "CASH_DISCOUNT", "2.38")
    assert refund(fynn, made, said)["status"] == "STATUS_REFUNDED"
    assert balances(fynn) == [D(0), D("-116.62")]
    assert fynn.tenant.unsound() == []


def test_parts_of_it_go_back_as_they_are_asked_for_and_no_more_than_was_paid(fynn: Fynn) -> None:
    fynn.turn("2026-11-30")
    made = paid(fynn, 10000, 11662, "CASH_DISCOUNT", "2.38")
    more = fynn.send("POST", f"/invoices/{made['id']}/refund", {"amount": eur(11663)})
    assert (more.status_code, more.json()["violations"][0]["propertyPath"]) == (422, "amount")
    refund(fynn, made, 5000)
    assert balances(fynn) == [D(0), D("-50.00")]
    more = fynn.send("POST", f"/invoices/{made['id']}/refund", {"amount": eur(6663)})
    assert (more.status_code, "66.62" in more.json()["detail"]) == (422, True)
    assert refund(fynn, made)["status"] == "STATUS_REFUNDED"
    assert balances(fynn) == [D(0), D("-50.00"), D("-66.62")]
    assert fynn.tenant.unsound() == []


def test_what_was_paid_goes_back_where_a_part_was_decided_off_and_a_part_is_open(fynn: Fynn) -> None:
    """119.00: 60.00 paid, 11.90 let off, 47.10 open."""
    fynn.turn("2026-11-30")
    made = paid(fynn, 10000, 6000, "DISCOUNT", "11.90")
    assert refund(fynn, made)["unpaidAmount"] == eur(4710)
    assert balances(fynn) == [D("47.10"), D("-60.00")]
    assert fynn.send("POST", f"/invoices/{made['id']}/refund", {}).status_code == 409
    assert fynn.tenant.unsound() == []


def a_deposit(fynn: Fynn) -> Any:
    """A deposit invoice of 119.00."""
    row = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {side: {"net": "100.00"} for side in ("unit", "originalTotal", "total")},
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    body = {
        "requestId": "r-1",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": [row],
        "paymentCollection": {"collect": False},
    }
    platform(fynn, "POST", "/documents/deposit-invoices", body)
    fynn.work()
    (made,) = fynn.call("GET", "/invoices")["data"]
    return made


def money(fynn: Fynn, number: str) -> None:
    """119.00 on the account of the bank."""
    body = {
        "externalIdent": "bank-1",
        "baseAmount": {"amount": "119.00", "currency": "EUR"},
        "bookingDate": "2026-11-30",
        "creditDebitIndicator": "CREDIT",
        "description": number,
    }
    platform(fynn, "POST", "/merchant-payment-accounts/bank/payments", body)


def test_what_was_paid_on_a_deposit_invoice_goes_back_by_the_card(fynn: Fynn, paying: str) -> None:
    made = a_deposit(fynn)
    money(fynn, made["number"])
    refund(fynn, made, paymentMethod=paying)
    fynn.turn("2026-12-22")
    fynn.work()
    (sent,) = fynn.call("GET", "/payment/transactions")["data"]
    assert (sent["type"], sent["status"], sent["amount"]) == ("payout", "successful", eur(11900))
    assert fynn.tenant.unsound() == []
