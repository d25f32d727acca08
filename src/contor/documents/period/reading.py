"""Documents in the order of their dates."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

from contor.documents.queries import frozen
from contor.documents.types import Document
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class _Row(NamedTuple):
    id: int
    ident: str
    counter_ident: str | None
    number_year: int | None
    number_value: int | None
    legal_entity: str
    snapshot: bytes


class PeriodDocument(NamedTuple):
    """A document, and what its number was made of: none of it where the caller gave the number."""

    id: int
    document: Document
    counter_ident: str | None
    number_year: int | None
    number_value: int | None
    legal_entity: str


_BY_NUMBER = "d.legal_entity, d.document_type, d.counter_ident, d.number_year, d.number_value, d.id"
_WHERE = "(d.document_date BETWEEN %(first)s AND %(last)s OR d.id = ANY (%(named)s::bigint[])) AND d.id < %(mark)s"


def documents_between(
    uow: Uow, first: dt.date, last: dt.date, mark: int, *, named: Collection[int] = (), by_number: bool = False
) -> Iterator[PeriodDocument]:
    """Those dated on these days, both included, and those that are `named` by id; none whose id is not below `mark`. In the order of their
    days, or series by series in that of their numbers."""
    sql = (
        "SELECT d.id, d.ident, d.counter_ident, d.number_year, d.number_value, d.legal_entity, c.snapshot FROM document d"
        " JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id"
        f" WHERE {_WHERE} ORDER BY {_BY_NUMBER if by_number else 'd.document_date, d.id'}"
    )
    given = {"first": first, "last": last, "mark": mark, "named": sorted(named)}
    for row in streamed(uow, _Row, sql, given, name="documents"):
        yield PeriodDocument(
            row.id, frozen(row.ident, row.snapshot), row.counter_ident, row.number_year, row.number_value, row.legal_entity
        )


def count_documents(uow: Uow, first: dt.date, last: dt.date, mark: int) -> int:
    """How many `documents_between` has without named ones."""
    given = {"first": first, "last": last, "mark": mark, "named": []}
    return uow.scalar(int, f"SELECT count(*) FROM document d WHERE {_WHERE}", given) or 0
