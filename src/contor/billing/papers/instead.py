"""What is given back because a contract was changed stands on the document of what is charged instead. Pure.

One document shows both, and what it comes to (accounting reference 9, "split": a credit stays with its debit); it names the invoices from
which something is taken back (BG-3). Where nothing is charged instead, it is a credit of its own.
"""

from collections.abc import Callable, Iterable, Sequence

from contor.billing.items import Item
from contor.billing.papers.types import TaxedItem
from contor.kernel.shapes import replace

_TAKEN_BACK = {"de": "Gutschrift zu Rechnung {ident}", "en": "Taken back of invoice {ident}"}


def with_instead(items: Iterable[TaxedItem], key: Callable[[TaxedItem], object]) -> Sequence[TaxedItem]:
    """The items; credits of changed contracts as rows of the document on which their contract is charged. `key`: what has the same
    stands on one document."""
    found = list(items)
    if not any(_is_given(taxed) for taxed in found):
        return found
    charged = {(key(taxed), taxed.item.contract_ident) for taxed in found if _charges(taxed.item)}
    return [_placed(taxed, charged, key) if _is_given(taxed) else taxed for taxed in found]


def _is_given(taxed: TaxedItem) -> bool:
    item = taxed.item
    return item.row.stands_beside and item.credited_document is not None and not item.is_settled


def _charges(item: Item) -> bool:
    return item.kind != "CREDIT" and item.type == "DEBIT" and not item.row.pays and bool(item.row.total)


def _placed(taxed: TaxedItem, charged: set[tuple[object, str]], key: Callable[[TaxedItem], object]) -> TaxedItem:
    item = taxed.item
    said = _TAKEN_BACK.get(item.header.language, _TAKEN_BACK["en"]).format(ident=item.credited_document)
    row = replace(
        item.row, credited_row=None, description=said if item.row.description is None else f"{said}\n{item.row.description}"
    )
    placed = taxed._replace(item=item._replace(credited_document=None, beside=item.credited_document, row=row))
    return placed if (key(placed), item.contract_ident) in charged else taxed
