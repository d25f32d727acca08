"""The queue and log of mails: how each stands, how it was tried, and why it waits or failed. What it says is not told."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.documents.after import ReadDocument, get_document
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.mail import tables
from contor.notifications.mail.kinds import Kind
from contor.notifications.mail.queue import Own
from contor.notifications.mail.tables import MailStatus
from contor.runtime.query import FilterField, ListQuery, Page, searchable, worked_out
from contor.runtime.query.filterable import TEXT
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListMails:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListMailsOfDocument:
    document_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneMail:
    mail_ident: str


@shape
class MailAttempt:
    time: dt.datetime
    """Real time."""
    outcome: str
    code: int | None = None
    answer: str


@shape
class MailAttachment:
    name: str
    size: int
    sha256: str


@shape
class MailView:
    ident: str
    kind: Kind
    about: str
    document_ident: str | None = None
    document_id: int | None = None
    """Two companies of a tenant may give one number."""
    customer_ident: str | None = None
    recipient: str
    delivered_to: str | None = None
    """To whom it was handed over: another one in TEST."""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    """Who is copied beside those whom the configuration names; nobody in TEST."""
    receipt_confirmation: bool = False
    language: str
    subject: str | None = None
    """As it was written the last time; not kept where it may say what is secret."""
    status: MailStatus
    reason: str | None = None
    tries: int
    resends: int
    next_try_at: dt.datetime | None = None
    message_id: str | None = None
    sent_at: dt.datetime | None = None
    """When the mail server took it."""
    attachments: tuple[MailAttachment, ...] = ()
    attempts: tuple[MailAttempt, ...] = ()
    created_at: dt.datetime
    last_modified_at: dt.datetime


MAILS = searchable(
    tables.mail,
    MailView,
    (
        "ident",
        "kind",
        "about",
        "document_ident",
        "document_id",
        "customer_ident",
        "recipient",
        "status",
        "created_at",
        "sent_at",
    ),
    default_sort="created_at,desc",
    places={"receipt_confirmation": worked_out("coalesce((own ->> 'receipt')::boolean, false)", bool)},
)
# codes called so are in capitals elsewhere, whatever a search writes
MAILS.fields["about"] = FilterField(tables.mail.c.about, TEXT)


class MailRow(NamedTuple):
    ident: str
    kind: Kind
    about: str
    document_ident: str | None
    document_id: int | None
    customer_ident: str | None
    recipient: str
    delivered_to: str | None
    language: str
    subject: str | None
    status: MailStatus
    reason: str | None
    tries: int
    resends: int
    due_at: dt.datetime
    message_id: str | None
    sent_at: dt.datetime | None
    files: Sequence[Mapping[str, object]]
    own: Mapping[str, object] | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


class _Attempt(NamedTuple):
    mail_ident: str
    at: dt.datetime
    outcome: str
    code: int | None
    answer: str


@operation("mail.list", permission="notifications.read", reads=True)
def list_mails(uow: Uow, command: ListMails) -> Page:
    """Mails, the latest first."""
    return listed(uow, tables.mail, command.query, MAILS, MailRow, lambda rows: views_of(uow, rows))


@operation("mail.list_of_document", permission="notifications.read", reads=True)
def list_mails_of_document(uow: Uow, command: ListMailsOfDocument) -> Page:
    """The mails of a document, with what became of each."""
    scope = {"document_id": get_document(uow, ReadDocument(document_ident=command.document_ident)).document_id}
    return listed(uow, tables.mail, command.query, MAILS, MailRow, lambda rows: views_of(uow, rows), scope)


@operation("mail.get", permission="notifications.read", reads=True)
def get_mail(uow: Uow, command: OneMail) -> MailView:
    """One mail with every try."""
    return views_of(uow, rows_of(uow, [command.mail_ident]))[0]


def rows_of(uow: Uow, idents: Sequence[str], *, lock: bool = False) -> list[MailRow]:
    """In their order. Raises NOT_FOUND."""
    sql = f"SELECT {columns(MailRow)} FROM mail WHERE ident = ANY (%s){' ORDER BY ident FOR UPDATE' if lock else ''}"
    found = {row.ident: row for row in uow.all(MailRow, sql, (list(idents),))}
    for ident in idents:
        if ident not in found:
            raise not_found("mail", ident)
    return [found[ident] for ident in idents]


def views_of(uow: Uow, rows: Sequence[MailRow]) -> list[MailView]:
    attempts: dict[str, list[_Attempt]] = defaultdict(list)
    sql = f"SELECT {columns(_Attempt)} FROM mail_attempt WHERE mail_ident = ANY (%s) ORDER BY mail_ident, at, id"
    for attempt in uow.all(_Attempt, sql, ([row.ident for row in rows],)):
        attempts[attempt.mail_ident].append(attempt)
    return [_view(row, attempts[row.ident]) for row in rows]


def _view(row: MailRow, attempts: Sequence[_Attempt]) -> MailView:
    said = {name: value for name, value in row._asdict().items() if name not in ("due_at", "files", "own")}
    own = msgspec.convert(row.own or {}, Own)
    return MailView(
        **said,
        cc=own.cc,
        bcc=own.bcc,
        receipt_confirmation=own.receipt,
        next_try_at=row.due_at if row.status == "WAITING" else None,
        attachments=tuple(
            MailAttachment(name=str(f["name"]), size=int(str(f["size"])), sha256=str(f["sha256"])) for f in row.files
        ),
        attempts=tuple(MailAttempt(time=one.at, outcome=one.outcome, code=one.code, answer=one.answer) for one in attempts),
    )
