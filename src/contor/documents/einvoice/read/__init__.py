"""E-invoices of both syntaxes, read. Pure."""

from contor.documents.einvoice.read.hybrid import read_file, read_with_xml
from contor.documents.einvoice.read.read import parse, read_einvoice

__all__ = [
    "parse",
    "read_einvoice",
    "read_file",
    "read_with_xml",
]
