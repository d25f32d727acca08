"""UBL 2.1: the parts of an invoice that are elements of their own: parties, payment, taxes, lines. Pure."""

from base64 import b64encode
from decimal import Decimal

from contor.documents.einvoice.model import (
    CAC,
    CBC,
    UBL_INVOICE,
    AllowanceOrCharge,
    EInvoice,
    Element,
    Identifier,
    InvoiceLine,
    InvoicePeriod,
    Payee,
    PaymentInstructions,
    PostalAddress,
    SubElement,
    TaxRepresentative,
    TradeParty,
    country_in_file,
    exact,
    iso_date,
    money,
    put,
    put_references,
    put_with,
    said,
)
from contor.documents.types import SupportingDocument

CREDITOR_SCHEME = "SEPA"
"""Scheme under which UBL writes BT-90, the creditor id of a direct debit, among the seller's identifiers."""


def put_amount(parent: Element, name: str, value: Decimal, currency: str) -> None:
    element = SubElement(parent, CBC[name])
    element.text = money(value, currency)
    element.set("currencyID", currency)


def put_period(parent: Element, period: InvoicePeriod | None, tax_point_code: str | None = None) -> None:
    """BG-14 with BT-8, or BG-26."""
    if period is None and tax_point_code is None:
        return
    element = SubElement(parent, CAC["InvoicePeriod"])
    if period is not None:
        put(element, CBC["StartDate"], iso_date(period.start))
        put(element, CBC["EndDate"], iso_date(period.end))
    put(element, CBC["DescriptionCode"], tax_point_code)


def put_party(parent: Element, name: str, party: TradeParty, creditor_id: str | None = None) -> None:
    """BG-4 or BG-7."""
    element = SubElement(SubElement(parent, CAC[name]), CAC["Party"])
    if party.endpoint:
        put_with(element, CBC["EndpointID"], party.endpoint.value, "schemeID", party.endpoint.scheme)
    for identifier in party.identifiers:
        _identification(element, identifier)
    if creditor_id:
        _identification(element, Identifier(value=creditor_id, scheme=CREDITOR_SCHEME))
    if party.trading_name:
        put(SubElement(element, CAC["PartyName"]), CBC["Name"], party.trading_name)
    put_address(element, "PostalAddress", party.address)
    _tax_scheme(element, party.vat_id, "VAT")
    _tax_scheme(element, party.tax_number, "FC")
    legal = SubElement(element, CAC["PartyLegalEntity"])
    put(legal, CBC["RegistrationName"], party.name)
    _legal_registration(legal, party.legal_registration)
    put(legal, CBC["CompanyLegalForm"], party.legal_information)
    contact = party.contact
    if contact is not None:
        person = SubElement(element, CAC["Contact"])
        put(person, CBC["Name"], contact.name)
        put(person, CBC["Telephone"], contact.phone)
        put(person, CBC["ElectronicMail"], contact.email)


def put_address(parent: Element, name: str, address: PostalAddress) -> None:
    element = SubElement(parent, CAC[name])
    put(element, CBC["StreetName"], address.line_1)
    put(element, CBC["AdditionalStreetName"], address.line_2)
    put(element, CBC["CityName"], address.city)
    put(element, CBC["PostalZone"], address.post_code)
    put(element, CBC["CountrySubentity"], address.subdivision)
    if address.line_3:
        put(SubElement(element, CAC["AddressLine"]), CBC["Line"], address.line_3)
    put(SubElement(element, CAC["Country"]), CBC["IdentificationCode"], country_in_file(address.country))


def put_payee(parent: Element, payee: Payee) -> None:
    """BG-10."""
    element = SubElement(parent, CAC["PayeeParty"])
    if payee.identifier:
        _identification(element, payee.identifier)
    put(SubElement(element, CAC["PartyName"]), CBC["Name"], payee.name)
    if payee.legal_registration:
        _legal_registration(SubElement(element, CAC["PartyLegalEntity"]), payee.legal_registration)


def put_tax_representative(parent: Element, representative: TaxRepresentative) -> None:
    """BG-11."""
    element = SubElement(parent, CAC["TaxRepresentativeParty"])
    put(SubElement(element, CAC["PartyName"]), CBC["Name"], representative.name)
    put_address(element, "PostalAddress", representative.address)
    _tax_scheme(element, representative.vat_id, "VAT")


