"""How papers stand with their money: which are paid, open or overdue, as lists search it, and what moved each of a page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.documents.papers import CANCELLED
from contor.kernel.shapes import Fields
from contor.openitems.queries import blocked_on
from contor.openitems.types import MovementKind
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

PaperState = Literal["unpaid", "paid", "overdue"]
"""`unpaid`: it is due or will be, overdue ones among them."""
_OPEN: Final = "SELECT o.document_id FROM opos_case o WHERE o.status = 'OPEN'"
DECIDED: Final = (
    "EXISTS (SELECT 1 FROM opos_decision e WHERE e.tenant_id = c.tenant_id AND e.document_id = c.id AND e.reversion_target_ident IS NULL"
    " AND e.type IN ('UNCOLLECTABLE_RECEIVABLE', 'EXTERNAL_CLOSED')"
    " AND NOT EXISTS (SELECT 1 FROM opos_decision r WHERE r.tenant_id = e.tenant_id AND r.reversion_target_ident = e.ident))"
)
"""SQL: whether a document `c` is given up by a decision that stands."""
MOVED: Final = "SELECT document_id FROM opos_movement WHERE created_at {span}"
"""SQL: the documents of which something moved in a time."""


ASSIGNED_TO_CUSTOMERS: Final = (
    "SELECT substr(m.source, 12) FROM opos_case o JOIN opos_movement m ON m.tenant_id = o.tenant_id AND m.document_id = o.document_id"
    " WHERE o.customer_ident = ANY (%(customers)s) AND m.source LIKE 'assignment:%%'"
)
"""SQL: the assignments that moved documents of `customers`, a parameter."""


class Moved(NamedTuple):
    """What moved an open item, signed: what came in is negative."""

    id: int
    document_id: int
    kind: str
    amount: Decimal
    booked_on: dt.date
    note: str | None
    source: str
    reversal_of: int | None
    created_at: dt.datetime


def in_state(state: PaperState) -> str:
    """SQL: whether a document `c` stands so. What was cancelled is in none of the states; `today` is a parameter."""
    still = f"{CANCELLED} IS NOT TRUE"
    if state == "paid":
        return f"c.settled = c.payable AND {still}"
    overdue = " AND c.due_date < %(today)s::date" if state == "overdue" else ""
    # as an array: what is open is looked up, however many are not
    return f"c.id = ANY (ARRAY({_OPEN})) AND {still}{overdue}"


def paid_between(first: dt.date | None, last: dt.date | None) -> tuple[str, Fields]:
    """SQL: whether a document `c` is settled, and the last that moved it is of these days, both included; with its parameters."""
    moves = "SELECT m.document_id FROM opos_movement m WHERE"
    values: Fields = {"paid_first": first or dt.date.min, "paid_last": last or dt.date.max}
    sql = (
        f"c.id IN ({moves} m.booked_on BETWEEN %(paid_first)s::date AND %(paid_last)s::date) AND c.settled = c.payable"
        f" AND NOT EXISTS ({moves} m.document_id = c.id AND m.booked_on > %(paid_last)s::date) AND {CANCELLED} IS NOT TRUE"
    )
    return sql, values


def moved_of(uow: Uow, document_ids: Collection[int]) -> dict[int, list[Moved]]:
    """What moved each of these documents, in order."""
    found: dict[int, list[Moved]] = defaultdict(list)
    sql = (
        f"SELECT {columns(Moved)} FROM unnest(%s::bigint[]) k(number) CROSS JOIN LATERAL"
        # document by document: a planner without statistics would walk through every movement
        f" (SELECT {columns(Moved)} FROM opos_movement WHERE document_id = k.number OFFSET 0) m ORDER BY id"
    )
    for row in uow.all(Moved, sql, (sorted(document_ids),)) if document_ids else ():
        found[row.document_id].append(row)
    return found


def blocked_among(uow: Uow, document_ids: Collection[int]) -> set[int]:
    """Those of these documents that are not dunned today, for somebody said so."""
    sql = f"SELECT document_id FROM opos_case WHERE document_id = ANY (%s) AND {blocked_on(uow.ctx.today())}"
    return set(uow.column(int, sql, (sorted(document_ids),))) if document_ids else set()


def decided_among(uow: Uow, document_ids: Collection[int]) -> set[int]:
    """Those of these documents of which something was decided off for good."""
    sql = f"SELECT c.id FROM unnest(%s::bigint[]) c(id) WHERE {DECIDED.replace('e.tenant_id = c.tenant_id AND ', '')}"
    return set(uow.column(int, sql, (sorted(document_ids),))) if document_ids else set()


class _Put(NamedTuple):
    source: str
    document_id: int


def documents_of_assignments(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """By assignment, the document that its money was put to; without those that are for none."""
    sql = "SELECT source, min(document_id) AS document_id FROM opos_movement WHERE source = ANY (%s) GROUP BY source"
    sources = [f"assignment:{ident}" for ident in sorted(idents)]
    return {row.source.partition(":")[2]: row.document_id for row in uow.all(_Put, sql, (sources,))} if sources else {}


def payments_among(moves: Collection[Moved]) -> list[Moved]:
    """Money that stands: what was taken back, and what took it back, is none."""
    gone = {row.reversal_of for row in moves if row.reversal_of is not None}
    return [row for row in moves if row.kind == MovementKind.PAYMENT and row.reversal_of is None and row.id not in gone]
