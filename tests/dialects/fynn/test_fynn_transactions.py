"""All money that moves for invoices is in one list, by whichever way: by cards and banks, and as people say."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn

from contor.payments.moved import listing

CARD = {"brand": "visa", "last4": "4242", "expMonth": 12, "expYear": 2030, "cardHolder": "M. Muster"}
OTHER: dict[str, Any] = {"companyName": "Andere GmbH", "street": "Weg", "houseNumber": "1", "zip": "10115", "city": "Berlin"}


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "EUR"}


def invoiced(fynn: Fynn, customer: str = "muster-handel") -> Any:
    position = {"name": "Beratung", "quantity": 1, "unitPrice": eur(10000)}
    made = fynn.call("POST", "/invoices", {"customer": customer, "positions": [position]}, 201)
    fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)
    fynn.file()
    return fynn.call("GET", f"/invoices/{made['id']}")


def paid(fynn: Fynn, made: Any, amount: int, **more: Any) -> None:
    fynn.call("POST", f"/invoices/{made['id']}/payments", {"amount": eur(amount), **more}, 201)


def listed(fynn: Fynn, query: str = "") -> list[tuple[str, str, int]]:
    found = fynn.call("GET", f"/payment/transactions?{query}")
    assert found["meta"]["pagination"]["totalItems"] >= len(found["data"])
    return [(row["type"], row["status"], int(row["amount"]["amount"])) for row in found["data"]]


@pytest.fixture
def moved(fynn: Fynn) -> Fynn:
    """In this order: 60.00 and 59.00 of one invoice by hand, 119.00 of another customer's, 30.00 by card to the customer."""
    fynn.turn("2026-11-30T08:00:00")
    for path, body in (
        ("/payment-providers", {"id": 1, "name": "SIMULATED"}),
        (
            "/merchant-payment-accounts",
            {"ident": "bank", "name": "Bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1},
        ),
        (
            "/merchant-payment-gateways",
            {"ident": "main", "name": "Main", "accounts": [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]},
        ),
    ):
        assert (said := fynn.tenant.call("POST", path, body)).status < 300, said.body
    sent = {"gateway": "testing", "type": "card", "customerId": "muster-handel", "card": CARD}
    card = fynn.call("POST", "/payment-methods", sent, 201)["paymentMethod"]["id"]
    body = {**OTHER, "email": "andere@muster.example", "countryCode": "DE", "customerNumber": "andere"}
    fynn.call("POST", "/customers", body, 201)
    one = invoiced(fynn)
    paid(fynn, one, 6000, type="cash", date="2026-11-28", description="Kasse")
    fynn.turn("2026-12-01T08:00:00")
    paid(fynn, one, 5900)
    fynn.turn("2026-12-02T08:00:00")
    paid(fynn, invoiced(fynn, "andere"), 11900)
    fynn.turn("2026-12-03T08:00:00")
    fynn.call("POST", f"/invoices/{one['id']}/refund", {"amount": eur(3000), "paymentMethod": card}, 201)
    return fynn


ALL = [
    ("payout", "created", 3000),
    ("payment", "successful", 11900),
    ("payment", "successful", 5900),
    ("payment", "successful", 6000),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("order[createdAt]=asc", ALL[::-1]),
        ("limit=2", ALL[:2]),
        ("limit=2&page=2", ALL[2:]),
        ("limit=2&page=3", []),
        ("customer=andere", ALL[1:2]),
        ("customer=muster-handel", [ALL[0], *ALL[2:]]),
        ("customer=nobody", []),
        ("type=payment", ALL[1:]),
        ("type=payout", ALL[:1]),
        ("type=refund", []),
        ("status=successful", ALL[1:]),
        ("status[]=created&status[]=successful", ALL),
        ("createdAt[after]=2026-12-02T00:00:00", ALL[:2]),
        ("createdAt[before]=2026-12-01T23:00:00&type=payment", ALL[2:]),
        ("order[status]=asc", ALL),
    ],
)
def test_they_are_found_and_ordered_together(moved: Fynn, query: str, expected: list[Any]) -> None:
    found = listed(moved, query)
    assert (sorted(found), found[0][1]) == (sorted(expected), "created") if "order[status]" in query else found == expected


def test_what_was_recorded_says_what_and_when_and_of_which_invoice(moved: Fynn) -> None:
    first = moved.call("GET", "/payment/transactions?order[createdAt]=asc")["data"][0]
    assert (first["dueDate"], first["referenceId"]) == ("2026-11-28T00:00:00+00:00", "cash Kasse")
    invoice = moved.call("GET", first["invoice"])
    assert (invoice["customer"]["id"], first["customer"]) == (invoice["customer"]["id"], f"/customers/{invoice['customer']['id']}")
    assert moved.call("GET", f"/payment/transactions/{first['id']}") == first
    assert listed(moved, f"id={first['id']}") == [ALL[3]]
    refused = moved.send("POST", f"/payment/transactions/{first['id']}/refund")
    assert refused.status_code == 409 and "Refund its invoice" in refused.text


def test_what_is_given_back_by_hand_is_a_payout(fynn: Fynn) -> None:
    fynn.turn("2026-11-30T08:00:00")
    made = invoiced(fynn)
    paid(fynn, made, 11900)
    credit = fynn.call("POST", f"/invoices/{made['id']}/credit", {"amount": eur(1900)}, 201)["referencedCancellation"]
    fynn.file()
    fynn.turn("2026-12-01T08:00:00")
    paid(fynn, credit, 1900)
    assert listed(fynn, "order[createdAt]=asc") == [("payment", "successful", 11900), ("payout", "successful", 1900)]


def test_what_is_taken_off_its_invoice_again_is_cancelled(fynn: Fynn) -> None:
    fynn.turn("2026-11-30T08:00:00")
    paid(fynn, invoiced(fynn), 11900)
    (row,) = fynn.tenant.rows("SELECT ident FROM payment_assignment")
    assert fynn.tenant.call("POST", f"/payment-assignments/{row.ident}/actions/reverse").status < 300
    assert listed(fynn) == listed(fynn, "status=cancelled") == [("payment", "cancelled", 11900)]
    assert listed(fynn, "status=successful") == []


def test_a_type_alone_is_refused_among_many(moved: Fynn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_UNINDEXED", 0)
    refused = moved.send("GET", "/payment/transactions?type=payment")
    assert refused.status_code == 400 and "createdAt[after]" in refused.text
    assert listed(moved, "type=payment&customer=andere") == ALL[1:2]
