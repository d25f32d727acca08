"""The rows, allowances and taxes of a foreign e-invoice as a request of our own. BT-131 of each row is kept as agreed. Pure."""

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from contor.documents.einvoice.importing.import_references import row_properties
from contor.documents.einvoice.model import AllowanceOrCharge, EInvoice, InvoiceLine, InvoicePeriod
from contor.documents.exemptions import WITH_REASON
from contor.documents.types import (
    ItemExtra,
    Location,
    Period,
    Prices,
    Property,
    QuantityType,
    RequestedAllowanceCharge,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.errors import Problem
from contor.kernel.money import CENT, ZERO, round_price
from contor.kernel.shapes import replace

_QUANTITY_TYPES: dict[str, QuantityType] = {
    "H87": "PC",
    "KWH": "KWH",
    "SEC": "SECOND",
    "MIN": "MINUTE",
    "HUR": "HOUR",
    "DAY": "DAY",
    "WEE": "WEEK",
    "MON": "MONTH",
    "ANN": "YEAR",
}
"""BT-130 that a quantity type says; any other code is kept as `unitCode`."""
_IDENT = re.compile(r"[a-zA-Z0-9_.~-]{1,100}")
_ONE_PIECE = "C62"
_GOODS = frozenset({"K", "G"})
"""Categories of deliveries of goods."""
LONGEST_NAME = 255
_LONGEST_GROUP = 64
_BASE_DECIMALS = 4


class Row(NamedTuple):
    line: InvoiceLine
    group: str | None
    """Name of the line that it is a sub-line of."""


def rows_of(invoice: EInvoice) -> list[Row]:
    """The lines with sub-lines flattened: the rows that explain a line stand for it, where they add up to it."""
    return [row for line in invoice.lines for row in _leaves(line, None)]


class _Context(NamedTuple):
    """What all rows of an invoice share."""

    invoice: EInvoice
    sign: int
    """-1 where a reversal is issued again as a credit memo."""
    place: Location
    """Where the supply was made."""
    taxed_at: Location | None


def requested_items(
    invoice: EInvoice, rows: list[Row], sign: int, place: tuple[Location, Location | None], problems: list[Problem]
) -> tuple[RequestedItem, ...]:
    """The rows as requested items. `sign` is -1 where a reversal is issued again as a credit memo."""
    context, idents, items = _Context(invoice, sign, *place), set[str](), list[RequestedItem]()
    for index, row in enumerate(rows):
        said = row.line.ident
        # BT-126 of another system may be no ident of ours, or occur twice
        ident = said if _IDENT.fullmatch(said) and said not in idents else f"row-{index + 1}"
        while ident in idents:
            ident += "~"
        found = _items_of(context, row, ident, f"rows[{index}]", problems)
        idents.update(item.ident for item in found)
        items += found
    return tuple(items)


def lines_of_items(invoice: EInvoice) -> list[InvoiceLine]:
    """For each item that is asked for the line that it comes of."""
    sign = -1 if not invoice.is_credit_note and invoice.totals.gross < 0 else 1
    context = _Context(invoice, sign, Location(country=""), None)
    return [row.line for row in rows_of(invoice) for _ in _items_of(context, row, "-", "", [])]


def requested_allowances(invoice: EInvoice, sign: int) -> tuple[RequestedAllowanceCharge, ...]:
    """BG-20 and BG-21, each with its own tax group; those of 0.00 say nothing and are left out."""
    found = []
    for index, part in enumerate(invoice.allowances, 1):
        value = _signed(part) * sign
        if value:
            found.append(
                RequestedAllowanceCharge(
                    ident=f"{'charge' if value > 0 else 'allowance'}-{index}",
                    type="CHARGE" if value > 0 else "ALLOWANCE",
                    name=_name(part),
                    amount=abs(value),
                    tax=tax_of(invoice, part.category or "S", part.rate),
                )
            )
    return tuple(found)


def tax_of(invoice: EInvoice, category: str, rate: Decimal | None) -> Tax:
    """The tax of a row or allowance with the reason that its group in the breakdown gives (BT-120, BT-121)."""
    wanted = rate or ZERO  # category O names none
    group = next((found for found in invoice.breakdown if found.category == category and (found.rate or ZERO) == wanted), None)
    reasoned = group if category in WITH_REASON else None
    return Tax(
        rate=wanted,
        category_code=category,  # type: ignore[arg-type]  # the shape of the request is checked as a whole
        exemption_reason_code=reasoned.exemption_code if reasoned else None,
        exemption_reason_text=reasoned.exemption_reason if reasoned else None,
    )


def _leaves(line: InvoiceLine, group: str | None) -> list[Row]:
    if line.sub_lines and sum((sub.net for sub in line.sub_lines), ZERO) == line.net:
        return [leaf for sub in line.sub_lines for leaf in _leaves(sub, line.name)]
    return [Row(line, group)]


class _Direction(NamedTuple):
    """Amounts of a row of ours are positive; its direction is said apart."""

    turned: int
    """By what an amount of the file is multiplied."""
    is_credit: bool


def _items_of(context: _Context, found: Row, ident: str, path: str, problems: list[Problem]) -> list[RequestedItem]:
    """The line as one row; as two where its allowances exceed it: what is supplied, and what reduces the document."""
    row, sign = found.line, context.sign
    quantity, price = row.quantity, row.price
    if quantity is None or price is None:  # a sub-line that says its sum only
        quantity, price = (Decimal(1), row.net) if row.net >= 0 else (Decimal(-1), -row.net)
    if price < 0:
        problems.append(Problem("price_negative", f"Line {row.ident}: the price (BT-146) is not negative (BR-27)", path, price))
        return []
    direction = _Direction(sign if quantity * sign >= 0 else -sign, quantity * sign < 0)
    extras = sum((_signed(part) for part in row.allowances), ZERO)
    original = (row.net - extras) * direction.turned
    if row.net * direction.turned < 0 and original < 0:  # its sum says the other direction than its quantity
        direction, original = _Direction(-direction.turned, not direction.is_credit), -original
    item = _item(context, found, ident, direction, abs(quantity), price)
    if row.net * direction.turned >= 0:
        return [item]
    reduction = replace(
        item,
        ident=f"{ident}-1",
        quantity=Decimal(1),
        price_base_quantity=Decimal(1),
        prices=_prices(-extras * direction.turned, -extras * direction.turned, -extras * direction.turned),
        debit_credit_indicator="DEBIT" if direction.is_credit else "CREDIT",
        name=", ".join(_name(part) for part in row.allowances)[:LONGEST_NAME],
        description=None,
        article_number=None,
        extras=(),
    )
    return [replace(item, prices=_prices(price, original, original), extras=()), reduction]


def _prices(unit: Decimal, original: Decimal, total: Decimal) -> Prices:
    return Prices(unit=UnitSides(net=_plain(unit)), original_total=Sides(net=_plain(original)), total=Sides(net=_plain(total)))


def _item(context: _Context, found: Row, ident: str, direction: _Direction, quantity: Decimal, price: Decimal) -> RequestedItem:
    row, invoice = found.line, context.invoice
    extras = tuple(
        ItemExtra(ident=f"x-{number}", name=_name(part), total=Sides(net=_signed(part) * direction.turned))
        for number, part in enumerate(row.allowances, 1)
        if part.amount
    )
    total = row.net * direction.turned
    original = total - sum((extra.total.net or ZERO for extra in extras), ZERO)
    unit = row.unit or _ONE_PIECE
    name, description = _words(row)
    period, delivered = _supply(invoice, row)
    scaled, base = _scaled(_price_of(original, price, row.price_base or Decimal(1), quantity), row.price_base or Decimal(1))
    if not quantity and original:  # a sum that no quantity explains
        quantity, scaled, base = Decimal(1), original, Decimal(1)
    return RequestedItem(
        ident=ident,
        category="PHYSICAL_PRODUCT" if row.category in _GOODS else "SERVICE",
        quantity=_plain(quantity),
        quantity_type=_QUANTITY_TYPES.get(unit, "PC"),
        unit_code=None if unit in _QUANTITY_TYPES else unit,
        prices=_prices(scaled, original, total),
        tax_detail=TaxDetail(taxes=(tax_of(invoice, row.category, row.rate),)),
        performance_location=context.place,
        tax_location=context.taxed_at,
        name=name,
        description=description,
        article_number=row.seller_item_id,
        item_group=found.group[:_LONGEST_GROUP] if found.group else None,
        debit_credit_indicator="CREDIT" if direction.is_credit else "DEBIT",
        price_base_quantity=base,
        extras=extras,
        service_period=period,
        delivery_date=delivered,
        properties=(
            *(() if ident == row.ident else (Property(key="originalLine", value=row.ident[:LONGEST_NAME]),)),
            *row_properties(row),
        ),
    )


def _price_of(original: Decimal, price: Decimal, base: Decimal, quantity: Decimal) -> Decimal:
    """The price that gives the amount of the line, which is what was agreed; EN 16931 does not ask the price of the file to."""
    if not quantity or abs(price * quantity / base - original) <= CENT:
        return price
    return round_price(original * base / quantity)


def _scaled(price: Decimal, base: Decimal) -> tuple[Decimal, Decimal]:
    """The same price for a base that has no more decimals than ours: 2.00 per 0.00101 is 20.00 per 0.0101."""
    plain = _plain(base)
    excess = -int(plain.as_tuple().exponent) - _BASE_DECIMALS
    return (price.scaleb(excess), _plain(plain.scaleb(excess))) if excess > 0 else (price, plain)


def _words(row: InvoiceLine) -> tuple[str, str | None]:
    """Name and description; notes (BT-127) and attributes (BG-32) become part of the description, a long name too."""
    lines = [row.description, row.note, *(f"{attribute.name}: {attribute.value}" for attribute in row.attributes)]
    name = row.name
    if len(name) > LONGEST_NAME:
        lines.insert(0, name)
        name = f"{name[: LONGEST_NAME - 1]}…"
    return name, "\n".join(line for line in dict.fromkeys(lines) if line and line != name) or None


def _supply(invoice: EInvoice, row: InvoiceLine) -> tuple[Period | None, dt.date | None]:
    """When the row was supplied: as it says itself, else as the invoice says (BG-14, BT-72)."""
    for period in (row.period, invoice.period):
        found = _period(period)
        if found is not None:
            return found, None
    delivered = invoice.delivery.date if invoice.delivery else None
    if delivered is None and not invoice.preceding and (invoice.is_credit_note or invoice.totals.gross < 0):
        delivered = invoice.issue_date  # it names neither what it credits nor a time: its own day is all that can be said
    return None, delivered


def _period(period: InvoicePeriod | None) -> Period | None:
    if period is None or period.start is None or period.end is None:
        return None
    return Period(start=period.start, end=period.end)


def _signed(part: AllowanceOrCharge) -> Decimal:
    return part.amount if part.is_charge else -part.amount


def _name(part: AllowanceOrCharge) -> str:
    name = part.reason or part.reason_code or ("Zuschlag" if part.is_charge else "Nachlass")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros after the point: `10.000000000000000000` has no more decimals than `10`."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()  # normalize alone makes 1E+1 of 10
