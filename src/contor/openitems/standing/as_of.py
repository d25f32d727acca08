"""Open items as they stood at the end of a day, and what moved them in a period: for exports, in constant memory."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.openitems.reporting import Closing, counted_on, locked_values
from contor.runtime.query.reading import streamed
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
    """The day on which it counts: what came late for a month that was closed counts from the first day behind."""
    reversal_of: int | None


_OF_CASE = "FROM opos_movement m WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id AND m.id < %(mark)s"


def cases_as_of(uow: Uow, first: dt.date, last: dt.date, mark: int, closings: Sequence[Closing] = ()) -> Iterator[CaseAsOf]:
    """The cases that were open at the end of the last day, or were opened or moved from the first day on. Rows whose id is not below `mark`
    do not count."""
    moved_on = counted_on("m.booked_on", "m.id", closings)
    opened_on = counted_on("coalesce(c.opened_on, c.document_date)", "c.document_id", closings)
    moved = f"coalesce((SELECT sum(m.amount) {_OF_CASE} AND {moved_on} <= %(last)s), 0)"
    in_period = f"EXISTS (SELECT 1 {_OF_CASE} AND {moved_on} BETWEEN %(first)s AND %(last)s)"
    sql = (
        f"SELECT {columns(CaseAsOf)} FROM (SELECT c.document_id, c.ident, c.document_type, c.customer_ident, c.currency, c.document_date,"
        " c.due_date,"
        f" c.opening, {moved} AS moved, c.is_memo FROM opos_case c WHERE c.document_id < %(mark)s"
        f" AND ({opened_on} BETWEEN %(first)s AND %(last)s OR {in_period}"
        f" OR {opened_on} < %(first)s AND c.opening + {moved} <> 0)) c ORDER BY document_date, document_id"
    )
    values = {"first": first, "last": last, "mark": mark, **locked_values(closings)}
    return streamed(uow, CaseAsOf, sql, values, name="cases")


def movements_between(
    uow: Uow, first: dt.date, last: dt.date, mark: int, closings: Sequence[Closing] = ()
) -> Iterator[MovementRow]:
    """What moved cases on these days."""
    counted = counted_on("m.booked_on", "m.id", closings)
    names = ", ".join(f"{counted} AS booked_on" if name == "booked_on" else name for name in MovementRow._fields)
    sql = f"SELECT {names} FROM opos_movement m WHERE {counted} BETWEEN %(first)s AND %(last)s AND m.id < %(mark)s ORDER BY id"
    values = {"first": first, "last": last, "mark": mark, **locked_values(closings)}
    return streamed(uow, MovementRow, sql, values, name="movements")
