"""What came in, with what was read of it and what became of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.expenses import tables
from contor.expenses.types import InboxStatus, InboxView, PaperFinding, PaperForm, Proposal
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

INBOX = searchable(
    tables.inbox_item,
    InboxView,
    ("ident", "inbox_item_id", "status", "file_name", "media_type", "size", "sha256", "expense_ident", "received_at", "read_at"),
    default_sort="received_at,desc",
    places={"inbox_item_ident": "ident"},
)


@dataclass(frozen=True, slots=True)
class ListInbox:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneItem:
    inbox_item_ident: str


class ItemRow(NamedTuple):
    ident: str
    inbox_item_id: int
    status: InboxStatus
    file_name: str
    media_type: str
    size: int
    sha256: str
    form: PaperForm | None
    proposal: Mapping[str, object] | None
    findings: Sequence[object]
    expense_ident: str | None
    reason: str | None
    received_at: dt.datetime
    read_at: dt.datetime | None

    @property
    def proposed(self) -> Proposal | None:
        return None if self.proposal is None else validated(Proposal, self.proposal)


ITEM = f"SELECT {columns(ItemRow)} FROM inbox_item WHERE "


@operation("inbox_item.list", permission="bookkeeping.read", reads=True)
def list_inbox(uow: Uow, command: ListInbox) -> Page:
    """What came in, the newest first."""
    return listed(uow, tables.inbox_item, command.query, INBOX, ItemRow, lambda rows: [item_view(row) for row in rows])


@operation("inbox_item.get", permission="bookkeeping.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> InboxView:
    """One file, with the fields that are proposed and what is to be said of it."""
    return item_view(item_named(uow, command.inbox_item_ident))


@operation("inbox_item.file", permission="bookkeeping.read", reads=True)
def get_inbox_file(uow: Uow, command: OneItem) -> FileContent:
    """The file as it came."""
    row = item_named(uow, command.inbox_item_ident)
    return FileContent(uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256), row.media_type, row.file_name)


def item_named(uow: Uow, ident: str, *, lock: bool = False) -> ItemRow:
    """Raises NOT_FOUND."""
    row = uow.first(ItemRow, f"{ITEM} ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if row is None:
        raise not_found("inbox_item", ident)
    return row


def item_view(row: ItemRow) -> InboxView:
    return InboxView(
        inbox_item_ident=row.ident,
        inbox_item_id=row.inbox_item_id,
        status=row.status,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        form=row.form,
        proposal=row.proposed,
        findings=tuple(msgspec.convert(row.findings, list[PaperFinding])),
        expense_ident=row.expense_ident,
        reason=row.reason,
        received_at=row.received_at,
        read_at=row.read_at,
    )
