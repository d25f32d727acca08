"""An offer that a person has mailed: its page to the customer, or to recipients that are named. From then on it is SENT."""

from collections.abc import Mapping
from dataclasses import dataclass

from contor.customers.emails import Reader, readers
from contor.kernel.operations import operation
from contor.notifications.mail.causes.declared import company_of, to_customer
from contor.notifications.mail.log.asked import SendBody, SentMails, in_own_words, recipients_of, require_configured
from contor.notifications.mail.log.listed import rows_of, views_of
from contor.notifications.mail.queue import MailFile, Wanted, queue_mails
from contor.notifications.mail.wording import amount, day
from contor.offers.deciding import sent
from contor.offers.offers import printed_offer
from contor.offers.queries import Offer
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class SendOffer:
    offer_ident: str
    body: SendBody


@operation("mail.send_offer", permission="documents.write")
def send_offer(uow: Uow, command: SendOffer) -> SentMails:
    """Mail an offer with its page, each version once to each recipient: who has it already gets it again by resending that mail."""
    offer = sent(uow, command.offer_ident)
    configuration = require_configured(uow)
    reader = readers(uow, [offer.customer_ident])[offer.customer_ident]
    wanted = recipients_of(reader, command.body, [reader.email] if reader.email else [])
    content = printed_offer(offer)
    sha256 = uow.runtime.blobs.put(uow.ctx.tenant_id, content)
    company, document = company_of(uow, configuration), offer.document
    facts = to_customer(company, reader, {"offer": _facts(offer)}, document.operating_site_ident)
    about = f"offer:{offer.offer_id}:{offer.version}"
    mails = [
        Wanted(
            kind="OFFER",
            about=about,
            recipient=recipient,
            recipient_name=_name(reader, recipient),
            language=command.body.language or document.language,
            customer_ident=offer.customer_ident,
            facts=facts,
            files=[MailFile(f"{offer.number}.pdf", "application/pdf", sha256, len(content))],
        )
        for recipient in wanted
    ]
    if command.body.is_own:
        about = f"{about}:{uow.next_id()}"
        mails = in_own_words(mails, about, command.body)
    queue_mails(uow, mails)
    sql = (
        "SELECT m.ident FROM unnest(%s::text[]) WITH ORDINALITY AS w(recipient, place) JOIN mail m ON m.about = %s AND m.kind = 'OFFER'"
        " AND lower(m.recipient) = lower(w.recipient) ORDER BY w.place"
    )
    idents = uow.column(str, sql, (list(wanted), about))
    uow.audit("offer", offer.ident, {"mailed_to": wanted, "version": offer.version})
    return SentMails(mails=tuple(views_of(uow, rows_of(uow, idents))))


def _name(reader: Reader, recipient: str) -> str | None:
    return reader.name if recipient == reader.email else None


def _facts(offer: Offer) -> Mapping[str, object]:
    document, language = offer.document, offer.document.language
    return {
        "number": offer.number,
        "date": day(offer.offer_date, language),
        "validUntil": None if offer.valid_until is None else day(offer.valid_until, language),
        "gross": amount(document.totals.gross, offer.currency, language),
        "link": None,
    }
