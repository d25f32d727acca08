"""SAF-T Financial of Norway: entries of the ledger and documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.bookkeeping.chart import CREDITORS
from contor.bookkeeping.entries import JournalRow
from contor.documents.types import Document
from contor.kernel.files import one_line
from contor.kernel.money import ZERO
from contor.reports.saf_t.lines import SaftLine, ledger_lines, ledger_totals
from contor.reports.saf_t.norway import LONGEST_CODE, LONGEST_PARTY, NAMESPACE, category_of_key, purchased, tax_code
from contor.reports.saf_t.survey import country_of, is_debit, reason_of
from contor.reports.saf_t.tree import Node, decimal, short_key

_TYPES: Final = {
    "INVOICE": "380",
    "CREDIT_MEMO": "381",
    "DEPOSIT_INVOICE": "386",
    "DEPOSIT_INVOICE_CORRECTION": "384",
    "SELF_BILLING_INVOICE": "389",
    "SELF_BILLING_INVOICE_CORRECTION": "261",
}
"""UNTDID 1001."""


def tax_of_line(line: JournalRow, home: str) -> tuple[str, Decimal, str] | None:
    """Category, rate and country of a line of tax; None: it is none."""
    if line.tax_base is None:
        return None
    return category_of_key(line.tax_key), (line.tax_rate or ZERO).normalize() + 0, line.country or home


def tax_of_row(document: Document, line: SaftLine) -> tuple[str, Decimal, str]:
    """Category, rate and country of a row: of reverse charge the country of who owes it."""
    if document.is_self_billing:
        return purchased(line.category), line.rate, country_of(document, line)
    if line.category == "AE":
        return line.category, line.rate, document.customer.address.country
    return line.category, line.rate, country_of(document, line)


def transaction(lines: Sequence[JournalRow], name: str, original: Sequence[JournalRow], home: str) -> Node:
    """An entry; what takes one back is below zero on the same side (Generalumkehr). `original`: its lines on the accounts of the books."""
    first = lines[0]
    node = Node(NAMESPACE, "Transaction")
    node.put("TransactionID", name)
    node.put("Period", first.posting_date.month)
    node.put("PeriodYear", first.posting_date.year)
    node.put("TransactionDate", first.document_date)
    node.text("SourceID", first.actor, 35)
    node.text("VoucherType", first.kind, 70)
    node.text("Description", first.text, 256, first.kind)
    node.put("SystemEntryDate", first.posted_at.date())
    node.put("GLPostingDate", first.posting_date)
    for line, own in zip(lines, original, strict=True):
        _line(node, line, own, first, home)
    return node


def _line(node: Node, line: JournalRow, own: JournalRow, first: JournalRow, home: str) -> None:
    one = node.child("Line")
    one.put("RecordID", line.position)
    one.put("AccountID", line.account)
    one.put("ValueDate", line.tax_date)
    one.text("SourceDocumentID", line.document_ident, 35)
    if line.party:
        one.put("SupplierID" if own.account in CREDITORS else "CustomerID", short_key(line.party, LONGEST_PARTY))
    one.text("Description", first.text, 256, first.kind)
    side = "Debit" if line.side == "D" else "Credit"
    _amount(one, f"{side}Amount", line.amount, line.foreign_currency, line.foreign_amount)
    if (tax := tax_of_line(line, home)) is not None:
        of = one.child("TaxInformation")
        of.put("TaxType", "MVA")
        of.put("TaxCode", tax_code(*tax))
        of.put("TaxPercentage", decimal(tax[1], 4))
        of.put("Country", tax[2])
        of.put("TaxBase", decimal(line.tax_base or ZERO, 4))
        _amount(of, f"{side}TaxAmount", line.amount)
    one.text("ReferenceNumber", line.reference, 35)


def _amount(node: Node, name: str, value: Decimal, currency: str | None = None, foreign: Decimal | None = None) -> None:
    of = node.child(name)
    of.money("Amount", value)
    if currency is not None and foreign is not None:
        of.put("CurrencyCode", currency)
        of.money("CurrencyAmount", foreign)
        if value:
            of.put("ExchangeRate", decimal(foreign / value, 8))


def invoice(document: Document) -> Node:
    """A document: of sales, or of self-billing, by which we buy."""
    node = Node(NAMESPACE, "Invoice")
    node.text("InvoiceNo", document.ident, 70)
    kind = "Supplier" if document.is_self_billing else "Customer"
    party = node.child(f"{kind}Info")
    party.put(f"{kind}ID", short_key(document.customer_ident, LONGEST_PARTY))
    at = document.customer.address
    address = party.child("BillingAddress")
    address.text("StreetName", " ".join(part for part in (at.street, at.street_no) if part), 256)
    address.text("City", at.city, 256)
    address.text("PostalCode", at.zip, 70)
    address.put("Country", at.country)
    node.put("Period", document.document_date.month)
    node.put("PeriodYear", document.document_date.year)
    node.put("InvoiceDate", document.document_date)
    node.put("InvoiceType", _TYPES[document.document_type.value])
    node.text("PaymentTerms", f"{(document.due_date - document.document_date).days} days", 70)
    node.put("SelfBillingIndicator", "1" if document.is_self_billing else "0")
    for position, line in enumerate(ledger_lines(document), 1):
        _row(node, position, line, document)
    _totals(node, document)
    return node


def _row(node: Node, position: int, line: SaftLine, document: Document) -> None:
    one = node.child("Line")
    one.put("LineNumber", position)
    one.text("ProductCode", short_key(line.product, LONGEST_CODE), LONGEST_CODE)
    one.text("ProductDescription", line.name, 256, "-")
    item = line.item
    if item is not None and item.service_period is not None:
        period = one.child("Delivery").child("DeliveryPeriod")
        period.put("FromDate", item.service_period.start)
        period.put("ToDate", item.service_period.end)
    elif item is not None and item.delivery_date is not None:
        one.child("Delivery").put("DeliveryDate", item.delivery_date)
    one.put("Quantity", decimal(line.quantity, 6))
    one.text("InvoiceUOM", line.unit, 9)
    one.money("UnitPrice", line.unit_price)
    one.put("TaxPointDate", document.tax_date)
    if document.sign < 0 and document.related:
        note = one.child("References").child("CreditNote")
        note.text("Reference", document.related[0].ident, 35)
        note.text("Reason", reason_of(document), 256)
    one.text("Description", one_line(line.name, 256), 256, "-")
    _amount(one, "InvoiceLineAmount", abs(line.net))
    debit = is_debit(document, line)
    one.put("DebitCreditIndicator", "D" if debit is not document.is_self_billing else "C")
    of = one.child("TaxInformation")
    of.put("TaxType", "MVA")
    tax = tax_of_row(document, line)
    of.put("TaxCode", tax_code(*tax))
    of.put("TaxPercentage", decimal(line.rate, 4))
    of.put("Country", tax[2])
    of.put("TaxBase", decimal(abs(line.net), 4))
    _amount(of, "DebitTaxAmount" if debit is not document.is_self_billing else "CreditTaxAmount", abs(line.tax))


def _totals(node: Node, document: Document) -> None:
    totals = ledger_totals(document)
    of = node.child("DocumentTotals")
    of.money("NetTotal", totals.net)
    of.money("GrossTotal", totals.gross)
