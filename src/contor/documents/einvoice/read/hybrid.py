"""The e-invoice that a file is, or that a hybrid PDF carries (ZUGFeRD, Factur-X). The file is not trusted. Pure."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from contor.documents.einvoice.model import EInvoice, inside
from contor.documents.einvoice.read.read import is_einvoice, parse, read_einvoice
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace

if TYPE_CHECKING:
    from pypdf import PdfReader

NAMES: Final = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
"""What the standards call the e-invoice inside a PDF (Factur-X 1.0 and ZUGFeRD 2.1 and newer, XRechnung, ZUGFeRD 1 and 2.0)."""
_PDF_HEADER, _HEADER_WITHIN = b"%PDF-", 1024
_LARGEST_XML = 20 * 1024 * 1024


def read_file(data: bytes) -> EInvoice:
    """The invoice of a UBL or CII file or of a hybrid PDF. Raises `Refused` with every finding at once."""
    return read_with_xml(data)[0]


def read_with_xml(data: bytes) -> tuple[EInvoice, bytes]:
    """As `read_file`, with the XML in which it stands."""
    if _PDF_HEADER not in data[:_HEADER_WITHIN]:
        return read_einvoice(data), data
    from pypdf import PdfReader  # 60 ms, and few processes ever read a PDF
    from pypdf.errors import PyPdfError

    try:
        files = sorted(_attached(PdfReader(io.BytesIO(data))), key=lambda file: _rank(file[0]))
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        # a damaged PDF fails wherever its parts are first used, each in its own way
        raise Refused(Kind.INVALID, Problem("pdf_unreadable", "The PDF is damaged or locked: its files cannot be read.")) from error
    for name, content in files:
        if _rank(name) < len(NAMES) or _is_einvoice(content):
            return _inside(name, content), content
    message = "The PDF carries no e-invoice: a hybrid invoice has a factur-x.xml, xrechnung.xml or zugferd-invoice.xml inside"
    raise Refused(Kind.INVALID, Problem("pdf_without_einvoice", f"{message}."))


def _inside(name: str, content: bytes) -> EInvoice:
    try:
        return replace(read_einvoice(content), inside=name)
    except Refused as refused:
        raise Refused(refused.kind, *(inside(problem, name) for problem in refused.problems)) from refused


def _attached(pdf: "PdfReader") -> Iterator[tuple[str, bytes]]:
    for file in pdf.attachment_list:
        if file.name.lower().endswith(".xml"):
            content = file.content
            if len(content) <= _LARGEST_XML:
                yield file.name.lower(), content


def _rank(name: str) -> int:
    return NAMES.index(name) if name in NAMES else len(NAMES)


def _is_einvoice(content: bytes) -> bool:
    try:
        return is_einvoice(parse(content))
    except Refused:
        return False
