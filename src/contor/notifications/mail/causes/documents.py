"""Documents whose files can be fetched, and reminders whose letter is there, are mailed with these."""

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from contor.customers.emails import Reader
from contor.documents.after import pictures_of, views_of
from contor.documents.events import DocumentsArchived
from contor.documents.naming import sites_of, taken_over_among
from contor.documents.types import DocumentView, FileView
from contor.dunning.events import LettersFiled
from contor.dunning.letters import levels_of_letters
from contor.dunning.queries import LetterTold, letters_told
from contor.notifications.mail.causes.declared import Company, mailed, read_by, to_customer
from contor.notifications.mail.kinds import MOST_ROWS
from contor.notifications.mail.letters import ABOUT
from contor.notifications.mail.queue import MailFile, Wanted
from contor.notifications.mail.wording import amount, day, number
from contor.notifications.post.configuration import configured_provider
from contor.runtime.uow import Uow

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "INVOICE": ("Rechnung", "Invoice"),
    "CREDIT_MEMO": ("Rechnungskorrektur", "Credit note"),
    "DEPOSIT_INVOICE": ("Anzahlungsrechnung", "Deposit invoice"),
    "DEPOSIT_INVOICE_CORRECTION": ("Rechnungskorrektur", "Correction of a deposit invoice"),
    "SELF_BILLING_INVOICE": ("Gutschrift", "Self-billing invoice"),
    "SELF_BILLING_INVOICE_CORRECTION": ("Korrektur der Gutschrift", "Correction of a self-billing invoice"),
}
_XML: Final = ("UBL", "CII")
"""Of the two the first that there is goes along: they say the same."""


@mailed(DocumentsArchived, "DOCUMENT")
def archived(uow: Uow, fact: DocumentsArchived, company: Company) -> Iterator[Wanted]:
    """What was taken over from another system was sent by that."""
    views = views_of(uow, sorted({*fact.document_ids} - taken_over_among(uow, fact.document_ids)))
    found = read_by(uow, (view.customer_detail.customer_ident for view in views.values()))
    for view in views.values():
        reader = found.get(view.customer_detail.customer_ident)
        if reader is not None and _is_mailed(reader, company):
            yield from document_mails(view, reader, company, list(dict.fromkeys([*reader.documents_to, *reader.copies])))


def _is_mailed(reader: Reader, company: Company) -> bool:
    """As the customer wants it, else as the tenant has it."""
    if reader.invoice_delivery is None:
        return "DOCUMENT" in company.configuration.kinds
    return reader.invoice_delivery in ("MAIL", "BOTH")


def document_mails(view: DocumentView, reader: Reader, company: Company, recipients: Sequence[str]) -> Iterator[Wanted]:
    files = [*(file for file in view.files if file.type == "PDF"), *_xml(view)]
    unfit = [file for file in files if not file.sendable]
    why = f"{unfit[0].name} does not hold what the rules of e-invoices ask for" if unfit else None
    if unfit and (found := next((one for one in unfit[0].findings if one.level == "fatal"), None)):
        why = f"{why}: {found.rule} {found.message}"
    if not files:
        why = "the document has no file to send: none was to be made (pdf, cii, ubl of document-output/configuration)"
    for recipient in recipients:
        yield Wanted(
            kind="DOCUMENT",
            about=f"document:{view.document_id}",
            recipient=recipient,
            recipient_name=reader.name_at(recipient),
            language=view.language,
            customer_ident=reader.customer_ident,
            document_ident=view.ident,
            document_id=view.document_id,
            facts=to_customer(company, reader, {"document": _facts(view)}, view.operating_site_ident),
            files=[MailFile(file.name, _media_type(file.name), file.sha256, file.size) for file in files],
            held_because=why,
        )


def _xml(view: DocumentView) -> Iterator[FileView]:
    found = {file.type: file for file in view.files}
    return iter([found[name] for name in _XML if name in found][:1])


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def _facts(view: DocumentView) -> Mapping[str, object]:
    language, currency, totals = view.language, view.currency, view.totals
    german, english = _TITLES[view.document_type]
    return {
        "number": view.ident,
        "title": german if language.startswith("de") else english,
        "type": view.document_type,
        "date": day(view.document_date, language),
        "dueDate": day(view.due_date, language) if totals.payable > 0 else None,
        "net": amount(totals.net, currency, language),
        "tax": amount(totals.tax, currency, language),
        "gross": amount(totals.gross, currency, language),
        "payable": amount(totals.payable, currency, language),
        "currency": currency,
        "rows": [
            {
                "name": row.name,
                "quantity": number(row.quantity, language),
                "net": amount(row.prices.total.net, currency, language),
            }
            for row in view.items[:MOST_ROWS]
        ],
    }


@mailed(LettersFiled, "DUNNING_LETTER")
def letters_filed(uow: Uow, fact: LettersFiled, company: Company) -> Iterator[Wanted]:
    letters = letters_told(uow, fact.letter_ids)
    found = read_by(uow, (letter.customer_ident for letter in letters))
    is_posted = configured_provider(uow) is not None
    sites = sites_of(uow, [letter.document_id for letter in letters if letter.document_id is not None])
    levels = levels_of_letters(uow, [letter.letter_ident for letter in letters])
    once_more = _pictures(uow, [it for it in letters if levels[it.letter_ident].attach_documents])
    for letter in letters:
        reader = found.get(letter.customer_ident)
        if reader is None or letter.status != "MADE" or letter.file_sha256 is None or letter.file_size is None:
            continue
        if is_posted and reader.invoice_delivery == "POST":
            continue
        language = reader.language or company.language
        facts = {
            "number": letter.letter_ident,
            "level": letter.level,
            "date": day(letter.letter_date, language),
            "payUntil": day(letter.pay_until, language),
            "outstanding": amount(letter.outstanding, letter.currency, language),
            "demand": amount(letter.demand, letter.currency, language),
            "documents": letter.document_idents[:MOST_ROWS],
        }
        for recipient in reader.reminders_to:
            yield Wanted(
                kind="DUNNING_LETTER",
                about=f"{ABOUT}{letter.letter_ident}",
                recipient=recipient,
                recipient_name=reader.name_at(recipient),
                language=language,
                customer_ident=reader.customer_ident,
                facts=to_customer(company, reader, {"letter": facts}, sites.get(letter.document_id or 0)),
                files=[
                    MailFile(f"{letter.letter_ident}.pdf", "application/pdf", letter.file_sha256, letter.file_size),
                    *once_more.get(letter.letter_ident, ()),
                ],
                template_ident=levels[letter.letter_ident].mail_template_ident,
            )


def _pictures(uow: Uow, letters: Sequence[LetterTold]) -> dict[str, list[MailFile]]:
    """By letter the pictures of the documents that it is about, as far as they have one."""
    kept = {row.document_id: row for row in pictures_of(uow, {number for letter in letters for number in letter.document_ids})}
    return {
        letter.letter_ident: [
            MailFile(f"{kept[number].ident}.pdf", "application/pdf", kept[number].sha256, kept[number].size)
            for number in letter.document_ids
            if number in kept and kept[number].sha256
        ]
        for letter in letters
    }
