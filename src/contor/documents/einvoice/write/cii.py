"""CII (UN/CEFACT Cross Industry Invoice D16B), the other syntax of EN 16931 and the one inside a Factur-X or ZUGFeRD PDF. Pure.

One root and one list of type codes. The order of elements is that of the UN/CEFACT schemas. Source: EN 16931-3-3 (CEN/TS).
"""

from lxml import etree

from contor.documents.einvoice.model import (
    CII,
    QDT,
    RAM,
    RSM,
    UDT,
    EInvoice,
    Element,
    Profile,
    Said,
    SubElement,
    VatBreakdown,
    document_bytes,
    exact,
    money,
    put,
    put_references,
    put_with,
    said,
)
from contor.documents.einvoice.write.cii_parts import (
    further_preceding,
    put_address,
    put_allowance,
    put_date,
    put_identifier,
    put_line,
    put_organization,
    put_party,
    put_payment,
    put_period,
    put_supporting_document,
    put_tax_number,
)

_TAX_POINT_CODES = {"3": "5", "35": "29", "432": "72"}
"""BT-8: UNTDID 2005 as UBL and the model have it, UNTDID 2475 as CII has it."""
_BEFORE_PARTIES = ("ram:Reference", "ram:BuyerReference")
_BEFORE_ATTACHMENTS = (
    "ram:SellerOrderReferencedDocument",
    "ram:BuyerOrderReferencedDocument",
    "ram:ContractReferencedDocument",
)
_AFTER_ATTACHMENTS = ("ram:AdditionalReferencedDocument", "ram:SpecifiedProcuringProject")
_AFTER_DELIVERY = (
    "ram:DespatchAdviceReferencedDocument",
    "ram:ReceivingAdviceReferencedDocument",
    "ram:DeliveryNoteReferencedDocument",
)
_AFTER_PRECEDING = ("ram:PayableSpecifiedTradeAccountingAccount", "ram:ReceivableSpecifiedTradeAccountingAccount")
"""The order of the schema around parties, supporting documents (BG-24), delivery and the preceding invoice (BG-3)."""
_NAMESPACES = {"rsm": RSM.namespace, "ram": RAM.namespace, "udt": UDT.namespace, "qdt": QDT.namespace}


def cii(invoice: EInvoice, profile: Profile | None = None) -> bytes:
    """The invoice as a CII file (UTF-8); `profile` replaces its own BT-24.

    Sub-lines and third-party payments of the XRechnung extension are not written.
    """
    root = etree.Element(RSM["CrossIndustryInvoice"], nsmap=_NAMESPACES)
    _context(root, invoice, profile)
    transaction = SubElement(root, RSM["SupplyChainTradeTransaction"])
    for line in invoice.lines:
        put_line(transaction, line, invoice.currency)
    references = said(invoice, CII.document)
    _agreement(transaction, invoice, references)
    _delivery(transaction, invoice, references)
    _settlement(transaction, invoice, references)
    return document_bytes(root)


def _context(root: Element, invoice: EInvoice, profile: Profile | None) -> None:
    context = SubElement(root, RSM["ExchangedDocumentContext"])
    if invoice.business_process:
        process = SubElement(context, RAM["BusinessProcessSpecifiedDocumentContextParameter"])
        put(process, RAM["ID"], invoice.business_process)
    guideline = SubElement(context, RAM["GuidelineSpecifiedDocumentContextParameter"])
    put(guideline, RAM["ID"], profile.value if profile else invoice.specification)
    document = SubElement(root, RSM["ExchangedDocument"])
    put(document, RAM["ID"], invoice.number)
    put(document, RAM["TypeCode"], invoice.type_code)
    put_date(document, "IssueDateTime", invoice.issue_date)
    for note in invoice.notes:
        element = SubElement(document, RAM["IncludedNote"])
        put(element, RAM["Content"], note.text)
        put(element, RAM["SubjectCode"], note.subject_code)


def _agreement(transaction: Element, invoice: EInvoice, references: Said) -> None:
    element = SubElement(transaction, RAM["ApplicableHeaderTradeAgreement"])
    put_references(element, references, _BEFORE_PARTIES, CII)
    put_party(element, "SellerTradeParty", invoice.seller)
    put_party(element, "BuyerTradeParty", invoice.buyer)
    representative = invoice.tax_representative
    if representative is not None:
        party = SubElement(element, RAM["SellerTaxRepresentativeTradeParty"])
        put(party, RAM["Name"], representative.name)
        put_address(party, representative.address)
        put_tax_number(party, representative.vat_id, "VA")
    put_references(element, references, _BEFORE_ATTACHMENTS, CII)
    for document in (*invoice.attachments, *map(further_preceding, invoice.preceding[1:])):
        put_supporting_document(element, document)
    put_references(element, references, _AFTER_ATTACHMENTS, CII)


