"""Files of events: CSV with a line for each."""

from dataclasses import dataclass
from typing import Literal

from contor.api.fynn.catalogue import Asked, One, customers_named
from contor.api.fynn.manners import Uuid, When, known_when
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow
from contor.usage.measured import (
    NAMED,
    FindingView,
    ImportView,
    ListFindings,
    ListImports,
    OneImport,
    StartImport,
    get_import,
    list_findings,
    list_imports,
    start_import,
)

NAMED["fynn"] = customers_named
"""Customers are named in files as in requests: by UUID or external id."""


@dataclass(frozen=True, slots=True)
class TakeFile:
    file: FileContent


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A list of what belongs to one thing."""

    id: str
    query: ListQuery


@shape
class UsageImportShown:
    id: Uuid
    file_name: str
    status: Literal["waiting", "running", "done"]
    lines: int
    """Without the first one, which names the columns."""
    lines_done: int
    created: int
    """Events that are new."""
    duplicates: int
    """Events that were told before."""
    refused: int
    """Lines with a finding."""
    created_at: When
    updated_at: When


@shape
class UsageFindingShown:
    line: int
    """The first line of the file is line 1."""
    property_path: str
    code: str
    message: str


@operation("fynn.usage_import_create", permission="contracts.write")
def take_file(uow: Uow, command: TakeFile) -> UsageImportShown:
    """Take a file of events; jobs go through its lines from now on."""
    return _shown(start_import(uow, StartImport(command.file, "fynn")))


@operation("fynn.usage_import_list", permission="contracts.read", reads=True)
def list_files(uow: Uow, command: Asked) -> Page:
    """Files of events."""
    page = list_imports(uow, ListImports(command.query))
    return replace(page, items=tuple(_shown(one) for one in page.items))  # type: ignore[arg-type]  # what that list is of


@operation("fynn.usage_import_get", permission="contracts.read", reads=True)
def get_file(uow: Uow, command: One) -> UsageImportShown:
    """One file, and how far it is taken."""
    return _shown(get_import(uow, OneImport(ident=command.id)))


@operation("fynn.usage_import_findings", permission="contracts.read", reads=True)
def list_lines(uow: Uow, command: AskedOf) -> Page:
    """What is wrong with the lines of a file."""
    page = list_findings(uow, ListFindings(command.id, command.query))
    return replace(page, items=tuple(_finding(one) for one in page.items))  # type: ignore[arg-type]  # what that list is of


def _shown(view: ImportView) -> UsageImportShown:
    status: Literal["waiting", "running", "done"] = view.status.lower()  # type: ignore[assignment]  # one of the three
    return UsageImportShown(
        id=view.ident,
        file_name=view.file_name,
        status=status,
        lines=view.lines,
        lines_done=view.lines_done,
        created=view.created,
        duplicates=view.known,
        refused=view.refused,
        created_at=known_when(view.created_at),
        updated_at=known_when(view.last_modified_at),
    )


def _finding(view: FindingView) -> UsageFindingShown:
    path = {"customer": "customerId", "event_name": "eventName", "transaction_id": "transactionId"}.get(view.field, view.field)
    return UsageFindingShown(line=view.line, property_path=path, code=view.code, message=view.message)
