"""The rendered file: what it says, that it never changes, what it carries, and that hostile texts stay on the page."""

import datetime as dt
import io
import os
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import facturx
import pikepdf
import pypdf
import pytest
from tests.checkers.printed import pages_of, text_of
from tests.factories.documents import a_customer, a_document, a_seller, an_item
from tests.factories.papers import CII, PAPERS

from contor.documents.render import render_pdf
from contor.documents.render.font import text_width
from contor.documents.render.xmp import NAMESPACE, mark_factur_x
from contor.documents.types import Address, AttachedFile, Contact, Period
from contor.documents.types.requested import Property
from contor.kernel.shapes import replace

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))


@pytest.mark.parametrize("name", PAPERS)
def test_says(name: str) -> None:
    paper = PAPERS[name]
    text = text_of(render_pdf(paper.document, CII))
    assert [words for words in paper.says if words not in text] == [], text
    assert [words for words in paper.never if words in text] == [], text


def test_same_document_same_bytes() -> None:
    document = PAPERS["final"].document
    first = render_pdf(document, CII)
    render_pdf(PAPERS["invoice-en"].document, None)
    assert render_pdf(document, CII) == first
    assert render_pdf(document, CII + b"\n") != first


def test_carries_the_invoice_and_says_so() -> None:
    pdf = render_pdf(a_document(), CII)
    assert facturx.get_facturx_xml_from_pdf(pdf, check_xsd=False) == ("factur-x.xml", CII)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        (attached,) = opened.Root.AF
        assert (attached.AFRelationship, attached.UF) == ("/Alternative", "factur-x.xml")
        with opened.open_metadata() as metadata:
            values = {
                key: metadata[f"{{{NAMESPACE}}}{key}"]
                for key in ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
            }
            assert metadata["pdfaid:part"] == "3"
            assert metadata["dc:title"] == "Rechnung Nr.\u00a0RE-2026-000123"
    assert values == {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }


def test_without_an_invoice_it_carries_none() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(a_document(), None))) as opened:
        assert "/AF" not in opened.Root
        with opened.open_metadata() as metadata:
            assert f"{{{NAMESPACE}}}DocumentType" not in metadata


@pytest.mark.parametrize("cut", [b"not a PDF", b"\ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n5\n%%EOF"])
def test_another_engines_file_is_not_marked(cut: bytes) -> None:
    with pytest.raises(ValueError, match="trailer"):
        mark_factur_x(cut)


def test_a_hundred_rows_repeat_the_header_and_number_the_pages() -> None:
    document = a_document(items=tuple(an_item(f"{i}.00", position=i) for i in range(1, 101)))
    pages = pages_of(render_pdf(document, CII))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Seite {number} von 3" in " ".join(page.split())
        assert "Bezeichnung" in page
    assert "Hosting Paket 100" in pages[-1]
    assert "Zahlbetrag" in pages[-1]


def test_neighbours_of_one_headline_stand_below_it_together() -> None:
    said = ["Hosting", "Hosting", None, "Support", "Hosting"]
    rows = tuple(
        an_item(position=place, name=f"row {place}", properties=(Property(key="positionGroup", value=word),) if word else ())
        for place, word in enumerate(said, 1)
    )
    text = text_of(render_pdf(a_document(items=rows), None))
    words = re.findall(r"Hosting|Support|row \d", text)
    assert words == ["Hosting", "row 1", "row 2", "row 3", "Support", "row 4", "Hosting", "row 5"]


