"""Who writes to whom, about what: sender, address window, information block, references and footer.

A self-billing invoice is written by us, so the letter stays ours; what turns is who supplies and who receives, and the
paper says so in words, with the supplier's tax number (section 14 (4) nos. 1 and 2 UStG).
"""

from contor.documents.einvoice import is_as_terms_say, seller_and_buyer
from contor.documents.labels import Label
from contor.documents.long_texts import text_of
from contor.documents.properties import INTRODUCTION, SUPPLIED, TITLE
from contor.documents.references import OF_DOCUMENT, printed
from contor.documents.render.font import breakable, text_width
from contor.documents.render.rows import common_supply, reference
from contor.documents.render.voice import NBSP, Voice, joined, present
from contor.documents.titles import title
from contor.documents.types import BankAccount, Document, DocumentType, Party
from contor.kernel.money import ZERO

FOOTER_COLUMN_MM = 40
FOOTER_SIZE = 6.6
_INFO_VALUE_MM = 38
_INFO_SIZE = 8.5
_FOOTER_LINES_MAX = 24
_SENDER_EM = 68
"""Two lines of 80 mm at 6.2 points: the text above the address must not leave the window; the footer has all of it."""
_RUNNING_EM = 27
"""Half a line of 8 points, above the second and later pages."""
_NAME_LETTERS = 26

_ADDRESSED = {"MALE": Label.MALE, "FEMALE": Label.FEMALE}
_ABOUT = {
    DocumentType.CREDIT_MEMO: Label.ABOUT_CORRECTION,
    DocumentType.DEPOSIT_INVOICE_CORRECTION: Label.ABOUT_DEPOSIT_CORRECTION,
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: Label.ABOUT_SELF_BILLING_CORRECTION,
}


def letterhead(document: Document, voice: Voice) -> dict[str, object]:
    """The frame of the letter as the template takes it."""
    seller = writer(document)
    columns = [[breakable(line, FOOTER_COLUMN_MM, FOOTER_SIZE) for line in column] for column in footer(seller, voice)]
    name = " ".join((seller.trading_name or seller.name).split())
    full_title = f"{title(document)} {voice.text(Label.NUMBER)}{NBSP}{document.ident}"
    return {
        "letterhead": name,
        "running_head": [shortened(name, _RUNNING_EM), shortened(full_title, _RUNNING_EM)],
        "sender": shortened(" · ".join([seller.name, *voice.address(seller.address, seller.address.country)]), _SENDER_EM),
        "recipient": recipient(document, voice),
        "information": [[label, breakable(value, _INFO_VALUE_MM, _INFO_SIZE)] for label, value in information(document, voice)],
        "title": full_title,
        **_subject(document),
        "parties": parties(document, voice),
        "introduction": introduction(document, voice),
        "footer": columns,
        "footer_lines": footer_lines(columns),
        "sample": voice.text(Label.SAMPLE) if document.environment == "TEST" else "",
    }


def _subject(document: Document) -> dict[str, object]:
    """What it is about, in a line of its own; nothing where it does not say so."""
    subject = next((entry.value for entry in document.properties if entry.key == TITLE and entry.value.strip()), None)
    return {} if subject is None else {"subject": subject}


def recipient(document: Document, voice: Voice) -> list[str]:
    """The address window: name, person, street, place and, abroad, the country."""
    customer = addressee(document)
    names = present([customer.name, customer.trading_name if customer.trading_name != customer.name else None, customer.person])
    person = customer.contact.name
    if document.gender is not None and person is not None:
        addressed = f"{voice.text(_ADDRESSED[document.gender])} {person}"
        names = [", ".join(addressed if part == person else part for part in name.split(", ")) for name in names]
    return [*names, *voice.address(customer.address, writer(document).address.country)]


def information(document: Document, voice: Voice) -> list[tuple[str, str]]:
    """Label and value of each line of the information block; what a document does not have is not listed."""
    customer = addressee(document)
    owed = document.document_type in (DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE) and document.totals.payable > ZERO
    lines: list[tuple[Label, str | None]] = [
        (Label.DOCUMENT_NUMBER, document.ident),
        (Label.DOCUMENT_DATE, voice.date(document.document_date)),
        (Label.DUE_DATE, voice.date(document.due_date) if owed and not is_as_terms_say(document) else None),
        (Label.CUSTOMER_NUMBER, document.customer_ident),
        (Label.CUSTOMER_VAT_ID, customer.vat_id),
        (Label.CUSTOMER_TAX_NUMBER, None if customer.vat_id else customer.tax_number),
        (Label.ORDER_DATE, voice.date(document.order_date) if document.order_date else None),
        *printed(OF_DOCUMENT, document, document),
        *_supply(document, voice),
    ]
    return [(voice.text(label), value) for label, value in lines if value]


def _supply(document: Document, voice: Voice) -> list[tuple[Label, str | None]]:
    in_words = text_of(SUPPLIED, document.properties) if document.supply_on_document_date else None
    if in_words is not None:
        return [(Label.SUPPLY_PERIOD, in_words)]
    if document.supply_on_document_date:
        return [(Label.SUPPLY_DATE, voice.date(document.document_date))]
    period = common_supply(document)
    if period is None:
        return []
    if document.is_deposit:
        return [(Label.EXPECTED_SUPPLY, voice.period(period))]
    return [(Label.SUPPLY_DATE if period.start == period.end else Label.SUPPLY_PERIOD, voice.period(period))]


