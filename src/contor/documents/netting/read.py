"""Read which rows take something back of documents."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from contor.documents.amounts import Left, Netted
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class NettingRow(NamedTuple):
    """A row, and the row of which it takes something back."""

    document_id: int
    item_ident: str
    netted_document_id: int
    netted_item_ident: str


def netting_rows(uow: Uow, ids: Collection[int]) -> list[NettingRow]:
    """The rows that take something back of these documents, in the order in which they were issued."""
    sql = f"SELECT {columns(NettingRow)} FROM document_netting WHERE netted_document_id = ANY (%s) ORDER BY document_id, item_ident"
    return uow.all(NettingRow, sql, (sorted(ids),))


def netted_of(rows: Iterable[NettingRow], lefts: Mapping[int, Left]) -> dict[int, list[Netted]]:
    """By document what is taken back of its rows. `lefts`: what is left of the documents of `rows`."""
    found: dict[int, list[Netted]] = {}
    for row in rows:
        if (by := lefts[row.document_id].rows.get(row.item_ident)) is not None:
            found.setdefault(row.netted_document_id, []).append(Netted(row.netted_item_ident, by))
    return found
