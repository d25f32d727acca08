"""What XRechnung adds to EN 16931, for a UBL file that claims it (BT-24): the rules that are fatal there. Pure.

They are those of its Schematron (3.0.2), for which there is no package: what a CIUS adds is small, and is asked in XPath of its own.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from lxml import etree

from contor.documents.einvoice.model import CAC, CBC
from contor.documents.skonto import is_readable


class Breach(NamedTuple):
    """A rule that the file does not keep."""

    rule: str
    message: str
    location: str


_SELLER: Final = "/*/cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "/*/cac:AccountingCustomerParty/cac:Party"
_DELIVERY: Final = "/*/cac:Delivery/cac:DeliveryLocation/cac:Address"
_LINES: Final = "(/*/cac:InvoiceLine | /*/cac:CreditNoteLine)"
_ALLOWANCES: Final = "(/* | /*/cac:InvoiceLine | /*/cac:CreditNoteLine)/cac:AllowanceCharge"
_FILE: Final = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename"
_SLACK: Final = "2.0001 + 48 * (/*/cbc:DocumentCurrencyCode = 'HUF')"
"""A hundred times the tolerance of a percentage: 0.02, or 0.50 of a currency without coins, and what floating numbers leave."""
_NOTHING: Final = "0.0000001"
_TAXED: Final = "[contains(' S Z E AE K G L M ', concat(' ', normalize-space(), ' '))]"


def _means(*codes: str) -> str:
    return f"/*/cac:PaymentMeans[{' or '.join(f'normalize-space(cbc:PaymentMeansCode) = {code}' for code in codes)}]"


def _given(path: str) -> str:
    return f"{path}[normalize-space()]"


def _day(path: str) -> str:
    return f"number(translate({path}, '-', ''))"


_TRANSFER, _CARD, _DEBIT = _means("30", "58"), _means("48", "54", "55"), _means("59")
_RULES: Final = (
    ("PEPPOL-EN16931-R008", "//*[not(*) and not(normalize-space())]", "false()", "an element is empty"),
    ("PEPPOL-EN16931-R001", "/*", "cbc:ProfileID", "the business process (BT-23) is missing"),
    ("PEPPOL-EN16931-R053", "/*", "count(cac:TaxTotal[cac:TaxSubtotal]) = 1", "the VAT (BT-110) stands once"),
    (
        "PEPPOL-EN16931-R054",
        "/*",
        "count(cac:TaxTotal[not(cac:TaxSubtotal)]) = count(cbc:TaxCurrencyCode)",
        "the VAT in the tax currency (BT-111) stands with that currency (BT-6)",
    ),
    (
        "PEPPOL-EN16931-R055",
        "/*[cbc:TaxCurrencyCode]",
        "not(cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount * cac:TaxTotal[not(cac:TaxSubtotal)]/cbc:TaxAmount < 0)",
        "the VAT in both currencies (BT-110, BT-111) has the same sign",
    ),
    (
        "PEPPOL-EN16931-R005",
        "/*/cbc:TaxCurrencyCode",
        "normalize-space() != normalize-space(../cbc:DocumentCurrencyCode)",
        "the tax currency (BT-6) is another than that of the invoice (BT-5)",
    ),
    ("PEPPOL-EN16931-R010", _BUYER, "cbc:EndpointID", "the buyer's electronic address (BT-49) is missing"),
    ("PEPPOL-EN16931-R020", _SELLER, "cbc:EndpointID", "the seller's electronic address (BT-34) is missing"),
    (
        "PEPPOL-EN16931-R041",
        _ALLOWANCES,
        "cbc:BaseAmount or not(cbc:MultiplierFactorNumeric)",
        "the percentage of an allowance or charge has a base",
    ),
    (
        "PEPPOL-EN16931-R042",
        _ALLOWANCES,
        "cbc:MultiplierFactorNumeric or not(cbc:BaseAmount)",
        "the base of an allowance or charge has a percentage",
    ),
    (
        "PEPPOL-EN16931-R040",
        f"{_ALLOWANCES}[cbc:MultiplierFactorNumeric and cbc:BaseAmount]",
        f"cbc:Amount * 100 - cbc:BaseAmount * cbc:MultiplierFactorNumeric < {_SLACK}"
        f" and cbc:BaseAmount * cbc:MultiplierFactorNumeric - cbc:Amount * 100 < {_SLACK}",
        "an allowance or charge is its percentage of its base",
    ),
    ("PEPPOL-EN16931-R061", _means("49", "59"), "cac:PaymentMandate/cbc:ID", "a direct debit names its mandate (BT-89)"),
    (
        "PEPPOL-EN16931-R110",
        f"{_LINES}/cac:InvoicePeriod/cbc:StartDate[/*/cac:InvoicePeriod/cbc:StartDate]",
        f"{_day('.')} >= {_day('/*/cac:InvoicePeriod/cbc:StartDate')}",
        "the period of a line begins within that of the invoice (BT-73)",
    ),
    (
        "PEPPOL-EN16931-R111",
        f"{_LINES}/cac:InvoicePeriod/cbc:EndDate[/*/cac:InvoicePeriod/cbc:EndDate]",
        f"{_day('.')} <= {_day('/*/cac:InvoicePeriod/cbc:EndDate')}",
        "the period of a line ends within that of the invoice (BT-74)",
    ),
    (
        "PEPPOL-EN16931-R101",
        f"{_LINES}[cac:DocumentReference]",
        "cac:DocumentReference/cbc:DocumentTypeCode = '130'",
        "the document of a line is what is invoiced (BT-128)",
    ),
    (
        "PEPPOL-EN16931-R046",
        f"{_LINES}/cac:Price/cac:AllowanceCharge[cbc:BaseAmount]",
        f"../cbc:PriceAmount - cbc:BaseAmount + cbc:Amount < {_NOTHING} and cbc:BaseAmount - cbc:Amount - ../cbc:PriceAmount < {_NOTHING}",
        "a price (BT-146) is the gross price less its discount (BT-147, BT-148)",
    ),
    ("PEPPOL-EN16931-R121", f"{_LINES}/cac:Price/cbc:BaseQuantity", ". > 0", "the base of a price (BT-149) is more than 0"),
    (
        "PEPPOL-EN16931-R130",
        f"{_LINES}/cac:Price/cbc:BaseQuantity[@unitCode]",
        "@unitCode = (../../cbc:InvoicedQuantity | ../../cbc:CreditedQuantity)/@unitCode",
        "the base of a price is in the unit of the quantity (BT-130)",
    ),
    ("BR-DE-1", "/*", "cac:PaymentMeans", "the means of payment (BG-16) are missing"),
    ("BR-DE-2", "/*/cac:AccountingSupplierParty", "cac:Party/cac:Contact", "the seller's contact (BG-6) is missing"),
    ("BR-DE-3", f"{_SELLER}/cac:PostalAddress", _given("cbc:CityName"), "the seller's city (BT-37) is missing"),
    ("BR-DE-4", f"{_SELLER}/cac:PostalAddress", _given("cbc:PostalZone"), "the seller's post code (BT-38) is missing"),
    ("BR-DE-5", f"{_SELLER}/cac:Contact", _given("cbc:Name"), "the name of the seller's contact (BT-41) is missing"),
    ("BR-DE-6", f"{_SELLER}/cac:Contact", _given("cbc:Telephone"), "the phone of the seller's contact (BT-42) is missing"),
    ("BR-DE-7", f"{_SELLER}/cac:Contact", _given("cbc:ElectronicMail"), "the e-mail of the seller's contact (BT-43) is missing"),
    ("BR-DE-8", f"{_BUYER}/cac:PostalAddress", _given("cbc:CityName"), "the buyer's city (BT-52) is missing"),
    ("BR-DE-9", f"{_BUYER}/cac:PostalAddress", _given("cbc:PostalZone"), "the buyer's post code (BT-53) is missing"),
    ("BR-DE-10", _DELIVERY, _given("cbc:CityName"), "the deliver-to city (BT-77) is missing"),
    ("BR-DE-11", _DELIVERY, _given("cbc:PostalZone"), "the deliver-to post code (BT-78) is missing"),
    (
        "BR-DE-14",
        "/*/cac:TaxTotal/cac:TaxSubtotal",
        _given("cac:TaxCategory/cbc:Percent"),
        "the rate of a VAT group (BT-119) is missing",
    ),
    ("BR-DE-15", "/*", _given("cbc:BuyerReference"), "the buyer reference (BT-10) is missing"),
    (
        "BR-DE-16",
        f"/*[cac:AllowanceCharge/cac:TaxCategory/cbc:ID{_TAXED} or */cac:Item/cac:ClassifiedTaxCategory/cbc:ID{_TAXED}]",
        "cac:TaxRepresentativeParty or " + _given("cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"),
        "the seller's VAT id or tax number (BT-31, BT-32) is missing",
    ),
    (
        "BR-DE-22",
        "/*/cac:AdditionalDocumentReference",
        f"not({_FILE} = preceding-sibling::cac:AdditionalDocumentReference/{_FILE})",
        "attached files have different names (BT-125)",
    ),
    ("BR-DE-23-a", _TRANSFER, "cac:PayeeFinancialAccount", "a credit transfer names the account (BG-17)"),
    ("BR-DE-23-b", _TRANSFER, "not(cac:CardAccount or cac:PaymentMandate)", "a credit transfer names nothing of other means"),
    ("BR-DE-24-a", _CARD, "cac:CardAccount", "a payment by card names the card (BG-18)"),
    ("BR-DE-24-b", _CARD, "not(cac:PayeeFinancialAccount or cac:PaymentMandate)", "a card names nothing of other means"),
    ("BR-DE-25-a", _DEBIT, "cac:PaymentMandate", "a direct debit names its mandate (BG-19)"),
    ("BR-DE-25-b", _DEBIT, "not(cac:PayeeFinancialAccount or cac:CardAccount)", "a direct debit names nothing of other means"),
    (
        "BR-DE-30",
        "/*[cac:PaymentMeans/cac:PaymentMandate]",
        "(cac:AccountingSupplierParty/cac:Party | cac:PayeeParty)/cac:PartyIdentification/cbc:ID[@schemeID = 'SEPA']",
        "a direct debit names the creditor (BT-90)",
    ),
    (
        "BR-DE-31",
        "/*[cac:PaymentMeans/cac:PaymentMandate]",
        "cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
        "a direct debit names the debited account (BT-91)",
    ),
)
"""Rule, where it is asked, what must hold there, and its words."""


def breaches(root: etree._Element) -> Iterator[Breach]:
    """What a UBL file breaks of the rules of the XRechnung that it says it is; nothing where it does not."""
    if "xrechnung" not in (root.findtext(CBC["CustomizationID"]) or "").casefold():
        return
    tree = root.getroottree()
    for rule, where, holds, message in _compiled():
        for element in where(root):
            if not holds(element):
                yield Breach(rule, message, tree.getpath(element))
    terms = root.find(f"{CAC['PaymentTerms']}/{CBC['Note']}")
    if terms is not None and not is_readable(terms.text or ""):
        message = "a line of the payment terms (BT-20) that begins with # is no Skonto that can be read, or does not end"
        yield Breach("BR-DE-18", message, tree.getpath(terms))


@cache
def _compiled() -> tuple[tuple[str, etree.XPath, etree.XPath, str], ...]:
    names = {"cac": CAC.namespace, "cbc": CBC.namespace}
    return tuple(
        (rule, etree.XPath(where, namespaces=names), etree.XPath(f"boolean({holds})", namespaces=names), message)
        for rule, where, holds, message in _RULES
    )