def put_supporting_document(parent: Element, document: SupportingDocument) -> None:
    """BG-24."""
    element = SubElement(parent, CAC["AdditionalDocumentReference"])
    put(element, CBC["ID"], document.reference)
    put(element, CBC["DocumentDescription"], document.description)
    if document.file is None and not document.location:
        return
    attachment = SubElement(element, CAC["Attachment"])
    if document.file is not None:
        binary = SubElement(attachment, CBC["EmbeddedDocumentBinaryObject"])
        binary.text = b64encode(document.file.content).decode("ascii")
        binary.set("mimeCode", document.file.media_type)
        binary.set("filename", document.file.name)
    if document.location:
        put(SubElement(attachment, CAC["ExternalReference"]), CBC["URI"], document.location)


def put_payment(parent: Element, payment: PaymentInstructions, due_date: str | None) -> None:
    """BG-16: one `PaymentMeans` per account, all of the same code. `due_date` only in a CreditNote (BT-9)."""
    for position, transfer in enumerate(payment.transfers or (None,)):
        element = SubElement(parent, CAC["PaymentMeans"])
        name = payment.means_text if position == 0 else None  # at most once (UBL-SR-46)
        put_with(element, CBC["PaymentMeansCode"], payment.means_code, "name", name)
        put(element, CBC["PaymentDueDate"], due_date)
        put(element, CBC["PaymentID"], payment.remittance)
        if payment.card is not None and position == 0:
            card = SubElement(element, CAC["CardAccount"])
            put(card, CBC["PrimaryAccountNumberID"], payment.card.number)
            put(card, CBC["NetworkID"], "NA")  # required by UBL, unknown to EN 16931
            put(card, CBC["HolderName"], payment.card.holder)
        if transfer is not None:
            account = SubElement(element, CAC["PayeeFinancialAccount"])
            put(account, CBC["ID"], transfer.account)
            put(account, CBC["Name"], transfer.holder)
            if transfer.bic:
                put(SubElement(account, CAC["FinancialInstitutionBranch"]), CBC["ID"], transfer.bic)
        debit = payment.direct_debit
        if debit is not None and position == 0 and (debit.mandate or debit.debited_account):
            mandate = SubElement(element, CAC["PaymentMandate"])
            put(mandate, CBC["ID"], debit.mandate)
            if debit.debited_account:
                put(SubElement(mandate, CAC["PayerFinancialAccount"]), CBC["ID"], debit.debited_account)


def put_allowance(parent: Element, part: AllowanceOrCharge, currency: str) -> None:
    """BG-20, BG-21, BG-27, BG-28."""
    element = SubElement(parent, CAC["AllowanceCharge"])
    put(element, CBC["ChargeIndicator"], "true" if part.is_charge else "false")
    put(element, CBC["AllowanceChargeReasonCode"], part.reason_code)
    put(element, CBC["AllowanceChargeReason"], part.reason)
    if part.percentage is not None:
        put(element, CBC["MultiplierFactorNumeric"], exact(part.percentage))
    put_amount(element, "Amount", part.amount, currency)
    if part.base is not None:
        put_amount(element, "BaseAmount", part.base, currency)
    if part.category:
        put_category(element, "TaxCategory", part.category, part.rate)


def put_category(
    parent: Element, name: str, category: str, rate: Decimal | None, code: str | None = None, reason: str | None = None
) -> None:
    element = SubElement(parent, CAC[name])
    put(element, CBC["ID"], category)
    if rate is not None:
        put(element, CBC["Percent"], exact(rate))
    put(element, CBC["TaxExemptionReasonCode"], code)
    put(element, CBC["TaxExemptionReason"], reason)
    put(SubElement(element, CAC["TaxScheme"]), CBC["ID"], "VAT")


_BEFORE_PERIOD = ("cbc:AccountingCostCode", "cbc:AccountingCost")
_AFTER_PERIOD = (
    "cac:OrderLineReference",
    "cac:DespatchLineReference",
    "cac:ReceiptLineReference",
    "cac:BillingReference",
    "cac:DocumentReference",
)
"""What the schema of a line has on both sides of its period."""


