"""The paper itself: a frozen document as PDF/A-3b, with the e-invoice attached (Factur-X, profile EN 16931).

A file of a document never changes: time, fonts and data come from the document and the package, so the same document gives
the same bytes on every machine.
"""

import datetime as dt
import threading
from calendar import timegm
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import typst

from contor.documents.labels import Label
from contor.documents.render.correction import correction
from contor.documents.render.font import breakable, legible
from contor.documents.render.letterhead import letterhead, writer
from contor.documents.render.payment import payment
from contor.documents.render.rows import table
from contor.documents.render.sums import deposits, notes, sums
from contor.documents.render.voice import voice
from contor.documents.render.xmp import ATTACHMENT, mark_factur_x
from contor.documents.typefaces import EAST_ASIAN, SHIPPED, families
from contor.documents.types import AttachedFile, Document
from contor.runtime.scratch import scratch

FOLDER = Path(__file__).parent / "templates"
# The engine is reused by the whole process; it is not reentrant.
_ENGINE_LOCK = threading.Lock()
_NOT_TEXT = frozenset({"code"})
# Of the columns of running text; the narrower ones (rows, information, footer) see to their long words themselves.
_NARROWEST_MM = 75
_LARGEST_POINTS = 10


def render_pdf(document: Document, xml: bytes | None, attached: Sequence[AttachedFile] = ()) -> bytes:
    """`document` as PDF/A-3b in its language. `xml`: the CII invoice to attach (UTF-8), None where there can be none. `attached`: what it
    has within it beside the invoice.

    Raises `typst.TypstError` when the engine refuses the document: a bug, never an expected outcome.
    """
    pdf = set_page(picture(document), document_template(), document.created_at, xml, attached)
    return pdf if xml is None else mark_factur_x(pdf)


def set_page(
    content: Mapping[str, object],
    template: str,
    created: dt.datetime,
    xml: bytes | None = None,
    attached: Sequence[AttachedFile] = (),
) -> bytes:
    """`content` as the template shows it, PDF/A-3b. The same content gives the same bytes."""
    shown = _literal(msgspec.json.encode(content).decode("utf-8"))
    invoice = "none" if xml is None else _literal(xml.decode("utf-8"))
    # Given as the engine's inputs they would be a part of its library, of which every step remembers what it was made with: anew each time.
    source = f"#let shown = {shown}\n#let invoice = {invoice}\n{template}{''.join(_attachments(attached))}"
    timestamp = timegm(created.utctimetuple())
    with _ENGINE_LOCK, _engine_with(attached) as engine:
        pdf = engine.compile(input=source.encode("utf-8"), format="pdf", pdf_standards="a-3b", timestamp=timestamp)
    if not isinstance(pdf, bytes):
        raise TypeError("the engine returned no file")
    return pdf


def _file_name(number: int) -> str:
    """What an attached file is called while the page is set; never what somebody else called it, for that would be looked for."""
    return f"attached-{number}"


def _attachments(attached: Sequence[AttachedFile]) -> Iterator[str]:
    """The template's lines that attach the files, each by a name of its own; `Supplement`: it adds to the document (ISO 19005-3, 6.8)."""
    taken = {ATTACHMENT}
    for number, file in enumerate(attached, 1):
        # the engine takes names for paths
        said = file.name.replace("\\", "_").replace("/", "_")
        name = f"{number}-{said}" if said in taken or not said.strip(". ") else said
        taken.add(name)
        read = f'read("{_file_name(number)}", encoding: none)'
        about = f"mime-type: {_literal(file.media_type)}, description: {_literal(file.name)}"
        yield f'\n#pdf.attach({_literal(name)}, {read}, relationship: "supplement", {about})'


def picture(document: Document, *, offered: bool = False) -> dict[str, object]:
    """Everything the page shows, as text in reading order; characters without a glyph are already replaced. `offered`: it is not supplied
    yet."""
    spoken = voice(document.language, document.texts)
    shown: dict[str, object] = {
        "language": spoken.language,
        "fonts": list(families()),
        "author": writer(document).name,
        "page": spoken.text(Label.PAGE, page="{page}", pages="{pages}"),
        **letterhead(document, spoken),
        "table": table(document, spoken, offered=offered),
        "sums": sums(document, spoken),
        "correction": correction(document, spoken),
        "deposits": deposits(document, spoken),
        "notes": notes(document, spoken),
        **payment(document, spoken),
    }
    return {key: value if key in _NOT_TEXT else fitting(value) for key, value in shown.items()}


def fitting(value: object) -> object:
    """Every text in `value`, made legible and fit for its column, wherever it stands: none can be forgotten."""
    if isinstance(value, str):
        return breakable(legible(value), _NARROWEST_MM, _LARGEST_POINTS)
    if isinstance(value, list | tuple):
        return [fitting(part) for part in value]
    if isinstance(value, dict):
        return {key: fitting(part) for key, part in value.items()}
    return value


def _literal(text: str) -> str:
    """`text` as a string of the template's language, in which nothing but a backslash and a quotation mark means anything."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@cache
def document_template() -> str:
    """The page of every document."""
    return (FOLDER / "document.typ").read_text("utf-8")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[SHIPPED, EAST_ASIAN])


@cache
def _engine() -> typst.Compiler:
    return typst.Compiler(root=FOLDER, font_paths=_fonts())


@contextmanager
def _engine_with(attached: Sequence[AttachedFile]) -> Iterator[typst.Compiler]:
    """The engine, and in its folder what it is to attach: it reads bytes from files alone. The template reads none."""
    if not attached:
        yield _engine()
        return
    with scratch() as folder:
        for number, file in enumerate(attached, 1):
            (folder / _file_name(number)).write_bytes(file.content)
        yield typst.Compiler(root=folder, font_paths=_fonts())
