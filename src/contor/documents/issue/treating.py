"""What refers to an earlier document is treated as it was treated there, wherever the parties are by now (accounting reference 6.5). Pure.

Rows that take others back, or bill them again, and deducted deposits: only where the document itself would treat them otherwise it keeps
how they were treated, with the place of their taxation.
"""

from collections.abc import Mapping
from decimal import Decimal

from contor.documents.amounts import Terms
from contor.documents.judge import Facts
from contor.documents.treatment import Treated, deposit_treated, row_rule, tax_parts
from contor.documents.types import DepositTreatment, Document, DocumentItem, TaxGroup
from contor.kernel.shapes import replace

Origin = tuple[Document, DocumentItem]
"""A row of another document."""


def as_treated(document: Document, terms: Terms, facts: Facts) -> Document:
    """The document with the treatment of what it refers to."""
    origins = _origins(document, terms, facts)
    deposits = _deposits(facts) if document.deposits else {}
    if not origins and not deposits:
        return document
    document = replace(document, taxes=tuple([_placed(group, document, origins, deposits) for group in document.taxes]))
    items = tuple([_row(item, document, origins.get(item.position)) for item in document.items])
    return replace(document, items=items, deposit_treatments=_of_deposits(document, origins, deposits))


def _origins(document: Document, terms: Terms, facts: Facts) -> dict[int, Origin]:
    """By position, the row that each row takes back or bills again."""
    found: dict[int, Origin] = {}
    before = facts.billed_before
    rows: dict[str | None, DocumentItem] = {} if before is None else {item.ident: item for item in before.items}
    for item in document.items:
        if item.deposit_ident is not None and terms.left is None:
            continue
        row = terms.left.row_of(item) if terms.left is not None else None
        if row is not None:
            found[item.position] = (row.document, row.item)
        elif before is not None and (again := rows.get(item.ident if facts.repeats else item.reference_ident)) is not None:
            found[item.position] = (before, again)
    return found


def _deposits(facts: Facts) -> dict[str, Document]:
    """Deposit invoices that are named, by their numbers."""
    documents = [it.left.document for it in facts.related.values()]
    return {document.ident: document for document in documents if document.is_deposit}


def _placed(group: TaxGroup, document: Document, origins: Mapping[int, Origin], deposits: Mapping[str, Document]) -> TaxGroup:
    """A group of nothing but what refers to earlier documents is taxed where it was taxed there."""
    key, places = (group.category_code, group.rate), set[str | None]()
    for item in document.items:
        if (item.category_code, item.rate) != key:
            continue
        origin = deposits.get(item.deposit_ident or "") or origins.get(item.position, (None,))[0]
        of_origin = () if origin is None else origin.taxes
        found = [it.country for it in of_origin if (it.category_code, it.rate) == key]
        if not found:
            return group
        places.update(found)
    return replace(group, country=places.pop()) if len(places) == 1 else group


def _row(item: DocumentItem, document: Document, origin: Origin | None) -> DocumentItem:
    if origin is None:
        return item
    then = _treatment(*origin)
    return item if then is None or then == _treatment(document, item) else replace(item, treatment=then)


def _treatment(document: Document, item: DocumentItem) -> str | None:
    key = (item.category_code, item.rate)
    group = next((it for it in document.taxes if (it.category_code, it.rate) == key), None)
    if group is None or item.deposit_ident is not None:  # a row that bears several taxes, or is no supply
        return None
    return row_rule(document, group, [it for it in document.items if (it.category_code, it.rate) == key])(item)


def _of_deposits(
    document: Document, origins: Mapping[int, Origin], deposits: Mapping[str, Document]
) -> tuple[DepositTreatment, ...]:
    """Of what a final invoice deducts, and of what its credit gives back."""
    then: dict[tuple[str, str, Decimal], Treated] = {}
    for deduction in document.deposits:
        if deduction.ident in deposits:
            for part in tax_parts(deposits[deduction.ident]):
                then.setdefault((deduction.ident, part.category_code, part.rate), (part.treatment, part.country))
    for final, row in origins.values():
        if row.deposit_ident is not None:
            key = (row.deposit_ident, row.category_code, row.rate)
            then[key] = deposit_treated(final, *key)
    return tuple(
        [
            DepositTreatment(ident=key[0], category_code=key[1], rate=key[2], treatment=treatment, country=country)
            for key, (treatment, country) in then.items()
            if (treatment, country) != deposit_treated(document, *key)
        ]
    )
