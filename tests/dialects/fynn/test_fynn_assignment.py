"""The match between a booking and an invoice, as the vendor's page says it: every field, three levels deep, to the cent of the ledger."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.factories.fynn import Fynn

D = Decimal
SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[3] / "shared"))
SCHEMA = SHARED / "spec" / "fynn-assignment.schema.json"
ROW: dict[str, Any] = {
    "ident": "i-1",
    "category": "SERVICE",
    "name": "Work",
    "quantity": 1,
    "quantityType": "PC",
    "prices": {"unit": {"net": 100}, "originalTotal": {"net": 100}, "total": {"net": 100}},
    "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
    "performanceLocation": {"country": "DE"},
}


def row_of(net: int) -> dict[str, Any]:
    return {**ROW, "prices": {"unit": {"net": net}, "originalTotal": {"net": net}, "total": {"net": net}}}


class Chain:
    """An invoice that names another, which names another, and so on; the last one is paid."""

    def __init__(self, fynn: Fynn) -> None:
        self.fynn = fynn

    def platform(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.fynn.tenant.call(method, path, body)
        assert answer.status < 300, answer.body
        return answer.body

    def document(self, number: int, kind: str = "invoices", **more: Any) -> str:
        body = {
            "requestId": f"r-{number}",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "de",
            "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
            "items": [ROW],
            "paymentCollection": {"collect": False},
            **more,
        }
        self.platform("POST", f"/documents/{kind}", body)
        self.fynn.work()
        state = self.platform("GET", f"/documents/requests/r-{number}")
        assert state["status"] == "COMPLETED", state
        return str(state["documentIdent"])

    def furnish(self) -> None:
        self.platform("POST", "/payment-providers", {"id": 2, "name": "SEPA_FILE"})
        sepa = {"holderName": "Elbe GmbH", "creditorIdentifier": "DE98ZZZ09999999999", "preNotificationDays": 0, "leadDays": 1}
        account = {
            "ident": "bank",
            "name": "Giro",
            "active": True,
            "country": "DE",
            "currency": "EUR",
            "paymentServiceProviderId": 2,
        }
        self.platform(
            "POST", "/merchant-payment-accounts", {**account, "iban": "DE36100100100000000001", "bic": "PBNKDEFFXXX", "sepa": sepa}
        )
        accounts = [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]
        self.platform("POST", "/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": accounts})

    def paid(self, amount: str, text: str, indicator: str = "CREDIT") -> str:
        """What came in; its ident."""
        body = {
            "externalIdent": f"bank-{text}",
            "baseAmount": {"amount": amount, "currency": "EUR"},
            "bookingDate": "2026-11-30",
            "creditDebitIndicator": indicator,
            "description": text,
        }
        return str(self.platform("POST", "/merchant-payment-accounts/bank/payments", body)["paymentIdent"])

    def assignment(self, payment: str) -> Any:
        """The whole of the only match of a booking."""
        booked = self.fynn.call("GET", f"/payment/bank-account-transactions/{payment}")
        (made,) = booked["assignments"]
        return self.fynn.call("GET", f"/payment/bank-account-transaction-assignments/{made['id']}")


@pytest.fixture
def story(fynn: Fynn) -> Chain:
    made = Chain(fynn)
    made.furnish()
    return made


def cents(shown: Any) -> Decimal:
    assert shown["currencyCode"] == "EUR"
    return D(shown["amount"]) / 100


def levels(invoice: Any) -> Iterator[Any]:
    while invoice is not None:
        yield invoice
        invoice = invoice["referencedInvoice"]


def judged(shown: Any) -> None:
    """By the vendor's page."""
    if not SCHEMA.exists():
        pytest.skip(f"{SCHEMA} is absent (CONTOR_SHARED)")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(shown, default=lambda number: int(number) if number == int(number) else float(number)))
    jsonschema.Draft202012Validator(schema).validate(plain)
    lacking = [*absent(schema, plain, "")]
    assert not lacking, "what the page names is there, be it null"


