"""The document that another system's e-invoice asks for. Pure."""

from contor.documents.einvoice.importing.importing import ImportedEInvoice, imported

__all__ = [
    "ImportedEInvoice",
    "imported",
]
