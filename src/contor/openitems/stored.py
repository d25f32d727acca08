"""Movements as they are stored."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from contor.openitems.types import Movement
from contor.runtime.uow import Uow


class _Stored(NamedTuple):
    id: int
    movement: str


class _Granted(NamedTuple):
    id: int
    source: str
    movement: str


class Granted(NamedTuple):
    """A Skonto that stands, and what moved the case by it."""

    id: int
    source: str
    movement: Movement


_NOT_TAKEN_BACK = (
    "reversal_of IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM opos_movement r WHERE r.tenant_id = m.tenant_id AND r.reversal_of = m.id) ORDER BY id"
)
READ_MOVEMENT = msgspec.json.Decoder(Movement).decode


def movements_of(uow: Uow, source: str) -> list[tuple[int, Movement]]:
    """(id, movement) of everything that `source` moved and that was not taken back, in order."""
    sql = f"SELECT id, movement::text AS movement FROM opos_movement m WHERE source = %s AND {_NOT_TAKEN_BACK}"
    rows = uow.all(_Stored, sql, (source,))
    return [(row.id, READ_MOVEMENT(row.movement)) for row in rows]


def granted_discounts(uow: Uow, document_id: int) -> list[Granted]:
    """The Skonto that was granted on a document and not taken back, in order."""
    sql = (
        "SELECT id, source, movement::text AS movement FROM opos_movement m WHERE document_id = %s AND decision = 'CASH_DISCOUNT'"
        f" AND {_NOT_TAKEN_BACK}"
    )
    rows = uow.all(_Granted, sql, (document_id,))
    return [Granted(row.id, row.source, READ_MOVEMENT(row.movement)) for row in rows]


def movements_of_documents(uow: Uow, document_ids: Sequence[int]) -> list[Movement]:
    """Everything that moved the open items of these documents, in order."""
    sql = "SELECT movement::text FROM opos_movement WHERE document_id = ANY (%s) ORDER BY id"
    return [READ_MOVEMENT(movement) for movement in uow.column(str, sql, (list(document_ids),))]
