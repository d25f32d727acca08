"""The sums below the rows: net, tax per group, gross, what was paid before, what is left; and the notes the law asks for."""

from collections.abc import Mapping
from typing import Final

from contor.documents.einvoice import TaxRepresentative, tax_representative
from contor.documents.exemptions import says_small_business
from contor.documents.labels import Label
from contor.documents.long_texts import text_of
from contor.documents.properties import REAL_ESTATE, SUPPLIED
from contor.documents.render.letterhead import supplier
from contor.documents.render.rows import REFUNDED, is_gross, turn
from contor.documents.render.voice import Voice
from contor.documents.types import Document, DocumentAllowanceCharge, DocumentType, PostTaxItem, TaxGroup
from contor.kernel.money import ZERO

_PAYABLE = {
    DocumentType.CREDIT_MEMO: Label.PAYABLE_CREDIT,
    DocumentType.DEPOSIT_INVOICE_CORRECTION: Label.PAYABLE_CORRECTION,
    DocumentType.SELF_BILLING_INVOICE: Label.PAYABLE_SELF_BILLING,
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: Label.PAYABLE_CORRECTION,
}
_CATEGORY: Final[Mapping[str, Label]] = {
    "S": Label.CATEGORY_S,
    "Z": Label.CATEGORY_Z,
    "E": Label.CATEGORY_E,
    "AE": Label.CATEGORY_AE,
    "K": Label.CATEGORY_K,
    "G": Label.CATEGORY_G,
    "O": Label.CATEGORY_O,
    "L": Label.CATEGORY_L,
    "M": Label.CATEGORY_M,
}
"""What each category (UNCL5305) is called; a test compares the keys with those that a request may name."""
_EXEMPT: Final[Mapping[str, Label]] = {
    "Z": Label.EXEMPT_Z,
    "E": Label.EXEMPT_E,
    "AE": Label.EXEMPT_AE,
    "K": Label.EXEMPT_K,
    "G": Label.EXEMPT_G,
    "O": Label.EXEMPT_O,
}
_TAKEN_BACK: Final[Mapping[str, Label]] = {
    "CASH_DISCOUNT": Label.LESS_CASH_DISCOUNT,
    "DISCOUNT": Label.LESS_DISCOUNT,
    "UNCOLLECTABLE_RECEIVABLE": Label.LESS_LOSS,
}
_DEPOSIT_HEADINGS: Final = (
    Label.DEPOSIT_IDENT,
    Label.DEPOSIT_DATED,
    Label.DEPOSIT_RECEIVED,
    Label.DEPOSIT_RATE,
    Label.DEPOSIT_NET,
    Label.DEPOSIT_TAX,
    Label.DEPOSIT_GROSS,
)
_RATED: Final = frozenset("SLM")

Line = tuple[str, str, str]
"""Label, value, weight: plain, soft, strong or payable."""


def sums(document: Document, voice: Voice) -> list[Line]:
    """The block of sums in reading order: net, tax per group, gross; then, where there is any, what was paid and what is left."""
    lines = _rows_and_allowances(document, voice)
    totals, sign = document.totals, turn(document)

    def money(label: str, value: object, weight: str = "plain") -> Line:
        return (label, str(value), weight)

    gross = voice.money(totals.gross * sign, document.currency)
    net = money(voice.text(Label.NET), voice.money(totals.net * sign, document.currency))
    taxes = [_tax_line(group, document, voice) for group in document.taxes]
    after = _after_gross(document, voice)
    final_label = voice.text(_PAYABLE.get(document.document_type, Label.PAYABLE))
    lines += [net, *taxes]
    # with nothing after it, the last line says the same amount
    lines += [money(voice.text(Label.GROSS), gross, "strong")] if after else []
    payable = voice.money(totals.payable * sign, document.currency)
    return [*lines, *after, money(final_label, payable, "payable")]


def _rows_and_allowances(document: Document, voice: Voice) -> list[Line]:
    """The sum of the rows is worth a line only where allowances or charges of the document follow it."""
    if not document.allowances_charges:
        return []
    gross, sign, currency = is_gross(document), turn(document), document.currency
    rows = sum((item.total.gross for item in document.items), ZERO) if gross else document.totals.lines
    label = voice.text(Label.SUM_ROWS_GROSS if gross else Label.SUM_ROWS)
    lines: list[Line] = [(label, voice.money(rows * sign, currency), "plain")]
    parts: dict[str, list[DocumentAllowanceCharge]] = {}
    for part in document.allowances_charges:
        parts.setdefault(part.ident, []).append(part)
    for same in parts.values():
        amount = sum((part.gross if gross else part.net for part in same), ZERO)
        signed = amount * sign * (-1 if same[0].type == "ALLOWANCE" else 1)
        percentage = same[0].percentage
        name = same[0].name if percentage is None else f"{same[0].name} ({voice.percent(percentage)})"
        lines.append((name, voice.money(signed, currency), "plain"))
    return lines


def _tax_line(group: TaxGroup, document: Document, voice: Voice) -> Line:
    sign, currency = turn(document), document.currency
    label = voice.text(Label.PLUS_VAT, tax=tax_label(group, document, voice), base=voice.money(group.base * sign, currency))
    return (label, voice.money(group.amount * sign, currency), "plain")


def tax_label(group: TaxGroup, document: Document, voice: Voice) -> str:
    """Rate and kind of tax. Outside EN 16931 (several taxes in a row) only the caller's own name says which tax it is."""
    if group.name and any(len(item.taxes) > 1 for item in document.items):
        return f"{group.name} {voice.percent(group.rate)}"
    label = voice.text(_CATEGORY[group.category_code], rate=voice.number(group.rate))
    if group.country and group.country != supplier(document).address.country and group.category_code in _RATED:
        return voice.text(Label.TAX_COUNTRY, tax=label, country=voice.country(group.country))
    return label


