"""Make and keep the files of issued documents: PDF/A-3 with the CII inside, CII, UBL. It may lag behind the number, never hold it.

Files are blobs, written before the commit: an orphan is harmless, a missing file is not. A job that fails is tried again; a
document that waits too long is named by `contor check`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from contor.documents import tables
from contor.documents.after.attached import attached_to, supporting
from contor.documents.after.official_rules import Finding, findings, is_sendable
from contor.documents.awaited import still_awaited
from contor.documents.einvoice import cii_and_ubl_of, cii_of, why_no_xml
from contor.documents.events import DocumentsArchived, DocumentsIssued
from contor.documents.queries import documents_by_id
from contor.documents.render import render_pdf, render_uploaded
from contor.documents.request import with_iban
from contor.documents.types import AttachedFile, Document, SupportingDocument
from contor.kernel.events import after
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import output_switches

if TYPE_CHECKING:
    from pypdf import PdfReader

PER_JOB = 20
"""Documents of one job: what a worker loses when it is killed."""
MEDIA_TYPES = {"PDF": "application/pdf", "CII": "application/xml", "UBL": "application/xml"}


@shape
class ArchiveDocuments:
    document_ids: tuple[int, ...]


@shape
class Archived:
    documents: int
    files: int


class Unfiled(NamedTuple):
    """A document whose files are to be made, and what its e-invoice carries beside itself."""

    number: int
    document: Document
    given: tuple[SupportingDocument, ...]


class Made(NamedTuple):
    """A file that is made and not kept yet: its row, without what keeping adds, and its bytes."""

    row: dict[str, object]
    content: bytes

    @property
    def document_id(self) -> int:
        return int(str(self.row["document_id"]))

    @property
    def kind(self) -> str:
        return str(self.row["type"])

    @property
    def sha256(self) -> str:
        """The name by which it is kept."""
        return hashlib.sha256(self.content).hexdigest()


def _per_job(fact: DocumentsIssued) -> Iterator[ArchiveDocuments]:
    for start in range(0, len(fact.document_ids), PER_JOB):
        yield ArchiveDocuments(document_ids=fact.document_ids[start : start + PER_JOB])


@after(DocumentsIssued, batches=_per_job, place="files")
@operation("document.archive", permission="documents.write")
def archive(uow: Uow, command: ArchiveDocuments) -> Archived:
    """Render and keep the files of those documents that have none yet, and say that they can be fetched. Those for which a picture is to be
    uploaded get all but that, and say it when they have it."""
    waiting = uow.column(
        int,
        # Another job may have the same ones: a late document is given a new one. What is held is waited for all the same: who holds it may
        # as well be paying or crediting it, and no other job would come.
        "SELECT id FROM document WHERE id = ANY (%s) AND status = 'CREATED' ORDER BY id FOR NO KEY UPDATE",
        (list(command.document_ids),),
    )
    documents = documents_by_id(uow, waiting)
    wanted = _wanted(uow)
    papers = unfiled(uow, documents)
    unpictured = still_awaited(uow, documents)
    files = [
        *files_of([paper for paper in papers if paper.number not in unpictured], wanted, uow.runtime.go_on),
        *files_of([paper for paper in papers if paper.number in unpictured], wanted - {"PDF"}, uow.runtime.go_on),
    ]
    keep_files(uow, files)
    made: dict[int, list[str]] = {number: [] for number in documents}
    for file in files:
        made[file.document_id].append(file.kind)
    complete = tuple(number for number in documents if number not in unpictured)
    uow.run("UPDATE document SET status = 'COMPLETED' WHERE id = ANY (%s)", (list(complete),))
    for number in complete:
        uow.audit("document", documents[number].ident, {"status": "COMPLETED", "files": sorted(made[number])})
    if unpictured:
        uow.run("UPDATE document SET status = 'FINALIZING' WHERE id = ANY (%s)", (sorted(unpictured),))
        for number in unpictured:
            uow.audit("document", documents[number].ident, {"picture": "AWAITED", "made": sorted(made[number])})
    if complete:
        uow.emit(DocumentsArchived(document_ids=complete))
    return Archived(documents=len(documents), files=len(files))


def unfiled(uow: Uow, documents: Mapping[int, Document]) -> list[Unfiled]:
    """These documents with what belongs to them, as files are made of them."""
    given = attached_to(uow, documents)
    return [
        Unfiled(number, with_iban(uow, document), supporting(uow, given.get(number, ())))
        for number, document in sorted(documents.items())
    ]


def keep_files(uow: Uow, files: Sequence[Made]) -> None:
    """Their bytes, and then their rows."""
    names = uow.runtime.blobs.put_many(uow.ctx.tenant_id, [file.content for file in files])
    rows = [
        {**file.row, "ident": str(uow.new_uuid()), "sha256": sha256, "archived_at": uow.ctx.now()}
        for file, sha256 in zip(files, names, strict=True)
    ]
    uow.insert(tables.document_file, rows)


def _wanted(uow: Uow) -> frozenset[str]:
    """The kinds of file that the tenant's document creation configuration switches on."""
    switches = output_switches(uow)
    return frozenset(kind for kind in MEDIA_TYPES if getattr(switches, kind.lower()))


