"""Mails that a person wants sent: a document, one that was sent or failed before; and what a person knows of one that is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.customers.queries import readers
from contor.documents.after import ReadDocument, get_document
from contor.documents.types import DocumentView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Language, shape
from contor.notifications.mail.addresses import Address, address_problem
from contor.notifications.mail.causes import document_mails
from contor.notifications.mail.causes.declared import company_of
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.letters import follow
from contor.notifications.mail.log.listed import MailView, OneMail, get_mail, rows_of, views_of
from contor.notifications.mail.queue import SECRET, Wanted, queue_mails
from contor.notifications.mail.work import MAILING
from contor.runtime.uow import Uow

MOST_RECIPIENTS = 20


@shape
class SendBody:
    recipients: Annotated[tuple[Address, ...], Field(max_length=MOST_RECIPIENTS)] = ()
    """Without any: the customer's e-mail."""


@shape
class SentMails:
    mails: tuple[MailView, ...]
    """One for each recipient; those that there were already are as they stand."""


@dataclass(frozen=True, slots=True)
class SendDocument:
    document_ident: str
    body: SendBody


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """What another package has sent: `facts` are what the templates of the kind name."""

    kind: str
    about: str
    recipient: str
    language: Language
    facts: Mapping[str, object]
    recipient_name: str | None = None
    customer_ident: str | None = None
    document_ident: str | None = None
    document_id: int | None = None


@operation("mail.send_document", permission="documents.write")
def send_document(uow: Uow, command: SendDocument) -> SentMails:
    """Mail a document with its files to these recipients, once to each: who has it already gets it again by resending that mail."""
    view: DocumentView = get_document(uow, ReadDocument(document_ident=command.document_ident))
    configuration = require_configured(uow)
    reader = readers(uow, [view.customer_detail.customer_ident])[view.customer_detail.customer_ident]
    wanted = tuple(dict.fromkeys(command.body.recipients)) or ((reader.email,) if reader.email else ())
    if not wanted:
        message = f"The customer {reader.customer_ident} has no e-mail: say recipients."
        raise Refused(Kind.INVALID, Problem("mail_recipient_missing", message, "recipients"))
    problems = [
        Problem("mail_address_invalid", why, f"recipients[{place}]", one)
        for place, one in enumerate(wanted)
        if (why := address_problem(one))
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if view.status == "CREATED":
        raise Refused(Kind.NOT_READY, Problem("file_not_made_yet", f"The files of {view.ident} are being made."))
    mails = list(document_mails(view, reader, company_of(uow, configuration), wanted))
    queue_mails(uow, mails)
    sql = (
        "SELECT ident FROM mail WHERE about = %s AND kind = 'DOCUMENT' AND lower(recipient) IN (SELECT lower(r) FROM unnest(%s::text[]) r)"
        " ORDER BY created_at, ident"
    )
    idents = uow.column(str, sql, (mails[0].about, list(wanted)))
    uow.audit("document", view.ident, {"mailed_to": wanted})
    return SentMails(mails=tuple(views_of(uow, rows_of(uow, idents))))


@operation("mail.resend", permission="notifications.write")
def resend_mail(uow: Uow, command: OneMail) -> MailView:
    """Send a mail again, whatever became of it, under a Message-ID of its own. One that is just being sent, or waits, is not sent twice."""
    (row,) = rows_of(uow, [command.mail_ident], lock=True)
    if row.status == "SENDING":
        raise Refused(Kind.CONFLICT, Problem("mail_is_sent_just_now", f"The mail to {row.recipient} is being sent just now."))
    if row.kind in SECRET and row.status == "SENT":
        message = "What is good once is sent once, and forgotten then: a new one is asked for."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_is_over", message))
    if (why := address_problem(row.recipient)) is not None:
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_address_invalid", f"{row.recipient} {why}", None, row.recipient))
    again = 0 if row.status == "WAITING" else 1
    uow.run(
        "UPDATE mail SET status = 'WAITING', reason = NULL, due_at = %s, first_try_at = NULL, resends = resends + %s, tries = 0,"
        " last_modified_at = %s WHERE ident = %s",
        (uow.runtime.clock(), again, uow.ctx.now(), row.ident),
    )
    follow(uow, [row.ident])
    uow.audit("mail", row.ident, {"status": "WAITING", "before": row.status})
    uow.mark(MAILING)
    return get_mail(uow, command)


@operation("mail.confirm", permission="notifications.write")
def confirm_mail(uow: Uow, command: OneMail) -> MailView:
    """Say of a mail of which it is not known that the server took it: it is found there under its Message-ID."""
    (row,) = rows_of(uow, [command.mail_ident], lock=True)
    if row.status != "HELD" or row.message_id is None or row.tries == 0:
        message = f"The mail to {row.recipient} is {row.status}: only one that is HELD, and was tried, can be confirmed."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_not_in_doubt", message))
    sql = "UPDATE mail SET status = 'SENT', reason = NULL, sent_at = %s, last_modified_at = %s WHERE ident = %s"
    now = uow.ctx.now()
    uow.run(sql, (now, now, row.ident))
    follow(uow, [row.ident])
    uow.audit("mail", row.ident, {"status": "SENT", "sent_at": now, "before": row.status, "confirmed": True})
    return get_mail(uow, command)


@operation("mail.send", permission="notifications.write")
def send_mail(uow: Uow, command: SendMail) -> str | None:
    """Send something to one recipient, once about a thing; its ident, None: it is in the queue already."""
    mail = Wanted(
        kind=command.kind,
        about=command.about,
        recipient=command.recipient,
        recipient_name=command.recipient_name,
        language=command.language,
        facts=command.facts,
        customer_ident=command.customer_ident,
        document_ident=command.document_ident,
        document_id=command.document_id,
    )
    made = queue_mails(uow, [mail])
    for ident in made.values():
        uow.audit("mail", ident, {"kind": mail.kind, "about": mail.about})
    return next(iter(made.values()), None)


def require_configured(uow: Uow) -> MailConfigurationView:
    """Raises ILLEGAL_STATE where nothing says how mails are sent."""
    found = configured(uow)
    if found is None:
        message = "No mail configuration exists: PUT /v2/mail/configuration says how mails are sent."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_not_configured", message))
    return found
