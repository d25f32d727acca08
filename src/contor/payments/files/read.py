"""Files for banks: listed, read, and their bytes."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.money import counted, shown
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.payments.files import tables
from contor.payments.intents import HELD_OF_FILE, held_in_files, is_late
from contor.payments.originals import Sealed, open_file
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow, not_found

FileStatus = Literal["CREATED", "SUBMITTING", "UPLOADED", "SENT", "ANSWERED", "REJECTED", "GIVEN_UP"]


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
    its name; SENT: given; ANSWERED: it said something; REJECTED: it refused all of it. GIVEN_UP: a person ended all that it
    says, and it is not given to the bank any more."""
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
    given_up: int
    """How many of its transactions a person ended by hand before it was given to the bank."""
    reason: str | None = None
    """What somebody has to know of it, e.g. why the bank's server did not take it."""
    created_at: dt.datetime
    sent_at: dt.datetime | None = None
    tries: int
    """How often it could not be put to the bank's server."""
    try_at: dt.datetime | None = None
    """When it is tried again."""
    expected_by: dt.date | None = None
    """The day by which the bank has to have it, so that it can do what the file says; not there once it has."""
    late: bool = False
    """That day is over."""
    held: int = 0
    """How many of its transfers wait at the bank because of their payees' names."""


FILES = searchable(
    tables.payment_file,
    PaymentFileView,
    ("ident", "kind", "version", "status", "transactions", "total", "rejected", "given_up", "created_at", "expected_by"),
    default_sort="created_at,desc",
    places={
        "payment_file_ident": "ident",
        "merchant_payment_account_ident": "merchant_account_ident",
        "late": worked_out("payment_file.expected_by IS NOT NULL", bool),  # `list_files` says by which day
        "held": worked_out(HELD_OF_FILE, int),
    },
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
    blob: str | None
    size: int
    transactions: int
    total: Decimal
    verification: Literal["REQUESTED", "OPTED_OUT", "NONE"]
    rejected: int
    given_up: int
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    tries: int
    try_at: dt.datetime | None
    expected_by: dt.date | None


@operation("payment_file.list", permission="payments.read", reads=True)
def list_files(uow: Uow, command: ListFiles) -> Page:
    """All files that were written for banks."""
    late = f"coalesce(payment_file.expected_by < DATE '{uow.ctx.today().isoformat()}', false)"
    files = FILES.with_field("late", worked_out(late, bool)) if "late" in command.query.fields() else FILES
    return listed(uow, tables.payment_file, command.query, files, FileRow, lambda rows: views_of(uow, rows))


@operation("payment_file.get", permission="payments.read", reads=True)
def get_file(uow: Uow, command: OneFile) -> PaymentFileView:
    """One file, without its bytes."""
    return view_of(uow, the_file(uow, command.payment_file_ident))


@operation("payment_file.content", permission="payments.write")
def file_content(uow: Uow, command: OneFile) -> FileContent:
    """The bytes for the bank, as they were written: they hold the IBANs in clear, so it is noted who fetched them."""
    row = the_file(uow, command.payment_file_ident)
    try:
        content = open_file(uow, Sealed(row.sha256, row.blob))
    except (BlobMissing, BlobDamaged, SealBroken) as error:
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


def view_of(uow: Uow, row: FileRow) -> PaymentFileView:
    return views_of(uow, [row])[0]


def views_of(uow: Uow, rows: Sequence[FileRow]) -> list[PaymentFileView]:
    """As they are answered, with why each waits."""
    held, today = held_in_files(uow, [row.ident for row in rows]), uow.ctx.today()
    sql = f"SELECT {columns(_Target)} FROM payment_file_target WHERE active AND account_ident = ANY (%s)"
    targets = {it.account_ident: it for it in uow.all(_Target, sql, (sorted({row.merchant_account_ident for row in rows}),))}
    return [_view(row, held.get(row.ident, 0), targets.get(row.merchant_account_ident), today) for row in rows]


class _Target(NamedTuple):
    account_ident: str
    host: str
    created_at: dt.datetime


def _view(row: FileRow, held: int, target: _Target | None, today: dt.date) -> PaymentFileView:
    said, late = row._asdict(), is_late(row.expected_by, today)
    del said["blob"]
    said["reason"] = " ".join(part for part in (row.reason, *_waits(row, held, target, late)) if part) or None
    return PaymentFileView(
        payment_file_ident=said.pop("ident"),
        merchant_payment_account_ident=said.pop("merchant_account_ident"),
        total=shown(said.pop("total"), "EUR"),
        late=late,
        held=held,
        **said,
    )


_OF_GIVEN_UP: dict[str, str] = {
    "GIVEN_UP": "Nothing of it is wanted any more: do not give it to the bank.",
    "CREATED": "Do not give it to the bank as it is: end the others too, or confirm it once the bank has it without them.",
    "UPLOADED": "It is not put to the bank's server any more: ask the bank whether it has it, and end the others or confirm it.",
    "SENT": "What the bank moves of them all the same is to be given back.",
}
"""What is to be done with a file of which something is given up, by its status."""


def _waits(row: FileRow, held: int, target: _Target | None, late: bool) -> Iterator[str]:
    if row.given_up and row.status in _OF_GIVEN_UP:
        yield _OF_GIVEN_UP[row.status]
    elif row.status in ("CREATED", "SUBMITTING", "UPLOADED") and row.try_at is None:
        if target is not None and target.created_at <= row.created_at:
            yield f"It is put to the bank's server {target.host} next."
        else:
            yield "Give it to the bank, and confirm that."
    if late:
        yield f"Late: for the first day that it says the bank had to have it by {row.expected_by}."
    if held:
        yield f"The bank held {counted(held, 'transfer')} because of the payee's name: somebody releases or cancels each, or all."
