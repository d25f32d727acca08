"""invoice.sendbyemail, invoice.sendbypost."""

from typing import Final

from contor.api.fastbill.invoices.known import document_of
from contor.api.fastbill.invoices.types import OneInvoice, SendInvoice
from contor.api.fastbill.mailing import NAMES, mail_of
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done
from contor.kernel.operations import operation
from contor.notifications.mail.log import SendDocument, send_document
from contor.notifications.post import PostBody, PostDocument, post_document
from contor.runtime.uow import Uow

_NAMES: Final = {**NAMES, "document_ident": "INVOICE_ID"}


@operation("fastbill.invoice_sendbyemail", permission="documents.write")
def send_by_email(uow: Uow, data: SendInvoice) -> Fields:
    """Mail the completed invoice with its PDF; each call is a mail of its own."""
    _, number = document_of(uow, data.invoice_id)
    with said_as(_NAMES):
        send_document(uow, SendDocument(number, mail_of(data)))
    return done()


@operation("fastbill.invoice_sendbypost", permission="documents.write")
def send_by_post(uow: Uow, data: OneInvoice) -> Fields:
    """Have the completed invoice printed and posted; each call is a letter of its own."""
    _, number = document_of(uow, data.invoice_id)
    with said_as(_NAMES):
        posted = post_document(uow, PostDocument(number, PostBody(again=True)))
    return done(remaining_credits=str(posted.remaining_credits))
