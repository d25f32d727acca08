"""The rows of a document: what was supplied, how much of it, when, at which price."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from contor.documents.labels import Label
from contor.documents.long_texts import text_of
from contor.documents.properties import HEADLINE
from contor.documents.references import OF_ROW, printed
from contor.documents.render.font import breakable, figures_width, text_width
from contor.documents.render.voice import Voice
from contor.documents.titles import type_title
from contor.documents.types import (
    UNIT_CODES,
    Document,
    DocumentItem,
    DocumentType,
    Period,
    PriceCalculationBasis,
    RelatedDocument,
    bases_of,
)
from contor.kernel.money import ZERO

_TABLE_SIZE = 8.5
_TABLE_MM = 165
_NUMBERS_MM = 105
"""The most that the columns of numbers may take; wider ones are set smaller, so that the description keeps its room."""
_SMALLEST_SIZE = 5.0
_GAP_MM = 3.0
_SLACK = 1.02
_MM_PER_POINT = 25.4 / 72
_TAXED = frozenset("SZLM")
_KEPT_TOGETHER_LINES = 12
REFUNDED: Final[Mapping[str, Label]] = {"REFUNDABLE": Label.REFUNDABLE, "NON_REFUNDABLE": Label.NON_REFUNDABLE}
"""What becomes of the rest of a voucher."""


def is_gross(document: Document) -> bool:
    """Whether the document was agreed, and is printed, with prices that contain the tax."""
    return all(item.basis == "GROSS" for item in document.items)


def turn(document: Document) -> int:
    """-1 on the reversal of a deposit invoice (type 384), whose e-invoice carries negative quantities, else 1."""
    return -1 if document.document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION else 1


def supply_of(item: DocumentItem) -> Period | None:
    """When the row was supplied: its period, or its day of delivery as a period of one day."""
    if item.service_period:
        return item.service_period
    return Period(start=item.delivery_date, end=item.delivery_date) if item.delivery_date else None


def common_supply(document: Document) -> Period | None:
    """The one period of supply of all rows (deducted deposits have none), or None where they differ."""
    periods = {supply_of(item) for item in document.items if not item.deposit_ident}
    return periods.pop() if len(periods) == 1 else None


def table(document: Document, voice: Voice, *, offered: bool = False) -> dict[str, object]:
    """The table of rows with the widths of its columns in mm, as the template takes it. `offered`: nothing is supplied yet."""
    gross = is_gross(document)
    headings = [
        voice.text(Label.POSITION),
        voice.text(Label.DESCRIPTION),
        voice.text(Label.QUANTITY),
        voice.text(Label.UNIT_PRICE_GROSS if gross else Label.UNIT_PRICE),
        voice.text(Label.VAT),
        voice.text(Label.AMOUNT_GROSS if gross else Label.AMOUNT, currency=document.currency),
    ]
    rows = [row(item, document, voice, offered=offered) for item in document.items]
    for line, headline in zip(rows, _headlines(document), strict=True):
        line["headline"] = headline
    carried = ZERO
    for line, item in zip(rows, document.items, strict=True):
        carried += (item.total.gross if gross else item.total.net) * turn(document)
        line["carried"] = voice.money(carried, document.currency)  # for the foot of a page that ends behind this row
    size, widths = _columns(headings, rows)
    description_mm = _TABLE_MM - sum(widths)
    for line in rows:
        line["name"] = breakable(str(line["name"]), description_mm, size)
        line["details"] = [breakable(detail, description_mm, size) for detail in _strings(line["details"])]
        line["together"] = _is_short(line, description_mm, size)
    return {"headings": headings, "rows": rows, "widths": widths, "size": size, "carried": voice.text(Label.CARRIED)}


def _headlines(document: Document) -> list[str]:
    """What stands above each row: where neighbours say the same, above the first of them."""
    said = [text_of(HEADLINE, item.properties) or "" for item in document.items]
    return ["" if headline == before else headline for before, headline in zip(["", *said], said, strict=False)]


def row(item: DocumentItem, document: Document, voice: Voice, *, offered: bool = False) -> dict[str, object]:
    """One row: its cells as text. Quantity and amount carry the sign, the price stays positive (BR-27)."""
    gross, currency = is_gross(document), document.currency
    sign = turn(document) * (-1 if item.is_credit else 1)
    price = item.unit.gross if gross else item.unit.net
    total = item.total.gross if gross else item.total.net
    base = item.price_base_quantity
    return {
        "position": str(item.position),
        "name": item.name,
        "details": details(item, document, voice, offered=offered),
        "quantity": voice.quantity(item.quantity * sign, item.unit_code),
        "price": voice.amount(price, currency),
        "price_base": voice.text(Label.PRICE_BASE, quantity=voice.quantity(base, item.unit_code)) if base != 1 else "",
        "vat": voice.percent(item.rate) if item.category_code in _TAXED else "–",
        "amount": voice.amount(total * turn(document), currency),
    }


def details(item: DocumentItem, document: Document, voice: Voice, *, offered: bool = False) -> list[str]:
    """The small lines below a row's name: description, article, references, time of supply, how the price came about, extras."""
    lines = []
    if item.description:
        lines.append(item.description)
    if item.article_number:
        lines.append(voice.text(Label.ARTICLE_NUMBER, number=item.article_number))
    # of a credit, of a deduction and of what is taken back of another document it is the row that is taken back, which is named above
    if item.reference_ident and document.sign == 1 and not (item.deposit_ident or item.related_document_ident):
        lines.append(voice.text(Label.ROW_REFERENCE, ident=item.reference_ident))
    # of a credit of several invoices: which of them the row was on; what is taken back as a row of another document says so by itself
    named = [one for one in document.related if one.ident == item.related_document_ident and one.document_type is not None]
    lines.extend(reference(one, document, voice) for one in named)
    lines.extend(f"{voice.text(label)}: {value}" for label, value in printed(OF_ROW, item, document))
    lines.extend(_place(item, voice))
    if item.refundability is not None:
        lines.append(voice.text(REFUNDED[item.refundability]))
    lines.extend(_times(item, document, voice, offered=offered))
    for basis in bases_of(item.price_calculation_basis):
        lines.extend(price_basis(basis, item.unit_code, document.currency, voice))
    if item.extras:
        gross = is_gross(document)
        before = item.original_total.gross if gross else item.original_total.net
        lines.append(f"{voice.text(Label.BEFORE_EXTRAS)}: {voice.money(before * turn(document), document.currency)}")
        for extra in item.extras:
            amount = extra.total.gross if gross else extra.total.net
            name = extra.name if extra.type in (None, "DISCOUNT") else voice.text(Label.VOUCHER, name=extra.name)
            lines.append(f"{name}: {voice.money(amount * turn(document), document.currency)}")
    return lines


