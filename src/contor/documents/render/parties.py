"""Who writes the letter and who receives it. On self-billing papers we still write, though the partner is the seller. Pure."""

from contor.documents.einvoice import seller_and_buyer
from contor.documents.types import Document, Party


def supplier(document: Document) -> Party:
    """The seller in law (BG-4): us, on self-billing papers the partner."""
    return seller_and_buyer(document)[0]


def writer(document: Document) -> Party:
    """Us: letterhead, sender and footer."""
    seller, buyer = seller_and_buyer(document)
    return buyer if document.is_self_billing else seller


def addressee(document: Document) -> Party:
    """The customer, on self-billing papers the partner: the address window."""
    seller, buyer = seller_and_buyer(document)
    return seller if document.is_self_billing else buyer
