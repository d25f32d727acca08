"""The document that another system's e-invoice asks for, and what it does not keep of it. Pure."""

from contor.documents.einvoice.importing.comparison import left_out
from contor.documents.einvoice.importing.import_places import BUYER, DELIVERY, SELLER, located
from contor.documents.einvoice.importing.importing import ImportedEInvoice, identity_of, imported
from contor.documents.einvoice.importing.same import unlike

__all__ = [
    "BUYER",
    "DELIVERY",
    "SELLER",
    "ImportedEInvoice",
    "identity_of",
    "imported",
    "left_out",
    "located",
    "unlike",
]