def put_line(parent: Element, line: InvoiceLine, invoice: EInvoice) -> None:
    """BG-25. Sub-lines are not written: they explain a line and are no part of EN 16931."""
    currency = invoice.currency
    element = SubElement(parent, CAC["CreditNoteLine" if invoice.is_credit_note else "InvoiceLine"])
    put(element, CBC["ID"], line.ident)
    put(element, CBC["Note"], line.note)
    if line.quantity is not None:
        quantity = "CreditedQuantity" if invoice.is_credit_note else "InvoicedQuantity"
        put_with(element, CBC[quantity], exact(line.quantity), "unitCode", line.unit)
    put_amount(element, "LineExtensionAmount", line.net, currency)
    references = said(line, UBL_INVOICE.row)  # the same in a CreditNote
    put_references(element, references, _BEFORE_PERIOD, UBL_INVOICE)
    put_period(element, line.period)
    put_references(element, references, _AFTER_PERIOD, UBL_INVOICE)
    for part in line.allowances:
        put_allowance(element, part, currency)
    _item(element, line)
    _price(element, line, currency)


def _item(parent: Element, line: InvoiceLine) -> None:
    element = SubElement(parent, CAC["Item"])
    put(element, CBC["Description"], line.description)
    put(element, CBC["Name"], line.name)
    if line.buyer_item_id:
        put(SubElement(element, CAC["BuyersItemIdentification"]), CBC["ID"], line.buyer_item_id)
    if line.seller_item_id:
        put(SubElement(element, CAC["SellersItemIdentification"]), CBC["ID"], line.seller_item_id)
    if line.standard_item_id:
        standard = SubElement(element, CAC["StandardItemIdentification"])
        put_with(standard, CBC["ID"], line.standard_item_id.value, "schemeID", line.standard_item_id.scheme)
    if line.origin_country:
        put(SubElement(element, CAC["OriginCountry"]), CBC["IdentificationCode"], country_in_file(line.origin_country))
    for classification in line.classifications:
        code = SubElement(SubElement(element, CAC["CommodityClassification"]), CBC["ItemClassificationCode"])
        code.text = classification.code
        code.set("listID", classification.list_id)
        if classification.list_version:
            code.set("listVersionID", classification.list_version)
    put_category(element, "ClassifiedTaxCategory", line.category, line.rate)
    for attribute in line.attributes:
        extra = SubElement(element, CAC["AdditionalItemProperty"])
        put(extra, CBC["Name"], attribute.name)
        put(extra, CBC["Value"], attribute.value)


def _price(parent: Element, line: InvoiceLine, currency: str) -> None:
    """BG-29."""
    if line.price is None:
        return
    element = SubElement(parent, CAC["Price"])
    put_with(element, CBC["PriceAmount"], exact(line.price), "currencyID", currency)
    if line.price_base is not None:
        put_with(element, CBC["BaseQuantity"], exact(line.price_base), "unitCode", line.price_base_unit)
    if line.discount is not None:
        discount = SubElement(element, CAC["AllowanceCharge"])
        put(discount, CBC["ChargeIndicator"], "false")
        put_with(discount, CBC["Amount"], exact(line.discount), "currencyID", currency)
        if line.gross_price is not None:
            put_with(discount, CBC["BaseAmount"], exact(line.gross_price), "currencyID", currency)


def _identification(parent: Element, identifier: Identifier) -> None:
    element = SubElement(parent, CAC["PartyIdentification"])
    put_with(element, CBC["ID"], identifier.value, "schemeID", identifier.scheme)


def _tax_scheme(parent: Element, number: str | None, scheme: str) -> None:
    if number:
        element = SubElement(parent, CAC["PartyTaxScheme"])
        put(element, CBC["CompanyID"], number)
        put(SubElement(element, CAC["TaxScheme"]), CBC["ID"], scheme)


def _legal_registration(parent: Element, registration: Identifier | None) -> None:
    if registration:
        put_with(parent, CBC["CompanyID"], registration.value, "schemeID", registration.scheme)
