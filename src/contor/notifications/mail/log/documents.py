"""A document that a person has mailed: to its customer or to recipients that are named, in the words of a template or in own ones.

Its files are made in the background. Asked for before they are there, the mail is kept as a wish, and comes into the queue in the
transaction by which they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from contor.customers.queries import readers
from contor.documents.after import views_of as documents_shown
from contor.documents.drafts import issued_document
from contor.documents.events import DocumentsArchived
from contor.documents.recurring.events import RecurringDocumentMade
from contor.documents.types import DocumentView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import Language, replace, shape
from contor.notifications.mail import tables
from contor.notifications.mail.addresses import Address, address_problem
from contor.notifications.mail.causes import document_mails
from contor.notifications.mail.causes.declared import company_of
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.log.listed import MailView, rows_of, views_of
from contor.notifications.mail.queue import Own, Wanted, queue_mails
from contor.notifications.mail.tables import SubjectTemplate, TextTemplate
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

MOST_RECIPIENTS: Final = 20
Addresses = Annotated[tuple[Address, ...], Field(max_length=MOST_RECIPIENTS)]


@shape
class SendBody:
    recipients: Addresses = ()
    """Without any: the customer's e-mail."""
    cc: Addresses = ()
    """Who gets a copy of the mail to the first recipient, and is seen."""
    bcc: Addresses = ()
    """... and is not seen."""
    subject: SubjectTemplate | None = None
    """In the place of the template's."""
    message: TextTemplate | None = None
    """The text, as it stands, in the place of the template's."""
    receipt_confirmation: bool = False
    """Whether the recipient is asked to confirm that it was read (RFC 8098): the confirmation goes to who sends."""
    language: Language | None = None
    """Of the template and what it names; default: the document's."""
    again: bool = False
    """Whether who has the document by mail already gets it once more."""

    @property
    def is_own(self) -> bool:
        """Whether it is another mail than the one that everybody gets."""
        own = (self.cc, self.bcc, self.subject, self.message, self.receipt_confirmation, self.language, self.again)
        return any(own)


@shape
class SentMails:
    mails: tuple[MailView, ...] = ()
    """One for each recipient; those that there were already are as they stand."""
    waits: str | None = None
    """Why there are none yet."""


@dataclass(frozen=True, slots=True)
class SendDocument:
    document_ident: str
    body: SendBody


@operation("mail.send_document", permission="documents.write")
def send_document(uow: Uow, command: SendDocument) -> SentMails:
    """Mail a document with its files to these recipients, once to each: who has it already gets it again by resending that mail, or by
    `again`. A mail in own words is one of its own each time."""
    row, body = issued_document(uow, command.document_ident), command.body
    configuration = _configured(uow)
    uow.lock("mail", [_about(row.id)])  # who files the document meanwhile finds the wish, or is waited for
    view = documents_shown(uow, [row.id])[row.id]
    wanted = _recipients(uow, view, body)
    uow.audit("document", view.ident, {"mailed_to": wanted})
    if view.status == "CREATED":
        _wish(uow, row.id, replace(body, recipients=wanted))
        return SentMails(waits=f"The files of {view.ident} are being made: it is mailed when they are there.")
    idents = _queued(uow, view, replace(body, recipients=wanted), configuration)
    return SentMails(mails=tuple(views_of(uow, rows_of(uow, idents))))


@on(DocumentsArchived)
def wishes_come_true(uow: Uow, fact: DocumentsArchived) -> None:
    """What was to be mailed as soon as the files are there."""
    uow.finish(lambda: _come_true(uow, fact.document_ids))


@on(RecurringDocumentMade)
def recurring_is_mailed(uow: Uow, fact: RecurringDocumentMade) -> None:
    """Where it says so, it is mailed to its customer when its files are there: once, also where documents are mailed by themselves."""
    number = fact.document_id
    if fact.mail and number is not None and configured(uow) is not None:
        uow.finish(lambda: _wish(uow, number, SendBody()))


