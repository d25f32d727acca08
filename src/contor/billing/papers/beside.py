"""What reduces or pays an order stands beside what it is for, though that may be of another site, place or tax scheme; and what is given
back because a contract was changed stands on the document of what is charged instead. Pure.

Source: accounting reference 1.5 and 9 ("split"): the header and the taxes of a document are those of all of its rows, a credit stays with
its debit. The document names the invoices from which something is taken back (BG-3); where nothing is charged instead, it is a credit of
its own.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal

from contor.billing.items import Item
from contor.billing.papers.types import TaxedItem, signed
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace


def beside(items: Iterable[TaxedItem], key: Callable[[TaxedItem], object]) -> Sequence[TaxedItem]:
    """The items; allowances of orders as of the document of their order on which they can stand: their own where it is large enough, else
    the largest. One that reduces needs rows of its tax, what pays bears none. `key`: what has the same stands on one document."""
    found = list(items)
    if not any(_is_given(taxed) for taxed in found):
        return found
    rows: dict[str, list[TaxedItem]] = {}
    for taxed in found:
        item = taxed.item
        # what takes back, or is not billed, is nothing that could be reduced or paid for
        if item.of_order and item.kind == "LINE_ITEM" and not (item.credited_document or item.is_settled or item.row.pays):
            rows.setdefault(item.contract_ident, []).append(taxed)
    return [_placed(taxed, rows.get(taxed.item.contract_ident, ()), key) if _is_given(taxed) else taxed for taxed in found]


def _is_given(taxed: TaxedItem) -> bool:
    item = taxed.item
    return item.of_order and item.kind == "ALLOWANCE" and item.credited_document is None and not item.is_settled


def _placed(taxed: TaxedItem, rows: Iterable[TaxedItem], key: Callable[[TaxedItem], object]) -> TaxedItem:
    pays = taxed.item.row.pays
    sums: dict[object, Decimal] = {}
    first: dict[object, TaxedItem] = {}
    for other in rows:
        if pays or _bears(taxed, other):
            name = other.item.header if pays else key(other)
            sums[name] = sums.get(name, ZERO) + signed(other)
            first.setdefault(name, other)
    own = taxed.item.header if pays else key(taxed)
    if not sums or sums.get(own, ZERO) >= taxed.item.row.total:
        return taxed
    # of those that come to the same always the same one, in whatever order they came
    at = first[max(sums, key=lambda name: (sums[name], repr(name)))].item
    if pays:
        return taxed._replace(item=taxed.item._replace(header=at.header))
    row = replace(
        taxed.item.row,
        tax_location=at.row.tax_location,
        performance_location=at.row.performance_location,
        tax_scheme=at.row.tax_scheme,
    )
    item = taxed.item._replace(header=at.header, business_case=at.business_case, row=row)
    return taxed._replace(item=item._replace(period_start=at.period_start, period_end=at.period_end))


def _bears(taxed: TaxedItem, other: TaxedItem) -> bool:
    tax, of_row = taxed.tax, other.tax
    is_same = (tax.rate, tax.category_code) == (of_row.rate, of_row.category_code)
    return is_same and taxed.item.row.basis == other.item.row.basis


# --- contracts that were changed

_TAKEN_BACK = {"de": "Gutschrift zu Rechnung {ident}", "en": "Taken back of invoice {ident}"}


def with_instead(
    items: Iterable[TaxedItem], key: Callable[[TaxedItem], object], apart: Collection[int] = ()
) -> Sequence[TaxedItem]:
    """The items; credits of changed contracts, but for those `apart` (by number), as rows of the document on which their contract is
    charged. `key`: what has the same stands on one document."""
    found = list(items)
    if not any(_is_instead(taxed) for taxed in found):
        return found
    charged = {(key(taxed), taxed.item.contract_ident) for taxed in found if _charges(taxed.item)}
    return [_instead(taxed, charged, key) if _is_instead(taxed) and taxed.item.item_id not in apart else taxed for taxed in found]


def _is_instead(taxed: TaxedItem) -> bool:
    item = taxed.item
    return item.row.stands_beside and item.credited_document is not None and not item.is_settled


def _charges(item: Item) -> bool:
    """Or reduces further what was charged: that is no row of the invoice that a credit could name."""
    is_meant = item.type == "DEBIT" or item.row.stands_beside
    return item.kind != "CREDIT" and is_meant and not item.row.pays and bool(item.row.total)


def _instead(taxed: TaxedItem, charged: set[tuple[object, str]], key: Callable[[TaxedItem], object]) -> TaxedItem:
    item = taxed.item
    said = _TAKEN_BACK.get(item.header.language, _TAKEN_BACK["en"]).format(ident=item.credited_document)
    row = replace(item.row, description=said if item.row.description is None else f"{said}\n{item.row.description}")
    placed = taxed._replace(item=item._replace(credited_document=None, beside=item.credited_document, row=row))
    return placed if (key(placed), item.contract_ident) in charged else taxed
