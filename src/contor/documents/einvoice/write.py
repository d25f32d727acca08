"""The two files of an issued document: UBL for sending, CII inside the PDF. The same document is the same bytes."""

from contor.documents.einvoice.cii import cii
from contor.documents.einvoice.model import Profile
from contor.documents.einvoice.of_document import einvoice_of
from contor.documents.einvoice.ubl import ubl
from contor.documents.types import Document


def ubl_of(document: Document) -> bytes:
    """UBL: XRechnung 3.0 where the buyer gave a reference, else EN 16931. The document must pass `why_no_xml`."""
    return ubl(einvoice_of(document))


def cii_of(document: Document) -> bytes:
    """CII of profile EN 16931, the `factur-x.xml` of the PDF (Factur-X 1.09, ZUGFeRD 2.5). The document must pass `why_no_xml`."""
    return cii(einvoice_of(document, Profile.EN16931))
