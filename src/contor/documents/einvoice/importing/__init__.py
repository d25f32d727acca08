"""The document that another system's e-invoice asks for, and what it does not keep of it. Pure."""

from contor.documents.einvoice.importing.comparison import left_out
from contor.documents.einvoice.importing.importing import ImportedEInvoice, identity_of, imported

__all__ = [
    "ImportedEInvoice",
    "identity_of",
    "imported",
    "left_out",
]