def reference(related: RelatedDocument, document: Document, voice: Voice) -> str:
    """A preceding document by title, number and date."""
    if related.document_type:
        name = type_title(related.document_type, document)
    else:
        name = voice.text(Label.PRECEDING_DOCUMENT)
    if related.document_date is None:
        return voice.text(Label.REFERENCE_UNDATED, title=name, ident=related.ident)
    return voice.text(Label.REFERENCE, title=name, ident=related.ident, date=voice.date(related.document_date))


def _place(item: DocumentItem, voice: Voice) -> list[str]:
    """Where it is supplied, where that is said more closely than by its country."""
    at = item.performance_location
    if at is None:
        return []
    town = " ".join(part for part in (at.postal_code, at.city) if part)
    parts = [part for part in (at.street, town, at.state) if part]
    return [voice.text(Label.PLACE, place=", ".join([*parts, voice.country(at.country)]))] if parts else []


def _times(item: DocumentItem, document: Document, voice: Voice, *, offered: bool) -> list[str]:
    """Section 14 (4) no. 6 UStG asks for each row's date of supply; where all share one it stands in the head. An offer says only the
    dates that are agreed."""
    lines = []
    supply = supply_of(item)
    if not document.supply_on_document_date and common_supply(document) is None:
        if supply:
            lines.append(voice.text(Label.ROW_SUPPLY, date=voice.period(supply)))
        elif not (offered or item.deposit_ident or document.is_deposit):
            lines.append(voice.text(Label.SUPPLY_ON_DOCUMENT_DATE))
    if item.billing_period and item.billing_period != supply:
        lines.append(voice.text(Label.ROW_BILLING, date=voice.period(item.billing_period)))
    return lines


