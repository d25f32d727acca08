"""What a document shows of usages. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from contor.billing.items import BillableRow, Item, shown_rounding
from contor.billing.proposal.period_items import DAY
from contor.catalogue.pricing import Rated
from contor.documents.types import PriceCalculationBasis
from contor.kernel.money import ZERO, round_amount, shown
from contor.kernel.shapes import replace
from contor.usage.rate import RatedUsages
from contor.usage.types import Usage

SMALLEST = Decimal("0.0001")
"""Of quantities (four decimals)."""

_LONGEST = 2000
"""A period may have thousands of usages."""


class Described(Protocol):
    """Something used, with what was said of it."""

    @property
    def description(self) -> str | None: ...


class Row(NamedTuple):
    """A row, and the usages that it bills."""

    row: BillableRow
    usages: tuple[Usage, ...] = ()
    related_item_id: int | None = None
    """The item whose usages it bills again at another price."""


class Found(NamedTuple):
    """What a due item comes to: its rows, and items by which something is given back."""

    rows: list[Row]
    credits: list[Item]


def without_amount(row: BillableRow) -> BillableRow:
    """A row that bills nothing."""
    return replace(row, quantity=ZERO, unit_price=ZERO, price_base=None, total=ZERO, price_calculation_basis=None, extras=())


def with_amount(row: BillableRow, amount: Decimal) -> BillableRow:
    """A row of one piece that costs `amount`."""
    return replace(row, quantity=Decimal(1), quantity_type="PC", unit_price=amount, price_base=None, total=amount, extras=())


def of_quantity(row: BillableRow, quantity: Decimal, quantity_type: str, amount: Decimal) -> BillableRow:
    """A row that shows what was used, at a price for just that (BT-149): no price of one unit comes to `amount`. Of nothing that costs
    something, or of what a document cannot write (a third of a minute), one piece."""
    if quantity == amount == ZERO:
        return replace(without_amount(row), quantity_type=quantity_type)
    if quantity <= ZERO or quantity % SMALLEST:
        return with_amount(row, amount)
    used = replace(row, quantity=quantity, quantity_type=quantity_type, unit_price=amount, price_base=None, total=amount, extras=())
    return used if quantity == 1 else replace(used, price_base=quantity)


def described(text: str | None, used: Iterable[Described]) -> str | None:
    """What a row says of itself: what the product says, then what was said of the things used, each once."""
    said = dict.fromkeys(one.description for one in used if one.description)
    joined = "\n".join([*([text] if text else []), *(["; ".join(said)] if said else [])])
    return (joined if len(joined) <= _LONGEST else f"{joined[: _LONGEST - 2]} …") or None


class Again(NamedTuple):
    """What a period comes to that is rated again."""

    rated: RatedUsages | None
    """None: all of it is cancelled."""
    late: Sequence[Usage]
    """Those of its usages that came late."""
    before: Decimal
    now: Decimal
    """What it costs."""


_AGAIN = {
    "de": ("Neu berechnet: {quantity}{late} kosten {now} {currency} statt {before} {currency}", ", davon {0} nachgemeldet,"),
    "en": ("Rated again: {quantity}{late} cost {now} {currency} instead of {before} {currency}", ", {0} of which came late,"),
}


def rated_again(row: BillableRow, again: Again, item: Item) -> BillableRow:
    """A row that shows a difference says of what: how much was used, and what all of it costs now and did before."""
    header, one = item.header, again.rated
    text, of_late = _AGAIN.get(header.language, _AGAIN["en"])

    def said(value: Decimal) -> str:
        plain = f"{shown(value, header.currency):f}"
        return plain.replace(".", ",") if header.language == "de" else plain

    def counted(value: Decimal) -> str:
        plain = f"{value.normalize():f}"
        return plain.replace(".", ",") if header.language == "de" else plain

    late = sum((usage.quantity for usage in again.late), ZERO)
    changed = text.format(
        quantity=counted(one.rated.quantity if one is not None else ZERO),
        late=of_late.format(counted(late)) if late else "",
        now=said(again.now),
        before=said(again.before),
        currency=header.currency,
    )
    description = f"{row.description}\n{changed}" if row.description else changed
    return replace(row, description=description[-_LONGEST:])


def basis_of(rated: Rated, item: Item, unit: Decimal | None) -> PriceCalculationBasis | tuple[PriceCalculationBasis, ...]:
    """How an amount came about: several where its first blocks are others than the further ones."""
    bases = (*rated.first, rated.basis)
    if unit is None:
        bases = tuple([replace(basis, quantity_type=item.row.quantity_type) for basis in bases])
    return bases[0] if len(bases) == 1 else bases


def added_basis(
    now: Rated, before: Rated, quantity: Decimal, item: Item
) -> PriceCalculationBasis | tuple[PriceCalculationBasis, ...]:
    """How what late usages add to a period came about: by the blocks that were not begun before, at the position that was reached."""
    stood = {(basis.block_size, basis.block_price): basis for basis in (*before.first, before.basis)}
    bases = []
    for basis in (*now.first, now.basis):
        was = stood.pop((basis.block_size, basis.block_price), None) if basis.type == "BLOCK" else None
        used = (basis.used_quantity or ZERO) - ((was.used_quantity if was is not None else None) or ZERO)
        blocks = (basis.block_quantity or ZERO) - ((was.block_quantity if was is not None else None) or ZERO)
        if used or blocks:
            bases.append(replace(basis, used_quantity=used, block_quantity=blocks, quantity_type=item.row.quantity_type))
    if now.basis.type != "BLOCK" or stood or not bases:  # tiers; or a block that is as large as what was used of it
        return replace(now.basis, used_quantity=quantity, block_quantity=None, quantity_type=item.row.quantity_type)
    return bases[0] if len(bases) == 1 else tuple(bases)


def row_of(item: Item, one: RatedUsages, by_usage: bool, begin: dt.date, unit: Decimal | None) -> BillableRow:
    """A row of the document, rounded to `unit` (None: to the currency's smallest), with what was used as its quantity: at the price that
    holds for all of it, else at what all of it costs; the basis shows how that came about."""
    rated, row, currency = one.rated, item.row, item.header.currency
    total, exact = round_amount(rated.amount, currency, unit), round_amount(rated.amount, currency)
    prices = {tier.price for tier in getattr(one.price, "price_tiers", ()) if tier.type == "PER_UNIT"}
    # readers multiply quantity and unit price (PEPPOL-EN16931-R120): both are shown only where the product is the amount
    single = rated.basis.type == "TIER_SINGLE" and rated.quantity and len(prices) == 1
    price = next(iter(prices)) if single and round_amount(next(iter(prices)) * rated.quantity, currency) == exact else None
    by_day = bool(one.usages) and (by_usage or begin < item.period_start)
    if price is not None:
        row = replace(row, quantity=rated.quantity, unit_price=price, price_base=None, total=total)
    else:
        row = of_quantity(row, rated.quantity, _unit_of(rated, row), total)
    made = replace(
        row,
        description=described(row.description, one.usages),
        basis=one.price.net_gross_indicator,
        service_start=one.usages[0].used_on if by_day else row.service_start,
        service_end=one.usages[-1].used_on + DAY if by_day else row.service_end,
        tax_date=one.usages[-1].used_on if by_day else row.tax_date,
        tax_location=one.tax_location,
        performance_location=one.performance_location or row.performance_location,
        tax_code=one.price.tax_code,
        tax_scheme=one.price.tax_scheme,
        price_calculation_basis=basis_of(rated, item, unit),
    )
    return made if price is None else shown_rounding(made, exact, item.header.language)


def _unit_of(rated: Rated, row: BillableRow) -> str:
    """What is priced by the clock counts minutes."""
    return "MINUTE" if rated.basis.type == "TIME_BASED_USAGE" else row.quantity_type
