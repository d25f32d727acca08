"""CII D16B: the parts of an invoice that are elements of their own: parties, papers, payment, allowances, lines. Pure."""

import datetime as dt
from base64 import b64encode
from decimal import Decimal

from contor.documents.einvoice.model import (
    CII,
    RAM,
    UDT,
    AllowanceOrCharge,
    CreditTransfer,
    Element,
    Identifier,
    InvoiceLine,
    InvoicePeriod,
    Names,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    Said,
    SubElement,
    TradeParty,
    compact_date,
    country_in_file,
    exact,
    money,
    put,
    put_references,
    put_with,
    said,
)
from contor.documents.types import SupportingDocument

ATTACHMENT_CODE = "916"
"""Type code of a referenced document that is a supporting document (BG-24)."""
FURTHER_PRECEDING = "Preceding invoice"
"""Name of a supporting document that is one more preceding invoice (BG-3), with its date."""


def put_date(parent: Element, name: str, date: dt.date | None, kind: Names = UDT, text_name: str = "DateTimeString") -> None:
    if date is not None:
        put_with(SubElement(parent, RAM[name]), kind[text_name], compact_date(date), "format", "102")


def put_period(parent: Element, period: InvoicePeriod | None) -> None:
    """BG-14, BG-26."""
    if period is not None:
        element = SubElement(parent, RAM["BillingSpecifiedPeriod"])
        put_date(element, "StartDateTime", period.start)
        put_date(element, "EndDateTime", period.end)


def put_identifier(parent: Element, identifier: Identifier | None, plain: str = "ID", scheme: str = "GlobalID") -> None:
    """An identifier of a known scheme is a `GlobalID`, any other an `ID`."""
    if identifier is not None:
        put_with(parent, RAM[scheme if identifier.scheme else plain], identifier.value, "schemeID", identifier.scheme)


def put_party(parent: Element, name: str, party: TradeParty) -> None:
    """BG-4 or BG-7."""
    element = SubElement(parent, RAM[name])
    # in two rounds, for the schema has every `ID` before the first `GlobalID`
    for identifier in party.identifiers:
        if not identifier.scheme:
            put_identifier(element, identifier)
    for identifier in party.identifiers:
        if identifier.scheme:
            put_identifier(element, identifier)
    put(element, RAM["Name"], party.name)
    put(element, RAM["Description"], party.legal_information)
    put_organization(element, party.legal_registration, party.trading_name)
    contact = party.contact
    if contact is not None:
        person = SubElement(element, RAM["DefinedTradeContact"])
        put(person, RAM["PersonName"], contact.name)
        if contact.phone:
            put(SubElement(person, RAM["TelephoneUniversalCommunication"]), RAM["CompleteNumber"], contact.phone)
        if contact.email:
            put(SubElement(person, RAM["EmailURIUniversalCommunication"]), RAM["URIID"], contact.email)
    put_address(element, party.address)
    if party.endpoint:
        endpoint = SubElement(element, RAM["URIUniversalCommunication"])
        put_with(endpoint, RAM["URIID"], party.endpoint.value, "schemeID", party.endpoint.scheme)
    put_tax_number(element, party.vat_id, "VA")
    put_tax_number(element, party.tax_number, "FC")


def put_organization(parent: Element, registration: Identifier | None, trading_name: str | None = None) -> None:
    """BT-30, BT-47 or BT-61 with BT-28 or BT-45."""
    if registration or trading_name:
        element = SubElement(parent, RAM["SpecifiedLegalOrganization"])
        put_identifier(element, registration, scheme="ID")  # an organization has no `GlobalID`
        put(element, RAM["TradingBusinessName"], trading_name)


def put_tax_number(parent: Element, number: str | None, scheme: str) -> None:
    if number:
        put_with(SubElement(parent, RAM["SpecifiedTaxRegistration"]), RAM["ID"], number, "schemeID", scheme)


