"""PDFs that somebody else draws: plain ones, as programs write them, and such as no archive takes."""

import io
from collections.abc import Callable
from functools import cache

import pikepdf
import typst

from contor.documents.typefaces import SHIPPED

_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[SHIPPED])


@cache
def drawn(text: str = "Rechnung nach unserer Art", pages: int = 1) -> bytes:
    """A PDF 1.7 with embedded fonts, a link and a picture of lines; no PDF/A."""
    page = f'#set text(fallback: true)\n= {text}\n#link("https://muster-handel.example")[hier] #rect(fill: blue) äöü €'
    source = "#set page(width: 210mm, height: 297mm)\n" + "#pagebreak()\n".join([page] * pages)
    made = typst.Compiler(input=source.encode(), font_paths=_FONTS).compile(format="pdf")
    assert isinstance(made, bytes)
    return made


def changed(change: Callable[[pikepdf.Pdf], None], content: bytes | None = None, **saved: object) -> bytes:
    """The same, once somebody did something to it."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or drawn())) as pdf:
        change(pdf)
        pdf.save(target, **saved)  # type: ignore[arg-type]  # how it is written
    return target.getvalue()


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def with_script_by_name(pdf: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), script]))


def with_launch(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    pdf.pages[0].Annots[0].A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://a.example"), Next=action)


def with_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["terms.txt"] = b"terms"


def with_foreign_font(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources.Font.Zz = pdf.make_indirect(font)
    page.contents_add(b"BT /Zz 12 Tf 10 10 Td (foreign) Tj ET")


def with_chosen_font(pdf: pikepdf.Pdf) -> None:
    """Chosen, and nothing is shown by it: some programs begin each page so."""
    page = pdf.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources.Font.Zz = pdf.make_indirect(font)
    page.contents_add(b"BT /Zz 12 Tf ET")


def with_inks(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"1 0 0 0 k 0 0 9 9 re f")


def with_form(pdf: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Tx,
        T=pikepdf.String("a"),
        Rect=[0, 0, 9, 9],
    )
    field = pdf.make_indirect(field)
    pdf.pages[0].Annots.append(field)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])


def with_note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=pikepdf.String("paid?")
    )
    pdf.pages[0].Annots.append(pdf.make_indirect(note))


def with_layers(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("draft")))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))


def with_much(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 m " * 700_000)


def locked() -> bytes:
    return changed(lambda pdf: None, encryption=pikepdf.Encryption(owner="owner", user="user"))
