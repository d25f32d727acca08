"""What comes with a foreign e-invoice (BG-24) comes with the document that it becomes."""

from collections.abc import Callable

import pytest
from tests.factories.einvoices.builders import simple
from tests.factories.einvoices.issued_again import issue_again, supporting_again

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import (
    EInvoice,
    cii_of,
    einvoice_of,
    left_out,
    read_einvoice,
    ubl_of,
    with_supporting,
)
from contor.documents.einvoice.importing.import_attachments import MOST
from contor.documents.types import AttachedFile, Document, SupportingDocument
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace

PDF, PNG = b"%PDF-1.7 plan", b"\x89PNG\r\n\x1a\n."
KINDS = {"pdf": "application/pdf", "png": "image/png", "csv": "text/csv", "jpg": "image/jpeg"}
Write = Callable[[Document, tuple[SupportingDocument, ...]], bytes]


def a_file(name: str, content: bytes, kind: str = "", reference: str = "R-1") -> SupportingDocument:
    media_type = kind or KINDS.get(name.rpartition(".")[2], "application/pdf")
    return SupportingDocument(reference=reference, file=AttachedFile(name=name, media_type=media_type, content=content))


def with_(*given: SupportingDocument) -> EInvoice:
    return with_supporting(einvoice_of(simple()), given)


def told_of(invoice: EInvoice) -> tuple[str, ...]:
    """But for its number, which is always another."""
    issued = replace(einvoice_of(issue_again(invoice)), number=invoice.number)
    return left_out(invoice, with_supporting(issued, supporting_again(invoice)))


@pytest.mark.parametrize("write", [ubl_of, cii_of], ids=["UBL", "CII"])
def test_files_links_and_references_are_kept(write: Write) -> None:
    given = (
        SupportingDocument(reference="PLAN-1", description="Plan", location="https://example.org/plan.pdf"),
        SupportingDocument(reference="LS-4"),
        a_file("hours.csv", b"1;2\n"),
        SupportingDocument(
            reference="B-7",
            description="Photo",
            location="https://example.org/b7",
            file=AttachedFile(name="b7.png", media_type="image/png", content=PNG),
        ),
    )
    original = read_einvoice(write(simple(), given))
    kept = supporting_again(original)
    assert kept == given
    assert told_of(original) == ()
    written = write(issue_again(original), kept)
    assert read_einvoice(written).attachments == given
    assert [found for found in findings(written) if found.level == "fatal"] == []


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("a.pdf", "a.pdf", "A.PDF"), ["a.pdf", "2-a.pdf", "3-A.PDF"]),
        (("C:\\scans\\a.pdf", "../../a.pdf"), ["a.pdf", "2-a.pdf"]),
        (("", "x\u202efdp.exe"), ["R-1.pdf", "2-R-1.pdf"]),
        (("Ωmega Übersicht.pdf",), ["Ωmega Übersicht.pdf"]),
    ],
)
def test_every_file_has_a_name_of_its_own(names: tuple[str, ...], kept: list[str]) -> None:
    invoice = with_(*(a_file(name, PDF, "application/pdf") for name in names))
    assert [entry.file.name for entry in supporting_again(invoice) if entry.file] == kept
    told = [name for name, new in zip(names, kept, strict=True) if name and name not in kept]
    assert told_of(invoice) == tuple(dict.fromkeys(f"BT-125 name of an attached file: {name}" for name in told))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (a_file("a.pdf", b""), "is empty"),
        (a_file("a.xml", b"<a/>", "application/xml"), "its bytes are none of application/pdf, "),
        (a_file("a.csv", b"<script>", "text/csv"), "its bytes are none of application/pdf, "),
        (a_file("a.jpg", PNG), "is called image/jpeg, its bytes are image/png"),
    ],
)
def test_a_file_that_no_upload_may_be_is_told_and_its_reference_kept(file: SupportingDocument, reason: str) -> None:
    invoice = with_(file, a_file("b.pdf", PDF, reference="R-2"))
    assert [(entry.reference, entry.file is not None) for entry in supporting_again(invoice)] == [("R-1", False), ("R-2", True)]
    (told,) = told_of(invoice)
    assert told.startswith("BT-125 attached file") and reason in told and told.endswith(file.file.name)  # type: ignore[union-attr]


def test_more_than_a_hundred_are_refused() -> None:
    assert len(supporting_again(with_(*(SupportingDocument(reference=str(n)) for n in range(MOST))))) == MOST
    with pytest.raises(Refused) as refused:
        issue_again(with_(*(SupportingDocument(reference=str(n)) for n in range(MOST + 1))))
    assert [problem.code for problem in refused.value.problems] == ["too_many_attachments"]