def _after_gross(document: Document, voice: Voice) -> list[Line]:
    """Deposits of method FINAL, payments before issuing (method REVERSAL moved some here), vouchers that pay, agreed rounding."""
    sign, currency = turn(document), document.currency
    lines: list[Line] = []
    if document.final_invoice_method == "FINAL" and document.deposits:
        received = sum((group.gross for deposit in document.deposits for group in deposit.groups), ZERO)
        lines.append((voice.text(Label.RECEIVED_DEPOSITS), voice.money(-received * sign, currency), "plain"))
    for payment in document.prepaid:
        label = voice.text(Label.PREPAID, reference=payment.reference, date=voice.date(payment.date))
        lines.append((label, voice.money(-payment.amount * sign, currency), "plain"))
    lines += [
        (_voucher(item, currency, voice), voice.money(item.amount * sign, currency), "plain") for item in document.post_tax_items
    ]
    for decision, reduced in _TAKEN_BACK.items():
        amount = sum((it.gross for it in document.discounts if it.decision == decision), ZERO)
        if amount:
            lines.append((voice.text(reduced), voice.money(-amount * sign, currency), "plain"))
    if document.totals.rounding:
        lines.append((voice.text(Label.ROUNDING), voice.money(document.totals.rounding * sign, currency), "plain"))
    return lines


def _voucher(item: PostTaxItem, currency: str, voice: Voice) -> str:
    """Its name, what is left of it, and whether that is paid out."""
    left = [] if item.leftover_amount is None else [voice.text(Label.LEFTOVER, amount=voice.money(item.leftover_amount, currency))]
    left += [] if item.refundability is None else [voice.text(REFUNDED[item.refundability])]
    return f"{item.name} ({', '.join(left)})" if left else item.name


def deposits(document: Document, voice: Voice) -> dict[str, object] | None:
    """The received deposits with net, tax and gross, which method FINAL must list (section 14 (5) sentence 2 UStG)."""
    if document.final_invoice_method != "FINAL" or not document.deposits:
        return None
    currency = document.currency
    rows = [
        [
            deposit.ident,
            voice.date(deposit.document_date),
            voice.date(deposit.received_on),
            voice.percent(group.rate),
            *(voice.amount(value, currency) for value in (group.net, group.tax, group.gross)),
        ]
        for deposit in document.deposits
        for group in deposit.groups
    ]
    groups = [group for deposit in document.deposits for group in deposit.groups]
    columns = ([g.net for g in groups], [g.tax for g in groups], [g.gross for g in groups])
    total = [voice.amount(sum(column, ZERO), currency) for column in columns]
    return {
        "title": f"{voice.text(Label.DEPOSITS_TITLE)} ({currency})",
        "headings": [voice.text(heading) for heading in _DEPOSIT_HEADINGS],
        "rows": rows,
        "total": [voice.text(Label.DEPOSIT_TOTAL), *total],
    }


def notes(document: Document, voice: Voice) -> list[str]:
    """Exemptions (section 14 (4) no. 8 UStG), date of supply, tax in the ledger's currency, the caller's own note."""
    lines: list[str] = []
    small_business = supplier(document).small_business
    for group in document.taxes:
        if group.category_code in _RATED:
            continue
        default = Label.SMALL_BUSINESS if group.category_code == "E" and small_business else _EXEMPT[group.category_code]
        lines.append(group.exemption_reason_text or voice.text(default))
    if small_business and not any(map(says_small_business, lines)):  # a reason of the caller's may say it
        lines.append(voice.text(Label.SMALL_BUSINESS))
    if document.supply_on_document_date and text_of(SUPPLIED, document.properties) is None:
        lines.append(voice.text(Label.SUPPLY_ON_DOCUMENT_DATE))
    if document.ledger:
        lines.append(_ledger_line(document, voice))
    if (acting := tax_representative(document)) is not None:
        lines.append(_representative(acting, voice))
    if _is_kept_by_private_people(document):
        lines.append(voice.text(Label.REAL_ESTATE))
    if document.note:
        lines.append(document.note)
    return list(dict.fromkeys(lines))


def _representative(acting: TaxRepresentative, voice: Voice) -> str:
    """Name, address and VAT id of who answers for the seller's tax (section 22c (2) UStG, article 226 no. 15 of Directive 2006/112)."""
    at = acting.address
    town = " ".join(part for part in (at.post_code, at.city) if part)
    address = ", ".join(part for part in (at.line_1, at.line_2, at.line_3, town, at.subdivision, at.country) if part)
    return voice.text(Label.TAX_REPRESENTATIVE, name=acting.name, address=address, vat_id=acting.vat_id)


def _is_kept_by_private_people(document: Document) -> bool:
    """Work on real estate in Germany for a private customer (section 14 (4) no. 9, 14b (1) sentence 5 UStG)."""
    given = (document.properties, *(item.properties for item in document.items))
    said = {(entry.key, entry.value.lower()) for properties in given for entry in properties}
    is_private = document.customer.customer_type == "B2C" and not document.is_self_billing and document.sign > 0
    return is_private and supplier(document).address.country == "DE" and (REAL_ESTATE, "true") in said


def _ledger_line(document: Document, voice: Voice) -> str:
    ledger = document.ledger
    assert ledger is not None
    exchange = ledger.exchange_rate
    return voice.text(
        Label.LEDGER_TAX,
        currency=ledger.currency,
        amount=voice.money(ledger.tax * turn(document), ledger.currency),
        rate=voice.number(exchange.rate),
        foreign=document.currency,
        source=exchange.source,
        date=voice.date(exchange.date),
    )
