"""What a document bills: the orders and contracts from which its rows come."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, Literal, NamedTuple

from contor.documents import tables
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BILLS_CONTRACTS: Final = (
    "c.id IN (SELECT o.document_id FROM document_origin o WHERE o.type = 'CONTRACT' AND o.ident = ANY (%(contracts)s))"
)
"""SQL: whether a document `c` bills one of the contracts, a parameter."""


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
