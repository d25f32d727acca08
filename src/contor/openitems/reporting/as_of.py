"""Open items as of a day: the opening, and every movement until then. Today's balances say nothing of it. Money that came before its
document is dated stands there by itself until then, as it does on the customer's account."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.query.reading import streamed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class Closing(NamedTuple):
    """Months up to a day were locked when ids were below a mark: what came afterwards for one of them counts from the first day behind."""

    mark: int
    through: dt.date


class OpenRow(NamedTuple):
    """An open item on the day. Amounts are signed in the debit direction: positive is owed to us."""

    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    balance: Decimal
    ledger_balance: Decimal
    """What stands on the customer's account; of a memo (deposit without receivable) what was paid beyond what it asked for."""
    doubtful: bool
    is_memo: bool
    dunning_level: int
    """As it is now."""


def counted_on(date: str, id: str, closings: Sequence[Closing]) -> str:
    """SQL: on which day something counts, by its date and its id: never one that was locked by then. The values are those of
    `locked_values`."""
    if not closings:  # every row has its own date, and nothing is asked for each of them
        return date
    locked = "SELECT max(p.through) + 1 FROM unnest(%(marks)s::bigint[], %(through)s::date[]) p(mark, through)"
    return f"greatest({date}, ({locked} WHERE p.mark <= {id}))"


def locked_values(closings: Sequence[Closing]) -> dict[str, object]:
    return {"marks": [one.mark for one in closings], "through": [one.through for one in closings]}


_PARTS = (
    "(SELECT coalesce(sum((part ->> 'gross')::numeric), 0) FROM jsonb_array_elements(m.movement::jsonb -> 'ledger_parts') part)"
)
_BEYOND = f"""(SELECT coalesce(sum(CASE m.kind WHEN 'CORRECTION' THEN 0 ELSE m.ledger_amount END
       + CASE WHEN m.kind IN ('CORRECTION', 'PAYMENT') THEN {_PARTS} ELSE 0 END), 0) FROM opos_movement m
       WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id AND {{moved_on}} <= %(day)s)"""
"""Of a memo `c` what was paid beyond what it asked for, until the day."""
_AS_OF = """
SELECT {columns} FROM (
SELECT c.document_id, c.ident, c.document_type, c.customer_ident, c.currency, c.document_date, c.due_date, c.opening,
       CASE WHEN c.is_open THEN c.opening ELSE 0 END + coalesce(m.moved, 0) AS balance,
       CASE WHEN c.is_memo THEN {beyond} ELSE coalesce(m.ledger, 0) + CASE WHEN NOT c.is_open THEN 0
       WHEN c.currency = %(ledger)s THEN c.opening ELSE c.ledger_balance - coalesce(m.all_ledger, 0) END END AS ledger_balance,
       coalesce(m.doubtful, 0) > 0 AS doubtful, c.is_memo, c.dunning_level
  FROM (SELECT c.tenant_id, c.document_id, c.ident, c.document_type, c.customer_ident, c.currency, c.document_date, c.due_date, c.opening,
       c.ledger_balance, c.is_memo, c.dunning_level, {opened_on} <= %(day)s AS is_open FROM opos_case c) c LEFT JOIN (
       SELECT document_id, sum(amount) FILTER (WHERE counts) AS moved, sum(ledger_amount) FILTER (WHERE counts) AS ledger,
              sum(ledger_amount) AS all_ledger,
              sum(CASE WHEN decision = 'DOUBTFUL_RECEIVABLE' THEN CASE WHEN reversal_of IS NULL THEN 1 ELSE -1 END END)
              FILTER (WHERE counts) AS doubtful
         FROM (SELECT document_id, amount, ledger_amount, decision, reversal_of, {moved_on} <= %(day)s AS counts FROM opos_movement m) m
        GROUP BY document_id) m ON m.document_id = c.document_id) x
 WHERE balance <> 0 OR ledger_balance <> 0 ORDER BY customer_ident, due_date, document_id
"""


def open_items(uow: Uow, day: dt.date, closings: Sequence[Closing] = ()) -> Iterator[OpenRow]:
    """What was open at the end of the day, customer by customer, the oldest first. At what an item in a foreign currency was opened in the
    ledger's is not stored with it: that follows from what is open now and everything that moved it."""
    moved = counted_on("m.booked_on", "m.id", closings)
    opened = counted_on("coalesce(c.opened_on, c.document_date)", "c.document_id", closings)
    beyond = _BEYOND.format(moved_on=moved)
    sql = _AS_OF.format(columns=columns(OpenRow), moved_on=moved, opened_on=opened, beyond=beyond)
    ledger = tenant_settings(uow).ledger_currency
    return streamed(uow, OpenRow, sql, {"day": day, "ledger": ledger, **locked_values(closings)})
