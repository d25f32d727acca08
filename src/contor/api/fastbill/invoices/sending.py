"""invoice.sendbyemail, invoice.sendbypost."""

import re
from typing import Final

from contor.api.fastbill.invoices.known import document_of
from contor.api.fastbill.invoices.types import OneInvoice, SendInvoice
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.notifications.mail.log import SendBody, SendDocument, send_document
from contor.notifications.post import PostBody, PostDocument, post_document
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

_BETWEEN: Final = re.compile(r"[,;]")
_NAMES: Final = {
    "recipients": "TO",
    "cc": "CC",
    "bcc": "BCC",
    "subject": "SUBJECT",
    "message": "MESSAGE",
    "document_ident": "INVOICE_ID",
}


@operation("fastbill.invoice_sendbyemail", permission="documents.write")
def send_by_email(uow: Uow, data: SendInvoice) -> Fields:
    """Mail the completed invoice with its PDF; each call is a mail of its own."""
    _, number = document_of(uow, data.invoice_id)
    to = addresses(data.recipient.to, "TO")
    if not to:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "TO"))
    with said_as(_NAMES):
        body = validated(
            SendBody,
            {
                "recipients": to,
                "cc": addresses(data.recipient.cc, "CC"),
                "bcc": addresses(data.recipient.bcc, "BCC"),
                "subject": data.subject,
                "message": data.message,
                "receipt_confirmation": data.receipt_confirmation,
                "again": True,
            },
        )
        send_document(uow, SendDocument(number, body))
    return done()


@operation("fastbill.invoice_sendbypost", permission="documents.write")
def send_by_post(uow: Uow, data: OneInvoice) -> Fields:
    """Have the completed invoice printed and posted; each call is a letter of its own."""
    _, number = document_of(uow, data.invoice_id)
    with said_as(_NAMES):
        posted = post_document(uow, PostDocument(number, PostBody(again=True)))
    return done(remaining_credits=str(posted.remaining_credits))


def addresses(said: object, field: str) -> list[str]:
    """One address, several with commas or semicolons between them, or a list. Raises INVALID."""
    parts = said if isinstance(said, (list, tuple)) else [] if said is None else [said]
    if not all(isinstance(part, str) for part in parts):
        raise Refused(Kind.INVALID, Problem("text_expected", "must be an address, or a list of addresses", field))
    return [one for part in parts for address in _BETWEEN.split(str(part)) if (one := address.strip())]
