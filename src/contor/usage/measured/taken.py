"""Read files of events: how far each is taken, and what is wrong with its lines."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.usage.measured import tables

ImportStatus = Literal["WAITING", "RUNNING", "DONE"]
IMPORTS_NUMBERED: Final = Numbered("usage_import", tables.usage_import)


@shape
class ImportView:
    """A file of events. Lines are counted without the first one, which names the columns."""

    ident: str
    file_name: str
    status: ImportStatus
    lines: int
    lines_done: int
    created: int
    """Events that are new."""
    known: int
    """Events that were told before."""
    refused: int
    """Lines with a finding."""
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class FindingView:
    """What is wrong with a line. The first line of a file, which names the columns, is line 1."""

    finding_id: int
    line: int
    field: str
    code: str
    message: str


IMPORTS = searchable(tables.usage_import, ImportView, ("ident", "id", "status", "created_at"), default_sort="created_at,desc")
FINDINGS = searchable(tables.usage_import_finding, FindingView, ("finding_id",), default_sort="finding_id")


class ImportRow(NamedTuple):
    ident: str
    id: int
    file_name: str
    sha256: str
    status: ImportStatus
    lines: int
    bytes_done: int
    lines_done: int
    created: int
    known: int
    refused: int
    named_by: str
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class OneImport:
    ident: str


@dataclass(frozen=True, slots=True)
class ListImports:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListFindings:
    ident: str
    query: ListQuery


@operation("usage_import.list", permission="contracts.read", reads=True)
def list_imports(uow: Uow, command: ListImports) -> Page:
    """Files of events."""

    def read(idents: list[str]) -> dict[str, ImportView]:
        sql = f"SELECT {columns(ImportRow)} FROM usage_import WHERE ident = ANY (%s)"
        return {row.ident: view_of(row) for row in uow.all(ImportRow, sql, (idents,))}

    return listed_by_key(uow, tables.usage_import, command.query, IMPORTS, "ident", read)


@operation("usage_import.get", permission="contracts.read", reads=True)
def get_import(uow: Uow, command: OneImport) -> ImportView:
    """One file, and how far it is taken."""
    return view_of(import_named(uow, command.ident))


@operation("usage_import.list_findings", permission="contracts.read", reads=True)
def list_findings(uow: Uow, command: ListFindings) -> Page:
    """What is wrong with the lines of a file, in their order."""
    number = import_named(uow, command.ident).id

    def read(ids: list[int]) -> dict[int, FindingView]:
        sql = f"SELECT {columns(_Finding)} FROM usage_import_finding WHERE finding_id = ANY (%s)"
        return {row.finding_id: FindingView(**row._asdict()) for row in uow.all(_Finding, sql, (ids,))}

    scope = {"import_id": number}
    return listed_by_key(uow, tables.usage_import_finding, command.query, FINDINGS, "finding_id", read, scope)


def import_named(uow: Uow, ident: str) -> ImportRow:
    """Raises NOT_FOUND."""
    row = uow.first(ImportRow, f"SELECT {columns(ImportRow)} FROM usage_import WHERE ident = %s", (ident,))
    if row is None:
        raise not_found("usage_import", ident)
    return row


def view_of(row: ImportRow) -> ImportView:
    return ImportView(**{name: value for name, value in row._asdict().items() if name not in _INSIDE})


_INSIDE = ("id", "sha256", "bytes_done", "named_by")


class _Finding(NamedTuple):
    finding_id: int
    line: int
    field: str
    code: str
    message: str