def parties(document: Document, voice: Voice) -> list[list[str]]:
    """Supplier and recipient by name where the writer of the paper is not the supplier; the place of delivery, if another."""
    home = writer(document).address.country
    blocks = []
    if document.is_self_billing:
        blocks.append([voice.text(Label.SUPPLIER), *_identified(supplier(document), voice, home)])
        blocks.append([voice.text(Label.RECIPIENT), *_identified(writer(document), voice, home)])
    reader = addressee(document)
    elsewhere = document.shipping_address != reader.address or document.shipping_names[:1] not in ((), (reader.name,))
    if document.shipping_address and elsewhere:
        blocks.append(
            [voice.text(Label.DELIVERY_ADDRESS), *document.shipping_names, *voice.address(document.shipping_address, home)]
        )
    return blocks


def _identified(party: Party, voice: Voice, home: str) -> list[str]:
    return [party.name, *voice.address(party.address, home), *_tax_identity(party, voice)]


def _tax_identity(party: Party, voice: Voice) -> list[str]:
    return present(
        [
            voice.text(Label.VAT_ID, number=party.vat_id) if party.vat_id else None,
            voice.text(Label.TAX_NUMBER, number=party.tax_number) if party.tax_number else None,
        ]
    )


def introduction(document: Document, voice: Voice) -> list[str]:
    """What the paper is about, before its rows: its writer's own words, preceding documents (BG-3), advance payment, self-billing."""
    kind = document.document_type
    own = text_of(INTRODUCTION, document.properties)
    lines = [line for line in own.split("\n") if line.strip()] if own is not None else []
    if kind is DocumentType.DEPOSIT_INVOICE:
        lines.append(voice.text(Label.DEPOSIT))
    if kind is DocumentType.SELF_BILLING_INVOICE:
        lines.append(voice.text(Label.SELF_BILLING))
    if document.related:
        references = ", ".join(reference(related, document, voice) for related in document.related)
        about = Label.ABOUT_FINAL if document.final_invoice_method else _ABOUT.get(kind, Label.ABOUT)
        lines.append(voice.text(about, references=references))
    return lines


def footer(seller: Party, voice: Voice) -> list[list[str]]:
    """Four columns: the company, how to reach it, its register and tax identity, its bank (section 35a GmbHG)."""
    contact = seller.contact
    company = [seller.name, *voice.address(seller.address, seller.address.country)]
    reach = present([contact.name, voice.text(Label.PHONE, number=contact.phone) if contact.phone else None, contact.email])
    register = joined(seller.register_court, (seller.register_number or "").replace(" ", NBSP))
    names = ", ".join(_unbroken(name) for name in seller.managing_directors)
    directors = voice.text(Label.DIRECTORS, names=names) if names else None
    identity = [*present([register, directors]), *_tax_identity(seller, voice)]
    bank = _bank(seller.bank_accounts[0], voice) if seller.bank_accounts else []
    return [column for column in (company, reach, identity, bank) if column]


def _unbroken(name: str) -> str:
    return name.replace(" ", NBSP) if len(name) <= _NAME_LETTERS else name


def shortened(text: str, width: float) -> str:
    """`text` without line ends, cut with an ellipsis where it is wider than `width` em."""
    text = " ".join(text.split())
    if text_width(text) <= width:
        return text
    while text_width(text) > width - 1:  # leaves room for the ellipsis
        text = text[:-1]
    return text.rstrip() + "…"


def _bank(account: BankAccount, voice: Voice) -> list[str]:
    return present([account.bank_name, iban(account.iban), f"{voice.text(Label.BIC)} {account.bic}" if account.bic else None])


def iban(number: str) -> str:
    """In groups of four, as printed (ISO 13616)."""
    compact = number.replace(" ", "")
    return NBSP.join(compact[start : start + 4] for start in range(0, len(compact), 4))


def footer_lines(columns: list[list[str]]) -> int:
    """Lines of the tallest column: the page keeps that much room at its foot."""
    width_em = FOOTER_COLUMN_MM * 72 / 25.4 / FOOTER_SIZE
    heights = [sum(_lines(line, width_em) for line in column) for column in columns]
    return min(max(heights, default=0), _FOOTER_LINES_MAX)


def _lines(line: str, width_em: float) -> int:
    width = text_width(line)
    # Broken lines are rarely full: a tenth is kept for ragged ends.
    return 1 if width <= width_em else int(width * 1.1 / width_em) + 1


def supplier(document: Document) -> Party:
    """The seller in law (BG-4): us, on self-billing papers the partner."""
    return seller_and_buyer(document)[0]


def writer(document: Document) -> Party:
    """Us: letterhead, sender and footer."""
    seller, buyer = seller_and_buyer(document)
    return buyer if document.is_self_billing else seller


def addressee(document: Document) -> Party:
    """The customer, on self-billing papers the partner: the address window."""
    seller, buyer = seller_and_buyer(document)
    return seller if document.is_self_billing else buyer
