"""The rows by which lists find documents: written when they are issued, and compared with what they were made of."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.documents.said import tables
from contor.documents.types import Document
from contor.kernel.shapes import Money
from contor.runtime.query import FilterField, elsewhere
from contor.runtime.query.filterable import Expression
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Said(NamedTuple):
    """What a document says, as it is searched."""

    document_id: int
    language: str
    customer_name: str
    invoice_address_ident: str
    prepaid: Decimal


def _said(number: int, document: Document) -> Said:
    address = document.invoice_address_ident or ""
    return Said(number, document.language, document.customer.name, address, document.totals.prepaid)


def said_by(documents: Iterable[tuple[int, Document]]) -> list[Said]:
    """The rows that are written in the transaction that issues them."""
    return [_said(number, document) for number, document in documents]


def unlike_content(uow: Uow, documents: Mapping[int, Document]) -> Iterator[int]:
    """Those of the documents that are found by something else than they say; those without a row are not found yet."""
    sql = f"SELECT {columns(Said)} FROM document_said WHERE document_id = ANY (%s)"
    for row in uow.all(Said, sql, (list(documents),)):
        if row != _said(row.document_id, documents[row.document_id]):
            yield row.document_id


def places_of(document_id: Expression) -> dict[str, FilterField]:
    """By the names with which documents are answered."""
    of = tables.document_said.c
    shapes = {
        "language": (of.language, str),
        "customer.name": (of.customer_name, str),
        "customer_detail.invoice_address_ident": (of.invoice_address_ident, str),
        "totals.prepaid": (of.prepaid, Money),
    }
    return {
        name: elsewhere(document_id, tables.document_said, "document_id", column, name, shape)
        for name, (column, shape) in shapes.items()
    }