def files_of(papers: Sequence[Unfiled], wanted: frozenset[str], go_on: Callable[[], None] = lambda: None) -> list[Made]:
    """The files of these documents, in their order; the same document and the same given ones make the same bytes. `go_on` is asked between
    two documents, and raises where the rest is left to another.

    Each stage is run over all of them before the next: the rules of one syntax fill the processor's caches, and setting a page in between
    would drive them out again.
    """
    xmls = [_xml_of(paper, wanted) for paper in papers]
    of_cii = [findings(cii) if cii is not None and "CII" in wanted else () for cii, _ in xmls]
    of_ubl = [findings(ubl) if ubl is not None else () for _, ubl in xmls]
    files = list[Made]()
    for (number, document, given), (cii, ubl), said_of_cii, said_of_ubl in zip(papers, xmls, of_cii, of_ubl, strict=True):
        go_on()
        if "PDF" in wanted:
            files.append(_file(number, document, "PDF", render_pdf(document, cii, _inside(given)), ()))
        if cii is not None and "CII" in wanted:
            files.append(_file(number, document, "CII", cii, said_of_cii))
        if ubl is not None:
            files.append(_file(number, document, "UBL", ubl, said_of_ubl))
        for entry in given:
            if entry.file is not None:
                made = _file(number, document, "ATTACHMENT", entry.file.content, ())
                files.append(Made({**made.row, "name": entry.file.name, "media_type": entry.file.media_type}, made.content))
    return files


def picture_file(paper: Unfiled, uploaded: "PdfReader | None" = None) -> Made:
    """The PDF of a document alone: ours, or that which is made of an uploaded one."""
    number, document, given = paper
    cii, inside = _xml_of(paper, frozenset())[0], _inside(given)
    drawn = render_pdf(document, cii, inside) if uploaded is None else render_uploaded(uploaded, document, cii, inside)
    return _file(number, document, "PDF", drawn, ())


def _inside(given: Sequence[SupportingDocument]) -> list[AttachedFile]:
    """What the PDF has within it beside the invoice."""
    return [entry.file for entry in given if entry.in_pdf and entry.file is not None]


def _xml_of(paper: Unfiled, wanted: frozenset[str]) -> tuple[bytes | None, bytes | None]:
    """CII, which is made in any case, for it stands inside the PDF, and UBL."""
    if why_no_xml(paper.document):
        return None, None
    return cii_and_ubl_of(paper.document, paper.given) if "UBL" in wanted else (cii_of(paper.document, paper.given), None)


def _file(number: int, document: Document, kind: str, content: bytes, found: Sequence[Finding]) -> Made:
    ending = "pdf" if kind == "PDF" else f"{kind.lower()}.xml"
    row = {
        "document_id": number,
        "type": kind,
        "name": f"{document.ident}.{ending}",
        "media_type": MEDIA_TYPES.get(kind),
        "size": len(content),
        "sendable": is_sendable(found),
        "findings": list(found) or None,
    }
    return Made(row, content)
