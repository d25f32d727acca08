"""Files of banks: received, kept, listed with what became of them."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.payments.accounts import ACCOUNTS
from contor.payments.gateways import uploaded_formats
from contor.payments.statements import tables
from contor.payments.statements.events import StatementsWait
from contor.payments.statements.kept import Kept, keep, original
from contor.payments.statements.read import formats_in
from contor.payments.types import STATEMENT_FORMATS, StatementFormat
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.refusals import masked_numbers
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

State = Literal["RECEIVED", "READ", "KEPT_ASIDE", "REFUSED"]
Way = Literal["UPLOAD", "DIRECTORY", "SFTP", "BANK", "COMMAND"]


@shape
class StatementReason:
    """Why a file waits or was refused, or what was overruled when it was taken all the same."""

    code: str
    message: str


@shape
class StatementCounts:
    """What a file holds, and what became of it."""

    statements: int = 0
    bookings: int = 0
    new: int = 0
    known: int = 0
    """Bookings that another message told of before."""
    enriched: int = 0
    """Known ones of which this file knew more."""
    information: int = 0
    """Lines that are no bookings: not booked yet, or of 0.00."""
    payments: int = 0
    unresolved: int = 0
    """Collective bookings whose parts do not come to them: each is one payment."""
    reports: int = 0
    """Reports on our own files (pain.002)."""
    rejected: int = 0
    """Transactions that these refused."""


@shape
class StatementContent:
    """A statement of the file."""

    format: str
    number: str | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    closed_on: dt.date | None = None
    bookings: int = 0


@shape
class StatementView:
    """A bank's file, or what it says of one of several accounts."""

    statement_ident: str
    merchant_payment_account_ident: str | None = None
    file_name: str
    sha256: str
    """Of the file as it came."""
    size: int
    """Bytes."""
    way: Way
    state: State
    """RECEIVED: it is read next; KEPT_ASIDE: nothing of it is stored, see `reasons`; REFUSED: it cannot be read."""
    forced: bool
    """A person took it although something is wrong with it."""
    reasons: tuple[StatementReason, ...] = ()
    counts: StatementCounts = StatementCounts()
    statements: tuple[StatementContent, ...] = ()
    received_at: dt.datetime
    read_at: dt.datetime | None = None


_COUNTS = tuple([one.name for one in dataclasses.fields(StatementCounts)])
STATEMENTS = searchable(
    tables.statement_file,
    StatementView,
    ("ident", "account_ident", "file_name", "sha256", "size", "way", "state", "forced", "received_at", "read_at"),
    default_sort="received_at,desc",
    places={
        "statement_ident": "ident",
        "merchant_payment_account_ident": "account_ident",
        # what is none is not stored
        **{f"counts.{name}": worked_out(f"coalesce((statement_file.counts ->> '{name}')::bigint, 0)", int) for name in _COUNTS},
    },
)


@dataclass(frozen=True, slots=True)
class ListStatements:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListFiles:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneStatement:
    merchant_payment_account_ident: str
    statement_ident: str


@dataclass(frozen=True, slots=True)
class UploadStatement:
    merchant_payment_account_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class ReceiveFile:
    """A file that comes by another way; its accounts are found by what it says."""

    file: FileContent
    way: Way = "COMMAND"
    account_ident: str | None = None
    """Of a file that names none, and by whose mappings tables are read."""
    format: StatementFormat | None = None
    """The only one in which it may be written."""


@shape
class OriginalFile:
    statement_ident: str


class FileRow(NamedTuple):
    """A file as it is stored."""

    ident: str
    account_ident: str | None
    file_name: str
    sha256: str
    blob: str
    size: int
    way: Way
    state: State
    reasons: Sequence[Fields]
    counts: Fields
    statements: Sequence[Fields]
    forced: bool
    received_at: dt.datetime
    read_at: dt.datetime | None


FILE = f"SELECT {columns(FileRow)} FROM statement_file WHERE "


def view_of(row: FileRow) -> StatementView:
    return StatementView(
        statement_ident=row.ident,
        merchant_payment_account_ident=row.account_ident,
        file_name=row.file_name,
        sha256=row.sha256,
        size=row.size,
        way=row.way,
        state=row.state,
        forced=row.forced,
        reasons=tuple([StatementReason(**reason) for reason in row.reasons]),
        counts=StatementCounts(**row.counts),
        statements=msgspec.convert(row.statements, tuple[StatementContent, ...], strict=False),
        received_at=row.received_at,
        read_at=row.read_at,
    )


