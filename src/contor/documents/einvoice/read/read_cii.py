"""CII D16B into the model. The counterpart of `cii.py`. Pure."""

import datetime as dt
import re

from contor.documents.einvoice.model import (
    CII,
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
    VatBreakdown,
    paper_codes,
    read_references,
)
from contor.documents.einvoice.read.read_cii_parts import (
    DATE,
    address,
    allowance,
    lines,
    logistics_charge,
    party,
    period,
    supporting_document,
)
from contor.documents.einvoice.read.read_cii_terms import payment_terms
from contor.documents.einvoice.read.read_ubl_parts import identifier
from contor.documents.einvoice.write import FURTHER_PRECEDING
from contor.documents.types import SupportingDocument
from contor.kernel.codes import DOCUMENT_TYPE, PAYMENT_MEANS
from contor.kernel.money import ZERO

_FURTHER = re.compile(rf"{FURTHER_PRECEDING}(?:, ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))?")
_TAX_POINT_CODES = {"5": "3", "29": "35", "72": "432"}
"""BT-8: UNTDID 2475 as CII has it, UNTDID 2005 as the model has it."""


def read_cii(root: Cursor) -> EInvoice:
    """The invoice; what is missing or wrong is a finding of the cursor."""
    trade = "rsm:SupplyChainTradeTransaction"
    agreement = _section(root, f"{trade}/ram:ApplicableHeaderTradeAgreement")
    delivery = _section(root, f"{trade}/ram:ApplicableHeaderTradeDelivery")
    settlement = _section(root, f"{trade}/ram:ApplicableHeaderTradeSettlement")
    context, document = "rsm:ExchangedDocumentContext/ram:", "rsm:ExchangedDocument/ram:"
    taxes = "ram:ApplicableTradeTax/ram:"
    issued, terms = root.must_date(f"{document}IssueDateTime/{DATE}", "Date (BT-2)"), payment_terms(settlement)
    currency = settlement.must("ram:InvoiceCurrencyCode", "Currency (BT-5)")
    codes = paper_codes(CII.document)
    papers = agreement.all("ram:AdditionalReferencedDocument")
    attachments = [supporting_document(paper) for paper in papers if paper.text("ram:TypeCode") not in codes]
    tax_point_code = settlement.text(f"{taxes}DueDateTypeCode")
    return EInvoice(
        number=root.must(f"{document}ID", "Number (BT-1)"),
        issue_date=issued,
        type_code=root.code(f"{document}TypeCode", "Type (BT-3)", DOCUMENT_TYPE),
        currency=currency,
        specification=root.must(f"{context}GuidelineSpecifiedDocumentContextParameter/ram:ID", "Specification (BT-24)"),
        seller=party(agreement, "ram:SellerTradeParty", "Seller", is_seller=True),
        buyer=party(agreement, "ram:BuyerTradeParty", "Buyer", is_seller=False),
        totals=_totals(settlement, currency),
        breakdown=tuple(_tax_group(group) for group in settlement.all("ram:ApplicableTradeTax")),
        lines=lines(root.all(f"{trade}/ram:IncludedSupplyChainTradeLineItem")),
        business_process=root.text(f"{context}BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        tax_currency=settlement.text("ram:TaxCurrencyCode"),
        tax_point_date=settlement.date(f"{taxes}TaxPointDate/udt:DateString", "Tax point date (BT-7)"),
        tax_point_code=_TAX_POINT_CODES.get(tax_point_code, tax_point_code) if tax_point_code else None,
        due_date=max(terms.due_dates, default=None),
        further_due_dates=tuple(sorted(terms.due_dates)[:-1]),
        payment_terms="\n".join(terms.texts) or None,
        discounts=terms.discounts_of(issued),
        notes=tuple(_note(note) for note in root.all(f"{document}IncludedNote") if note.text("ram:Content")),
        preceding=(
            *(_preceding(paper) for paper in settlement.all("ram:InvoiceReferencedDocument")),
            *(found for found in map(_further_preceding, attachments) if found),
        ),
        payee=_payee(settlement.one("ram:PayeeTradeParty")),
        tax_representative=_representative(agreement.one("ram:SellerTaxRepresentativeTradeParty")),
        delivery=_delivery(delivery),
        period=period(settlement.one("ram:BillingSpecifiedPeriod")),
        payment=_payment(settlement),
        allowances=(
            *(allowance(part) for part in settlement.all("ram:SpecifiedTradeAllowanceCharge")),
            *(logistics_charge(part) for part in settlement.all("ram:SpecifiedLogisticsServiceCharge")),
        ),
        attachments=tuple(paper for paper in attachments if not _further_preceding(paper)),
        **read_references(root, CII.document, CII, above=f"{trade}/"),
    )


def _section(root: Cursor, path: str) -> Cursor:
    """A part that CII requires; where it is missing, the root stands in, so that its contents are found missing too."""
    found = root.one(path)
    if found is None:
        root.must(path, path.rpartition(":")[2])
    return root if found is None else found


def _note(note: Cursor) -> Note:
    return Note(text=note.must("ram:Content", "Note (BT-22)"), subject_code=note.text("ram:SubjectCode"))


def _preceding(paper: Cursor) -> PrecedingInvoice:
    date = "ram:FormattedIssueDateTime/{urn:un:unece:uncefact:data:standard:QualifiedDataType:100}DateTimeString"
    return PrecedingInvoice(
        number=paper.must("ram:IssuerAssignedID", "Number of the preceding invoice (BT-25)"),
        issue_date=paper.date(date, "Date of the preceding invoice (BT-26)"),
    )


def _further_preceding(paper: SupportingDocument) -> PrecedingInvoice | None:
    """BG-3 as `cii.py` writes it after the first."""
    match = _FURTHER.fullmatch(paper.description or "")
    if match is None or paper.file is not None:
        return None
    try:
        return PrecedingInvoice(number=paper.reference, issue_date=dt.date.fromisoformat(match[1]) if match[1] else None)
    except ValueError:  # somebody else's words, not a date of ours
        return None


def _payee(found: Cursor | None) -> Payee | None:
    if found is None:
        return None
    numbers = (identifier(number) for number in (found.one("ram:GlobalID"), found.one("ram:ID")))
    return Payee(
        name=found.must("ram:Name", "Payee's name (BT-59)"),
        identifier=next((number for number in numbers if number), None),
        legal_registration=identifier(found.one("ram:SpecifiedLegalOrganization/ram:ID")),
    )


def _representative(found: Cursor | None) -> TaxRepresentative | None:
    if found is None:
        return None
    return TaxRepresentative(
        name=found.must("ram:Name", "Tax representative's name (BT-62)"),
        vat_id=found.must("ram:SpecifiedTaxRegistration/ram:ID", "Tax representative's VAT id (BT-63)"),
        address=address(found, "ram:PostalTradeAddress", "Tax representative's"),
    )


def _delivery(found: Cursor) -> DeliveryTo | None:
    to = "ram:ShipToTradeParty/ram:"
    delivery = DeliveryTo(
        name=found.text(f"{to}Name"),
        location=identifier(found.one(f"{to}GlobalID")) or identifier(found.one(f"{to}ID")),
        date=found.date(f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DATE}", "Delivery date (BT-72)"),
        address=address(found, f"{to}PostalTradeAddress", "Deliver-to")
        if found.one(f"{to}PostalTradeAddress") is not None
        else None,
    )
    return None if delivery == DeliveryTo() else delivery


def _payment(settlement: Cursor) -> PaymentInstructions | None:
    """BG-16: several payment means are several accounts of one instruction."""
    means = settlement.all("ram:SpecifiedTradeSettlementPaymentMeans")
    if not means:
        return None
    codes = [part.code("ram:TypeCode", "Payment means (BT-81)", PAYMENT_MEANS) for part in means]
    accounts = [part.text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID") for part in means]
    debit = DirectDebit(
        mandate=settlement.text("ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"),
        creditor_id=settlement.text("ram:CreditorReferenceID"),
        debited_account=next((account for account in accounts if account), None),
    )
    cards = [card for part in means for card in part.all("ram:ApplicableTradeSettlementFinancialCard")]
    return PaymentInstructions(
        means_code=codes[0],
        means_text=means[0].text("ram:Information"),
        remittance=settlement.text("ram:PaymentReference"),
        transfers=tuple(
            _transfer(part, account) for part in means for account in part.all("ram:PayeePartyCreditorFinancialAccount")
        ),
        card=_card(cards[0]) if cards else None,
        direct_debit=None if debit == DirectDebit() else debit,
    )


def _transfer(means: Cursor, account: Cursor) -> CreditTransfer:
    number = account.text("ram:IBANID") or account.must("ram:ProprietaryID", "Account (BT-84)")
    return CreditTransfer(
        account=number,
        holder=account.text("ram:AccountName"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )


def _card(found: Cursor) -> PaymentCard:
    return PaymentCard(number=found.must("ram:ID", "Card number (BT-87)"), holder=found.text("ram:CardholderName"))


def _tax_group(group: Cursor) -> VatBreakdown:
    return VatBreakdown(
        category=group.must("ram:CategoryCode", "VAT category (BT-118)"),
        rate=group.decimal("ram:RateApplicablePercent", "VAT rate (BT-119)"),
        base=group.amount("ram:BasisAmount", "Taxable amount (BT-116)"),
        amount=group.amount("ram:CalculatedAmount", "VAT amount (BT-117)"),
        exemption_reason=group.text("ram:ExemptionReason"),
        exemption_code=group.text("ram:ExemptionReasonCode"),
        place=group.line(),
    )


def _totals(settlement: Cursor, currency: str) -> InvoiceTotals:
    found = _section(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    tax, foreign = ZERO, None
    for total in found.all("ram:TaxTotalAmount"):
        amount = total.amount(".", "VAT (BT-110, BT-111)")
        if total.attribute("currencyID") in (currency, None):  # one that names none is in the invoice's
            tax = amount
        else:
            foreign = amount
    return InvoiceTotals(
        lines=found.amount("ram:LineTotalAmount", "Sum of lines (BT-106)"),
        net=found.amount("ram:TaxBasisTotalAmount", "Net (BT-109)"),
        gross=found.amount("ram:GrandTotalAmount", "Gross (BT-112)"),
        payable=found.amount("ram:DuePayableAmount", "Payable (BT-115)"),
        tax=tax,
        tax_in_tax_currency=foreign,
        allowances=found.decimal("ram:AllowanceTotalAmount", "Sum of allowances (BT-107)") or ZERO,
        charges=found.decimal("ram:ChargeTotalAmount", "Sum of charges (BT-108)") or ZERO,
        prepaid=found.decimal("ram:TotalPrepaidAmount", "Paid amount (BT-113)") or ZERO,
        rounding=found.decimal("ram:RoundingAmount", "Rounding (BT-114)") or ZERO,
    )