def price_basis(basis: PriceCalculationBasis, unit_code: str, currency: str, voice: Voice) -> list[str]:
    """How the price came about: part of an interval, tiers, blocks, or clock time."""

    unit = UNIT_CODES[basis.quantity_type] if basis.quantity_type is not None else unit_code

    def counted(value: Decimal | None) -> str:
        return voice.quantity(value, unit) if value is not None else "–"

    def price(value: Decimal | None) -> str:
        return voice.money(value, currency) if value is not None else "–"

    match basis.type:
        case "RECURRING":
            if basis.used_days is None or basis.interval_days is None or basis.used_days == basis.interval_days:
                return []
            return [voice.text(Label.RECURRING, used=basis.used_days, interval=basis.interval_days, price=price(basis.base_price))]
        case "BLOCK":
            size, used = counted(basis.block_size), counted(basis.used_quantity)
            said = {"size": size, "price": price(basis.block_price)} | ({} if basis.used_quantity is None else {"used": used})
            if basis.block_quantity is None:  # nobody says how many
                return [voice.text(Label.BLOCKS_OF if basis.used_quantity is None else Label.BLOCKS_OF_USED, **said)]
            label = Label.BLOCK_SHORT if basis.used_quantity is None else Label.BLOCK
            return [voice.text(label, blocks=voice.number(basis.block_quantity), **said)]
        case "TIME_BASED_USAGE":
            return [voice.text(Label.TIME_BASED, used=counted(basis.used_quantity))] if basis.used_quantity is not None else []
        case "PERCENTAGE":
            formula = f"{voice.number(basis.block_price or ZERO)} % × {voice.number(basis.used_quantity or ZERO)}"
            if basis.base_price is not None and basis.block_quantity is not None:
                formula += f" + {voice.number(basis.block_quantity)} × {price(basis.base_price)}"
            return [formula]
        case _:
            tiers = [
                voice.text(
                    Label.TIER_ABOVE if tier.above else Label.TIER, quantity=counted(tier.quantity), price=price(tier.unit_price)
                )
                for tier in basis.tiers
            ]
            shown = [] if basis.used_quantity is None else [voice.text(Label.TIERS_USED, used=counted(basis.used_quantity))]
            return [f"{voice.text(Label.TIERS)}: {'; '.join([*tiers, *shown])}"] if tiers else []


def _columns(headings: list[str], rows: list[dict[str, object]]) -> tuple[float, list[float]]:
    """Font size and widths (mm) of the columns but the description's, which takes the rest."""
    keys = ("position", "quantity", "price", "vat", "amount")
    heads = (headings[0], *headings[2:])
    ems = [
        max(text_width(head), *(figures_width(str(line[key])) for line in rows)) * _SLACK
        for key, head in zip(keys, heads, strict=True)
    ]
    # the base of a price stands below it, in the same column
    ems[2] = max(ems[2], *(text_width(str(line["price_base"])) for line in rows))
    gaps = _GAP_MM * len(ems)
    room = (_NUMBERS_MM - gaps) / sum(ems) / _MM_PER_POINT
    size = max(_SMALLEST_SIZE, min(_TABLE_SIZE, room))
    return size, [em * size * _MM_PER_POINT + _GAP_MM for em in ems]


def _is_short(line: dict[str, object], width: float, size: float) -> bool:
    """Whether the row is kept on one page; one of many lines may be divided."""
    em = width / size / _MM_PER_POINT
    texts = [str(line["name"]), *_strings(line["details"])]
    return sum(part.count("\n") + 1 + int(text_width(part) / em) for part in texts) <= _KEPT_TOGETHER_LINES


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else []