def test_rows_with_their_own_dates_say_them() -> None:
    rows = (
        an_item(),
        an_item(position=2, service_period=Period(start=dt.date(2026, 11, 3), end=dt.date(2026, 11, 3))),
        an_item(position=3, service_period=None),
    )
    text = text_of(render_pdf(a_document(items=rows), None))
    assert "Leistung: 01.10.2026 – 31.10.2026" in text
    assert "Leistung: 03.11.2026" in text
    assert text.count("Leistungsdatum entspricht dem Rechnungsdatum") == 1
    assert "Leistungszeitraum" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            '#let x = 1; $sum$ *b* _c_ <l> @r "q" // /* \\u{41} [x] #pagebreak()',
            '#let x = 1; $sum$ *b* _c_ <l> @r "q" // /* \\u{41} [x] #pagebreak()',
        ),
        ("{ident} {0} %s <b>&amp;</b>", "{ident} {0} %s <b>&amp;</b>"),
        ("Preis 😀 fix", "Preis □ fix"),
        ("Käse für ไทยๆ", "Käse für □□□□"),
        ("rückwärts \u202etxet", "rückwärts txet"),
        ("a\r\nb\u2028c\x85d", "a b c d"),
        ("Łódź Žižek Ωμέγα Привет ₿ ẞ", "Łódź Žižek Ωμέγα Привет ₿ ẞ"),
    ],
)
def test_texts_are_shown_as_they_are(written: str, shown: str) -> None:
    assert shown in text_of(render_pdf(a_document(items=(an_item(name="x", description=written),)), CII))


def hostile() -> list[bytes]:
    long = a_document(
        items=(an_item(name="W" * 255, description="a\n" * 800 + "\n" * 5000 + "Ende"), an_item(position=2, name="x-" * 127)),
        customer=a_customer(
            name="Q" * 255, person="W" * 255, address=Address(street="S" * 255, zip="1" * 60, city="Ö" * 255, country="AT")
        ),
        seller=a_seller(
            name="<b>&</b> \nendstream\nendobj\ntrailer\n<</Size 1" * 5,
            managing_directors=tuple(f"Dr. Maximiliane Mustermann-Schulze {i}" for i in range(30)),
            contact=Contact(email="a" * 64 + "@" + "b" * 180 + ".example"),
        ),
        note="N" * 10_000,
    )
    wide = a_document(
        items=(an_item("999999999999999.99", quantity="123456789012345.1234", unit_code="E49", price_base_quantity=Decimal(1000)),)
    )
    return [render_pdf(long, CII), render_pdf(wide, CII)]


def test_hostile_texts_stay_on_the_page() -> None:
    outside = []

    def visit(text: str, page: list[float], line: list[float], _: object, size: float) -> None:
        """Margins of A4 in points, and a hair for the difference of the two weights."""
        start = page[4] + line[4]
        if text.strip() and not (start > 70 and start + text_width(text.strip()) * size < 545):
            outside.append((text, start))

    for pdf in hostile():
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
            page.extract_text(visitor_text=visit)
    assert outside == []
    assert "123.456.789.012.345,1234 Arbeitstage" in text_of(hostile()[1])


ATTACHED = (
    AttachedFile(name="plan.pdf", media_type="application/pdf", content=b"%PDF-1.7 plan"),
    AttachedFile(name="Stunden ä.csv", media_type="text/csv", content=b"1;2\n"),
    AttachedFile(name="Stunden ä.csv", media_type="text/csv", content=b"3;4\n"),
    AttachedFile(name="factur-x.xml", media_type="text/xml", content=b"<not-the-invoice/>"),
    AttachedFile(name='"#panic("x")\\', media_type="application/octet-stream", content=b"\x00\xff"),
)


