"""Exports as they are stored, and read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.reports.exports import tables
from contor.reports.exports.types import ExportFile, ExportReason, ExportStatus, ExportView, NotExported
from contor.runtime.blobs import BlobMissing
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

EXPORTS = searchable(
    tables.export,
    ExportView,
    ("ident", "kind", "status", "first_day", "last_day", "requested_by", "created_at", "completed_at", "rows", "sha256"),
    default_sort="created_at,desc",
    places={"export_ident": "ident"},
)
# as they are answered
EXPORTS.fields |= {"from": EXPORTS.fields["first_day"], "to": EXPORTS.fields["last_day"]}


@dataclass(frozen=True, slots=True)
class ListExports:
    query: ListQuery


@shape
class OneExport:
    export_ident: str


@dataclass(frozen=True, slots=True)
class OneExportFile:
    export_ident: str
    name: str


class ExportRow(NamedTuple):
    ident: str
    kind: str
    first_day: dt.date
    last_day: dt.date
    options: Fields
    snapshot: Fields
    status: ExportStatus
    attempts: int
    reasons: list[Fields]
    done: int
    total: int | None
    rows: int | None
    sha256: str | None
    left_out: list[Fields]
    requested_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None
    repeated_at: dt.datetime | None


class _FileRow(NamedTuple):
    export_ident: str
    name: str
    media_type: str
    size: int
    sha256: str
    rows: int


@operation("export.list", permission="bookkeeping.read", reads=True)
def list_exports(uow: Uow, command: ListExports) -> Page:
    """Exports, the latest first."""

    def read(idents: list[str]) -> dict[str, ExportView]:
        rows = uow.all(ExportRow, f"SELECT {columns(ExportRow)} FROM export WHERE ident = ANY (%s)", (idents,))
        return {view.export_ident: view for view in _views(uow, rows)}

    return listed_by_key(uow, tables.export, command.query, EXPORTS, "ident", read)


@operation("export.get", permission="bookkeeping.read", reads=True)
def get_export(uow: Uow, command: OneExport) -> ExportView:
    """How far an export is, its files, and what it left out."""
    return export_view(uow, command.export_ident)


@operation("export.file", permission="bookkeeping.read", reads=True)
def get_export_file(uow: Uow, command: OneExportFile) -> FileContent:
    """A file of an export. What is still being made is NOT_READY."""
    row = require_export(uow, command.export_ident)
    sql = f"SELECT {columns(_FileRow)} FROM export_file WHERE export_ident = %s AND name = %s"
    file = uow.first(_FileRow, sql, (row.ident, command.name))
    if file is None and row.status in ("QUEUED", "RUNNING"):
        raise Refused(Kind.NOT_READY, Problem("export_not_made_yet", f"The files of {row.ident} are being made."))
    if file is None:
        raise not_found("export_file", command.name)
    try:
        kept = uow.runtime.blobs.size(uow.ctx.tenant_id, file.sha256)
        source = uow.runtime.blobs.reading(uow.ctx.tenant_id, file.sha256)
    except BlobMissing:
        kept, source = None, None
    if source is None or kept != file.size:
        message = f"The file {file.name} is not what was kept: have the export made again, or bring it back from a backup."
        raise Refused(Kind.DAMAGED, Problem("file_damaged", message))
    return FileContent(b"", file.media_type, file.name, source, file.size)


def require_export(uow: Uow, ident: str, *, lock: bool = False) -> ExportRow:
    """Raises NOT_FOUND."""
    sql = f"SELECT {columns(ExportRow)} FROM export WHERE ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(ExportRow, sql, (ident,))
    if row is None:
        raise not_found("export", ident)
    return row


def export_view(uow: Uow, ident: str) -> ExportView:
    """Raises NOT_FOUND."""
    return _views(uow, [require_export(uow, ident)])[0]


def _views(uow: Uow, rows: Sequence[ExportRow]) -> list[ExportView]:
    files: dict[str, list[ExportFile]] = {row.ident: [] for row in rows}
    sql = f"SELECT {columns(_FileRow)} FROM export_file WHERE export_ident = ANY (%s) ORDER BY export_ident, position"
    for file in uow.all(_FileRow, sql, (list(files),)):
        files[file.export_ident].append(ExportFile(**{n: v for n, v in file._asdict().items() if n != "export_ident"}))
    return [
        ExportView(
            export_ident=row.ident,
            kind=row.kind,
            first_day=row.first_day,
            last_day=row.last_day,
            options=row.options,
            status=row.status,
            reasons=tuple(msgspec.convert(row.reasons, list[ExportReason])),
            done=row.done,
            total=row.total,
            rows=row.rows,
            sha256=row.sha256,
            left_out=tuple(msgspec.convert(row.left_out, list[NotExported])),
            files=tuple(files[row.ident]),
            requested_by=row.requested_by,
            created_at=row.created_at,
            started_at=row.started_at,
            completed_at=row.completed_at,
            repeated_at=row.repeated_at,
        )
        for row in rows
    ]
