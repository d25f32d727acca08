"""What an issued document says, in the terms of EN 16931. PDF, e-invoice and ledger come from the same frozen document. Pure.

Types and signs (accounting reference 3): 380, 386 (326 in XRechnung) and 389 are positive invoices, 384 is a reversal with negative
quantities, 381 and 261 are credit notes with positive amounts.
"""

import datetime as dt

from contor.documents.einvoice.model import (
    BUSINESS_PROCESS,
    AllowanceOrCharge,
    DeliveryTo,
    EInvoice,
    InvoiceTotals,
    Note,
    PrecedingInvoice,
    Profile,
    references_of,
)
from contor.documents.einvoice.of_document.of_parties import (
    payee,
    payment_instructions,
    postal_address,
    seller_and_buyer,
    tax_representative,
    trade_party,
)
from contor.documents.einvoice.of_document.of_rows import document_allowance, invoice_line, sums, supply, vat_breakdown
from contor.documents.labels import Label, written_date
from contor.documents.long_texts import text_of
from contor.documents.properties import ORIGINAL_DUE_DATE, PAYMENT_TERMS
from contor.documents.references import OF_DOCUMENT
from contor.documents.skonto import NO_DUE_DATE, terms_as_written
from contor.documents.titles import type_code
from contor.documents.types import OF_DEPOSITS, AttachedFile, Document, DocumentType, SupportingDocument
from contor.kernel.money import worded
from contor.kernel.shapes import replace


def profile_of(document: Document) -> Profile:
    """BT-24 of the UBL file: what the document was frozen for."""
    if document.e_invoice_format is not None:
        return Profile[document.e_invoice_format]
    return Profile.XRECHNUNG if document.buyer_reference else Profile.EN16931


def einvoice_of(document: Document, profile: Profile | None = None) -> EInvoice:
    """The document as an electronic invoice; `profile` other than its own for the CII file in the PDF.

    The document must pass `why_no_xml`.
    """
    profile = profile or profile_of(document)
    sign = -1 if document.document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION else 1
    seller, buyer = seller_and_buyer(document)
    allowances = tuple([document_allowance(part, document, sign) for part in document.allowances_charges if part.net])
    supplied_on, period, with_periods = supply(document)
    return EInvoice(
        number=document.ident,
        issue_date=document.document_date,
        type_code=type_code(document.document_type, xrechnung=profile is Profile.XRECHNUNG),
        currency=document.currency,
        specification=profile.value,
        seller=trade_party(seller, document, is_seller=True),
        buyer=trade_party(buyer, document, is_seller=False),
        totals=_totals(document, sign, allowances),
        breakdown=tuple([vat_breakdown(group, sign) for group in document.taxes]),
        lines=tuple([invoice_line(item, sign, with_periods) for item in document.items]),
        business_process=BUSINESS_PROCESS,
        tax_currency=document.ledger.currency if document.ledger else None,
        due_date=None if is_as_terms_say(document) else document.due_date,
        payment_terms=payment_terms(document),
        notes=tuple(Note(text=text) for text in _notes(document)),
        preceding=_preceding(document),
        payee=payee(document),
        tax_representative=tax_representative(document),
        delivery=_delivery(document, supplied_on),
        period=period,
        payment=payment_instructions(document, seller),
        allowances=allowances,
        attachments=(deposit_annex(document),) if document.deposits and document.final_invoice_method == "FINAL" else (),
        **references_of(OF_DOCUMENT, document),
    )


def in_profile(invoice: EInvoice, document: Document, profile: Profile) -> EInvoice:
    """`invoice`, made of `document`, in another profile: the specification it names, and its type where XRechnung has one of its own."""
    if invoice.specification == profile.value:
        return invoice
    code = type_code(document.document_type, xrechnung=profile is Profile.XRECHNUNG)
    return replace(invoice, specification=profile.value, type_code=code)


def payment_terms(document: Document) -> str | None:
    """BT-20."""
    return terms_as_written(terms_text(document), document.payment_term.cash_discount)


def terms_text(document: Document) -> str | None:
    """Terms of payment in words, beside due date and Skonto; an imported document's with the lines of Skonto where they stood."""
    return text_of(PAYMENT_TERMS, document.properties) if document.properties else None


