"""Rows in the amounts of their billing group, where these are coarser than the currency's. Pure.

A row keeps its quantity and its price; what rounding takes or adds stands beside them as a reduction or addition of the row (BG-27,
BG-28). The tax of a document is computed from such rows and keeps the decimals of the currency.
"""

from decimal import Decimal

from contor.billing.items.types import BillableRow
from contor.documents.types import ItemExtra, Sides
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import replace

ROUNDING = "rounding"
"""Ident of the part of a row by which it was rounded."""


def shown_rounding(row: BillableRow, exact: Decimal, language: str) -> BillableRow:
    """A row whose total was rounded, from `exact`: what its quantity costs at its price, with its other parts."""
    difference = row.total - exact
    if not difference:
        return row
    sides = Sides(net=difference) if row.basis == "NET" else Sides(gross=difference)
    name = "Rundung" if language == "de" else "Rounding"
    return replace(row, extras=(*row.extras, ItemExtra(ident=ROUNDING, name=name, total=sides)))


def in_unit(row: BillableRow, currency: str, unit: Decimal | None, language: str) -> BillableRow:
    """A row rounded to `unit`; None: as it is."""
    if unit is None or row.pays:
        return row
    exact = row.total
    rounded = replace(row, total=round_amount(exact, currency, unit))
    return shown_rounding(rounded, exact, language) if exact != ZERO else rounded
