"""Files for banks: listed, read, and their bytes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.payments.files import tables
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

FileStatus = Literal["CREATED", "SUBMITTING", "UPLOADED", "SENT", "ANSWERED", "REJECTED"]


@shape
class PaymentFileView:
    """A file for a bank."""

    payment_file_ident: str
    """What the bank calls it, too (MsgId)."""
    merchant_payment_account_ident: str
    kind: Literal["CORE", "B2B", "SCT", "INST"]
    """CORE, B2B: direct debits; SCT, INST: transfers."""
    version: str
    """Of the format, e.g. pain.008.001.08."""
    status: FileStatus
    """CREATED: to be given to the bank; SUBMITTING, UPLOADED: on its way to the bank's server, where it is whole but perhaps not yet under
    its name; SENT: given; ANSWERED: it said something; REJECTED: it refused all of it."""
    sha256: str
    """Of its bytes, which never change."""
    size: int
    transactions: int
    """How many it holds (NbOfTxs)."""
    total: Money
    """Their sum (CtrlSum), in EUR."""
    verification: Literal["REQUESTED", "OPTED_OUT", "NONE"]
    """Whether the bank checks the payees' names before it pays."""
    rejected: int
    """How many of its transactions the bank refused."""
    reason: str | None = None
    """What somebody has to know of it, e.g. why the bank's server did not take it."""
    created_at: dt.datetime
    sent_at: dt.datetime | None = None
    tries: int
    """How often it could not be put to the bank's server."""
    try_at: dt.datetime | None = None
    """When it is tried again."""


FILES = searchable(
    tables.payment_file,
    PaymentFileView,
    ("ident", "kind", "version", "status", "transactions", "total", "rejected", "created_at"),
    default_sort="created_at,desc",
    places={"payment_file_ident": "ident", "merchant_payment_account_ident": "merchant_account_ident"},
)


@dataclass(frozen=True, slots=True)
class ListFiles:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneFile:
    payment_file_ident: str


class FileRow(NamedTuple):
    """A file as it is stored."""

    ident: str
    merchant_account_ident: str
    kind: Literal["CORE", "B2B", "SCT", "INST"]
    version: str
    status: FileStatus
    sha256: str
    size: int
    transactions: int
    total: Decimal
    verification: Literal["REQUESTED", "OPTED_OUT", "NONE"]
    rejected: int
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    tries: int
    try_at: dt.datetime | None


@operation("payment_file.list", permission="payments.read", reads=True)
def list_files(uow: Uow, command: ListFiles) -> Page:
    """All files that were written for banks."""
    return listed(uow, tables.payment_file, command.query, FILES, FileRow, lambda rows: map(view_of, rows))


@operation("payment_file.get", permission="payments.read", reads=True)
def get_file(uow: Uow, command: OneFile) -> PaymentFileView:
    """One file, without its bytes."""
    return view_of(the_file(uow, command.payment_file_ident))


@operation("payment_file.content", permission="payments.write")
def file_content(uow: Uow, command: OneFile) -> FileContent:
    """The bytes for the bank, as they were written: they hold the IBANs in clear, so it is noted who fetched them."""
    row = the_file(uow, command.payment_file_ident)
    try:
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256)
    except (BlobMissing, BlobDamaged) as error:
        problem = Problem("file_damaged", f"The file {row.ident} is not what was kept: it has to come from a backup.")
        raise Refused(Kind.DAMAGED, problem) from error
    uow.audit("payment_file", row.ident, {"fetched": True})
    return FileContent(content, "application/xml", f"{row.ident}.xml")


def the_file(uow: Uow, ident: str, *, lock: bool = False) -> FileRow:
    """Raises NOT_FOUND."""
    sql = f"SELECT {columns(FileRow)} FROM payment_file WHERE ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(FileRow, sql, (ident,))
    if row is None:
        raise not_found("payment_file", ident)
    return row


def view_of(row: FileRow) -> PaymentFileView:
    said = row._asdict()
    return PaymentFileView(
        payment_file_ident=said.pop("ident"), merchant_payment_account_ident=said.pop("merchant_account_ident"), **said
    )