def put_address(parent: Element, address: PostalAddress) -> None:
    element = SubElement(parent, RAM["PostalTradeAddress"])
    put(element, RAM["PostcodeCode"], address.post_code)
    put(element, RAM["LineOne"], address.line_1)
    put(element, RAM["LineTwo"], address.line_2)
    put(element, RAM["LineThree"], address.line_3)
    put(element, RAM["CityName"], address.city)
    put(element, RAM["CountryID"], country_in_file(address.country))
    put(element, RAM["CountrySubDivisionName"], address.subdivision)


def put_supporting_document(parent: Element, document: SupportingDocument) -> None:
    """BG-24."""
    element = SubElement(parent, RAM["AdditionalReferencedDocument"])
    put(element, RAM["IssuerAssignedID"], document.reference)
    put(element, RAM["URIID"], document.location)
    put(element, RAM["TypeCode"], ATTACHMENT_CODE)
    put(element, RAM["Name"], document.description)
    if document.file is not None:
        binary = SubElement(element, RAM["AttachmentBinaryObject"])
        binary.text = b64encode(document.file.content).decode("ascii")
        binary.set("mimeCode", document.file.media_type)
        binary.set("filename", document.file.name)


def further_preceding(preceding: PrecedingInvoice) -> SupportingDocument:
    """BG-3 after the first: the schema of CII D16B has room for one only, so the others stand among the supporting documents."""
    date = f", {preceding.issue_date.isoformat()}" if preceding.issue_date else ""
    return SupportingDocument(reference=preceding.number, description=f"{FURTHER_PRECEDING}{date}")


def put_payment(parent: Element, payment: PaymentInstructions) -> None:
    """BG-16: one element per account."""
    transfers: tuple[CreditTransfer | None, ...] = payment.transfers or (None,)
    for position, transfer in enumerate(transfers):
        element = SubElement(parent, RAM["SpecifiedTradeSettlementPaymentMeans"])
        put(element, RAM["TypeCode"], payment.means_code)
        put(element, RAM["Information"], payment.means_text)
        if payment.card is not None and position == 0:
            card = SubElement(element, RAM["ApplicableTradeSettlementFinancialCard"])
            put(card, RAM["ID"], payment.card.number)
            put(card, RAM["CardholderName"], payment.card.holder)
        if payment.direct_debit is not None and payment.direct_debit.debited_account and position == 0:
            debtor = SubElement(element, RAM["PayerPartyDebtorFinancialAccount"])
            put(debtor, RAM["IBANID"], payment.direct_debit.debited_account)
        if transfer is not None:
            account = SubElement(element, RAM["PayeePartyCreditorFinancialAccount"])
            put(account, RAM["IBANID"], transfer.account)
            put(account, RAM["AccountName"], transfer.holder)
            if transfer.bic:
                put(SubElement(element, RAM["PayeeSpecifiedCreditorFinancialInstitution"]), RAM["BICID"], transfer.bic)


def put_allowance(parent: Element, part: AllowanceOrCharge, currency: str) -> None:
    """BG-20, BG-21, BG-27, BG-28."""
    element = SubElement(parent, RAM["SpecifiedTradeAllowanceCharge"])
    _charge_indicator(element, part.is_charge)
    if part.percentage is not None:
        put(element, RAM["CalculationPercent"], exact(part.percentage))
    if part.base is not None:
        put(element, RAM["BasisAmount"], money(part.base, currency))
    put(element, RAM["ActualAmount"], money(part.amount, currency))
    put(element, RAM["ReasonCode"], part.reason_code)
    put(element, RAM["Reason"], part.reason)
    if part.category:
        _tax(SubElement(element, RAM["CategoryTradeTax"]), part.category, part.rate)


_BEFORE_PRICE = (
    "ram:BuyerReference",
    "ram:SellerOrderReferencedDocument",
    "ram:BuyerOrderReferencedDocument",
    "ram:ContractReferencedDocument",
)
_AFTER_SUM = (
    "ram:InvoiceReferencedDocument",
    "ram:AdditionalReferencedDocument",
    "ram:PayableSpecifiedTradeAccountingAccount",
    "ram:ReceivableSpecifiedTradeAccountingAccount",
)
"""What the schema of a line has before its price and after its sum."""


