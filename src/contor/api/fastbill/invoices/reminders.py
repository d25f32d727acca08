"""invoice.getreminders: the letters that went out about an invoice."""

from contor.api.fastbill.account.templates import named
from contor.api.fastbill.invoices.known import document_of
from contor.api.fastbill.invoices.types import OneInvoice
from contor.api.fastbill.writing import Fields, day, decimals, identifier, listed, moment
from contor.documents.papers import paper_url
from contor.dunning.letters import said_before
from contor.dunning.queries import reminders_about
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("fastbill.invoice_getreminders", permission="bookkeeping.read", reads=True)
def get_reminders(uow: Uow, where: OneInvoice) -> Fields:
    """The first letter first; letters that were withdrawn are none."""
    document_id, _ = document_of(uow, where.invoice_id)
    letters = reminders_about(uow, document_id)
    said = said_before(uow, [letter.letter_id for letter in letters])
    return listed(
        "reminders",
        [
            {
                "reminder_id": identifier(letter.letter_id),
                "invoice_id": identifier(where.invoice_id),
                "dunning_level": str(letter.level),
                "dunning_fee": decimals(letter.fee, 2),
                "dunning_date": day(letter.letter_date),
                "introtext": "<br>".join(said[letter.letter_id].paragraphs),
                "template_id": identifier(named(uow, said[letter.letter_id].operating_site_ident)[0]),
                "created": moment(letter.made_at),
                "days_for_payment": str((letter.pay_until - letter.letter_date).days),
                "document_url": paper_url(uow, letter.letter_id, "letter"),
                "download_link": paper_url(uow, document_id),
            }
            for letter in letters
        ],
    )