def _delivery(transaction: Element, invoice: EInvoice, references: Said) -> None:
    element = SubElement(transaction, RAM["ApplicableHeaderTradeDelivery"])
    delivery = invoice.delivery
    if delivery is not None:
        if delivery.name or delivery.location or delivery.address:
            party = SubElement(element, RAM["ShipToTradeParty"])
            put_identifier(party, delivery.location)
            put(party, RAM["Name"], delivery.name)
            if delivery.address:
                put_address(party, delivery.address)
        if delivery.date:
            put_date(SubElement(element, RAM["ActualDeliverySupplyChainEvent"]), "OccurrenceDateTime", delivery.date)
    put_references(element, references, _AFTER_DELIVERY, CII)


def _settlement(transaction: Element, invoice: EInvoice, references: Said) -> None:
    element = SubElement(transaction, RAM["ApplicableHeaderTradeSettlement"])
    payment = invoice.payment
    debit = payment.direct_debit if payment else None
    put(element, RAM["CreditorReferenceID"], debit.creditor_id if debit else None)
    put(element, RAM["PaymentReference"], payment.remittance if payment else None)
    put(element, RAM["TaxCurrencyCode"], invoice.tax_currency)
    put(element, RAM["InvoiceCurrencyCode"], invoice.currency)
    payee = invoice.payee
    if payee is not None:
        party = SubElement(element, RAM["PayeeTradeParty"])
        put_identifier(party, payee.identifier)
        put(party, RAM["Name"], payee.name)
        put_organization(party, payee.legal_registration)
    if payment is not None:
        put_payment(element, payment)
    for group in invoice.breakdown:
        _tax_group(element, group, invoice)
    put_period(element, invoice.period)
    for part in invoice.allowances:
        put_allowance(element, part, invoice.currency)
    mandate = debit.mandate if debit else None
    if invoice.payment_terms or invoice.due_date or mandate:
        terms = SubElement(element, RAM["SpecifiedTradePaymentTerms"])
        put(terms, RAM["Description"], invoice.payment_terms)
        put_date(terms, "DueDateDateTime", invoice.due_date)
        put(terms, RAM["DirectDebitMandateID"], mandate)
    _totals(element, invoice)
    for preceding in invoice.preceding[:1]:
        reference = SubElement(element, RAM["InvoiceReferencedDocument"])
        put(reference, RAM["IssuerAssignedID"], preceding.number)
        put_date(reference, "FormattedIssueDateTime", preceding.issue_date, QDT)
    put_references(element, references, _AFTER_PRECEDING, CII)


def _tax_group(parent: Element, group: VatBreakdown, invoice: EInvoice) -> None:
    """BG-23 with BT-7 or BT-8."""
    element = SubElement(parent, RAM["ApplicableTradeTax"])
    put(element, RAM["CalculatedAmount"], money(group.amount, invoice.currency))
    put(element, RAM["TypeCode"], "VAT")
    put(element, RAM["ExemptionReason"], group.exemption_reason)
    put(element, RAM["BasisAmount"], money(group.base, invoice.currency))
    put(element, RAM["CategoryCode"], group.category)
    put(element, RAM["ExemptionReasonCode"], group.exemption_code)
    put_date(element, "TaxPointDate", invoice.tax_point_date, UDT, "DateString")
    if invoice.tax_point_code:
        put(element, RAM["DueDateTypeCode"], _TAX_POINT_CODES.get(invoice.tax_point_code, invoice.tax_point_code))
    if group.rate is not None:
        put(element, RAM["RateApplicablePercent"], exact(group.rate))


def _totals(parent: Element, invoice: EInvoice) -> None:
    """BG-22."""
    totals, currency = invoice.totals, invoice.currency
    element = SubElement(parent, RAM["SpecifiedTradeSettlementHeaderMonetarySummation"])
    put(element, RAM["LineTotalAmount"], money(totals.lines, currency))
    if totals.charges or any(part.is_charge for part in invoice.allowances):
        put(element, RAM["ChargeTotalAmount"], money(totals.charges, currency))
    if totals.allowances or any(not part.is_charge for part in invoice.allowances):
        put(element, RAM["AllowanceTotalAmount"], money(totals.allowances, currency))
    put(element, RAM["TaxBasisTotalAmount"], money(totals.net, currency))
    put_with(element, RAM["TaxTotalAmount"], money(totals.tax, currency), "currencyID", currency)
    if invoice.tax_currency and totals.tax_in_tax_currency is not None:
        put_with(
            element,
            RAM["TaxTotalAmount"],
            money(totals.tax_in_tax_currency, invoice.tax_currency),
            "currencyID",
            invoice.tax_currency,
        )
    if totals.rounding:
        put(element, RAM["RoundingAmount"], money(totals.rounding, currency))
    put(element, RAM["GrandTotalAmount"], money(totals.gross, currency))
    if totals.prepaid:
        put(element, RAM["TotalPrepaidAmount"], money(totals.prepaid, currency))
    put(element, RAM["DuePayableAmount"], money(totals.payable, currency))
