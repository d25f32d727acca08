"""A picture that somebody else drew, as PDF/A-3b with the e-invoice attached: its pages, put into a file as our own pictures are.

The engine makes that file, with an empty page, all metadata, the output intent and the attachments; the page gives way to those of the
picture. They are taken as they are, but for what has no part in how they look, or is said in a way that PDF/A does not know (ISO 19005-3).
The same picture of the same document gives the same bytes.
"""

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from contor.documents.render.pdf import FOLDER, picture, set_page
from contor.documents.render.xmp import mark_factur_x
from contor.documents.types import AttachedFile, Document

if TYPE_CHECKING:
    from pypdf import PdfReader

Part = Any  # of a PDF, as its library has it: of a kind that only the file knows
_PRINTED: Final = 4
"""The flag of what is printed with the page (ISO 32000-1, 12.5.3): each link has it and no other (ISO 19005-3, 6.3.2)."""
_OF_THE_PAGE: Final = ("/AA", "/Metadata", "/PieceInfo", "/StructParents", "/Tabs", "/B", "/Thumb")
_OF_THE_CARRIER: Final = ("/StructTreeRoot", "/MarkInfo", "/PageLabels", "/Outlines")
_TRUE_TYPE: Final = "/CIDFontType2"


def render_uploaded(uploaded: "PdfReader", document: Document, xml: bytes | None, attached: Sequence[AttachedFile] = ()) -> bytes:
    """The pages of `uploaded` as the picture of the document. `xml`, `attached`: as in `render_pdf`."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    shown = picture(document)
    about = {key: shown[key] for key in ("title", "author", "language")}
    carrier = set_page(about, _template(), document.created_at, xml, attached)
    file = PdfWriter(clone_from=PdfReader(io.BytesIO(carrier if xml is None else mark_factur_x(carrier))))
    file.remove_page(0, clean=True)
    for page in uploaded.pages:
        _strip(page)
        file.add_page(page)
    for key in _OF_THE_CARRIER:
        file.root_object.pop(NameObject(key), None)
    for number in range(len(file.pages)):
        _mend(file.pages[number].get("/Resources"), set())
    made = io.BytesIO()
    file.write(made)
    return made.getvalue()


@cache
def _template() -> str:
    return (FOLDER / "carrier.typ").read_text("utf-8")


def _strip(page: Part) -> None:
    """Links to web addresses stay; links to other pages would bring those along."""
    from pypdf.generic import ArrayObject, NameObject, NumberObject

    for key in _OF_THE_PAGE:
        page.pop(key, None)
    annotations = page.pop("/Annots", None)
    kept = []
    for entry in _resolved(annotations) or ():
        link = _resolved(entry)
        action = _resolved(link.get("/A")) if isinstance(link, dict) else None
        if isinstance(action, dict) and link.get("/Subtype") == "/Link" and action.get("/S") == "/URI":
            for key in ("/Dest", "/PA", "/AA", "/StructParent", "/P", "/OC"):
                link.pop(key, None)
            action.pop("/Next", None)
            link[NameObject("/F")] = NumberObject(_PRINTED)
            kept.append(link)
    if kept:
        page[NameObject("/Annots")] = ArrayObject(kept)


def _mend(start: Part, seen: set[int]) -> None:
    """What may be left unsaid elsewhere is said: that glyphs are numbered as in the font (6.2.11.3.2). What is optional and often wrong is
    left out: which glyphs a part of a font has (6.2.11.4.2), metadata of parts (6.6.2), a wish of how to scale images (6.2.8)."""
    from pypdf.generic import BooleanObject, NameObject

    waiting = [start]
    while waiting:
        value = _resolved(waiting.pop())
        if id(value) in seen or not isinstance(value, dict | list):
            continue
        seen.add(id(value))
        if isinstance(value, list):
            waiting.extend(value)
            continue
        for key in ("/CIDSet", "/CharSet", "/Metadata", "/PieceInfo", "/StructParent", "/StructParents"):
            value.pop(key, None)
        if value.get("/Interpolate"):
            value[NameObject("/Interpolate")] = BooleanObject(False)
        if value.get("/Subtype") == _TRUE_TYPE and "/CIDToGIDMap" not in value:
            value[NameObject("/CIDToGIDMap")] = NameObject("/Identity")
        waiting.extend(part for key, part in value.items() if key != "/Parent")


def _resolved(value: Part) -> Part:
    return value.get_object() if hasattr(value, "get_object") else value
