"""A picture that somebody else drew: every reason against it is said, and what is made of it is a PDF/A-3 with the e-invoice inside."""

import io
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import facturx
import pikepdf
import pypdf
import pytest
from tests.checkers.printed import text_of
from tests.factories import pictures
from tests.factories.documents import a_document
from tests.factories.papers import CII
from tests.factories.pictures import changed, drawn

from contor.documents.pictures.judging import MOST_BYTES, MOST_PAGES, require_picture
from contor.documents.render import render_uploaded
from contor.documents.types import AttachedFile
from contor.kernel.errors import Refused

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))


def findings(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        require_picture(content)
    assert all(problem.field == "file" for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


def made_of(content: bytes, attached: tuple[AttachedFile, ...] = ()) -> bytes:
    return render_uploaded(require_picture(content), a_document(), CII, attached)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (pictures.with_script, "picture_script"),
        (pictures.with_script_by_name, "picture_script"),
        (pictures.with_launch, "picture_action"),
        (pictures.with_file, "picture_carries_files"),
        (pictures.with_foreign_font, "picture_font_not_embedded"),
        (pictures.with_inks, "picture_colours"),
        (pictures.with_form, "picture_form"),
        (pictures.with_note, "picture_annotated"),
        (pictures.with_layers, "picture_layers"),
        (pictures.with_much, "picture_too_long"),
    ],
)
def test_what_no_archive_takes_is_refused(change: Callable[[pikepdf.Pdf], None], code: str) -> None:
    assert findings(changed(change)) == [code]


def test_every_finding_is_said_at_once() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for one in (pictures.with_script, pictures.with_file, pictures.with_foreign_font, pictures.with_inks, pictures.with_note):
            one(pdf)

    with pytest.raises(Refused) as refused:
        require_picture(changed(change))
    said = {problem.code: problem.message for problem in refused.value.problems}
    assert sorted(said) == [
        "picture_annotated",
        "picture_carries_files",
        "picture_colours",
        "picture_font_not_embedded",
        "picture_script",
    ]
    assert said["picture_font_not_embedded"] == "These fonts are not embedded: Helvetica."
    assert said["picture_annotated"] == "It has notes or other things laid over its pages (Text): only links are kept."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_no_pdf"),
        (b"PK\x03\x04 a table", "picture_no_pdf"),
        (b"%PDF-1.7\nnothing", "picture_damaged"),
        (b"%PDF-1.7\n" + b"\0" * MOST_BYTES, "picture_too_large"),
        (pictures.locked(), "picture_encrypted"),
        (drawn(pages=MOST_PAGES + 1), "picture_pages"),
    ],
    ids=["empty", "zip", "damaged", "large", "locked", "long"],
)
def test_what_cannot_be_read_as_a_paper_is_refused(content: bytes, code: str) -> None:
    assert findings(content) == [code]


def test_a_font_by_which_nothing_is_shown_has_no_part_in_it() -> None:
    assert len(require_picture(changed(pictures.with_chosen_font)).pages) == 1


def test_hostile_bytes_are_refused_in_words() -> None:
    """Whatever is wrong in it: taken, or refused with a finding; nothing else happens."""
    chance, content = random.Random(7), bytearray(drawn())
    for _ in range(60):
        spoiled = bytearray(content)
        for _ in range(chance.randint(1, 40)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        try:
            require_picture(bytes(spoiled))
        except Refused as refused:
            assert refused.problems


def test_its_pages_are_the_picture_and_the_invoice_is_inside() -> None:
    made = made_of(drawn(pages=2), (AttachedFile(name="terms.txt", media_type="text/plain", content=b"terms"),))
    assert "Rechnung nach unserer Art" in text_of(made)
    assert facturx.get_facturx_xml_from_pdf(made, check_xsd=False) == ("factur-x.xml", CII)
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []
        assert len(opened.pages) == 2
        assert [str(page.Annots[0].A.URI) for page in opened.pages] == ["https://muster-handel.example"] * 2
        with opened.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["dc:title"]) == ("3", "Rechnung Nr.\u00a0RE-2026-000123")
    names = [file.name for file in pypdf.PdfReader(io.BytesIO(made)).attachment_list]
    assert sorted(names) == ["factur-x.xml", "terms.txt"]


def test_the_same_picture_of_the_same_document_gives_the_same_bytes() -> None:
    first = made_of(drawn())
    made_of(drawn("Another one"))
    assert made_of(drawn()) == first


def test_what_is_made_of_it_conforms_to_pdf_a_3(tmp_path: Path) -> None:
    check = SHARED / "tools" / "pdfa_check.sh"
    if not check.is_file() or shutil.which("java") is None:
        pytest.skip("no PDF/A engine: it needs a JDK and CONTOR_SHARED")
    uploaded = [drawn(), drawn(pages=3), changed(pictures.with_chosen_font), changed(lambda pdf: None, linearize=True)]
    for number, content in enumerate(uploaded):
        (tmp_path / f"{number}.pdf").write_bytes(made_of(content))
    done = subprocess.run(
        ["sh", str(check), "3b", *sorted(map(str, tmp_path.glob("*.pdf")))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
