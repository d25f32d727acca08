"""What an issued document says, in the terms of EN 16931. Pure."""

from contor.documents.einvoice.of_document.findings import why_no_xml
from contor.documents.einvoice.of_document.of_document import einvoice_of, in_profile
from contor.documents.einvoice.of_document.of_parties import (
    CREDITOR_ID,
    DEBITED_ACCOUNT,
    DIRECT_DEBIT_TYPES,
    MANDATE,
    TRANSFER_TYPES,
    direct_debit,
    seller_and_buyer,
)

__all__ = [
    "CREDITOR_ID",
    "DEBITED_ACCOUNT",
    "DIRECT_DEBIT_TYPES",
    "MANDATE",
    "TRANSFER_TYPES",
    "direct_debit",
    "einvoice_of",
    "in_profile",
    "seller_and_buyer",
    "why_no_xml",
]
