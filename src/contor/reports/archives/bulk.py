"""The kind BULK: every file that was made of a period's documents, with an index."""

from typing import Annotated, Literal

from pydantic import Field

from contor.documents.period import FiledRow, count_documents, files_between
from contor.kernel.shapes import Fields, shape
from contor.reports.archives.zipped import Archive, archive
from contor.reports.exports import Asked, ExportKind, ExportTask, Output, export_kind
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.uow import Uow

FileKind = Literal["PDF", "CII", "UBL", "ATTACHMENT"]
_COLUMNS = (
    "file",
    "documentIdent",
    "documentId",
    "documentType",
    "documentDate",
    "operatingSiteIdent",
    "customerIdent",
    "fileType",
    "mediaType",
    "size",
    "sha256",
    "missing",
)
_NOT_MADE = ("FILES_NOT_MADE", "The files of the document are not made yet: have the export made when they are.")
_NONE = ("NO_FILES", "The document has no file of the kinds that are asked for: none was to be made.")
_MISSING = (
    "FILE_MISSING",
    "The file was made and is not there any more: `contor files mend` makes it again, else a backup has it.",
)
_DAMAGED = ("FILE_DAMAGED", "The file is not what was kept: `contor files mend` makes it again, else a backup has it.")


@shape
class BulkOptions:
    types: Annotated[tuple[FileKind, ...], Field(min_length=1, max_length=4)] = ("PDF", "CII", "UBL", "ATTACHMENT")
    """Which kinds of file."""


def _prepare(uow: Uow, asked: Asked) -> Fields:
    return {"mark": uow.next_id()}


def _write(uow: Uow, task: ExportTask, out: Output) -> None:
    mark, options = int(task.frozen["mark"]), task.options
    assert isinstance(options, BulkOptions)
    out.expect(count_documents(uow, task.first_day, task.last_day, mark))
    name = f"documents-{task.first_day.isoformat()}-{task.last_day.isoformat()}.zip"
    with out.file(name, "application/zip") as target, archive(target, _COLUMNS) as made:
        document, found = None, False
        before: FiledRow | None = None
        for row in files_between(uow, task.first_day, task.last_day, mark):
            if row.document_id != document:
                if before is not None and not found:
                    _without(before, made, out)
                document, found = row.document_id, False
                out.advance()
            before = row
            if row.type in options.types:
                found = True
                _file(uow, row, made, out)
        if before is not None and not found:
            _without(before, made, out)


def _file(uow: Uow, row: FiledRow, made: Archive, out: Output) -> None:
    """One file, or why it is missing."""
    try:
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, str(row.sha256))
    except (BlobMissing, BlobDamaged) as error:
        reason, message = _MISSING if isinstance(error, BlobMissing) else _DAMAGED
        out.leave_out(reason, message, f"{row.ident} {row.name}")
        _list(made, None, row, message)
        return
    folder = f"{row.document_date.isoformat()}/{row.document_id}"
    path = made.add(folder, str(row.name), content, packed=row.type == "PDF")
    _list(made, path, row, None)


def _without(row: FiledRow, made: Archive, out: Output) -> None:
    reason, message = _NONE if row.status == "COMPLETED" else _NOT_MADE
    out.leave_out(reason, message, row.ident)
    _list(made, None, row._replace(type=None, media_type=None, size=None, sha256=None), message)


def _list(made: Archive, path: str | None, row: FiledRow, missing: str | None) -> None:
    made.list(
        (
            path,
            row.ident,
            row.document_id,
            row.document_type,
            row.document_date.isoformat(),
            row.operating_site_ident,
            row.customer_ident,
            row.type,
            row.media_type,
            row.size,
            row.sha256,
            missing,
        )
    )


BULK = export_kind(ExportKind(name="BULK", options=BulkOptions, prepare=_prepare, write=_write))
