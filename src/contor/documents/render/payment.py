"""How the money moves: what to pay until when, Skonto, where to, and the GiroCode."""

from decimal import Decimal

from contor.documents.amounts import cash_discount_of, last_day_of
from contor.documents.einvoice import direct_debit, is_as_terms_say, payee, terms_text
from contor.documents.labels import Label
from contor.documents.render import girocode
from contor.documents.render.letterhead import addressee, iban
from contor.documents.render.voice import Voice
from contor.documents.skonto import Skonto, skonto_of
from contor.documents.types import Document, DocumentType
from contor.kernel.money import ZERO


def payment(document: Document, voice: Voice) -> dict[str, object]:
    """Sentences, bank account and code, as the template takes them. `code` is SVG or empty."""
    content = girocode.payload(document)
    return {
        "payment_title": voice.text(Label.PAYMENT_TITLE),
        "payment_sentences": [
            *sentences(document, voice),
            *terms(document, voice),
            *paid_to(document, voice),
        ],
        "account": account(document, voice),
        "code": girocode.picture(content) if content else "",
        "code_caption": voice.text(Label.GIROCODE),
    }


def sentences(document: Document, voice: Voice) -> list[str]:
    """Who pays whom, how much, when and how."""
    payable = document.totals.payable
    amount = voice.money(abs(payable), document.currency)
    due = voice.date(document.due_date)
    if payable == ZERO:
        return [voice.text(Label.PAY_NOTHING)]
    match document.document_type:
        case DocumentType.CREDIT_MEMO:
            return [voice.text(Label.PAY_CREDIT, amount=amount)]
        case DocumentType.DEPOSIT_INVOICE_CORRECTION:
            return [voice.text(Label.PAY_DEPOSIT_CORRECTION, amount=amount)]
        case DocumentType.SELF_BILLING_INVOICE_CORRECTION:
            return [voice.text(Label.PAY_SELF_BILLING_CORRECTION, amount=amount)]
        case DocumentType.SELF_BILLING_INVOICE:
            if accounts := addressee(document).bank_accounts:
                return [voice.text(Label.PAY_SELF_BILLING_ACCOUNT, amount=amount, date=due, iban=iban(accounts[0].iban))]
            return [voice.text(Label.PAY_SELF_BILLING, amount=amount, date=due)]
        case _:
            if payable < ZERO:
                return [voice.text(Label.PAY_BACK, amount=amount)]
            if document.was_paid_before:
                return [voice.text(Label.PAY_PAID, amount=amount)]
            collected_on = document.collection_date
            return [voice.text(_way(document), amount=amount, date=voice.date(collected_on) if collected_on else due)]


def _way(document: Document) -> Label:
    as_agreed = is_as_terms_say(document) and bool(terms_text(document) or document.payment_term.cash_discount)
    if document.way_of_payment == "DIRECT_DEBIT":
        dated = document.payment_collection.collect or document.collection_date is not None
        return Label.PAY_DEBIT_AS_AGREED if as_agreed and not dated else Label.PAY_DEBIT
    if document.way_of_payment == "STORED_MEANS":
        return Label.PAY_COLLECT
    if as_agreed:
        return Label.PAY_AS_AGREED
    is_later = document.due_date > document.document_date
    if girocode.paid_by_transfer(document) and document.seller.bank_accounts:
        return Label.PAY_TRANSFER if is_later else Label.PAY_TRANSFER_NOW
    return Label.PAY_OTHER if is_later else Label.PAY_OTHER_NOW


def is_owed(document: Document) -> bool:
    """Whether the customer has to pay something on this document."""
    return (
        not document.was_paid_before
        and document.document_type in (DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE)
        and document.totals.payable > ZERO
    )


def terms(document: Document, voice: Voice) -> list[str]:
    """Skonto that is granted, where the terms in words do not say where it stands, and these, a paragraph for each line."""
    granted, lines = cash_discounts(document, voice), []
    for line in (terms_text(document) or "").splitlines():
        offer = skonto_of(line)
        if offer is None:
            lines.append(line)
        elif offer.base is None and (offer.days, offer.percentage) in granted:
            lines.append(granted.pop((offer.days, offer.percentage)))
        elif offer.percentage:
            lines.append(_said(offer, document, voice))
    return [*granted.values(), *(line for line in lines if line.strip())]


def cash_discounts(document: Document, voice: Voice) -> dict[tuple[int, Decimal], str]:
    """Each Skonto with its last day and the amount to pay then (section 14 (4) no. 7 UStG). None is granted on a deposit."""
    if document.is_deposit or not is_owed(document):
        return {}
    currency, payable, said = document.currency, document.totals.payable, dict[tuple[int, Decimal], str]()
    home = document.seller.address
    for discount in sorted(document.payment_term.cash_discount, key=lambda term: term.days):
        reduction = cash_discount_of(payable, discount, currency)
        if not reduction:
            continue
        said[discount.days, discount.percentage] = voice.text(
            Label.CASH_DISCOUNT,
            date=voice.date(last_day_of(discount, document.document_date, home.country, home.state)),
            percentage=voice.number(discount.percentage),
            amount=voice.money(payable - reduction, currency),
            discount=voice.money(reduction, currency),
        )
    return said


def _said(offer: Skonto, document: Document, voice: Voice) -> str:
    """Skonto that another system offered and nobody grants by itself."""
    values = {"percentage": voice.number(offer.percentage), "days": offer.days}
    if offer.base is None:
        return voice.text(Label.CASH_DISCOUNT_SAID, **values)
    return voice.text(Label.CASH_DISCOUNT_OF, **values, base=voice.money(offer.base, document.currency))


def paid_to(document: Document, voice: Voice) -> list[str]:
    """Who is to be paid, where it is not the seller (BG-10)."""
    found = payee(document) if is_owed(document) else None
    return [voice.text(Label.PAYEE, name=found.name)] if found else []


def account(document: Document, voice: Voice) -> list[list[str]]:
    """Label and value of the account to pay to, or of the mandate we collect by; nothing where nobody pays us either way."""
    if is_owed(document) and document.way_of_payment == "DIRECT_DEBIT":
        return _mandate(document, voice)
    accounts = document.seller.bank_accounts
    if not (accounts and is_owed(document) and girocode.paid_by_transfer(document)):
        return []
    first, other = accounts[0], payee(document)
    lines = [
        (Label.HOLDER, first.holder or (other.name if other else document.seller.name)),
        (Label.IBAN, iban(first.iban)),
        (Label.BIC, first.bic),
        (Label.BANK, first.bank_name),
        (Label.PAYMENT_REFERENCE, girocode.payment_reference(document)),
    ]
    return [[voice.text(label), value] for label, value in lines if value]


def _mandate(document: Document, voice: Voice) -> list[list[str]]:
    """The announcement of a direct debit names mandate, creditor and account (SEPA rulebook, pre-notification)."""
    debit = direct_debit(document)
    if debit is None:
        return []
    debited = iban(debit.debited_account) if debit.debited_account else None
    lines = [(Label.MANDATE, debit.mandate), (Label.CREDITOR_ID, debit.creditor_id), (Label.DEBITED_ACCOUNT, debited)]
    return [[voice.text(label), value] for label, value in lines if value]
