"""Movements as they are stored; and open items by what payments say of them, many at once."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.documents.naming import Named
from contor.openitems.tables import amount_key
from contor.openitems.types import Movement
from contor.runtime.db import ENCODER
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Stored(NamedTuple):
    id: int
    movement: str


class _Granted(NamedTuple):
    id: int
    document_id: int
    source: str
    booked_on: dt.date
    movement: str


class Granted(NamedTuple):
    """A Skonto that stands, and what moved the case by it."""

    id: int
    document_id: int
    source: str
    booked_on: dt.date
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


def cleared_under(uow: Uow, sources: Sequence[str]) -> set[str]:
    """Those of these sources under which something is cleared that was not taken back."""
    sql = f"SELECT source FROM opos_movement m WHERE source = ANY (%s) AND kind = 'CLEARING' AND {_NOT_TAKEN_BACK}"
    return set(uow.column(str, sql, (list(sources),)))


def granted_discounts(uow: Uow, document_ids: Collection[int]) -> list[Granted]:
    """The Skonto that was earned on these documents and not taken back, in order. What a person has decided to be one, only a person takes
    back."""
    sql = (
        "SELECT id, document_id, source, booked_on, movement::text AS movement FROM opos_movement m"
        " WHERE document_id = ANY (%s) AND decision = 'CASH_DISCOUNT' AND source NOT LIKE 'decision:%%'"
        f" AND {_NOT_TAKEN_BACK}"
    )
    rows = uow.all(_Granted, sql, (sorted(document_ids),))
    return [Granted(*row[:-1], READ_MOVEMENT(row.movement)) for row in rows]


def movements_of_documents(uow: Uow, document_ids: Sequence[int]) -> list[Movement]:
    """Everything that moved the open items of these documents, in order."""
    sql = "SELECT movement::text FROM opos_movement WHERE document_id = ANY (%s) ORDER BY id"
    return [READ_MOVEMENT(movement) for movement in uow.column(str, sql, (list(document_ids),))]


class Told(NamedTuple):
    """A movement with where it came from."""

    id: int
    source: str
    reversal_of: int | None
    movement: Movement


class _Told(NamedTuple):
    id: int
    source: str
    reversal_of: int | None
    movement: str


def lost_or_doubtful(uow: Uow, document_ids: Collection[int]) -> list[int]:
    """Those of these documents whose open item was written off or doubtful once."""
    sql = (
        "SELECT k.id FROM unnest(%s::bigint[]) k(id) WHERE EXISTS (SELECT 1 FROM opos_movement m WHERE m.document_id = k.id"
        " AND m.decision IN ('UNCOLLECTABLE_RECEIVABLE', 'DOUBTFUL_RECEIVABLE')) ORDER BY k.id"
    )
    return uow.column(int, sql, (sorted(document_ids),)) if document_ids else []


def told_of(uow: Uow, document_id: int) -> list[Told]:
    """Everything that moved the open item of a document, in order."""
    sql = "SELECT id, source, reversal_of, movement::text AS movement FROM opos_movement WHERE document_id = %s ORDER BY id"
    return [Told(*row[:3], READ_MOVEMENT(row.movement)) for row in uow.all(_Told, sql, (document_id,))]


MOST_OF_ONE_KEY = 100
"""Open cases that one key is looked up for: a reference that stands on more of them refers to none."""
MORE_THAN_KEYS = 1_000
"""With so many cases more than there are keys, one of the keys stands on many."""


class CaseNamed(NamedTuple):
    """A case and a key that it is found by."""

    key: str
    document_id: int
    ident: str
    due_date: dt.date


class _Keyed(NamedTuple):
    key: str
    document_id: int
    ident: str
    due_date: dt.date
    status: str


def open_cases_by_reference(uow: Uow, keys: Sequence[str]) -> list[CaseNamed]:
    """Open cases whose printed payment reference has one of these keys (`keys.compact`), of each the oldest first."""
    return _by(uow, "reference_key", keys, only_open=True)


def open_cases_by_number(uow: Uow, keys: Sequence[str]) -> list[CaseNamed]:
    """... whose number has one of these keys."""
    return _by(uow, "number_key", keys, only_open=True)


def cases_by_number(uow: Uow, numbers: Sequence[str]) -> list[CaseNamed]:
    """... open or closed, whose number is one of these, as it is."""
    return _by(uow, "ident", numbers, only_open=False)


def _by(uow: Uow, column: str, keys: Sequence[str], *, only_open: bool) -> list[CaseNamed]:
    """All keys in one walk through their index, a fifth of the cost of a search for each; where one of them stands on many cases, key by
    key, of each so many cases at most."""
    if not keys:
        return []
    rows = uow.all(
        _Keyed,
        f"SELECT {column} AS key, document_id, ident, due_date, status FROM opos_case"
        # no array of constants: the planner would look at each of them
        f" WHERE {column} = ANY (ARRAY(SELECT json_array_elements_text(%s::json)))"
        # in the order of the index: none else is walked, however few cases are asked for, or believed to be there
        f" ORDER BY {column} LIMIT %s",
        (ENCODER.encode(keys).decode(), len(keys) + MORE_THAN_KEYS),
    )
    found = [CaseNamed(*row[:4]) for row in rows if row.status == "OPEN" or not only_open]
    if len(rows) == len(keys) + MORE_THAN_KEYS or max(Counter(it.key for it in found).values(), default=0) > MOST_OF_ONE_KEY:
        found = _by_each(uow, column, keys, only_open=only_open)
    return sorted(found, key=lambda it: (it.due_date, it.document_id))


def _by_each(uow: Uow, column: str, keys: Sequence[str], *, only_open: bool) -> list[CaseNamed]:
    which = "WHERE status = 'OPEN'" if only_open else ""
    sql = (
        "SELECT k.key, c.document_id, c.ident, c.due_date FROM unnest(%s::text[]) k(key) CROSS JOIN LATERAL"
        # OFFSET 0, and sorted below: by due date or status an index would be walked that knows nothing of the key
        f" (SELECT document_id, ident, due_date FROM (SELECT document_id, ident, due_date, status FROM opos_case WHERE {column} = k.key"
        f" OFFSET 0) x {which} LIMIT {MOST_OF_ONE_KEY}) c"
    )
    return uow.all(CaseNamed, sql, (list(keys),))


class OpenCase(NamedTuple):
    """An open case that a payment may be for."""

    document_id: int
    ident: str
    customer_ident: str
    currency: str
    balance: Decimal
    due_date: dt.date


def open_cases_of_amounts(uow: Uow, amounts: Sequence[tuple[str, Decimal]], most: int) -> list[OpenCase]:
    """Open receivables with exactly these balances, (currency, balance), of each amount so many as are due first."""
    sql = (
        f"SELECT {columns(OpenCase, 'c')} FROM (SELECT DISTINCT {amount_key('currency', 'balance')} AS amount_key"
        " FROM unnest(%s::text[], %s::numeric[]) asked(currency, balance)) k CROSS JOIN LATERAL"
        f" (SELECT {columns(OpenCase)} FROM opos_case WHERE status = 'OPEN' AND amount_key = k.amount_key"
        " ORDER BY due_date LIMIT %s) c"
    )
    return uow.all(OpenCase, sql, ([it[0] for it in amounts], [it[1] for it in amounts], most)) if amounts else []


def open_cases_of_customers(uow: Uow, customers: Sequence[str], most: int) -> list[OpenCase]:
    """Open receivables of these customers, of each so many as are due first."""
    sql = (
        f"SELECT {columns(OpenCase, 'c')} FROM unnest(%s::text[]) k(customer_ident) CROSS JOIN LATERAL"
        f" (SELECT {columns(OpenCase)} FROM opos_case WHERE status = 'OPEN' AND balance > 0"
        " AND customer_ident = k.customer_ident ORDER BY due_date LIMIT %s) c"
    )
    return uow.all(OpenCase, sql, (list(customers), most)) if customers else []


class _Balance(NamedTuple):
    document_id: int
    balance: Decimal


def balances_of(uow: Uow, document_ids: Collection[int]) -> dict[int, Decimal]:
    """What is still owed on each, signed from our side."""
    sql = f"SELECT {columns(_Balance)} FROM opos_case WHERE document_id = ANY (%s)"
    return dict(uow.all(_Balance, sql, (sorted(document_ids),))) if document_ids else {}


def with_cases(uow: Uow, named: Sequence[Named]) -> list[Named]:
    """Those of the documents that have an open item."""
    ids = [row.id for row in named]
    there = set(uow.column(int, "SELECT document_id FROM opos_case WHERE document_id = ANY (%s)", (ids,))) if ids else set()
    return [row for row in named if row.id in there]


class WrittenDown(NamedTuple):
    """What of a customer is doubtful, and written down, in the ledger's currency."""

    customer_ident: str
    doubtful: Decimal
    allowance: Decimal


def written_down(uow: Uow) -> list[WrittenDown]:
    """Of each customer of whom anything is, or was."""
    return uow.all(
        WrittenDown,
        "SELECT c.customer_ident, coalesce(sum(c.ledger_balance) FILTER (WHERE c.doubtful), 0) AS doubtful, sum(m.allowance) AS allowance"
        " FROM opos_case c JOIN (SELECT document_id, sum((movement::jsonb ->> 'allowance')::numeric) AS allowance FROM opos_movement"
        " GROUP BY document_id HAVING bool_or(decision = 'DOUBTFUL_RECEIVABLE')) m ON m.document_id = c.document_id"
        " GROUP BY c.customer_ident",
    )


class MovedBy(NamedTuple):
    """A source, and a document whose open item it moved."""

    source: str
    document_id: int


def moved_by(uow: Uow, sources: Sequence[str]) -> list[MovedBy]:
    """The documents that these moved, whether or not that was taken back."""
    sql = "SELECT DISTINCT source, document_id FROM opos_movement WHERE source = ANY (%s) ORDER BY 1, 2"
    return uow.all(MovedBy, sql, (list(sources),)) if sources else []
