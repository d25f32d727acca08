"""Which electronic invoice a customer gets, and what Peppol wants of it. Pure.

Source: XRechnung 3.0 (BR-DE-15 and others, `parties.xrechnung_findings`), Peppol BIS Billing 3.0 (PEPPOL-EN16931-R003, R010, R020).
"""

import re
from typing import Final

from contor.documents.judge.parties import xrechnung_findings
from contor.documents.judge.rules import Facts
from contor.documents.long_texts import text_of
from contor.documents.properties import PAYMENT_TERMS
from contor.documents.references import FIELDS_OF_DOCUMENT, given
from contor.documents.skonto import is_readable, terms_as_written
from contor.documents.types import DocumentRequest, DocumentType, EInvoiceFormat, Party
from contor.kernel.codes import PEPPOL_ADDRESS
from contor.kernel.errors import Problem

_ROUTED: Final = re.compile(r"\d{2,12}(-[0-9A-Za-z]{1,30})?-\d{2}")
"""A Leitweg-ID: the way to a German authority, its parts, and check digits."""


def format_for(wanted: EInvoiceFormat | None, buyer_reference: str | None, seller: Party, buyer: Party) -> EInvoiceFormat:
    """What the customer wants; else XRechnung between German parties where BT-10 is a Leitweg-ID, and EN 16931 for anyone else: a
    reference of some other kind is no reason to ask foreign parties for what only German rules want."""
    if wanted is not None:
        return wanted
    german = seller.address.country == buyer.address.country == "DE"
    return "XRECHNUNG" if german and buyer_reference and _ROUTED.fullmatch(buyer_reference) else "EN16931"


def peppol_findings(
    seller: tuple[str, Party | None], buyer: tuple[str, Party | None], several_taxes: bool, has_reference: bool
) -> list[Problem]:
    """What Peppol wants of master data and of the request. `has_reference`: BT-10 or BT-13 is given."""
    problems = []
    if several_taxes:
        message = "several taxes in one row cannot be an e-invoice (BR-CO-04)"
        problems.append(Problem("several_taxes_in_peppol", message, "items"))
    for (name, party), rule in ((seller, "PEPPOL-EN16931-R020"), (buyer, "PEPPOL-EN16931-R010")):
        address = party.electronic_address if party is not None else None
        if party is not None and not (address or party.contact.email):
            problems.append(Problem("missing_for_peppol", f"Peppol requires it ({rule})", f"{name}.electronicAddress"))
        elif party is not None and (scheme := address.scheme if address else "EM") not in PEPPOL_ADDRESS:  # EM: its e-mail
            message = f"Peppol finds nobody by {scheme}: expected is {PEPPOL_ADDRESS.expected} (PEPPOL-EN16931-CL008)"
            problems.append(Problem("code_unknown", message, f"{name}.electronicAddress.scheme", scheme))
    if not has_reference:
        message = "Peppol requires a buyer reference or a purchase order reference (PEPPOL-EN16931-R003)"
        problems.append(Problem("missing_for_peppol", message, "properties.buyerReference"))
    return problems


def format_findings(
    request: DocumentRequest,
    document_type: DocumentType,
    facts: Facts,
    seller: tuple[str, Party | None],
    buyer: tuple[str, Party | None],
) -> list[Problem]:
    """What the file for sending needs besides (`format_of`)."""
    wanted = format_of(request, document_type, facts)
    if wanted not in ("XRECHNUNG", "PEPPOL"):
        return []
    several = any(len(item.tax_detail.taxes) > 1 for item in request.items)
    said = given(FIELDS_OF_DOCUMENT, request.properties)
    referenced = facts.buyer_reference or said.get("buyer_reference")
    if wanted == "PEPPOL":
        return peppol_findings(seller, buyer, several, bool(referenced or said.get("purchase_order_reference")))
    problems = xrechnung_findings(seller, buyer, several)
    if not referenced:
        message = "XRechnung requires a buyer reference (BR-DE-15)"
        problems.append(Problem("missing_for_xrechnung", message, "properties.buyerReference"))
    terms = text_of(PAYMENT_TERMS, request.properties)
    if terms and not is_readable(terms_as_written(terms, ()) or ""):
        message = "XRechnung takes a line that begins with # for Skonto, like #SKONTO#TAGE=10#PROZENT=2.00# (BR-DE-18)"
        problems.append(Problem("payment_terms_unreadable", message, f"properties.{PAYMENT_TERMS}", terms))
    return problems


def format_of(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> EInvoiceFormat | None:
    """Which e-invoice the document will be; None where a party is unknown."""
    seller, buyer = facts.seller(document_type), facts.buyer(document_type)
    if seller is None or buyer is None:
        return None
    reference = given(FIELDS_OF_DOCUMENT, request.properties).get("buyer_reference") or facts.buyer_reference
    return format_for(facts.e_invoice_format, reference, seller, buyer)
