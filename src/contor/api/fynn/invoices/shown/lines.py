"""Rows of drafts and of documents as one kind of value, and the keys of what they say in words of their own. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.invoices.shown.numbers import row_number
from contor.documents.amounts import RowAmounts
from contor.documents.papers import HEADLINE
from contor.documents.types import AmountSides, Document, DocumentItem, Property, RequestedItem, Tax
from contor.kernel.money import ZERO

GROUP = HEADLINE
PARENT, EVERY, UNIT = "parentPosition", "unitPriceInterval", "unitText"
PERCENT, FIXED, TAX_GROUP = "discountPercentage", "fixedDiscountAmount", "taxGroupIdent"
SOLD_IN, SOLD_FOR, SOLD_AT, SOLD_ON = "priceCurrency", "priceSaid", "priceRate", "priceRateDate"
"""Properties of a row: what a caller said of it that has no other place."""
INTERNAL_NOTE, LEITWEG = "internalNote", "buyerReference"
"""Properties of an invoice: a note of ours, and the Leitweg-ID (BT-10)."""
DISCOUNT: Final = "discount"
"""Ident of the extra that a row's discount is."""
SHOWN_UNITS: Final[Mapping[str, str]] = {
    "PC": "Stück",
    "HOUR": "Stunde",
    "MINUTE": "Minute",
    "DAY": "Tag",
    "WEEK": "Woche",
    "MONTH": "Monat",
    "YEAR": "Jahr",
    "KWH": "kWh",
}
_NOTHING: Final = AmountSides(ZERO, ZERO, ZERO)


class Line(NamedTuple):
    """A row."""

    number: int
    ident: str
    place: int
    name: str
    description: str | None
    quantity: Decimal
    quantity_type: str
    unit_price: Decimal
    """Net, of one."""
    original: AmountSides
    """Before its discount."""
    total: AmountSides
    taxes: Sequence[Tax]
    is_credit: bool
    said: Mapping[str, str]
    """Its properties."""
    article_number: str | None
    period: tuple[dt.date, dt.date] | None
    reference: str | None
    """Ident of the row that it takes back."""

    @property
    def parent(self) -> str | None:
        return self.said.get(PARENT)


def said_of(properties: Sequence[Property]) -> dict[str, str]:
    """The first of each key."""
    return {entry.key: entry.value for entry in reversed(properties)}


def lines_of_document(paper: int, document: Document) -> list[Line]:
    return [
        _line(paper, place, item, _Priced(item.unit.net, item.original_total, item.total, item.taxes, item.is_credit))
        for place, item in enumerate(document.items, 1)
    ]


def lines_of_draft(paper: int, items: Sequence[RequestedItem], amounts: Sequence[RowAmounts]) -> list[Line]:
    """`amounts`: as they would be issued; none where they cannot be computed yet."""
    lines = []
    for place, item in enumerate(items, 1):
        row = amounts[place - 1] if amounts else None
        price = row.unit.net if row is not None else item.prices.unit.net or item.prices.unit.gross or ZERO
        original, total = (row.original_total, row.total) if row is not None else (_NOTHING, _NOTHING)
        is_credit = item.debit_credit_indicator == "CREDIT"
        lines.append(_line(paper, place, item, _Priced(price, original, total, item.tax_detail.taxes, is_credit)))
    return lines


# helpers in calling order


class _Priced(NamedTuple):
    """What a row costs."""

    price: Decimal
    original: AmountSides
    total: AmountSides
    taxes: Sequence[Tax]
    is_credit: bool


def _line(paper: int, place: int, item: DocumentItem | RequestedItem, priced: _Priced) -> Line:
    days = item.service_period
    period = (days.start, days.end) if days is not None else None
    if period is None and item.delivery_date is not None:
        period = (item.delivery_date, item.delivery_date)
    return Line(
        number=row_number(paper, place, item.ident),
        ident=item.ident,
        place=place,
        name=item.name or "",
        description=item.description,
        quantity=item.quantity,
        quantity_type=item.quantity_type,
        unit_price=priced.price / item.price_base_quantity,
        original=priced.original,
        total=priced.total,
        taxes=priced.taxes,
        is_credit=priced.is_credit,
        said=said_of(item.properties),
        article_number=item.article_number,
        period=period,
        reference=item.reference_ident,
    )
