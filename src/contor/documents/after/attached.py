"""Files and references that belong to a document without being made of it (BG-24): files are shown beside its own, and both are said
inside the e-invoice."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from contor.documents import tables
from contor.documents.events import DocumentsIssued
from contor.documents.types import AttachedFile, SupportingDocument
from contor.kernel.events import on
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import output_switches

MOST_EMBEDDED: Final = 10_000_000
"""Bytes of attachments that one PDF has within it, at most: mail servers take little more."""


class Attached(NamedTuple):
    """A supporting document; `sha256` names the bytes of its file, where it has one."""

    document_id: int
    name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    reference: str | None = None
    """BT-122; None: a file that is named by its place."""
    description: str | None = None
    location: str | None = None
    in_pdf: bool = False
    """Whether the PDF has the file within it."""


class _Given(NamedTuple):
    """The same of a request."""

    request_id: str
    name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    reference: str | None
    description: str | None
    location: str | None


def embedded(files: Sequence[Attached]) -> list[Attached]:
    """The files, those marked that the document's PDF has within it: in their order, as long as they fit together. PDF/A-3 takes files of
    any kind (ISO 19005-3, 6.8)."""
    room: dict[int, int] = defaultdict(lambda: MOST_EMBEDDED)
    marked = []
    for file in files:
        fits = file.sha256 is not None and file.size is not None and file.size <= room[file.document_id]
        if fits:
            room[file.document_id] -= file.size or 0
        marked.append(file._replace(in_pdf=fits))
    return marked


def attach_to_documents(uow: Uow, files: Sequence[Attached]) -> None:
    """In the transaction that issues the documents."""
    positions: dict[int, int] = defaultdict(int)
    rows: list[dict[str, object]] = []
    for file in files:
        positions[file.document_id] += 1
        rows.append({**file._asdict(), "position": positions[file.document_id]})
    uow.insert(tables.document_attachment, rows)


@on(DocumentsIssued)
def attach_what_was_imported(uow: Uow, fact: DocumentsIssued) -> None:
    """Documents that repeat e-invoices of others get what came with those."""
    made = {draft.document.request_id: draft.id for draft in fact.documents if draft.facts.imported}
    if not made:
        return
    sql = f"SELECT {columns(_Given)} FROM request_attachment WHERE request_id = ANY (%s) ORDER BY request_id, position"
    given = uow.all(_Given, sql, (sorted(made),))
    files = [Attached(made[entry.request_id], *entry[1:]) for entry in given]
    attach_to_documents(uow, embedded(files) if output_switches(uow).embed_attachments else files)


def attached_to(uow: Uow, document_ids: Collection[int]) -> dict[int, list[Attached]]:
    """What is attached to each document, in its order."""
    found: dict[int, list[Attached]] = defaultdict(list)
    sql = f"SELECT {columns(Attached)} FROM document_attachment WHERE document_id = ANY (%s) ORDER BY document_id, position"
    for file in uow.all(Attached, sql, (list(document_ids),)):
        found[file.document_id].append(file)
    return found


def supporting(uow: Uow, files: Sequence[Attached]) -> tuple[SupportingDocument, ...]:
    """As the e-invoice carries them."""
    return tuple(
        SupportingDocument(
            reference=entry.reference or f"{number}-{entry.name}",
            description=entry.description,
            location=entry.location,
            file=_file(uow, entry),
            in_pdf=entry.in_pdf,
        )
        for number, entry in enumerate(files, 1)
    )


def supporting_of(uow: Uow, document_ids: Collection[int]) -> dict[int, tuple[SupportingDocument, ...]]:
    """What each document's e-invoice carries beside itself."""
    return {number: supporting(uow, files) for number, files in attached_to(uow, document_ids).items()}


def _file(uow: Uow, entry: Attached) -> AttachedFile | None:
    if entry.name is None or entry.media_type is None or entry.sha256 is None:
        return None
    content = uow.runtime.blobs.get(uow.ctx.tenant_id, entry.sha256)
    return AttachedFile(name=entry.name, media_type=entry.media_type, content=content)
