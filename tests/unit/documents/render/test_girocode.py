"""EPC069-12 line by line, and where no code may be printed."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_document, a_seller

from contor.documents.render.girocode import payload, picture, transfer
from contor.documents.types import BankAccount, DocumentType, PaymentCollection, PaymentInformation
from contor.kernel.shapes import replace

ACCOUNT = BankAccount(iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX")


def paying(amount: str, **overrides: Any) -> Any:
    document = a_document(**overrides)
    return replace(document, totals=replace(document.totals, payable=Decimal(amount)))


@pytest.mark.parametrize(
    ("account", "name", "amount", "reference", "lines"),
    [
        (ACCOUNT, "Käse AG", "119", "RE-1", ["COBADEFFXXX", "Käse AG", "DE89370400440532013000", "EUR119.00", "", "", "RE-1"]),
        (replace(ACCOUNT, bic=None), "A", "0.01", "x", ["", "A", "DE89370400440532013000", "EUR0.01", "", "", "x"]),
        (
            replace(ACCOUNT, holder="H\nGmbH"),
            "A",
            "1.5",
            "a  b\n c",
            ["COBADEFFXXX", "H GmbH", "DE89370400440532013000", "EUR1.50", "", "", "a b c"],
        ),
        (ACCOUNT, "N" * 71, "1", "R" * 141, ["COBADEFFXXX", "N" * 70, "DE89370400440532013000", "EUR1.00", "", "", "R" * 140]),
    ],
)
def test_lines(account: BankAccount, name: str, amount: str, reference: str, lines: list[str]) -> None:
    assert transfer(account, name, Decimal(amount), reference).split("\n") == ["BCD", "002", "1", "SCT", *lines]


def test_long_texts_are_cut_to_the_limit_of_the_guideline() -> None:
    content = transfer(ACCOUNT, "ß" * 70, Decimal("999999999.99"), "ü" * 140)
    assert len(content.encode()) == 331 or len(content.encode()) == 330
    assert content.split("\n")[7] == "EUR999999999.99"
    assert picture(content).startswith("<svg")


@pytest.mark.parametrize(
    ("document", "amount"),
    [
        (paying("119.00"), "EUR119.00"),
        (paying("999999999.99"), "EUR999999999.99"),
        (paying("5.00", document_type=DocumentType.DEPOSIT_INVOICE), "EUR5.00"),
        (paying("5.00", environment="TEST"), "EUR5.00"),
        (paying("1000000000.00"), None),
        (paying("0"), None),
        (paying("-1.00"), None),
        (paying("5.00", currency="CHF"), None),
        (paying("5.00", seller=a_seller(bank_accounts=())), None),
        (paying("5.00", document_type=DocumentType.CREDIT_MEMO), None),
        (paying("5.00", document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION), None),
        (paying("5.00", document_type=DocumentType.SELF_BILLING_INVOICE), None),
        (paying("5.00", document_type=DocumentType.SELF_BILLING_INVOICE_CORRECTION), None),
        (paying("5.00", payment_collection=PaymentCollection(collect=True)), None),
        (paying("5.00", payment_information=PaymentInformation(payment_type="DIRECT_DEBIT")), None),
        (paying("5.00", payment_information=PaymentInformation(payment_type="CREDIT_CARD")), None),
    ],
)
def test_only_for_a_transfer_in_euro_that_is_owed_to_us(document: Any, amount: str | None) -> None:
    content = payload(document)
    assert (content.split("\n")[7] if content else None) == amount


@pytest.mark.parametrize(("reference", "printed"), [(None, "RE-2026-000123"), ("RF18 5390", "RF18 5390")])
def test_reference(reference: str | None, printed: str) -> None:
    content = payload(a_document(payment_information=PaymentInformation(payment_reference=reference)))
    assert content and content.split("\n")[-1] == printed
