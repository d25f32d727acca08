"""The two files of an issued document: UBL for sending, CII inside the PDF. The same document is the same bytes. Pure."""

from collections.abc import Sequence

from contor.documents.einvoice.model import EInvoice, Profile
from contor.documents.einvoice.of_document import einvoice_of, in_profile
from contor.documents.einvoice.write.cii import cii
from contor.documents.einvoice.write.ubl import ubl
from contor.documents.types import Document, SupportingDocument
from contor.kernel.shapes import replace


def ubl_of(document: Document, given: Sequence[SupportingDocument] = ()) -> bytes:
    """UBL: XRechnung 3.0 where the buyer gave a reference, else EN 16931. The document must pass `why_no_xml`. `given`: BG-24."""
    return ubl(with_supporting(einvoice_of(document), given))


def cii_of(document: Document, given: Sequence[SupportingDocument] = ()) -> bytes:
    """CII of profile EN 16931, the `factur-x.xml` of the PDF (Factur-X 1.09, ZUGFeRD 2.5). The document must pass `why_no_xml`."""
    return cii(with_supporting(einvoice_of(document, Profile.EN16931), given))


def cii_and_ubl_of(document: Document, given: Sequence[SupportingDocument] = ()) -> tuple[bytes, bytes]:
    """`cii_of` and `ubl_of` at once: what the document says is put in the terms of EN 16931 once."""
    invoice = with_supporting(einvoice_of(document), given)
    return cii(in_profile(invoice, document, Profile.EN16931)), ubl(invoice)


def with_supporting(invoice: EInvoice, given: Sequence[SupportingDocument]) -> EInvoice:
    """The invoice with files and references (BG-24) that belong to it beside those that it is made with."""
    return replace(invoice, attachments=(*invoice.attachments, *given)) if given else invoice
