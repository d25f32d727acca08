"""What an issued document says, in the terms of EN 16931. Pure."""

from contor.documents.einvoice.of_document.findings import direct_debit_findings, ship_to_findings, why_no_xml
from contor.documents.einvoice.of_document.of_document import einvoice_of, in_profile, is_as_terms_say, terms_text
from contor.documents.einvoice.of_document.of_parties import (
    direct_debit,
    payee,
    seller_and_buyer,
    tax_representative,
)

__all__ = [
    "direct_debit",
    "direct_debit_findings",
    "einvoice_of",
    "in_profile",
    "is_as_terms_say",
    "payee",
    "seller_and_buyer",
    "ship_to_findings",
    "tax_representative",
    "terms_text",
    "why_no_xml",
]
