"""Files of payment providers as they are kept, with what became of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.payments.accounts import ACCOUNTS
from contor.payments.originals import Sealed, open_file
from contor.payments.settlements import tables
from contor.payments.settlements.types import FileFinding, SettlementUploadView, UploadState, UploadWay
from contor.payments.types import SettlementFormat
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

UPLOADS = searchable(
    tables.settlement_upload,
    SettlementUploadView,
    ("ident", "file_name", "size", "sha256", "way", "state", "format", "due_at", "created_at", "read_at"),
    default_sort="created_at,desc",
    places={"settlement_upload_ident": "ident", "merchant_payment_account_ident": "account_ident"},
)


@dataclass(frozen=True, slots=True)
class ListUploads:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneUpload:
    merchant_payment_account_ident: str
    settlement_upload_ident: str


class UploadRow(NamedTuple):
    ident: str
    account_ident: str
    file_name: str
    size: int
    sha256: str
    blob: str | None
    way: UploadWay
    state: UploadState
    format: SettlementFormat | None
    findings: list[object]
    due_at: dt.datetime | None
    created_at: dt.datetime
    read_at: dt.datetime | None


class _OfUpload(NamedTuple):
    upload_ident: str
    ident: str


UPLOAD = f"SELECT {columns(UploadRow)} FROM settlement_upload WHERE "


@operation("settlement_upload.list", permission="payments.read", reads=True)
def list_uploads(uow: Uow, command: ListUploads) -> Page:
    """The files of an account, also those that were kept aside."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed(uow, tables.settlement_upload, command.query, UPLOADS, UploadRow, lambda rows: upload_views(uow, rows), scope)


@operation("settlement_upload.get", permission="payments.read", reads=True)
def get_upload(uow: Uow, command: OneUpload) -> SettlementUploadView:
    """What became of a file."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    return upload_view(uow, command.merchant_payment_account_ident, command.settlement_upload_ident)


@operation("settlement_upload.file", permission="payments.read", reads=True)
def get_uploaded_file(uow: Uow, command: OneUpload) -> FileContent:
    """The file as it came."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    row = _row(uow, command.merchant_payment_account_ident, command.settlement_upload_ident)
    return FileContent(open_file(uow, Sealed(row.sha256, row.blob)), "text/csv", row.file_name)


def upload_view(uow: Uow, account_ident: str, ident: str) -> SettlementUploadView:
    """Raises NOT_FOUND."""
    return upload_views(uow, [_row(uow, account_ident, ident)])[0]


def _row(uow: Uow, account_ident: str, ident: str) -> UploadRow:
    row = uow.first(UploadRow, f"{UPLOAD} ident = %s AND account_ident = %s", (ident, account_ident))
    if row is None:
        raise not_found("settlement_upload", ident)
    return row


def upload_views(uow: Uow, rows: Sequence[UploadRow]) -> list[SettlementUploadView]:
    reports: dict[str, list[str]] = {row.ident: [] for row in rows}
    sql = "SELECT upload_ident, ident FROM settlement_report WHERE upload_ident = ANY (%s) ORDER BY upload_ident, id"
    for found in uow.all(_OfUpload, sql, (list(reports),)):
        reports[found.upload_ident].append(found.ident)
    return [
        SettlementUploadView(
            settlement_upload_ident=row.ident,
            merchant_payment_account_ident=row.account_ident,
            file_name=row.file_name,
            size=row.size,
            sha256=row.sha256,
            way=row.way,
            state=row.state,
            format=row.format,
            findings=tuple(msgspec.convert(row.findings, list[FileFinding])),
            settlement_report_idents=tuple(reports[row.ident]),
            due_at=row.due_at,
            created_at=row.created_at,
            read_at=row.read_at,
        )
        for row in rows
    ]