def absent(schema: Any, shown: Any, path: str) -> Iterator[str]:
    """Properties that the page names and the answer has not."""
    if isinstance(shown, dict):
        for name, inner in schema.get("properties", {}).items():
            if name not in shown:
                yield f"{path}.{name}"
            else:
                yield from absent(inner, shown[name], f"{path}.{name}")
    if isinstance(shown, list) and isinstance(schema.get("items"), dict):
        for place, one in enumerate(shown):
            yield from absent(schema["items"], one, f"{path}[{place}]")


SEPA = {
    "gateway": "sepa_debit",
    "type": "sepa_debit",
    "customerId": "muster-handel",
    "sepaDebit": {"iban": "DE02120300000000202051", "bic": "BYLADEM1001", "accountHolder": "Muster", "mandateReference": "M-1"},
}


def test_the_match_says_all_that_the_page_names(story: Chain) -> None:
    """Money that goes back by a credit of a final invoice, which names the deposit invoice that it deducts."""
    method = story.fynn.call("POST", "/payment-methods", SEPA)["paymentMethod"]
    paying = {"paymentInformation": {"paymentType": "DIRECT_DEBIT", "customerPaymentAccountIdent": method["id"]}}
    deposit = story.document(1, "deposit-invoices", **paying)
    story.paid("119", deposit)
    final = story.document(2, relatedDocumentIdents=[deposit], items=[row_of(300)], **paying)
    credit = story.document(3, "credit-memos", relatedDocumentIdent=final, items=[row_of(100)], **paying)
    payment = story.paid("119", credit, "DEBIT")
    story.fynn.call("POST", f"/payment/bank-account-transactions/{payment}/assignments", {"invoice": credit})
    shown = story.assignment(payment)
    judged(shown)
    chain = [*levels(shown["invoice"])]
    assert [one["number"] for one in chain] == [credit, final, deposit], "three levels"
    assert {one["paymentMethod"]["id"] for one in chain} == {method["id"]}
    mandate = chain[0]["paymentMethod"]["sepaMandate"]
    assert (mandate["mandateReference"], mandate["bankAccount"]["iban"]) == ("M-1", "DE02…2051")
    assert cents(shown["amount"]) == -119
    assert (shown["bankAccountTransaction"]["status"], shown["transaction"]) == ("STATUS_BOOKED", None)


def test_amounts_are_those_of_the_ledger(story: Chain) -> None:
    """What the invoice says, what was put to it, and what the accounts of receivables and revenue hold."""
    number = story.document(1)
    payment = story.paid("50", "thing")
    story.fynn.call("POST", f"/payment/bank-account-transactions/{payment}/assignments", {"invoice": number, "amount": 3000})
    shown = story.assignment(payment)
    judged(shown)
    invoice = shown["invoice"]
    assert [cents(invoice[name]) for name in ("netAmount", "taxAmount", "grossAmount", "unpaidAmount")] == [100, 19, 119, 89]
    assert (cents(shown["amount"]), cents(shown["bankAccountTransaction"]["unassignedAmount"])) == (30, 20)
    sums: dict[int, Decimal] = {}
    for row in story.fynn.tenant.rows("SELECT account, side, amount FROM journal_line"):
        sums[row.account] = sums.get(row.account, D(0)) + (row.amount if row.side == "D" else -row.amount)
    debtor = next(balance for account, balance in sums.items() if 10_000 <= account < 70_000)
    assert (debtor, sums[8400], sums[1776], sums[1200]) == (
        cents(invoice["unpaidAmount"]),
        -cents(invoice["netAmount"]),
        -cents(invoice["taxAmount"]),
        D(50),
    )
    assert story.fynn.tenant.unsound() == []


def test_a_match_that_was_taken_back_is_still_shown(story: Chain) -> None:
    number = story.document(1)
    payment = story.paid("119", number)
    made = story.assignment(payment)
    story.fynn.call("DELETE", f"/payment/bank-account-transaction-assignments/{made['id']}", status=204)
    shown = story.fynn.call("GET", f"/payment/bank-account-transaction-assignments/{made['id']}")
    judged(shown)
    assert (shown["status"], cents(shown["invoice"]["unpaidAmount"])) == ("reversed", 119)
    story.fynn.call("DELETE", f"/payment/bank-account-transaction-assignments/{made['id']}", status=409)
