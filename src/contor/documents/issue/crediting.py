"""Which rows of which document a credit takes back: said by its content, kept as rows. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.judge import CREDITING
from contor.documents.types import Document


class CreditedRow(NamedTuple):
    """A row of a credit, the row that it takes back, and what it takes of it."""

    document_id: int
    position: int
    credited_document_id: int
    credited_position: int
    net: Decimal
    tax: Decimal
    gross: Decimal


def credited_rows(number: int, credit: Document, named: Sequence[tuple[int, Document]]) -> list[CreditedRow]:
    """What the rows of document `number` take back of those that it names, given as (id, document) in its order: each of the document
    that it says, or all of the first that has one of them; nothing where it is no credit."""
    expected = CREDITING.get(credit.document_type)
    known = [
        (of, document.ident, {item.ident: item.position for item in document.items})
        for of, document in named
        if expected is not None and document.document_type is expected
    ]
    if not known:
        return []
    taken = [(item, item.reference_ident or item.ident) for item in credit.items]
    first = next((one for one in known if any(ident in one[2] for _, ident in taken)), known[0])
    by_number = {ident: (of, ident, positions) for of, ident, positions in known}
    found = []
    for item, ident in taken:
        origin, _, positions = by_number.get(item.related_document_ident or "", first)
        if ident in positions:
            sides = item.total
            found.append(CreditedRow(number, item.position, origin, positions[ident], sides.net, sides.tax, sides.gross))
    return found
