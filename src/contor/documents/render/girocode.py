"""GiroCode: the payment as a QR code that a banking app reads (EPC069-12, version 002). Pure."""

import re
from decimal import Decimal

import segno

from contor.documents.einvoice import payee
from contor.documents.types import BankAccount, Document, DocumentType
from contor.kernel.money import CENT, ZERO

AMOUNT_LIMIT = Decimal("999999999.99")
_NAME_LIMIT = 70
_TEXT_LIMIT = 140
_PAYLOAD_LIMIT = 331
"""Bytes; the guideline allows QR version 13 at most."""

_MASK = 3
"""Every reader knows all eight; weighing them against each other would cost more than laying out the page."""
_DARK = re.compile(rb"\x01+")


def paid_by_transfer(document: Document) -> bool:
    """Whether the customer is to transfer the money: it was not paid before, nobody collects it, and the agreed way is a transfer."""
    return document.way_of_payment == "TRANSFER" and not document.was_paid_before


def payload(document: Document) -> str | None:
    """The lines of the code, or None where there is nothing to transfer in SEPA: not in EUR, no IBAN, not owed to us."""
    owed_to_us = document.document_type in (DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE)
    amount = document.totals.payable
    accounts = document.seller.bank_accounts
    if not (owed_to_us and accounts and document.currency == "EUR" and ZERO < amount <= AMOUNT_LIMIT):
        return None
    if not paid_by_transfer(document):
        return None
    other = payee(document)
    return transfer(accounts[0], other.name if other else document.seller.name, amount, payment_reference(document))


def payment_reference(document: Document) -> str:
    """What the customer writes into the transfer, so that the money finds its document."""
    return document.payment_information.payment_reference or document.ident


def transfer(account: BankAccount, beneficiary: str, amount: Decimal, reference: str) -> str:
    """The EPC069-12 data elements: `amount` in EUR with two decimals, `reference` as unstructured remittance text."""
    name = _one_line(account.holder or beneficiary, _NAME_LIMIT)
    text = _one_line(reference, _TEXT_LIMIT)
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        account.bic or "",  # may be empty since version 002
        name,
        _compact(account.iban),
        f"EUR{amount.quantize(CENT)}",
        "",  # purpose
        "",  # structured reference: only one of the two may be given
        text,
    ]
    # the limit is of bytes, of which an umlaut has two
    while len("\n".join(lines).encode()) > _PAYLOAD_LIMIT:
        lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def picture(content: str) -> str:
    """The code as SVG, error level M as the guideline asks, without the quiet zone (the page's white is wider)."""
    code = segno.make_qr(content, error="m", mode="byte", encoding="utf-8", boost_error=False, mask=_MASK)
    lines = [
        f"M{run.start()} {row}.5h{run.end() - run.start()}"
        for row, modules in enumerate(code.matrix)
        for run in _DARK.finditer(modules)
    ]  # the library's own writer, which has colours and scales, takes four times as long
    size = len(code.matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"><path stroke="#000" d="{"".join(lines)}"/></svg>'
    )


def _one_line(text: str, limit: int) -> str:
    return " ".join(text.split())[:limit].rstrip()


def _compact(iban: str) -> str:
    return iban.replace(" ", "").upper()