def put_line(parent: Element, line: InvoiceLine, currency: str) -> None:
    """BG-25. Sub-lines are not written: they explain a line and are no part of EN 16931."""
    element = SubElement(parent, RAM["IncludedSupplyChainTradeLineItem"])
    document = SubElement(element, RAM["AssociatedDocumentLineDocument"])
    put(document, RAM["LineID"], line.ident)
    if line.note:
        put(SubElement(document, RAM["IncludedNote"]), RAM["Content"], line.note)
    _product(element, line)
    references = said(line, CII.row)
    _agreement(element, line, references)
    delivery = SubElement(element, RAM["SpecifiedLineTradeDelivery"])
    if line.quantity is not None:
        put_with(delivery, RAM["BilledQuantity"], exact(line.quantity), "unitCode", line.unit)
    settlement = SubElement(element, RAM["SpecifiedLineTradeSettlement"])
    _tax(SubElement(settlement, RAM["ApplicableTradeTax"]), line.category, line.rate)
    put_period(settlement, line.period)
    for part in line.allowances:
        put_allowance(settlement, part, currency)
    total = SubElement(settlement, RAM["SpecifiedTradeSettlementLineMonetarySummation"])
    put(total, RAM["LineTotalAmount"], money(line.net, currency))
    put_references(settlement, references, _AFTER_SUM, CII)


def _product(parent: Element, line: InvoiceLine) -> None:
    element = SubElement(parent, RAM["SpecifiedTradeProduct"])
    if line.standard_item_id:
        put_with(element, RAM["GlobalID"], line.standard_item_id.value, "schemeID", line.standard_item_id.scheme)
    put(element, RAM["SellerAssignedID"], line.seller_item_id)
    put(element, RAM["BuyerAssignedID"], line.buyer_item_id)
    put(element, RAM["Name"], line.name)
    put(element, RAM["Description"], line.description)
    for attribute in line.attributes:
        characteristic = SubElement(element, RAM["ApplicableProductCharacteristic"])
        put(characteristic, RAM["Description"], attribute.name)
        put(characteristic, RAM["Value"], attribute.value)
    for classification in line.classifications:
        code = SubElement(SubElement(element, RAM["DesignatedProductClassification"]), RAM["ClassCode"])
        code.text = classification.code
        code.set("listID", classification.list_id)
        if classification.list_version:
            code.set("listVersionID", classification.list_version)
    if line.origin_country:
        put(SubElement(element, RAM["OriginTradeCountry"]), RAM["ID"], country_in_file(line.origin_country))


def _agreement(parent: Element, line: InvoiceLine, references: Said) -> None:
    """BG-29 and BT-132."""
    element = SubElement(parent, RAM["SpecifiedLineTradeAgreement"])
    put_references(element, references, _BEFORE_PRICE, CII)
    if line.gross_price is not None:
        gross = SubElement(element, RAM["GrossPriceProductTradePrice"])
        put(gross, RAM["ChargeAmount"], exact(line.gross_price))
        _price_base(gross, line)
        if line.discount is not None:
            discount = SubElement(gross, RAM["AppliedTradeAllowanceCharge"])
            _charge_indicator(discount, False)
            put(discount, RAM["ActualAmount"], exact(line.discount))
    if line.price is not None:
        net = SubElement(element, RAM["NetPriceProductTradePrice"])
        put(net, RAM["ChargeAmount"], exact(line.price))
        _price_base(net, line)


def _price_base(parent: Element, line: InvoiceLine) -> None:
    if line.price_base is not None:
        put_with(parent, RAM["BasisQuantity"], exact(line.price_base), "unitCode", line.price_base_unit)


def _charge_indicator(parent: Element, is_charge: bool) -> None:
    put(SubElement(parent, RAM["ChargeIndicator"]), UDT["Indicator"], "true" if is_charge else "false")


def _tax(element: Element, category: str, rate: Decimal | None) -> None:
    put(element, RAM["TypeCode"], "VAT")
    put(element, RAM["CategoryCode"], category)
    if rate is not None:
        put(element, RAM["RateApplicablePercent"], exact(rate))
