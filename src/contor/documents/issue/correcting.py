"""What a credit corrects, as the state before and after it. Pure.

Source: art. 106j (2) no. 5 of the Polish VAT act. The state before it counts what earlier credits took: each correction begins where
the one before it ended.
"""

from decimal import Decimal
from typing import Final

from contor.documents.amounts import RowLeft, Terms
from contor.documents.judge import CREDITING, Facts
from contor.documents.labels import Label
from contor.documents.properties import REASON
from contor.documents.types import (
    AmountSides,
    CorrectedRow,
    Correction,
    CorrectionKind,
    Document,
    DocumentItem,
    RowState,
    UnitPriceSides,
)
from contor.kernel.money import ZERO, round_price
from contor.kernel.shapes import replace

ONE: Final = Decimal(1)
_QUANTITY: Final = Decimal("0.0001")


def as_corrected(document: Document, terms: Terms, facts: Facts) -> Document:
    """A credit with what it corrects, where the tenant has credits laid out so."""
    left = terms.left
    if not facts.shows_corrections or left is None or document.document_type not in CREDITING:
        return document
    reduced = any(related.price_reductions for related in facts.related.values())
    keeps_quantity = document.is_price_reduction or reduced
    rows, now = list[CorrectedRow](), dict[tuple[str, str], AmountSides]()
    for item in document.items:
        if (row := left.row_of(item)) is not None:
            corrected = _row(item, row, now.get(row.key, row.left), keeps_quantity)
            now[row.key] = corrected.after.total  # of two that take back one row the second begins where the first ended
            rows.append(corrected)
    before = AmountSides(
        net=sum((group.left.net for group in left.groups.values()), ZERO),
        tax=sum((group.left.tax for group in left.groups.values()), ZERO),
        gross=sum((group.left.gross for group in left.groups.values()), ZERO),
    )
    totals = document.totals
    after = AmountSides(net=before.net - totals.net, tax=before.tax - totals.tax, gross=before.gross - totals.gross)
    said = next((entry.value for entry in document.properties if entry.key == REASON and entry.value.strip()), None)
    reason = said or Label.CORRECTION_UNSAID.said(document.language)
    kind = _kind(document, left.document)
    return replace(document, correction=Correction(kind=kind, reason=reason, rows=tuple(rows), before=before, after=after))


def _kind(document: Document, credited: Document) -> CorrectionKind:
    if document.is_deposit:
        return "KOR_ZAL"
    return "KOR" if credited.final_invoice_method is None else "KOR_ROZ"


def _row(item: DocumentItem, row: RowLeft, before: AmountSides, keeps_quantity: bool) -> CorrectedRow:
    taken = item.total
    after = AmountSides(net=before.net - taken.net, tax=before.tax - taken.tax, gross=before.gross - taken.gross)
    return CorrectedRow(
        position=item.position,
        before=row_state(row.item, before, keeps_quantity),
        after=row_state(row.item, after, keeps_quantity),
    )


def row_state(original: DocumentItem, amounts: AmountSides, keeps_quantity: bool) -> RowState:
    """A row of which `amounts` stand. Where these are a plain part of the original, so is its quantity; else, and where its price was
    reduced (`keeps_quantity`), the price per unit is the part."""
    whole, part = (original.total.net, amounts.net) if original.basis == "NET" else (original.total.gross, amounts.gross)
    if part == whole or not whole:
        return RowState(quantity=original.quantity, unit=original.unit, total=amounts)
    # what is counted in pieces comes back in pieces
    unit_of_quantity = ONE if original.quantity == original.quantity.to_integral_value() else _QUANTITY
    quantity = (original.quantity * part / whole).quantize(unit_of_quantity)
    if not keeps_quantity and quantity * whole == original.quantity * part:
        return RowState(quantity=quantity.normalize() + 0, unit=original.unit, total=amounts)
    unit = UnitPriceSides(net=round_price(original.unit.net * part / whole), gross=round_price(original.unit.gross * part / whole))
    return RowState(quantity=original.quantity, unit=unit, total=amounts)
