"""The rows, allowances and taxes of a foreign e-invoice as a request of our own. BT-131 of each row is kept as agreed. Pure."""

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from contor.documents.einvoice.importing.import_references import as_properties, references_in
from contor.documents.einvoice.model import AllowanceOrCharge, EInvoice, InvoiceLine, InvoicePeriod
from contor.documents.exemptions import WITH_REASON
from contor.documents.references import OF_ROW
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
from contor.kernel.money import ZERO
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


class Row(NamedTuple):
    line: InvoiceLine
    group: str | None
    """Name of the line that it is a sub-line of."""


def rows_of(invoice: EInvoice) -> list[Row]:
    """The lines with sub-lines flattened: the rows that explain a line stand for it, where they add up to it."""
    return [row for line in invoice.lines for row in _leaves(line, None)]


def requested_items(
    invoice: EInvoice,
    rows: list[Row],
    sign: int,
    place: tuple[Location, Location | None],
    problems: list[Problem],
    left_out: list[str],
) -> tuple[RequestedItem, ...]:
    """The rows as requested items. `sign` is -1 where a reversal is issued again as a credit memo."""
    idents: set[str] = set()
    items = []
    for index, row in enumerate(rows):
        said = row.line.ident
        # BT-126 of another system may be no ident of ours, or occur twice
        ident = said if _IDENT.fullmatch(said) and said not in idents else f"row-{index + 1}"
        while ident in idents:
            ident += "~"
        idents.add(ident)
        item = _item(invoice, row, ident, sign, place, f"items[{index}]", problems)
        if item is not None:
            references = as_properties(references_in(OF_ROW, row.line, left_out), left_out)
            items.append(replace(item, properties=item.properties + references) if references else item)
    return tuple(items)


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


def _item(
    invoice: EInvoice,
    found: Row,
    ident: str,
    sign: int,
    place: tuple[Location, Location | None],
    path: str,
    problems: list[Problem],
) -> RequestedItem | None:
    row = found.line
    quantity, price = row.quantity, row.price
    if quantity is None or price is None:  # a sub-line that says its sum only
        quantity, price = (Decimal(1), row.net) if row.net >= 0 else (Decimal(-1), -row.net)
    quantity *= sign
    turned = sign if quantity >= 0 else -sign  # amounts of a row of ours are positive: its direction is said apart
    total = row.net * turned
    if price < 0:
        problems.append(Problem("price_negative", f"Line {row.ident}: a price is not negative (BR-27)", path, price))
        return None
    if total < 0:
        message = f"Line {row.ident}: its allowances exceed it, and a row of ours reduces a document by its quantity only"
        problems.append(Problem("row_turned_by_allowances", message, path, row.net))
        return None
    extras = tuple(
        ItemExtra(ident=f"x-{number}", name=_name(part), total=Sides(net=_signed(part) * turned))
        for number, part in enumerate(row.allowances, 1)
        if part.amount
    )
    original = total - sum((extra.total.net or ZERO for extra in extras), ZERO)
    unit = row.unit or _ONE_PIECE
    name, description = _words(row)
    period, delivered = _supply(invoice, row)
    return RequestedItem(
        ident=ident,
        category="PHYSICAL_PRODUCT" if row.category in _GOODS else "SERVICE",
        quantity=_plain(abs(quantity)),
        quantity_type=_QUANTITY_TYPES.get(unit, "PC"),
        unit_code=None if unit in _QUANTITY_TYPES else unit,
        prices=Prices(
            unit=UnitSides(net=_plain(price)),
            original_total=Sides(net=_plain(original)),
            total=Sides(net=_plain(total)),
        ),
        tax_detail=TaxDetail(taxes=(tax_of(invoice, row.category, row.rate),)),
        performance_location=place[0],
        tax_location=place[1],
        name=name,
        description=description,
        article_number=row.seller_item_id,
        item_group=found.group[:_LONGEST_GROUP] if found.group else None,
        debit_credit_indicator="CREDIT" if quantity < 0 else "DEBIT",
        price_base_quantity=_plain(row.price_base) if row.price_base else Decimal(1),
        extras=extras,
        service_period=period,
        delivery_date=delivered,
        properties=() if ident == row.ident else (Property(key="originalLine", value=row.ident),),
    )


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
    return None, invoice.delivery.date if invoice.delivery else None


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
