"""What an item costs without and with tax: as its document says; before that as far as it is known. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items.types import BillableRow
from contor.billing.items.views import ItemTax
from contor.documents.types import DocumentItem, Tax
from contor.kernel.money import HUNDRED, ZERO, round_amount, shown, tax_in_gross
from contor.kernel.shapes import replace


class Sides(NamedTuple):
    """A price or amount; positive for credits too. None: not known before it is billed."""

    exclusive_vat: Decimal | None
    inclusive_vat: Decimal | None
    cumulated_tax_price: Decimal | None
    base: Decimal
    """On the agreed side."""

    def shown(self, currency: str) -> "Sides":
        """As amounts of a currency."""
        return Sides._make(None if side is None else shown(side, currency) for side in self)


class Prices(NamedTuple):
    unit_price: Sides
    original_row_total: Sides
    row_total: Sides
    taxes: tuple[ItemTax, ...]


def prices_of(content: BillableRow, billed: DocumentItem | None, currency: str) -> Prices:
    """`billed`: the item's row of its document."""
    if billed is not None:
        unit, original, total = billed.unit, billed.original_total, billed.total
        before = abs(original.net if content.basis == "NET" else original.gross)
        return Prices(
            _sides(content.unit_price, unit.net, unit.gross),
            _sides(before, original.net, original.gross).shown(currency),
            _sides(content.total, total.net, total.gross).shown(currency),
            _taxes(billed.taxes),
        )
    reductions = [extra.total.net if content.basis == "NET" else extra.total.gross for extra in content.extras]
    before = content.total - sum([part for part in reductions if part is not None], ZERO)
    return Prices(
        _agreed(content, content.unit_price, None),
        _agreed(content, before, currency).shown(currency),
        _agreed(content, content.total, currency).shown(currency),
        _taxes(content.taxes),
    )


def on_one_side(row: BillableRow) -> BillableRow:
    """A row as it is billed: its parts on the agreed side alone. The other side is what the customer was told; what it comes to is said
    by the tax of the day on which it is billed."""
    if not row.extras:
        return row
    other = "gross" if row.basis == "NET" else "net"
    parts = [replace(part, total=replace(part.total, **{other: None})) for part in row.extras]
    return replace(row, extras=tuple(parts))


def _sides(base: Decimal, net: Decimal, gross: Decimal) -> Sides:
    return Sides(abs(net), abs(gross), abs(gross) - abs(net), base)


def _agreed(content: BillableRow, base: Decimal, currency: str | None) -> Sides:
    """The other side only where the tax is one that was ordered; a unit price (no currency) is on the agreed side alone."""
    is_net = content.basis == "NET"
    if currency is None or not content.taxes:
        return Sides(base, None, None, base) if is_net else Sides(None, base, None, base)
    rate = sum([tax.rate for tax in content.taxes], ZERO)
    tax = round_amount(base * rate / HUNDRED, currency) if is_net else tax_in_gross(base, rate, currency)
    return Sides(base, base + tax, tax, base) if is_net else Sides(base - tax, base, tax, base)


def _taxes(taxes: Sequence[Tax]) -> tuple[ItemTax, ...]:
    return tuple(
        ItemTax(
            tax_rate=tax.rate,
            tax_code=tax.code,
            tax_name=tax.name,
            tax_category_code=tax.category_code,
            tax_exemption_reason_code=tax.exemption_reason_code,
            tax_exemption_reason_text=tax.exemption_reason_text,
        )
        for tax in taxes
    )
