"""UBL 2.1, one of the two syntaxes of EN 16931: an `Invoice`, or a `CreditNote` for what credits with positive amounts. Pure.

The order of elements is that of the OASIS schemas and differs between the two roots. Source: EN 16931-3-2 (CEN/TS).
"""

from lxml import etree

from contor.documents.einvoice.model import (
    CAC,
    CBC,
    UBL_CREDIT_NOTE,
    UBL_INVOICE,
    EInvoice,
    Element,
    SubElement,
    Syntax,
    document_bytes,
    iso_date,
    put,
    put_references,
    put_with,
    said,
)
from contor.documents.einvoice.write.ubl_parts import (
    put_address,
    put_allowance,
    put_amount,
    put_category,
    put_line,
    put_party,
    put_payee,
    put_payment,
    put_period,
    put_supporting_document,
    put_tax_representative,
)

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

_BEFORE_PERIOD = ("cbc:AccountingCostCode", "cbc:AccountingCost", "cbc:LineCountNumeric", "cbc:BuyerReference")
_BEFORE_PRECEDING = ("cac:OrderReference",)
_BEFORE_ATTACHMENTS = (
    "cac:DespatchDocumentReference",
    "cac:ReceiptDocumentReference",
    "cac:StatementDocumentReference",
    "cac:OriginatorDocumentReference",
    "cac:ContractDocumentReference",
    "cac:AdditionalDocumentReference",
)
_AFTER_ATTACHMENTS = ("cac:ProjectReference",)
_BEFORE_ATTACHMENTS_OF_CREDIT = (
    "cac:DespatchDocumentReference",
    "cac:ReceiptDocumentReference",
    "cac:ContractDocumentReference",
    "cac:AdditionalDocumentReference",
)
_AFTER_ATTACHMENTS_OF_CREDIT = ("cac:StatementDocumentReference", "cac:OriginatorDocumentReference")
"""The order of the schemas: what stands between tax currency and seller around the period (BG-14), the preceding invoices (BG-3) and
the supporting documents (BG-24)."""


def ubl(invoice: EInvoice) -> bytes:
    """The invoice as a UBL file (UTF-8). Sub-lines and third-party payments of the XRechnung extension are not written."""
    root_namespace, name = (CREDIT_NOTE, "CreditNote") if invoice.is_credit_note else (INVOICE, "Invoice")
    root = etree.Element(f"{{{root_namespace}}}{name}", nsmap={None: root_namespace, "cac": CAC.namespace, "cbc": CBC.namespace})
    _head(root, invoice)
    _references(root, invoice, UBL_CREDIT_NOTE if invoice.is_credit_note else UBL_INVOICE)
    _parties(root, invoice)
    _delivery(root, invoice)
    due_date = iso_date(invoice.due_date) if invoice.is_credit_note else None
    if invoice.payment is not None:
        put_payment(root, invoice.payment, due_date)
    if invoice.payment_terms:
        put(SubElement(root, CAC["PaymentTerms"]), CBC["Note"], invoice.payment_terms)
    for part in invoice.allowances:
        put_allowance(root, part, invoice.currency)
    _taxes(root, invoice)
    _totals(root, invoice)
    for line in invoice.lines:
        put_line(root, line, invoice)
    return document_bytes(root)


def _head(root: Element, invoice: EInvoice) -> None:
    put(root, CBC["CustomizationID"], invoice.specification)
    put(root, CBC["ProfileID"], invoice.business_process)
    put(root, CBC["ID"], invoice.number)
    put(root, CBC["IssueDate"], invoice.issue_date.isoformat())
    tax_point_date = iso_date(invoice.tax_point_date)
    if invoice.is_credit_note:
        put(root, CBC["TaxPointDate"], tax_point_date)
        put(root, CBC["CreditNoteTypeCode"], invoice.type_code)
    else:
        put(root, CBC["DueDate"], iso_date(invoice.due_date))
        put(root, CBC["InvoiceTypeCode"], invoice.type_code)
    for note in invoice.notes:
        put(root, CBC["Note"], f"#{note.subject_code}#{note.text}" if note.subject_code else note.text)
    if not invoice.is_credit_note:
        put(root, CBC["TaxPointDate"], tax_point_date)
    put(root, CBC["DocumentCurrencyCode"], invoice.currency)
    put(root, CBC["TaxCurrencyCode"], invoice.tax_currency)


