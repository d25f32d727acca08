"""The Factur-X mark: metadata by which a reader knows that the PDF carries an invoice as XML (Factur-X 1.09, chapter 6). Pure.

PDF/A-3 wants every foreign metadata schema described in the file itself (ISO 19005-3, 6.6.2.3), hence the extension block.
The typesetting engine cannot write it; it is added to the finished file as an incremental update (ISO 32000-1, 7.5.6),
which costs a tenth of a millisecond where reading and writing the whole file by a PDF library costs five.
"""

import hashlib
import re

NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
ATTACHMENT = "factur-x.xml"
PROFILE = "EN 16931"
_VERSION = "1.0"

_PROPERTIES = (
    ("DocumentFileName", "Name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "Version of the Factur-X XML schema"),
    ("ConformanceLevel", "Conformance level of the Factur-X data"),
)


def _described(name: str, description: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>{description}</pdfaProperty:description>"
        "</rdf:li>"
    )


# The engine has opened the list of extension schemas already; a file may have only one.
_SCHEMAS_END = b"</rdf:Bag></pdfaExtension:schemas>"
_SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    f"<pdfaSchema:property><rdf:Seq>{''.join(_described(*entry) for entry in _PROPERTIES)}</rdf:Seq></pdfaSchema:property>"
    "</rdf:li>"
).encode("ascii")
_RDF_END = b"</rdf:RDF>"
_VALUES = (
    f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}"><fx:DocumentType>INVOICE</fx:DocumentType>'
    f"<fx:DocumentFileName>{ATTACHMENT}</fx:DocumentFileName><fx:Version>{_VERSION}</fx:Version>"
    f"<fx:ConformanceLevel>{PROFILE}</fx:ConformanceLevel></rdf:Description>"
).encode("ascii")

_TAIL = 512
_XREF_ENTRY = 20  # bytes (ISO 32000-1, 7.5.4)
_TRAILER = re.compile(
    rb"\ntrailer\n<</Size (\d+)/Root (\d+) 0 R/Info (\d+) 0 R/ID\[[^\]]*\]>>\nstartxref\n(\d+)\n%%EOF\n?$",
)
_XREF = re.compile(rb"xref\r?\n0 \d+\r?\n")
_METADATA = re.compile(rb"/Metadata (\d+) 0 R")
_STREAM = re.compile(rb"\d+ 0 obj\r?\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\r?\nstream\r?\n")


def mark_factur_x(pdf: bytes) -> bytes:
    """`pdf`, as the engine wrote it, with the Factur-X metadata added; the same bytes for the same input.

    Raises ValueError where the file is not built as the engine builds it: a new version of the engine needs a look here.
    """
    size, root, info, table = (int(number) for number in _found(_TRAILER.search(pdf, len(pdf) - _TAIL), "trailer").groups())
    catalog_at = _offset(pdf, table, root)
    catalog = pdf[catalog_at : pdf.index(b"endobj", catalog_at)]
    number = int(_found(_METADATA.search(catalog), "reference to the metadata")[1])
    head = _found(_STREAM.match(pdf, _offset(pdf, table, number)), "metadata stream")
    packet = _marked(pdf[head.end() : head.end() + int(head[1])])
    opening = f"\n{number} 0 obj\n<</Length {len(packet)}/Type/Metadata/Subtype/XML>>\nstream\n".encode("ascii")
    body = opening + packet + b"\nendstream\nendobj\n"
    # made of the contents, so that the same document is the same bytes
    identifier = hashlib.sha256(packet).hexdigest()[:32]
    trailer = (
        # + 1: the object begins behind the line end that its opening begins with
        f"xref\n{number} 1\n{len(pdf) + 1:010d} 00000 n\r\n"
        f"trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R/Prev {table}/ID[<{identifier}><{identifier}>]>>\n"
        f"startxref\n{len(pdf) + len(body)}\n%%EOF\n"
    )
    return pdf + body + trailer.encode("ascii")


def _marked(packet: bytes) -> bytes:
    if packet.count(_SCHEMAS_END) != 1 or packet.count(_RDF_END) != 1:
        raise ValueError("the PDF's metadata is not one RDF packet with one list of extension schemas")
    return packet.replace(_SCHEMAS_END, _SCHEMA + _SCHEMAS_END).replace(_RDF_END, _VALUES + _RDF_END)


def _offset(pdf: bytes, table: int, number: int) -> int:
    """Where the object `number` begins, by the cross-reference table at `table`."""
    first = _found(_XREF.match(pdf, table), "cross-reference table").end()
    entry = first + _XREF_ENTRY * number
    return int(pdf[entry : entry + 10])


def _found(match: re.Match[bytes] | None, what: str) -> re.Match[bytes]:
    if match is None:
        raise ValueError(f"the PDF has no {what} where the engine writes it")
    return match
