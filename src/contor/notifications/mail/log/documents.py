"""A document that a person has mailed: to its customer or to recipients that are named, in the words of a template or in own ones.

Its files are made in the background. Asked for before they are there, the mail is kept as a wish, and comes into the queue in the
transaction by which they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.customers.emails import Reader, readers
from contor.documents.after import views_of as documents_shown
from contor.documents.drafts import issued_document
from contor.documents.events import DocumentsArchived
from contor.documents.recurring import RecurringDocumentMade
from contor.documents.types import DocumentView
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.notifications.mail import tables
from contor.notifications.mail.causes import document_mails
from contor.notifications.mail.causes.declared import company_of
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.log.asked import SendBody, SentMails, in_own_words, recipients_of, require_configured
from contor.notifications.mail.log.listed import rows_of, views_of
from contor.notifications.mail.queue import queue_mails
from contor.runtime.execute import validated
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class SendDocument:
    document_ident: str
    body: SendBody


@operation("mail.send_document", permission="documents.write")
def send_document(uow: Uow, command: SendDocument) -> SentMails:
    """Mail a document with its files to these recipients, once to each: who has it already gets it again by resending that mail, or by
    `again`. A mail in own words is one of its own each time."""
    row, body = issued_document(uow, command.document_ident), command.body
    configuration = require_configured(uow)
    uow.lock("mail", [_about(row.id)])  # who files the document meanwhile finds the wish, or is waited for
    view = documents_shown(uow, [row.id])[row.id]
    reader = _reader(uow, view)
    wanted = recipients_of(reader, body, reader.documents_to)
    uow.audit("document", view.ident, {"mailed_to": wanted})
    if view.status != "COMPLETED":
        _wish(uow, row.id, replace(body, recipients=wanted))
        if view.finalizing is not None:
            return SentMails(waits=f"{view.finalizing.reason} {view.ident} is mailed then.")
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


def _reader(uow: Uow, view: DocumentView) -> Reader:
    customer = view.customer_detail.customer_ident
    return readers(uow, [customer])[customer]


def _about(document_id: int) -> str:
    return f"document:{document_id}"


def _queued(uow: Uow, view: DocumentView, body: SendBody, configuration: MailConfigurationView) -> Sequence[str]:
    """The idents of the mails that there are by now, in the order of their recipients."""
    reader = _reader(uow, view)
    spoken = view if body.language is None else replace(view, language=body.language)
    recipients = body.recipients or tuple(reader.documents_to)
    if not recipients:  # a recurring one of a customer without an address: there is nobody to be written to
        return []
    mails = list(document_mails(spoken, reader, company_of(uow, configuration), recipients))
    if body.is_own:
        mails = in_own_words(mails, f"{_about(view.document_id)}:{uow.next_id()}", body)
    queue_mails(uow, mails)
    sql = (
        "SELECT ident FROM mail WHERE about = %s AND kind = 'DOCUMENT' AND lower(recipient) IN (SELECT lower(r) FROM unnest(%s::text[]) r)"
        " ORDER BY created_at, ident"
    )
    return uow.column(str, sql, (mails[0].about, list(recipients)))
