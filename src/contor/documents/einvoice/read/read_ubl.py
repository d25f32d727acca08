"""UBL 2.1, Invoice and CreditNote, into the model. The counterpart of `ubl.py`. Pure."""

import re
from decimal import Decimal

from contor.documents.einvoice.model import (
    UBL_CREDIT_NOTE,
    UBL_INVOICE,
    CreditTransfer,
    Cursor,
    DeliveryTo,
    DirectDebit,
    EInvoice,
    InvoiceTotals,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    PrecedingInvoice,
    TaxRepresentative,
    ThirdPartyPayment,
    VatBreakdown,
    paper_codes,
    read_references,
)
from contor.documents.einvoice.read.read_ubl_parts import address, allowance, identifier, line, party, period, supporting_document
from contor.documents.einvoice.write import CREDITOR_SCHEME
from contor.documents.references import NOT_KNOWN
from contor.kernel.codes import DOCUMENT_TYPE, PAYMENT_MEANS
from contor.kernel.money import ZERO

_SUBJECT = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
"""How UBL writes BT-21 before BT-22."""


def read_ubl(root: Cursor) -> EInvoice:
    """The invoice; what is missing or wrong is a finding of the cursor."""
    credit = str(root.element.tag).endswith("}CreditNote")
    currency = root.must("cbc:DocumentCurrencyCode", "Currency (BT-5)")
    syntax = UBL_CREDIT_NOTE if credit else UBL_INVOICE
    references = read_references(root, syntax.document, syntax)
    if references.get("purchase_order") == NOT_KNOWN and references.get("sales_order"):
        del references["purchase_order"]  # UBL has no BT-14 without a BT-13
    papers = root.all("cac:AdditionalDocumentReference")
    codes = paper_codes(syntax.document)
    due_path = "cac:PaymentMeans/cbc:PaymentDueDate" if credit else "cbc:DueDate"
    return EInvoice(
        number=root.must("cbc:ID", "Number (BT-1)"),
        issue_date=root.must_date("cbc:IssueDate", "Date (BT-2)"),
        type_code=root.code("cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode", "Type (BT-3)", DOCUMENT_TYPE),
        currency=currency,
        specification=root.must("cbc:CustomizationID", "Specification (BT-24)"),
        seller=party(root, "cac:AccountingSupplierParty/cac:Party", "Seller", is_seller=True),
        buyer=party(root, "cac:AccountingCustomerParty/cac:Party", "Buyer", is_seller=False),
        totals=_totals(root, currency),
        breakdown=_breakdown(root),
        lines=tuple(line(row, credit) for row in root.all("cac:CreditNoteLine" if credit else "cac:InvoiceLine")),
        business_process=root.text("cbc:ProfileID"),
        tax_currency=root.text("cbc:TaxCurrencyCode"),
        tax_point_date=root.date("cbc:TaxPointDate", "Tax point date (BT-7)"),
        tax_point_code=root.text("cac:InvoicePeriod/cbc:DescriptionCode"),
        due_date=root.date(due_path, "Due date (BT-9)"),
        payment_terms="\n".join(root.texts("cac:PaymentTerms/cbc:Note")) or None,
        notes=tuple(_note(note.own()) for note in root.all("cbc:Note") if note.own()),
        preceding=tuple(_preceding(paper) for paper in root.all("cac:BillingReference/cac:InvoiceDocumentReference")),
        payee=_payee(root.one("cac:PayeeParty")),
        tax_representative=_representative(root.one("cac:TaxRepresentativeParty")),
        delivery=_delivery(root.one("cac:Delivery")),
        period=period(root.one("cac:InvoicePeriod")),
        payment=_payment(root),
        allowances=tuple(allowance(part) for part in root.all("cac:AllowanceCharge")),
        attachments=tuple(supporting_document(paper) for paper in papers if paper.text("cbc:DocumentTypeCode") not in codes),
        third_party_payments=tuple(_third_party(payment) for payment in root.all("cac:PrepaidPayment")),
        **references,
    )


def _note(text: str) -> Note:
    match = _SUBJECT.fullmatch(text)
    return Note(text=match[2], subject_code=match[1]) if match else Note(text=text)


def _preceding(paper: Cursor) -> PrecedingInvoice:
    return PrecedingInvoice(
        number=paper.must("cbc:ID", "Number of the preceding invoice (BT-25)"),
        issue_date=paper.date("cbc:IssueDate", "Date of the preceding invoice (BT-26)"),
    )


def _payee(found: Cursor | None) -> Payee | None:
    if found is None:
        return None
    numbers = (identifier(number) for number in found.all("cac:PartyIdentification/cbc:ID"))
    return Payee(
        name=found.must("cac:PartyName/cbc:Name", "Payee's name (BT-59)"),
        identifier=next((number for number in numbers if number and number.scheme != CREDITOR_SCHEME), None),
        legal_registration=identifier(found.one("cac:PartyLegalEntity/cbc:CompanyID")),
    )


def _representative(found: Cursor | None) -> TaxRepresentative | None:
    if found is None:
        return None
    return TaxRepresentative(
        name=found.must("cac:PartyName/cbc:Name", "Tax representative's name (BT-62)"),
        vat_id=found.must("cac:PartyTaxScheme/cbc:CompanyID", "Tax representative's VAT id (BT-63)"),
        address=address(found, "cac:PostalAddress", "Tax representative's"),
    )