class _Wish(NamedTuple):
    document_id: int
    body: Mapping[str, object]


def _come_true(uow: Uow, ids: Sequence[int]) -> None:
    if (configuration := configured(uow)) is None:
        return
    uow.lock("mail", [_about(number) for number in ids])
    sql = "DELETE FROM mail_wish WHERE document_id = ANY (%s) RETURNING ident, document_id, body, created_at"
    wishes = uow.all(_Wish, f"WITH gone AS ({sql}) SELECT document_id, body FROM gone ORDER BY created_at, ident", (list(ids),))
    views = documents_shown(uow, sorted({wish.document_id for wish in wishes})) if wishes else {}
    for wish in wishes:
        _queued(uow, views[wish.document_id], validated(SendBody, wish.body), configuration)


# helpers in calling order


def _wish(uow: Uow, document_id: int, body: SendBody) -> None:
    row = {"ident": uow.new_ident(), "document_id": document_id, "body": body, "created_at": uow.ctx.now()}
    uow.insert(tables.mail_wish, [row])


def _configured(uow: Uow) -> MailConfigurationView:
    found = configured(uow)
    if found is None:
        message = "No mail configuration exists: PUT /v2/mail/configuration says how mails are sent."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_not_configured", message))
    return found


def _about(document_id: int) -> str:
    return f"document:{document_id}"


def _recipients(uow: Uow, view: DocumentView, body: SendBody) -> tuple[str, ...]:
    """Raises INVALID with every address that is none."""
    customer = view.customer_detail.customer_ident
    reader = readers(uow, [customer])[customer]
    wanted = tuple(dict.fromkeys(body.recipients)) or ((reader.email,) if reader.email else ())
    if not wanted:
        message = f"The customer {reader.customer_ident} has no e-mail: say recipients."
        raise Refused(Kind.INVALID, Problem("mail_recipient_missing", message, "recipients"))
    if problems := list(_wrong(("recipients", wanted), ("cc", body.cc), ("bcc", body.bcc))):
        raise Refused(Kind.INVALID, *problems)
    return wanted


def _wrong(*named: tuple[str, Sequence[str]]) -> Iterator[Problem]:
    for name, addresses in named:
        for place, one in enumerate(addresses):
            if (why := address_problem(one)) is not None:
                yield Problem("mail_address_invalid", why, f"{name}[{place}]", one)


def _queued(uow: Uow, view: DocumentView, body: SendBody, configuration: MailConfigurationView) -> Sequence[str]:
    """The idents of the mails that there are by now, in the order of their recipients."""
    customer = view.customer_detail.customer_ident
    reader = readers(uow, [customer])[customer]
    spoken = view if body.language is None else replace(view, language=body.language)
    recipients = body.recipients or ((reader.email,) if reader.email else ())
    if not recipients:  # a recurring one of a customer without an address: there is nobody to be written to
        return []
    mails = list(document_mails(spoken, reader, company_of(uow, configuration), recipients))
    if body.is_own:
        about = f"{_about(view.document_id)}:{uow.next_id()}"
        mails = [_own(mail, about, body, is_first=place == 0) for place, mail in enumerate(mails)]
    queue_mails(uow, mails)
    sql = (
        "SELECT ident FROM mail WHERE about = %s AND kind = 'DOCUMENT' AND lower(recipient) IN (SELECT lower(r) FROM unnest(%s::text[]) r)"
        " ORDER BY created_at, ident"
    )
    return uow.column(str, sql, (mails[0].about, list(recipients)))


def _own(mail: Wanted, about: str, body: SendBody, *, is_first: bool) -> Wanted:
    own = Own(
        subject=body.subject,
        text=body.message,
        cc=body.cc if is_first else (),
        bcc=body.bcc if is_first else (),
        receipt=body.receipt_confirmation,
    )
    return mail._replace(about=about, own=own)
