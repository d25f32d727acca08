"""The e-invoice of a document (EN 16931), and documents of the e-invoices of others. Pure."""

from contor.documents.einvoice.importing import ImportedEInvoice, imported
from contor.documents.einvoice.model import RSM, AttachedFile, SupportingDocument
from contor.documents.einvoice.of_document import DIRECT_DEBIT_TYPES, TRANSFER_TYPES, direct_debit, seller_and_buyer, why_no_xml
from contor.documents.einvoice.read import parse, read_einvoice
from contor.documents.einvoice.write import CREDIT_NOTE, INVOICE, cii_and_ubl_of, cii_of, ubl_of

__all__ = [
    "CREDIT_NOTE",
    "DIRECT_DEBIT_TYPES",
    "INVOICE",
    "RSM",
    "TRANSFER_TYPES",
    "AttachedFile",
    "ImportedEInvoice",
    "SupportingDocument",
    "cii_and_ubl_of",
    "cii_of",
    "direct_debit",
    "imported",
    "parse",
    "read_einvoice",
    "seller_and_buyer",
    "ubl_of",
    "why_no_xml",
]
