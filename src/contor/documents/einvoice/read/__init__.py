"""E-invoices of both syntaxes, read. Pure."""

from contor.documents.einvoice.read.read import parse, read_einvoice
from contor.documents.einvoice.read.read_file import read_file

__all__ = [
    "parse",
    "read_einvoice",
    "read_file",
]