@operation("statement.list", permission="payments.read", reads=True)
def list_statements(uow: Uow, command: ListStatements) -> Page:
    """What banks sent of an account, the latest first."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed(uow, tables.statement_file, command.query, STATEMENTS, FileRow, _views, scope)


def _views(rows: list[FileRow]) -> list[StatementView]:
    return [view_of(row) for row in rows]


@operation("statement.list_all", permission="payments.read", reads=True)
def list_files(uow: Uow, command: ListFiles) -> Page:
    """What banks sent, of whatever account: also files of which none is ours."""
    return listed(uow, tables.statement_file, command.query, STATEMENTS, FileRow, _views)


@operation("statement.get", permission="payments.read", reads=True)
def get_statement(uow: Uow, command: OneStatement) -> StatementView:
    """What became of a file."""
    key = (command.statement_ident, command.merchant_payment_account_ident)
    row = uow.first(FileRow, FILE + "ident = %s AND account_ident = %s", key)
    if row is None:
        ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
        raise not_found("statement", command.statement_ident)
    return view_of(row)


@operation("statement.upload", permission="payments.write")
def upload_statement(uow: Uow, command: UploadStatement) -> StatementView:
    """Take a bank's file over; it is kept as it is, and read next."""
    account = ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    _expected(command.file, uploaded_formats(uow, account["payment_service_provider_id"], STATEMENT_FORMATS))
    return receive_file(uow, command.file, "UPLOAD", account["ident"])


@operation("statement.receive", permission="payments.write")
def receive_statement(uow: Uow, command: ReceiveFile) -> StatementView:
    """Take over a file of whatever accounts of ours it is."""
    if command.format is not None:
        _expected(command.file, (command.format,))
    return receive_file(uow, command.file, command.way, command.account_ident)


def _expected(file: FileContent, formats: Sequence[str]) -> None:
    """Raises `Refused` for a file of another format. One that cannot be read is kept, with why."""
    try:
        others = formats_in(file.content) - set(formats) if formats else set()
    except Refused:
        return
    if others:
        message = f"The file is written in {' and '.join(sorted(others))}; the settlement source says {' or '.join(formats)}."
        raise Refused(Kind.INVALID, Problem("statement_format_differs", message, "file", ", ".join(sorted(others))))


def receive_file(uow: Uow, file: FileContent, way: Way, account_ident: str | None) -> StatementView:
    """Keep it; a worker reads it after the commit."""
    kept = keep(uow, file.content)
    row = added(uow, file.name, kept, len(file.content), way, account_ident)
    uow.emit(StatementsWait(idents=(row.ident,)))
    return view_of(row)


def added(uow: Uow, name: str, kept: Kept, size: int, way: Way, account_ident: str | None) -> FileRow:
    """A row for a file, or for what it says of one account."""
    row = FileRow(
        ident=str(uow.new_uuid()),
        account_ident=account_ident,
        file_name=name,
        sha256=kept.sha256,
        blob=kept.blob,
        size=size,
        way=way,
        state="RECEIVED",
        reasons=[],
        counts={},
        statements=[],
        forced=False,
        received_at=uow.ctx.now(),
        read_at=None,
    )
    uow.insert(tables.statement_file, [{**row._asdict(), "id": uow.next_id()}])
    uow.audit("statement_file", row.ident, {"received": name, "sha256": kept.sha256})
    return row


@operation("statement.original", permission="payments.read", reads=True)
def get_original(uow: Uow, command: OriginalFile) -> FileContent:
    """The file as it came."""
    row = uow.first(FileRow, FILE + "ident = %s", (command.statement_ident,))
    if row is None:
        raise not_found("statement", command.statement_ident)
    return FileContent(original(uow, Kept(row.sha256, row.blob)), "application/octet-stream", row.file_name)


def reasons_of(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """As they are stored: each once, the first twenty; of accounts in them no more than an answer shows."""
    said = [(problem.code, masked_numbers(problem.message)) for problem in problems]
    return [{"code": code, "message": message} for code, message in dict.fromkeys(said)][:20]