def _delivery(found: Cursor | None) -> DeliveryTo | None:
    if found is None:
        return None
    where = "cac:DeliveryLocation/cac:Address"
    delivery = DeliveryTo(
        name=found.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        location=identifier(found.one("cac:DeliveryLocation/cbc:ID")),
        date=found.date("cbc:ActualDeliveryDate", "Delivery date (BT-72)"),
        address=address(found, where, "Deliver-to") if found.one(where) is not None else None,
    )
    return None if delivery == DeliveryTo() else delivery


def _payment(root: Cursor) -> PaymentInstructions | None:
    """BG-16: several `PaymentMeans` are several accounts of one instruction."""
    means = root.all("cac:PaymentMeans")
    creditor_id = next((number.own() for number in _party_numbers(root) if number.attribute("schemeID") == CREDITOR_SCHEME), None)
    if not means:
        return None
    first = means[0]
    mandates = [found for found in (part.one("cac:PaymentMandate") for part in means) if found is not None]
    debit = DirectDebit(
        mandate=mandates[0].text("cbc:ID") if mandates else None,
        creditor_id=creditor_id,
        debited_account=mandates[0].text("cac:PayerFinancialAccount/cbc:ID") if mandates else None,
    )
    accounts = [account for part in means for account in part.all("cac:PayeeFinancialAccount")]
    cards = [card for part in means for card in part.all("cac:CardAccount")]
    code = first.one("cbc:PaymentMeansCode")
    codes = [part.code("cbc:PaymentMeansCode", "Payment means (BT-81)", PAYMENT_MEANS) for part in means]
    remittances = [text for part in means for text in part.texts("cbc:PaymentID")]
    return PaymentInstructions(
        means_code=codes[0],
        means_text=code.attribute("name") if code else None,
        remittance=" ".join(dict.fromkeys(text.strip() for text in remittances)) or None,
        transfers=tuple(
            CreditTransfer(
                account=account.must("cbc:ID", "Account (BT-84)"),
                holder=account.text("cbc:Name"),
                bic=account.text("cac:FinancialInstitutionBranch/cbc:ID"),
            )
            for account in accounts
        ),
        card=_card(cards[0]) if cards else None,
        direct_debit=None if debit == DirectDebit() else debit,
    )


def _party_numbers(root: Cursor) -> list[Cursor]:
    seller = root.all("cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID")
    return seller + root.all("cac:PayeeParty/cac:PartyIdentification/cbc:ID")


def _card(found: Cursor) -> PaymentCard:
    return PaymentCard(
        number=found.must("cbc:PrimaryAccountNumberID", "Card number (BT-87)"),
        holder=found.text("cbc:HolderName"),
    )


def _breakdown(root: Cursor) -> tuple[VatBreakdown, ...]:
    return tuple(
        VatBreakdown(
            category=group.must("cac:TaxCategory/cbc:ID", "VAT category (BT-118)"),
            rate=group.decimal("cac:TaxCategory/cbc:Percent", "VAT rate (BT-119)"),
            base=group.amount("cbc:TaxableAmount", "Taxable amount (BT-116)"),
            amount=group.amount("cbc:TaxAmount", "VAT amount (BT-117)"),
            exemption_reason=group.text("cac:TaxCategory/cbc:TaxExemptionReason"),
            exemption_code=group.text("cac:TaxCategory/cbc:TaxExemptionReasonCode"),
            place=group.line(),
        )
        for group in root.all("cac:TaxTotal/cac:TaxSubtotal")
    )


def _totals(root: Cursor, currency: str) -> InvoiceTotals:
    sums = "cac:LegalMonetaryTotal/cbc:"
    tax, foreign = _tax_totals(root, currency)
    return InvoiceTotals(
        lines=root.amount(f"{sums}LineExtensionAmount", "Sum of lines (BT-106)"),
        net=root.amount(f"{sums}TaxExclusiveAmount", "Net (BT-109)"),
        gross=root.amount(f"{sums}TaxInclusiveAmount", "Gross (BT-112)"),
        payable=root.amount(f"{sums}PayableAmount", "Payable (BT-115)"),
        tax=tax,
        tax_in_tax_currency=foreign,
        allowances=root.decimal(f"{sums}AllowanceTotalAmount", "Sum of allowances (BT-107)") or ZERO,
        charges=root.decimal(f"{sums}ChargeTotalAmount", "Sum of charges (BT-108)") or ZERO,
        prepaid=root.decimal(f"{sums}PrepaidAmount", "Paid amount (BT-113)") or ZERO,
        rounding=root.decimal(f"{sums}PayableRoundingAmount", "Rounding (BT-114)") or ZERO,
    )


def _tax_totals(root: Cursor, currency: str) -> tuple[Decimal, Decimal | None]:
    """BT-110 and BT-111: the total with the breakdown is the invoice's, one without it is in the tax currency."""
    tax, foreign = ZERO, None
    for total in root.all("cac:TaxTotal"):
        amount = total.amount("cbc:TaxAmount", "VAT (BT-110, BT-111)")
        element = total.one("cbc:TaxAmount")
        if total.one("cac:TaxSubtotal") is not None or (element is not None and element.attribute("currencyID") == currency):
            tax = amount
        else:
            foreign = amount
    return tax, foreign


def _third_party(payment: Cursor) -> ThirdPartyPayment:
    return ThirdPartyPayment(
        kind=payment.must("cbc:ID", "Kind of third-party payment (BT-DEX-001)"),
        amount=payment.amount("cbc:PaidAmount", "Third-party payment (BT-DEX-002)"),
        description=payment.text("cbc:InstructionID"),
    )
