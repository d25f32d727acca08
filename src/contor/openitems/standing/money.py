"""What came for documents, and what their open items began with."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

from contor.openitems.types import REDUCING
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class MoneyMoved(NamedTuple):
    """What moved an open item, signed: what relieves the customer is negative."""

    document_id: int
    booked_on: dt.date
    amount: Decimal
    ledger_amount: Decimal
    reduces: bool
    """What is owed for the supply became less by it; else it was money, or clears."""


class Began(NamedTuple):
    """An open item when it was opened."""

    document_id: int
    opening: Decimal
    ledger_opening: Decimal


_REDUCING: Final = sorted(it.value for it in REDUCING)


def money_moved(uow: Uow, document_ids: Collection[int]) -> list[MoneyMoved]:
    """Everything that moved the open items of these documents, in order."""
    sql = (
        "SELECT document_id, booked_on, amount, ledger_amount, coalesce(decision = ANY (%s), false) AS reduces"
        # document by document: a planner without statistics would walk through every movement
        " FROM unnest(%s::bigint[]) k(number) CROSS JOIN LATERAL (SELECT id, document_id, booked_on, amount, ledger_amount, decision"
        " FROM opos_movement WHERE document_id = k.number OFFSET 0) m ORDER BY id"
    )
    return uow.all(MoneyMoved, sql, (_REDUCING, sorted(document_ids))) if document_ids else []


def began(uow: Uow, document_ids: Collection[int]) -> list[Began]:
    """With what the open items of these documents began."""
    sql = (
        f"SELECT {columns(Began)} FROM (SELECT c.document_id, c.opening, c.ledger_balance - coalesce((SELECT sum(m.ledger_amount)"
        " FROM opos_movement m WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id), 0) AS ledger_opening"
        " FROM opos_case c WHERE c.document_id = ANY (%s)) x ORDER BY document_id"
    )
    return uow.all(Began, sql, (sorted(document_ids),)) if document_ids else []