def embedded_in(pdf: bytes) -> dict[str, tuple[str, bytes]]:
    """The files within a PDF: how each relates to the page, and its bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        files = {str(entry.UF): entry for entry in opened.Root.AF}
        return {name: (str(entry.AFRelationship), entry.EF.F.read_bytes()) for name, entry in files.items()}


def test_what_is_attached_stands_within_the_page() -> None:
    """Each file by a name of its own, as a supplement; the e-invoice stays the only alternative. A name is never read as the engine's
    language."""
    found = embedded_in(render_pdf(a_document(), CII, ATTACHED))
    assert found == {
        "factur-x.xml": ("/Alternative", CII),
        "plan.pdf": ("/Supplement", b"%PDF-1.7 plan"),
        "Stunden ä.csv": ("/Supplement", b"1;2\n"),
        "3-Stunden ä.csv": ("/Supplement", b"3;4\n"),
        "4-factur-x.xml": ("/Supplement", b"<not-the-invoice/>"),
        '"#panic("x")_': ("/Supplement", b"\x00\xff"),
    }
    assert render_pdf(a_document(), CII, ATTACHED) == render_pdf(a_document(), CII, ATTACHED) != render_pdf(a_document(), CII)


def test_every_paper_is_pdf_a_3b(tmp_path: Path) -> None:
    check = SHARED / "tools" / "pdfa_check.sh"
    if not check.exists() or not shutil.which("java"):
        pytest.skip(f"needs {check} and java")
    files = []
    for name, paper in PAPERS.items():
        for suffix, xml in (("xml", CII), ("plain", None)):
            files.append(tmp_path / f"{name}-{suffix}.pdf")
            files[-1].write_bytes(render_pdf(paper.document, xml))
    files.append(tmp_path / "attached.pdf")
    files[-1].write_bytes(render_pdf(a_document(), CII, ATTACHED))
    for index, pdf in enumerate(hostile()):
        files.append(tmp_path / f"hostile-{index}.pdf")
        files[-1].write_bytes(pdf)
    done = subprocess.run(["sh", check, "3b", *files], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode == 2 and "no PDF/A engine" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASS") == len(files)


def test_sums_are_carried_from_page_to_page() -> None:
    rows = tuple(replace(an_item(), position=number, ident=f"i-{number}", name=f"Leistung {number}") for number in range(1, 61))
    pages = pages_of(render_pdf(a_document(items=rows), None))
    ends = [max((int(number) for number in re.findall(r"Leistung (\d+) ", page)), default=len(rows)) for page in pages]
    followed = [(page, following, end) for page, following, end in zip(pages, pages[1:], ends, strict=False) if end < len(rows)]
    assert followed
    for page, following, end in followed:
        carried = f"{end // 10}.{end % 10}00,00\u00a0€"
        assert "Übertrag" in page
        assert carried in page
        assert carried in following
    assert "Übertrag" not in text_of(render_pdf(a_document(), None))


def test_private_customers_keep_invoices_for_work_on_real_estate() -> None:
    """Section 14 (4) no. 9 UStG."""
    work = (Property(key="workOnRealEstate", value="true"),)
    private, business = a_customer(customer_type="B2C"), a_customer(customer_type="B2B")
    assert "zwei Jahre" in text_of(render_pdf(a_document(customer=private, properties=work), None))
    for other in (a_document(customer=business, properties=work), a_document(customer=private)):
        assert "zwei Jahre" not in text_of(render_pdf(other, None))


def test_the_address_stands_in_the_window() -> None:
    """DIN 5008 form B: its zone begins 62.7 mm below the edge."""
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(a_document(), None)))
    tops: list[float] = []

    def visit(text: str, matrix: list[float], inner: list[float], *_: object) -> None:
        if a_customer().name in text:
            tops.append((842 - (inner[5] * matrix[3] + matrix[5])) * 25.4 / 72)

    reader.pages[0].extract_text(visitor_text=visit)
    assert tops
    assert 62.7 <= min(tops) <= 68


def test_scripts_are_set_by_their_typefaces() -> None:
    names = ("شركة القاهرة", "חברת החשמל", "Αθηναϊκή", "Вектор")
    rows = tuple(replace(an_item(), position=number, name=name) for number, name in enumerate(names, 1))
    pdf = render_pdf(a_document(items=rows), None)
    resources: Any = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert any("NotoSansArabic" in name for name in fonts)
    assert any("NotoSansHebrew" in name for name in fonts)
    assert "□" not in text_of(pdf)
