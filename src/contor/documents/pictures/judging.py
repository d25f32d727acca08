"""Whether an uploaded PDF can be the picture of a document: every reason why not. The file is not trusted. Pure.

Of it a PDF/A-3 is made (ISO 19005-3), whose rules are about what would look or do something else one day: fonts that are not in it
(6.2.11.4), scripts and other actions (6.5, 6.6), forms and notes (6.3, 6.4), layers, files and streams of others (6.1.7, 6.8), colours
that nothing describes (6.2.4). Only its pages are taken over, and what has no part in how they look is left out of them
(`render.uploaded`).
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from contor.kernel.errors import Kind, Problem, Refused

if TYPE_CHECKING:
    from pypdf import PdfReader

Part = Any  # of a PDF, as its library has it: of a kind that only the file knows
MOST_BYTES: Final = 10_000_000
"""As many as attachments of one PDF may have: mail servers take little more."""
MOST_PAGES: Final = 100
_MOST_OBJECTS: Final = 50_000
_MOST_CONTENT: Final = 4_000_000
"""Bytes of page descriptions (operators, not images): each is read."""
_MOST_NAMED: Final = 20
"""Fonts, or the like, of which a finding names each."""
_PDF_HEADER, _HEADER_WITHIN = b"%PDF-", 1024

_ACTIONS: Final = frozenset(
    {
        *("/Launch", "/GoToE", "/SubmitForm", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"),
        *("/Rendition", "/Sound", "/Movie", "/Trans", "/GoTo3DView", "/RichMediaExecute"),
    }
)
_INVISIBLE: Final = 3
"""The mode of text that only is there to be found (ISO 32000-1, 9.3.6)."""
_FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_CMYK: Final = frozenset({"/DeviceCMYK", "/CMYK"})
_LZW: Final = frozenset({"/LZWDecode", "/LZW"})

_SAID: Final[Mapping[str, str]] = {
    "picture_script": "It has JavaScript in it: a picture does nothing.",
    "picture_action": "It has actions of its own in it ({}): links to web addresses are all that a picture may have.",
    "picture_carries_files": "It carries files: the e-invoice and the attachments are put in here.",
    "picture_form": "It has a form to be filled in: print it to a PDF, so that what is in its fields is on the page.",
    "picture_annotated": "It has notes or other things laid over its pages ({}): only links are kept.",
    "picture_layers": "It has layers that can be switched on and off: what a reader sees has to be the same for all.",
    "picture_font_not_embedded": "These fonts are not embedded: {}.",
    "picture_colours": "It has colours in DeviceCMYK: they are given in RGB, in grey, or with an ICC profile.",
    "picture_compression": "It is compressed by LZW: Flate is what archives take.",
    "picture_outside": "It refers to contents outside of the file.",
    "picture_too_long": "Its pages are described in more than 4 MB or 50,000 parts, without images: it is no plain paper.",
}


def require_picture(data: bytes) -> "PdfReader":
    """The PDF, opened. Raises `Refused` with every finding at once."""
    if not data or _PDF_HEADER not in data[:_HEADER_WITHIN]:
        raise _refused({"picture_no_pdf": "It is no PDF: it does not begin as one."})
    if len(data) > MOST_BYTES:
        raise _refused({"picture_too_large": f"It has {len(data)} bytes; {MOST_BYTES} are taken."})
    from pypdf import PdfReader  # 60 ms, and few processes ever read a PDF

    with readable():
        pdf = PdfReader(io.BytesIO(data))
        if pdf.is_encrypted:
            raise _refused({"picture_encrypted": "It is encrypted: whoever is to read an archive later has no key."})
        found: dict[str, str] = {}
        pages = len(pdf.pages)
        if not 1 <= pages <= MOST_PAGES:
            found["picture_pages"] = f"It has {pages} pages; it is 1 to {MOST_PAGES}."
        named = _Look(pdf).findings()
        found |= {code: _SAID[code].format(_listed(names)) for code, names in named.items()}
    if found:
        raise _refused(found)
    return pdf


@contextmanager
def readable() -> Iterator[None]:
    """Where a damaged PDF fails, wherever its parts are first used and each in its own way, it is refused."""
    from pypdf.errors import PyPdfError

    try:
        yield
    except (
        *(PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError),
        *(RuntimeError, OSError),
    ) as error:
        raise _refused({"picture_damaged": "It is damaged: its pages cannot be read."}) from error


# helpers in calling order


def _refused(found: Mapping[str, str]) -> Refused:
    return Refused(Kind.INVALID, *(Problem(code, message, "file") for code, message in found.items()))


def _listed(names: Mapping[str, None]) -> str:
    shown = [name.removeprefix("/") for name in names]
    more = len(shown) - _MOST_NAMED
    return ", ".join(shown[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class _Look:
    """All that the pages and the catalogue reach is looked at once."""

    def __init__(self, pdf: "PdfReader") -> None:
        self._pdf = pdf
        self._found: dict[str, dict[str, None]] = {}
        """By code, what it is about."""
        self._seen: set[tuple[int, int]] = set()
        self._fonts: set[int] = set()
        self._looked_at = self._content = 0
        self._of_page: Part = {}
        """The resources of the page, for parts that have none of their own."""

    def findings(self) -> Mapping[str, Mapping[str, None]]:
        self._catalogue(self._pdf.root_object)
        for number, page in enumerate(self._pdf.pages):
            if number >= MOST_PAGES:
                break
            self._of_page = _resolved(page.get("/Resources")) or {}
            self._operators(page.get_contents(), self._of_page)
            self._annotations(page.get("/Annots"))
            for key, value in page.items():
                if key not in ("/Parent", "/Annots", "/Contents", "/StructParents", "/PieceInfo", "/Metadata", "/B", "/Thumb"):
                    self._walk(value)
        return self._found

    def _say(self, code: str, about: object = "") -> None:
        self._found.setdefault(code, {})[str(about)[:100]] = None

    def _catalogue(self, root: Part) -> None:
        names = _resolved(root.get("/Names")) or {}
        if "/JavaScript" in names:
            self._say("picture_script")
        if "/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root:
            self._say("picture_carries_files")
        if "/AcroForm" in root and (
            _resolved(_resolved(root["/AcroForm"]).get("/Fields")) or "/XFA" in _resolved(root["/AcroForm"])
        ):
            self._say("picture_form")
        if "/OCProperties" in root:
            self._say("picture_layers")
        for key in ("/OpenAction", "/AA"):
            action = _resolved(root.get(key))
            if isinstance(action, dict):
                self._walk(action)

    def _annotations(self, annotations: object) -> None:
        for entry in _resolved(annotations) or ():
            one = _resolved(entry)
            if not isinstance(one, dict):
                continue
            kind = one.get("/Subtype")
            if kind == "/Widget":
                self._say("picture_form")
            elif kind == "/FileAttachment":
                self._say("picture_carries_files")
            elif kind not in ("/Link", "/Popup"):
                self._say("picture_annotated", kind)
            for key in ("/A", "/AA", "/PA"):
                self._walk(one.get(key))

    def _walk(self, start: object) -> None:
        """Depth first, without recursion: who sends it may nest it as deep as he likes."""
        waiting = [start]
        while waiting:
            value = self._once(waiting.pop())
            if isinstance(value, dict):
                self._part(value)
                waiting.extend(
                    part for key, part in value.items() if key not in ("/Parent", "/P", "/Dest", "/D", "/Pg", "/Metadata")
                )
            elif isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, str) and value in _CMYK:
                self._say("picture_colours")

    def _once(self, value: object) -> object:
        number = getattr(value, "idnum", None)
        self._looked_at += 1
        if self._looked_at > _MOST_OBJECTS:
            self._say("picture_too_long")
            return None
        if number is not None:
            key = (number, getattr(value, "generation", 0))
            if key in self._seen:
                return None
            self._seen.add(key)
        return _resolved(value)

    def _part(self, part: Part) -> None:
        """What one dictionary says."""
        action = part.get("/S")
        if "/JS" in part or action == "/JavaScript":
            self._say("picture_script")
        elif action in _ACTIONS:
            self._say("picture_action", action)
        if "/EF" in part or part.get("/Type") == "/EmbeddedFile":
            self._say("picture_carries_files")
        if "/OC" in part or part.get("/Type") == "/OCG":
            self._say("picture_layers")
        if part.get("/Type") == "/ExtGState" and (chosen := _resolved(part.get("/Font"))):
            self._font(chosen[0])
        if part.get("/Subtype") == "/Type3":
            for drawn in (_resolved(part.get("/CharProcs")) or {}).values():
                self._operators(_resolved(drawn), _resolved(part.get("/Resources")) or self._of_page)
        if hasattr(part, "get_data"):
            self._stream(part)

    def _stream(self, stream: Part) -> None:
        if "/F" in stream:
            self._say("picture_outside")
        filters = _resolved(stream.get("/Filter"))
        if not _LZW.isdisjoint(filters if isinstance(filters, list) else [filters]):
            self._say("picture_compression")
        if stream.get("/Subtype") == "/PS" or "/OPI" in stream or "/Ref" in stream:
            self._say("picture_outside")
        if stream.get("/Subtype") == "/Form" or "/PatternType" in stream:
            self._operators(stream, _resolved(stream.get("/Resources")) or self._of_page)

    def _operators(self, content: Part, resources: Part) -> None:
        """What a page, or a part of one, paints by. A font that is chosen and shows nothing, or shows it invisibly, has no part in it."""
        if content is None:
            return
        from pypdf.generic import ContentStream

        self._content += len(content.get_data())
        if self._content > _MOST_CONTENT:
            self._say("picture_too_long")
            return
        fonts = _resolved(resources.get("/Font")) or {}
        font, mode, kept = "", 0, list[tuple[str, int]]()
        for operands, operator in ContentStream(content, self._pdf).operations:
            match operator:
                case b"q":
                    kept.append((font, mode))
                case b"Q" if kept:
                    font, mode = kept.pop()
                case b"Tf":
                    font = operands[0]
                case b"Tr":
                    mode = int(operands[0])
                case b"Tj" | b"TJ" | b"'" | b'"' if mode != _INVISIBLE:
                    self._font(fonts.get(font))
                case b"k" | b"K":
                    self._say("picture_colours")
                case b"cs" | b"CS" if operands and operands[0] in _CMYK:
                    self._say("picture_colours")
                case b"INLINE IMAGE":
                    self._inline(operands.get("settings") or {})

    def _font(self, named: Part) -> None:
        """One that shows something."""
        font = _resolved(named)
        number = getattr(named, "idnum", id(font))
        if not isinstance(font, dict) or number in self._fonts:
            return
        self._fonts.add(number)
        parts = [_resolved(part) for part in _resolved(font.get("/DescendantFonts")) or (font,)]
        if font.get("/Subtype") != "/Type3" and not all(map(_is_embedded, parts)):
            self._say("picture_font_not_embedded", font.get("/BaseFont", "without a name"))

    def _inline(self, settings: Mapping[str, object]) -> None:
        said = {str(value) for one in settings.values() for value in (one if isinstance(one, list) else [one])}
        if said & _CMYK:
            self._say("picture_colours")
        if said & _LZW:
            self._say("picture_compression")


def _is_embedded(font: Part) -> bool:
    descriptor = _resolved(font.get("/FontDescriptor"))
    return isinstance(descriptor, dict) and any(name in descriptor for name in _FONT_FILES)


def _resolved(value: Part) -> Part:
    return value.get_object() if hasattr(value, "get_object") else value
