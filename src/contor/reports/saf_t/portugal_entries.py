"""SAF-T of Portugal: entries of the ledger and documents."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from contor.bookkeeping.chart import CREDITORS
from contor.bookkeeping.entries import JournalRow
from contor.documents.types import Document
from contor.kernel.money import ZERO
from contor.reports.saf_t.lines import SaftLine, ledger_lines, ledger_totals
from contor.reports.saf_t.numbering import KINDS, Numbered, atcud
from contor.reports.saf_t.portugal import LONGEST_CODE, LONGEST_PARTY, NAMESPACE, described, ground_of, tax_of
from contor.reports.saf_t.survey import country_of, is_debit, reason_of
from contor.reports.saf_t.tree import Node, decimal, short_key
from contor.settings.abroad import SafTConfiguration

JOURNAL: Final = "GERAL"


def sides(lines: Sequence[JournalRow]) -> tuple[list[tuple[JournalRow, Decimal]], list[tuple[JournalRow, Decimal]]]:
    """Debits and credits, none below zero: what takes an entry back (Generalumkehr) stands on the other side here."""
    debits, credits = list[tuple[JournalRow, Decimal]](), list[tuple[JournalRow, Decimal]]()
    for line in lines:
        (debits if (line.side == "D") is (line.amount >= 0) else credits).append((line, abs(line.amount)))
    return debits, credits


def transaction(lines: Sequence[JournalRow], name: str, account_name: Callable[[int], str], original: Sequence[JournalRow]) -> Node:
    """An entry. `original`: its lines on the accounts of the books, by which a partner is told from a customer."""
    first = lines[0]
    node = Node(NAMESPACE, "Transaction")
    node.put("TransactionID", f"{first.posting_date.isoformat()} {JOURNAL} {name}")
    node.put("Period", first.posting_date.month)
    node.put("TransactionDate", first.document_date)
    node.text("SourceID", first.actor, 30, "-")
    node.text("Description", first.text, 200, first.kind)
    node.put("DocArchivalNumber", name)
    node.put("TransactionType", "N")
    node.put("GLPostingDate", first.posting_date)
    partners = {line.party for line in original if line.party and line.account in CREDITORS}
    buyers = {line.party for line in original if line.party} - partners
    if len(buyers) == 1 and not partners:
        node.put("CustomerID", short_key(buyers.pop(), LONGEST_PARTY))
    elif len(partners) == 1 and not buyers:
        node.put("SupplierID", short_key(partners.pop(), LONGEST_PARTY))
    parts = node.child("Lines")
    for element, found in zip(("Debit", "Credit"), sides(lines), strict=True):
        for line, amount in found:
            one = parts.child(f"{element}Line")
            one.put("RecordID", line.position)
            one.put("AccountID", account_name(line.account))
            one.text("SourceDocumentID", line.document_ident, 60)
            one.put("SystemEntryDate", line.posted_at)
            one.text("Description", first.text, 200, first.kind)
            one.money(f"{element}Amount", amount)
    return node


def invoice(document: Document, number: Numbered, signature: str, control: str, configuration: SafTConfiguration) -> Node:
    """A document."""
    series = configuration.series_of(document.document_type.value)
    node = Node(NAMESPACE, "Invoice")
    node.put("InvoiceNo", number.invoice_no)
    node.put("ATCUD", atcud(series["validation_code"] if series else None, number))
    status = node.child("DocumentStatus")
    status.put("InvoiceStatus", "N")
    status.put("InvoiceStatusDate", document.created_at)
    status.put("SourceID", "Contor")
    status.put("SourceBilling", "P")
    node.put("Hash", signature)
    node.put("HashControl", control)
    node.put("Period", document.document_date.month)
    node.put("InvoiceDate", document.document_date)
    node.put("InvoiceType", KINDS[document.document_type])
    regimes = node.child("SpecialRegimes")
    regimes.put("SelfBillingIndicator", 0)
    regimes.put("CashVATSchemeIndicator", int(bool(document.cash_taxation)))
    regimes.put("ThirdPartiesBillingIndicator", 0)
    node.put("SourceID", "Contor")
    node.put("SystemEntryDate", document.created_at)
    node.put("CustomerID", short_key(document.customer_ident, LONGEST_PARTY))
    for position, line in enumerate(ledger_lines(document), 1):
        _line(node, position, line, document, configuration)
    _totals(node, document)
    return node


def _line(node: Node, position: int, line: SaftLine, document: Document, configuration: SafTConfiguration) -> None:
    one = node.child("Line")
    one.put("LineNumber", position)
    one.text("ProductCode", short_key(line.product, LONGEST_CODE), LONGEST_CODE)
    one.put("ProductDescription", described(line.name))
    one.put("Quantity", decimal(line.quantity, 4))
    one.put("UnitOfMeasure", line.unit)
    one.put("UnitPrice", decimal(line.unit_price, 8))
    item = line.item
    ended = None if item is None else item.service_period.end if item.service_period else item.delivery_date
    one.put("TaxPointDate", ended or document.tax_date)
    if document.sign < 0:
        for related in document.related:
            reference = one.child("References")
            reference.text("Reference", related.ident, 60)
            reference.text("Reason", reason_of(document), 50)
    one.put("Description", described(line.name))
    one.money("DebitAmount" if is_debit(document, line) else "CreditAmount", abs(line.net))
    said = None if item is None or not item.taxes else item.taxes[0]
    tax = tax_of(configuration, line.category, line.rate, ground_of(line.category, document.seller.small_business, said))
    of = one.child("Tax")
    of.put("TaxType", tax.type)
    of.put("TaxCountryRegion", country_of(document, line))
    of.put("TaxCode", tax.code)
    of.put("TaxPercentage", decimal(line.rate, 4))
    if not line.rate:
        one.put("TaxExemptionReason", tax.exemption_reason)
        one.put("TaxExemptionCode", tax.exemption_code)


def _totals(node: Node, document: Document) -> None:
    totals = ledger_totals(document)
    of = node.child("DocumentTotals")
    of.money("TaxPayable", max(totals.tax, ZERO))
    of.money("NetTotal", max(totals.net, ZERO))
    of.money("GrossTotal", totals.gross)
    if document.ledger is not None:
        foreign = of.child("Currency")
        foreign.put("CurrencyCode", document.currency)
        foreign.money("CurrencyAmount", document.totals.gross)
        foreign.put("ExchangeRate", decimal(document.ledger.exchange_rate.rate, 10))
