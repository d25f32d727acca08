"""Open items as they stood at the end of a day, and what moved them in a period: for exports, in constant memory."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.query.streaming import streamed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class CaseAsOf(NamedTuple):
    """A case. Amounts are signed in the debit direction, in units of its currency."""

    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    moved: Decimal
    """By all that was booked until the day."""
    is_memo: bool

    @property
    def balance(self) -> Decimal:
        return self.opening + self.moved


class MovementRow(NamedTuple):
    """What moved a case."""

    id: int
    document_id: int
    kind: str
    amount: Decimal
    ledger_amount: Decimal
    decision: str | None
    source: str
    note: str | None
    booked_on: dt.date
    reversal_of: int | None


_MOVED = (
    "coalesce((SELECT sum(m.amount) FROM opos_movement m WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id"
    " AND m.booked_on <= %(last)s AND m.id < %(mark)s), 0)"
)
_IN_PERIOD = (
    "EXISTS (SELECT 1 FROM opos_movement m WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id"
    " AND m.booked_on BETWEEN %(first)s AND %(last)s AND m.id < %(mark)s)"
)


def cases_as_of(uow: Uow, first: dt.date, last: dt.date, mark: int) -> Iterator[CaseAsOf]:
    """The cases that were open at the end of the last day, or were opened or moved from the first day on. Rows whose id is not below `mark`
    do not count."""
    sql = (
        f"SELECT {columns(CaseAsOf)} FROM (SELECT c.document_id, c.ident, c.document_type, c.customer_ident, c.currency, c.document_date,"
        " c.due_date,"
        f" c.opening, {_MOVED} AS moved, c.is_memo FROM opos_case c WHERE c.document_id < %(mark)s"
        f" AND (c.document_date BETWEEN %(first)s AND %(last)s OR {_IN_PERIOD}"
        f" OR c.document_date < %(first)s AND c.opening + {_MOVED} <> 0)) c ORDER BY document_date, document_id"
    )
    return streamed(uow, CaseAsOf, sql, {"first": first, "last": last, "mark": mark}, name="cases")


def movements_between(uow: Uow, first: dt.date, last: dt.date, mark: int) -> Iterator[MovementRow]:
    """What moved cases on these days."""
    sql = f"SELECT {columns(MovementRow)} FROM opos_movement WHERE booked_on BETWEEN %s AND %s AND id < %s ORDER BY id"
    return streamed(uow, MovementRow, sql, (first, last, mark), name="movements")
