"""What a document bills: the orders and contracts from which its rows come."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, select, union_all

from contor.documents import tables
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Origin(NamedTuple):
    """An order or contract that a document bills."""

    document_id: int
    type: Literal["ORDER", "CONTRACT"]
    ident: str


def keep_origins(uow: Uow, origins: Sequence[Origin]) -> None:
    """In the transaction that issues the documents."""
    uow.insert(tables.document_origin, [origin._asdict() for origin in origins])


def origins_of(uow: Uow, document_ids: Collection[int]) -> dict[int, list[Origin]]:
    """Of each document, orders before contracts, by ident."""
    found: dict[int, list[Origin]] = defaultdict(list)
    sql = f"SELECT {columns(Origin)} FROM document_origin WHERE document_id = ANY (%s) ORDER BY document_id, type DESC, ident"
    for origin in uow.all(Origin, sql, (list(document_ids),)):
        found[origin.document_id].append(origin)
    return found


def origin_idents() -> FromClause:
    """(document, ident) of all that documents are answered to come from: orders, contracts, and what a reissue takes the place of."""
    origin, reissue = tables.document_origin.c, tables.document_reissue.c
    # type by type: the index begins with it
    billed = [select(origin.document_id, origin.ident).where(origin.type == kind) for kind in ("ORDER", "CONTRACT")]
    return union_all(
        *billed, _numbers(reissue.new_document_id, reissue.document_id), _numbers(reissue.new_document_id, reissue.credit_memo_id)
    ).subquery("origins")


def related_idents() -> FromClause:
    """(document, number) of all that documents credit, correct or deduct."""
    relation = tables.document_relation.c
    return _numbers(relation.document_id, relation.related_id).subquery("related")


def _numbers(document_id: ColumnElement[int], other_id: ColumnElement[int]) -> Select[tuple[int, str]]:
    other = tables.document.alias()
    return select(document_id.label("document_id"), other.c.ident).join_from(document_id.table, other, other.c.id == other_id)