def _references(root: Element, invoice: EInvoice, syntax: Syntax) -> None:
    """BT-10 to BT-19 with the period (BG-14), preceding invoices (BG-3) and supporting documents (BG-24) between them."""
    references = said(invoice, syntax.document)
    put_references(root, references, _BEFORE_PERIOD, syntax)
    put_period(root, invoice.period, invoice.tax_point_code)
    put_references(root, references, _BEFORE_PRECEDING, syntax)
    for preceding in invoice.preceding:
        reference = SubElement(SubElement(root, CAC["BillingReference"]), CAC["InvoiceDocumentReference"])
        put(reference, CBC["ID"], preceding.number)
        put(reference, CBC["IssueDate"], iso_date(preceding.issue_date))
    credit = invoice.is_credit_note
    put_references(root, references, _BEFORE_ATTACHMENTS_OF_CREDIT if credit else _BEFORE_ATTACHMENTS, syntax)
    for document in invoice.attachments:
        put_supporting_document(root, document)
    put_references(root, references, _AFTER_ATTACHMENTS_OF_CREDIT if credit else _AFTER_ATTACHMENTS, syntax)


def _parties(root: Element, invoice: EInvoice) -> None:
    debit = invoice.payment.direct_debit if invoice.payment else None
    put_party(root, "AccountingSupplierParty", invoice.seller, debit.creditor_id if debit else None)
    put_party(root, "AccountingCustomerParty", invoice.buyer)
    if invoice.payee is not None:
        put_payee(root, invoice.payee)
    if invoice.tax_representative is not None:
        put_tax_representative(root, invoice.tax_representative)


def _delivery(root: Element, invoice: EInvoice) -> None:
    delivery = invoice.delivery
    if delivery is None:
        return
    element = SubElement(root, CAC["Delivery"])
    put(element, CBC["ActualDeliveryDate"], iso_date(delivery.date))
    if delivery.location or delivery.address:
        location = SubElement(element, CAC["DeliveryLocation"])
        if delivery.location:
            put_with(location, CBC["ID"], delivery.location.value, "schemeID", delivery.location.scheme)
        if delivery.address:
            put_address(location, "Address", delivery.address)
    if delivery.name:
        put(SubElement(SubElement(element, CAC["DeliveryParty"]), CAC["PartyName"]), CBC["Name"], delivery.name)


def _taxes(root: Element, invoice: EInvoice) -> None:
    """BT-110 with BG-23; BT-111 as a total of its own."""
    total = SubElement(root, CAC["TaxTotal"])
    put_amount(total, "TaxAmount", invoice.totals.tax, invoice.currency)
    for group in invoice.breakdown:
        element = SubElement(total, CAC["TaxSubtotal"])
        put_amount(element, "TaxableAmount", group.base, invoice.currency)
        put_amount(element, "TaxAmount", group.amount, invoice.currency)
        put_category(element, "TaxCategory", group.category, group.rate, group.exemption_code, group.exemption_reason)
    if invoice.tax_currency and invoice.totals.tax_in_tax_currency is not None:
        put_amount(SubElement(root, CAC["TaxTotal"]), "TaxAmount", invoice.totals.tax_in_tax_currency, invoice.tax_currency)


def _totals(root: Element, invoice: EInvoice) -> None:
    """BG-22."""
    totals, currency = invoice.totals, invoice.currency
    element = SubElement(root, CAC["LegalMonetaryTotal"])
    put_amount(element, "LineExtensionAmount", totals.lines, currency)
    put_amount(element, "TaxExclusiveAmount", totals.net, currency)
    put_amount(element, "TaxInclusiveAmount", totals.gross, currency)
    if totals.allowances or any(not part.is_charge for part in invoice.allowances):
        put_amount(element, "AllowanceTotalAmount", totals.allowances, currency)
    if totals.charges or any(part.is_charge for part in invoice.allowances):
        put_amount(element, "ChargeTotalAmount", totals.charges, currency)
    if totals.prepaid:
        put_amount(element, "PrepaidAmount", totals.prepaid, currency)
    if totals.rounding:
        put_amount(element, "PayableRoundingAmount", totals.rounding, currency)
    put_amount(element, "PayableAmount", totals.payable, currency)
