"""The expense that an e-invoice proposes: its fields are those of the file, and its rows add up to what the file says. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from pydantic import TypeAdapter, ValidationError

from contor.documents.einvoice import EInvoice
from contor.expenses.types import MOST_ROWS, PaperRow, Proposal, TaxTreatment
from contor.kernel.money import ZERO, round_amount, split
from contor.kernel.places import EU_COUNTRIES
from contor.kernel.shapes import replace
from contor.settings.identifiers import VatId

_NAME, _TEXT = 255, 10_000
_ONE = Decimal(1)
_VAT_ID: Final = TypeAdapter[str | None](VatId | None)
_ALLOWANCE, _CHARGE = "Allowance", "Charge"


def proposed(invoice: EInvoice) -> Proposal:
    """A credit note's amounts are negative. An invoice without lines, or with more than can be kept, is proposed by its rates."""
    sign = -1 if invoice.is_credit_note else 1
    rows = _rows(invoice, sign)
    net, tax = sign * invoice.totals.net, sign * invoice.totals.tax
    if not rows or len(rows) > MOST_ROWS or sum((row.net for row in rows), ZERO) != net:
        rows = _by_rate(invoice, sign)
    period, delivery = invoice.period, invoice.delivery
    day = delivery.date if delivery is not None else None
    return Proposal(
        supplier=_cut(invoice.seller.trading_name or invoice.seller.name, _NAME),
        supplier_vat_id=_vat_id(invoice),
        tax_treatment=_treatment(invoice),
        number=_cut(invoice.number, _NAME),
        date=invoice.issue_date,
        due_date=invoice.due_date,
        service_start=(period.start if period is not None else None) or day,
        service_end=(period.end if period is not None else None) or day,
        currency=invoice.currency,
        net=net,
        tax=tax,
        rows=tuple(_taxed(rows, invoice, sign)) if sum((row.net for row in rows), ZERO) == net else (),
        comment=_cut("\n".join(note.text for note in invoice.notes), _TEXT) or None,
    )


# helpers in calling order


def _vat_id(invoice: EInvoice) -> str | None:
    """Where it is one: files have others in its place."""
    try:
        return _VAT_ID.validate_python(invoice.seller.vat_id)
    except ValidationError:
        return None


def _treatment(invoice: EInvoice) -> TaxTreatment | None:
    """By the categories of EN 16931: AE, the recipient owes the tax; K, goods from another member state. None: the usual one."""
    found = {group.category for group in invoice.breakdown}
    if "K" in found:
        return "INTRA_COMMUNITY"
    if "AE" not in found:
        return None
    seller, buyer = invoice.seller.address.country, invoice.buyer.address.country
    if seller == buyer:
        return "REVERSE_CHARGE_DOMESTIC"
    return "REVERSE_CHARGE_EU" if seller in EU_COUNTRIES else "REVERSE_CHARGE_THIRD_COUNTRY"


def _cut(text: str, most: int) -> str:
    return " ".join(text.split())[:most] if most == _NAME else text[:most]


def _rows(invoice: EInvoice, sign: int) -> list[PaperRow]:
    """The lines, then what is taken off or put on the whole invoice."""
    rows = []
    for line in invoice.lines:
        base = line.price_base or _ONE
        price = None if line.price is None or not base else line.price / base
        exact = price is not None and line.quantity is not None and _says(price, line.quantity, line.net, invoice.currency)
        rows.append(
            PaperRow(
                description=_cut(line.name, _NAME),
                net=sign * line.net,
                vat_rate=line.rate or ZERO,
                quantity=line.quantity if exact and line.quantity is not None else _ONE,
                unit_price=sign * price if exact and price is not None else None,
                article_number=_cut(line.seller_item_id, _NAME) if line.seller_item_id else None,
            )
        )
    for part in invoice.allowances:
        turn = sign if part.is_charge else -sign
        name = part.reason or (_CHARGE if part.is_charge else _ALLOWANCE)
        rows.append(PaperRow(description=_cut(name, _NAME), net=turn * part.amount, vat_rate=part.rate or ZERO))
    return rows


def _says(price: Decimal, quantity: Decimal, net: Decimal, currency: str) -> bool:
    """Whether price and quantity can be kept, and are the whole net amount: nothing is taken off or put on in the line."""
    return quantity >= 0 and _fits(price) and _fits(quantity, 4) and round_amount(price * quantity, currency) == net


def _fits(value: Decimal, places: int = 10) -> bool:
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places


def _by_rate(invoice: EInvoice, sign: int) -> list[PaperRow]:
    return [
        PaperRow(description=f"{group.category} {group.rate or ZERO:f} %", net=sign * group.base, vat_rate=group.rate or ZERO)
        for group in invoice.breakdown
    ]


def _taxed(rows: Sequence[PaperRow], invoice: EInvoice, sign: int) -> list[PaperRow]:
    """Each with its part of the VAT that the file says for its rate."""
    taxes: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for group in invoice.breakdown:
        taxes[group.rate or ZERO] += sign * group.amount
    places: dict[Decimal, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row.vat_rate].append(place)
    made = list(rows)
    for rate, same in places.items():
        parts = split(taxes[rate], [rows[place].net for place in same], invoice.currency)
        for place, part in zip(same, parts, strict=True):
            made[place] = replace(rows[place], vat=part)
    return made
