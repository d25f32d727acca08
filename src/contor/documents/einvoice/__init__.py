"""The e-invoice of a document (EN 16931), and documents of the e-invoices of others. Pure."""

from contor.documents.einvoice.importing import (
    BUYER,
    DELIVERY,
    SELLER,
    ImportedEInvoice,
    identity_of,
    imported,
    left_out,
    located,
    unlike,
)
from contor.documents.einvoice.model import RAM, RSM, EInvoice, Located, TaxRepresentative, judged_file, misnamed
from contor.documents.einvoice.of_document import (
    direct_debit,
    einvoice_of,
    is_as_terms_say,
    payee,
    seller_and_buyer,
    tax_representative,
    terms_text,
    why_no_xml,
)
from contor.documents.einvoice.read import parse, read_einvoice, read_file, read_with_xml
from contor.documents.einvoice.write import CREDIT_NOTE, INVOICE, breaches, cii_and_ubl_of, cii_of, ubl_of, with_supporting

__all__ = [
    "BUYER",
    "CREDIT_NOTE",
    "DELIVERY",
    "INVOICE",
    "RAM",
    "RSM",
    "SELLER",
    "EInvoice",
    "ImportedEInvoice",
    "Located",
    "TaxRepresentative",
    "breaches",
    "cii_and_ubl_of",
    "cii_of",
    "direct_debit",
    "einvoice_of",
    "identity_of",
    "imported",
    "is_as_terms_say",
    "judged_file",
    "left_out",
    "located",
    "misnamed",
    "parse",
    "payee",
    "read_einvoice",
    "read_file",
    "read_with_xml",
    "seller_and_buyer",
    "tax_representative",
    "terms_text",
    "ubl_of",
    "unlike",
    "why_no_xml",
    "with_supporting",
]