def is_as_terms_say(document: Document) -> bool:
    """Nothing but its terms says when to pay, or nothing does: the document has no due date of its own, and is due on receipt. What is
    imported has one where it had one."""
    if document.due_date != document.document_date:
        return False
    stated = next((entry.value for entry in document.properties if entry.key == ORIGINAL_DUE_DATE), None)
    return terms_text(document) is not None if stated is None else stated == NO_DUE_DATE


def deposit_annex(document: Document) -> SupportingDocument:
    """BG-24: net, tax and gross of each received deposit, for which EN 16931 has no field.

    A final invoice (method FINAL) without it would owe the tax of the deposits twice (section 14 (5) sentence 2, 14c (1) UStG).
    """
    rows = ["number;date;received;category;rate;net;tax;gross;currency"]
    rows += [
        f"{deposit.ident};{deposit.document_date};{deposit.received_on};{group.category_code};{group.rate:f};"
        f"{group.net:f};{group.tax:f};{group.gross:f};{document.currency}"
        for deposit in document.deposits
        for group in deposit.groups
    ]
    return SupportingDocument(
        reference=f"{document.ident}-deposits",
        description=Label.DEPOSIT_ANNEX.said(document.language, document.texts),
        file=AttachedFile(name="deposits.csv", media_type="text/csv", content=("\r\n".join(rows) + "\r\n").encode("utf-8")),
    )


def _totals(document: Document, sign: int, parts: tuple[AllowanceOrCharge, ...]) -> InvoiceTotals:
    totals = document.totals
    allowances, charges = sums(parts)
    return InvoiceTotals(
        lines=sign * totals.lines,
        net=sign * totals.net,
        gross=sign * totals.gross,
        payable=sign * totals.payable,
        tax=sign * totals.tax,
        tax_in_tax_currency=sign * document.ledger.tax if document.ledger else None,
        allowances=allowances,
        charges=charges,
        prepaid=sign * totals.prepaid,
        rounding=sign * totals.rounding,
    )


def _delivery(document: Document, supplied_on: dt.date | None) -> DeliveryTo | None:
    """BG-13: where it went. Goods to another country name it (BR-IC-12; destination rate of OSS), by default the buyer's address."""
    date = None if document.is_deposit else supplied_on  # nothing is supplied by a deposit
    address = document.shipping_address
    abroad = any(group.category_code == "K" or group.country for group in document.taxes)
    if address is None and abroad:
        address = seller_and_buyer(document)[1].address
    name = next(iter(document.shipping_names), None)
    delivery = DeliveryTo(name=name, date=date, address=postal_address(address) if address else None)
    return None if delivery == DeliveryTo() else delivery


def _preceding(document: Document) -> tuple[PrecedingInvoice, ...]:
    """BG-3: what is credited or corrected, and each deposit invoice of a final invoice, or what took it back (method REVERSAL)."""
    instead = document.corrections
    named = (*instead, *(it for it in document.related if not (instead and it.document_type in OF_DEPOSITS)))
    found = {related.ident: related.document_date for related in named}
    for deposit in document.deposits:
        found.setdefault(deposit.ident, deposit.document_date)
    return tuple(PrecedingInvoice(number=number, issue_date=date) for number, date in found.items())


def _notes(document: Document) -> list[str]:
    """BT-22: the document's own note and what the law wants said and EN 16931 has no field for."""
    notes = [document.note] if document.note else []
    if document.environment == "TEST":
        notes.append(Label.SAMPLE.said(document.language, document.texts))
    if document.document_type is DocumentType.DEPOSIT_INVOICE:
        notes.append(Label.NOTE_DEPOSIT.said(document.language, document.texts))
    elif document.supply_on_document_date:
        notes.append(Label.NOTE_SUPPLY_DATE.said(document.language, document.texts))
    if document.collection_date is not None:
        day = written_date(document.collection_date, document.language)
        notes.append(Label.NOTE_COLLECTED.said(document.language, document.texts, date=day))
    notes += [f"{item.name}: {worded(item.amount, document.currency)}" for item in document.post_tax_items]
    return notes
