"""Fetch archived files."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from contor.documents.after.archiving import MEDIA_TYPES
from contor.documents.after.read import document_id, rule_findings
from contor.documents.awaited import UPLOADED_PICTURE, finalizing_of
from contor.documents.types import RuleFinding
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@shape
class ReadFile:
    file_ident: str


@shape
class ListAttachments:
    document_ident: str


@shape
class ReadAttachment:
    document_ident: str
    attachment_ident: str


@shape
class Attachment:
    attachment_ident: str
    file_ident: str
    type: str
    name: str
    media_type: str
    size: int
    sha256: str
    sendable: bool
    findings: tuple[RuleFinding, ...] = ()
    """Why it is not sendable, and what the rules warn of."""


@shape
class Attachments:
    attachments: tuple[Attachment, ...]


class FileRow(NamedTuple):
    ident: str
    type: str
    name: str
    media_type: str
    size: int
    sha256: str
    sendable: bool
    findings: list[dict[str, str]] | None


_FILES = f"SELECT {columns(FileRow)} FROM document_file"


@operation("file.get", permission="documents.read", reads=True)
def get_file(uow: Uow, command: ReadFile) -> FileContent:
    """The bytes of an archived file, as they were made: files of a document never change."""
    row = uow.first(FileRow, f"{_FILES} WHERE ident = %s", (command.file_ident,))
    if row is None:
        raise not_found("file", command.file_ident)
    try:
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256)
    except (BlobMissing, BlobDamaged) as error:
        message = f"The file {row.name} is not what was kept: it has to be made again (`contor files mend`) or come from a backup."
        raise Refused(Kind.DAMAGED, Problem("file_damaged", message)) from error
    return FileContent(content, row.media_type, row.name)


@operation("attachment.list", permission="documents.read", reads=True)
def list_attachments(uow: Uow, command: ListAttachments) -> Attachments:
    """The files of a document."""
    number = document_id(uow, command.document_ident)
    rows = uow.all(FileRow, f"{_FILES} WHERE document_id = %s ORDER BY type DESC", (number,))
    return Attachments(
        attachments=tuple(
            Attachment(
                attachment_ident=row.ident,
                file_ident=row.ident,
                type=row.type,
                name=row.name,
                media_type=row.media_type,
                size=row.size,
                sha256=row.sha256,
                sendable=row.sendable,
                findings=rule_findings(row.findings),
            )
            for row in rows
        )
    )


@operation("attachment.get", permission="documents.read", reads=True)
def get_attachment(uow: Uow, command: ReadAttachment) -> FileContent:
    """One file of a document, by its ident, or the one of a type: PDF, CII, UBL, or the UPLOADED_PICTURE. Files are made when the document
    is issued already: one of a type that is not there yet is NOT_READY."""
    number, wanted = document_id(uow, command.document_ident), command.attachment_ident
    column = "type" if wanted in MEDIA_TYPES or wanted == UPLOADED_PICTURE else "ident"
    status = uow.scalar(str, "SELECT status FROM document WHERE id = %s", (number,))  # first: its files come with the next one
    found = uow.scalar(str, f"SELECT ident FROM document_file WHERE document_id = %s AND {column} = %s", (number, wanted))
    if found is None and wanted == "PDF" and status == "FINALIZING":
        raise picture_awaited(uow, number)
    if found is None and column == "type" and status == "CREATED":
        raise Refused(Kind.NOT_READY, Problem("file_not_made_yet", f"The {wanted} of {command.document_ident} is being made."))
    if found is None:
        raise not_found("attachment", wanted)
    content: FileContent = get_file(uow, ReadFile(file_ident=found))
    return content


def picture_awaited(uow: Uow, number: int) -> Refused:
    """Why the picture cannot be fetched yet."""
    waits = finalizing_of(uow, [number]).get(number)
    return Refused(Kind.NOT_READY, Problem("picture_awaited", waits.reason if waits else "Its picture is there: ask again."))


class Picture(NamedTuple):
    """A document with its picture; `sha256` is empty where it has none."""

    document_id: int
    ident: str
    sha256: str
    size: int


def pictures_of(uow: Uow, ids: Collection[int]) -> list[Picture]:
    """The pictures (PDF) of these documents, in the order of their ids."""
    sql = (
        "SELECT d.id AS document_id, d.ident, coalesce(f.sha256, '') AS sha256, coalesce(f.size, 0) AS size"
        " FROM document d LEFT JOIN document_file f"
        " ON f.tenant_id = d.tenant_id AND f.document_id = d.id AND f.type = 'PDF' WHERE d.id = ANY (%s) ORDER BY d.id"
    )
    return uow.all(Picture, sql, (sorted(ids),)) if ids else []


class ShownFile(NamedTuple):
    """A file that is kept of a document."""

    document_id: int
    ident: str
    type: str
    name: str
    media_type: str
    sha256: str
    archived_at: dt.datetime


def shown_files(uow: Uow, document_ids: Collection[int]) -> Mapping[int, Mapping[str, ShownFile]]:
    """By document and type its picture and its electronic invoices."""
    found: dict[int, dict[str, ShownFile]] = defaultdict(dict)
    sql = (
        f"SELECT {columns(ShownFile)} FROM document_file WHERE document_id = ANY (%s) AND type IN ('PDF', 'CII', 'UBL')"
        " ORDER BY document_id, type, name"
    )
    for row in uow.all(ShownFile, sql, (sorted(document_ids),)) if document_ids else ():
        found[row.document_id].setdefault(row.type, row)
    return found
