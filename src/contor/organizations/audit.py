"""The audit trail, read: who did what to which thing, when, and what it changed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.organizations.listing import Listable
from contor.organizations.listing import listed as listed_of_directory
from contor.organizations.tree import organization_in_tree
from contor.organizations.types import Listing
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.listed import listed
from contor.runtime.tables import audit_entry
from contor.runtime.uow import Uow

ENTRIES = Filterable.of(
    audit_entry,
    ("id", "at", "actor", "operation", "request_id", "subject_kind", "subject_ident"),
    default_sort="at,desc",
)
DIRECTORY_ORDERS = {"at": "x.at", **{name: f"x.{name}" for name in ("actor", "operation", "subject_kind", "subject_ident")}}


class EntryRow(NamedTuple):
    id: int
    at: dt.datetime
    actor: str
    operation: str
    request_id: str
    subject_kind: str | None
    subject_ident: str | None
    change: Any


@shape
class AuditEntry:
    """One thing that one operation changed."""

    id: int
    at: dt.datetime
    actor: str
    """`key:` or `user:` and its id, `job:` and its name, or `cli`."""
    operation: str
    request_id: str
    """As in the header `X-Request-Id` of the answer."""
    subject_kind: str | None = None
    subject_ident: str | None = None
    change: Any = None
    """What was before and after, or what was created; as it was written then."""


@dataclass(frozen=True, slots=True)
class ListEntries:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListDirectoryEntries:
    organization_id: str
    query: Listing


@operation("audit_entry.list", permission="audit.read", reads=True)
def list_entries(uow: Uow, command: ListEntries) -> Page:
    """What was done in the caller's tenant, the latest first."""

    def read(rows: list[EntryRow]) -> list[AuditEntry]:
        return [AuditEntry(**row._asdict()) for row in rows]

    return listed(uow, audit_entry, command.query, ENTRIES, EntryRow, read)


@operation("directory_entry.list", permission="audit.read", reads=True, directory=True)
def list_directory_entries(uow: Uow, command: ListDirectoryEntries) -> Page:
    """What an organization's users and keys did to organizations, keys, users and environments."""
    organization = organization_in_tree(uow, command.organization_id)
    things = Listable(
        "directory.audit_entry", "x.organization_id = %(organization)s", {"organization": organization.id}, DIRECTORY_ORDERS
    )
    rows, page = listed_of_directory(uow, command.query, EntryRow, things)
    return Page(tuple(rows), page.number, page.size, page.total)
