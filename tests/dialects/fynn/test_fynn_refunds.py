"""What was paid is given back once, by the way it came, and as much as was paid."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn

WAY: list[tuple[str, dict[str, Any]]] = [
    ("/payment-providers", {"id": 1, "name": "SIMULATED"}),
    (
        "/merchant-payment-accounts",
        {"ident": "bank", "name": "House bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1},
    ),
    (
        "/merchant-payment-gateways",
        {"ident": "main", "name": "Main", "accounts": [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]},
    ),
]
CARD = {"brand": "visa", "last4": "4242", "expMonth": 12, "expYear": 2030, "cardHolder": "M. Muster"}


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "EUR"}


@pytest.fixture
def card(fynn: Fynn) -> str:
    """A card of the customer."""
    fynn.turn("2026-11-30")
    for path, body in WAY:
        assert (said := fynn.tenant.call("POST", path, body)).status < 300, said.body
    sent = {"gateway": "testing", "type": "card", "customerId": "muster-handel", "card": CARD}
    return str(fynn.call("POST", "/payment-methods", sent, 201)["paymentMethod"]["id"])


def paid(fynn: Fynn, amount: int) -> Any:
    """An invoice of 119.00, of which so much was paid."""
    position = {"name": "Beratung", "quantity": 1, "unitPrice": eur(10000)}
    made = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [position]}, 201)
    fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)
    fynn.file()
    return fynn.call("POST", f"/invoices/{made['id']}/payments", {"amount": eur(amount)}, 201)


def given_back(fynn: Fynn) -> list[tuple[str, str, int]]:
    """Kind, status and amount of what went back, the oldest first."""
    rows = fynn.call("GET", "/payment/transactions?type=payout&order[createdAt]=asc")["data"]
    return [(row["type"], row["status"], int(row["amount"]["amount"])) for row in rows]


def test_parts_go_back_by_the_card_and_no_more_than_was_paid(fynn: Fynn, card: str) -> None:
    made = paid(fynn, 11900)
    path = f"/invoices/{made['id']}/refund"
    part = fynn.call("POST", path, {"amount": eur(5000), "paymentMethod": card}, 201)
    assert (part["status"], part["referencedCancellation"]["type"]) == ("STATUS_PAID", "TYPE_REFUND")
    more = fynn.send("POST", path, {"amount": eur(6901), "paymentMethod": card})
    assert (more.status_code, more.json()["violations"][0]["propertyPath"]) == (422, "amount")
    rest = fynn.call("POST", path, {"paymentMethod": card}, 201)
    assert (rest["status"], rest["unpaidAmount"]) == ("STATUS_REFUNDED", eur(0))
    assert fynn.send("POST", path, {"paymentMethod": card}).status_code == 409
    fynn.turn("2026-12-22")
    fynn.work()
    assert sorted(given_back(fynn)) == [("payout", "successful", 5000), ("payout", "successful", 6900)]
    assert fynn.tenant.unsound() == []


def test_what_was_not_paid_is_not_given_back_and_stays_open(fynn: Fynn, card: str) -> None:
    """10.00 of 119.00 were paid: they go back, and the customer owes the rest as before."""
    made = paid(fynn, 1000)
    path = f"/invoices/{made['id']}/refund"
    more = fynn.send("POST", path, {"amount": eur(1001), "paymentMethod": card})
    assert (more.status_code, more.json()["violations"][0]["propertyPath"]) == (422, "amount")
    assert "10.00" in more.json()["detail"]
    done = fynn.call("POST", path, {"paymentMethod": card}, 201)
    assert (done["status"], done["unpaidAmount"]) == ("STATUS_UNPAID", eur(10900))
    assert fynn.send("POST", path, {"paymentMethod": card}).status_code == 409
    fynn.turn("2026-12-22")
    fynn.work()
    assert given_back(fynn) == [("payout", "successful", 1000)]
    assert fynn.tenant.unsound() == []


def test_a_part_of_what_was_paid_of_an_open_invoice_goes_back_and_what_is_open_stays(fynn: Fynn, card: str) -> None:
    made = paid(fynn, 6000)
    path = f"/invoices/{made['id']}/refund"
    for amount in (2000, 1000):
        done = fynn.call("POST", path, {"amount": eur(amount), "paymentMethod": card}, 201)
        assert (done["status"], done["unpaidAmount"]) == ("STATUS_UNPAID", eur(5900))
    more = fynn.send("POST", path, {"amount": eur(3001), "paymentMethod": card})
    assert (more.status_code, more.json()["violations"][0]["propertyPath"]) == (422, "amount")
    fynn.turn("2026-12-22")
    fynn.work()
    assert sorted(given_back(fynn)) == [("payout", "successful", 1000), ("payout", "successful", 2000)]
    assert fynn.call("GET", f"/invoices/{made['id']}")["unpaidAmount"] == eur(5900)
    assert fynn.tenant.unsound() == []


def test_a_credit_of_a_half_paid_invoice_reduces_what_is_open(fynn: Fynn) -> None:
    made = paid(fynn, 6000)
    done = fynn.call("POST", f"/invoices/{made['id']}/credit", {"amount": eur(2000)}, 201)
    assert done["unpaidAmount"] == eur(3900)


def test_through_v2_a_credit_that_is_a_refund_leaves_open_what_is_open(fynn: Fynn) -> None:
    made = paid(fynn, 6000)
    body = {"amount": "20.00", "kind": "REFUND", "description": "Kulanz"}
    assert (said := fynn.tenant.call("POST", f"/documents/{made['number']}/actions/cancel", body)).status < 300, said.body
    assert fynn.call("GET", f"/invoices/{made['id']}")["unpaidAmount"] == eur(5900)
    assert fynn.tenant.unsound() == []


def test_by_no_means_of_payment_of_somebody_else(fynn: Fynn, card: str) -> None:
    body = {"companyName": "Andere GmbH", "street": "Weg", "houseNumber": "1", "zip": "10115", "city": "Berlin"}
    other = fynn.call("POST", "/customers", {**body, "email": "andere@muster.example", "countryCode": "DE"}, 201)["customerNumber"]
    sent = {"gateway": "testing", "type": "card", "customerId": other, "card": CARD}
    strange = fynn.call("POST", "/payment-methods", sent, 201)["paymentMethod"]["id"]
    made = paid(fynn, 11900)
    refused = fynn.send("POST", f"/invoices/{made['id']}/refund", {"paymentMethod": strange})
    assert (refused.status_code, refused.json()["violations"][0]["propertyPath"]) == (422, "paymentMethod")
    after = fynn.call("GET", f"/invoices/{made['id']}")
    assert (after["status"], after["referencedCancellation"], given_back(fynn)) == ("STATUS_PAID", None, [])
