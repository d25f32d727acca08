"""Files that belong to a document without being made of it: shown beside its own, and carried inside the e-invoice (BG-24)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from contor.documents import tables
from contor.documents.einvoice import AttachedFile, SupportingDocument
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

MEDIA_TYPES: Final = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""BT-125: the media types that EN 16931 lets an invoice carry."""


class Attached(NamedTuple):
    """A file of a document; `sha256` names its bytes."""

    document_id: int
    name: str
    media_type: str
    size: int
    sha256: str


def attach_to_documents(uow: Uow, files: Sequence[Attached]) -> None:
    """In the transaction that issues the documents."""
    positions: dict[int, int] = defaultdict(int)
    rows: list[dict[str, object]] = []
    for file in files:
        positions[file.document_id] += 1
        rows.append({**file._asdict(), "position": positions[file.document_id]})
    uow.insert(tables.document_attachment, rows)


def attached_to(uow: Uow, document_ids: Collection[int]) -> dict[int, list[Attached]]:
    """The files of each document, in their order."""
    found: dict[int, list[Attached]] = defaultdict(list)
    sql = f"SELECT {columns(Attached)} FROM document_attachment WHERE document_id = ANY (%s) ORDER BY document_id, position"
    for file in uow.all(Attached, sql, (list(document_ids),)):
        found[file.document_id].append(file)
    return found


def supporting(uow: Uow, files: Sequence[Attached]) -> tuple[SupportingDocument, ...]:
    """As the e-invoice carries them."""
    return tuple(
        SupportingDocument(
            reference=f"{number}-{file.name}",
            file=AttachedFile(
                name=file.name, media_type=file.media_type, content=uow.runtime.blobs.get(uow.ctx.tenant_id, file.sha256)
            ),
        )
        for number, file in enumerate(files, 1)
    )
