"""Why a document can have no e-invoice, and what its XRechnung lacks. What is wanted of the parties is in `judge/parties.py`.

Pure.
"""

import re
from collections.abc import Sequence

from contor.documents.einvoice.of_document.of_parties import seller_and_buyer
from contor.documents.judge import xrechnung_findings
from contor.documents.properties import CREDITOR_ID, DEBITED_ACCOUNT, MANDATE
from contor.documents.types import Address, Document, Party, Property
from contor.kernel.errors import Problem
from contor.kernel.money import exponent

_MISSING = "missing_for_xrechnung"
_COUNTRY = re.compile(r"[A-Z]{2}")


def why_no_xml(document: Document) -> list[Problem]:
    """Why EN 16931 cannot say this document (then it is a PDF only), and what an XRechnung of it lacks. Empty: it can be written."""
    problems = _outside_the_standard(document)
    if document.e_invoice_format == "XRECHNUNG" or (document.e_invoice_format is None and document.buyer_reference):
        seller, buyer = _named(document)
        problems += xrechnung_findings(seller, buyer, several_taxes=False)
        if document.way_of_payment == "DIRECT_DEBIT":
            problems += direct_debit_findings(document.properties, buyer[1])
        problems += ship_to_findings(document.shipping_address)
    return problems


def direct_debit_findings(properties: Sequence[Property], payer: Party) -> list[Problem]:
    """What XRechnung wants of a direct debit (BG-19, BR-DE-25, BR-DE-30, BR-DE-31), by name."""
    given = {entry.key: entry.value for entry in properties}
    wanted = (
        (MANDATE, "the mandate reference (BT-89)", given.get(MANDATE)),
        (CREDITOR_ID, "the creditor identifier (BT-90)", given.get(CREDITOR_ID)),
        (DEBITED_ACCOUNT, "the debited account (BT-91)", given.get(DEBITED_ACCOUNT) or payer.bank_accounts),
    )
    return [
        Problem(_MISSING, f"XRechnung requires {name} of a direct debit: the property {key}", f"properties.{key}")
        for key, name, value in wanted
        if not value
    ]


def ship_to_findings(address: Address | None) -> list[Problem]:
    """What XRechnung wants of a deliver-to address (BR-DE-10, BR-DE-11), by name."""
    if address is None:
        return []
    wanted = (("city", "the deliver-to city (BT-77)", address.city), ("zip", "the deliver-to post code (BT-78)", address.zip))
    return [
        Problem(_MISSING, f"XRechnung requires {name}", f"shippingAddress.{field}") for field, name, value in wanted if not value
    ]


def _named(document: Document) -> tuple[tuple[str, Party], tuple[str, Party]]:
    """Seller and buyer, each with the name of its master data."""
    seller, buyer = seller_and_buyer(document)
    ours, theirs = "operatingSite", "customer"
    return ((theirs, seller), (ours, buyer)) if document.is_self_billing else ((ours, seller), (theirs, buyer))


def _outside_the_standard(document: Document) -> list[Problem]:
    problems = [
        Problem(
            "row_has_several_taxes", "EN 16931 has one tax per row (BT-151): there is a PDF only", f"items[{index}].taxDetail.taxes"
        )
        for index, item in enumerate(document.items)
        if len(item.taxes) > 1
    ]
    if exponent(document.currency) > 2:
        message = "EN 16931 has two decimals in an amount (BR-DEC): there is a PDF only"
        problems.append(Problem("currency_has_more_than_two_decimals", message, "currency", document.currency))
    categories = {group.category_code for group in document.taxes}
    if "O" in categories and len(categories) > 1:
        message = "A row outside the scope of VAT stands with no other (BR-O-11)"
        problems.append(Problem("not_taxable_beside_taxable", message, "items"))
    for index, group in enumerate(document.taxes):
        if group.category_code == "E" and not (group.exemption_reason_text or group.exemption_reason_code):
            message = "An exempt row says why it is exempt (BT-120, BT-121, BR-E-10)"
            problems.append(Problem("exemption_reason_missing", message, f"taxes[{index}]"))
    for where, party in _named(document):
        if not party.name:
            problems.append(Problem("party_name_missing", "A party has a name (BT-27, BT-44)", f"{where}.name"))
        if not _COUNTRY.fullmatch(party.address.country):
            message = "A country is written in two letters (ISO 3166-1 alpha-2)"
            problems.append(Problem("country_not_alpha_2", message, f"{where}.address.country", party.address.country))
    return problems
