"""A clearing run, step by step: each one transaction of so many pairs at most, behind the customer that the last one reached."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents.cancelling import OF_REFUND
from contor.documents.types import DocumentType
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.work import Work, work
from contor.openitems import tables
from contor.openitems.cases import locked_cases
from contor.openitems.clearing.offset import clear_locked, unclear
from contor.openitems.clearing.rules import LeftOut, Open, Pair, pairs, why_left_out
from contor.openitems.types import Cleared, StoredCase
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.clearing")
MOST_PAIRS = 200
"""Pairs of one step, and open items of each side that it reads of one customer."""
MOST_CUSTOMERS = 50


@dataclass(frozen=True, slots=True)
class Step:
    run_ident: str


@dataclass(frozen=True, slots=True)
class Fail:
    run_ident: str
    reason: str


class _Run(NamedTuple):
    ident: str
    customer_ident: str | None
    currency: str | None
    case_ids: Sequence[int] | None
    status: str
    is_reversing: bool
    reached_customer: str
    reached_currency: str

    @property
    def is_named(self) -> bool:
        """Someone asked for these: he is told of each that has no counterpart."""
        return self.customer_ident is not None or self.case_ids is not None


class _Account(NamedTuple):
    customer_ident: str
    currency: str


class _Row(NamedTuple):
    document_id: int
    due_date: dt.date
    balance: Decimal
    doubtful: bool
    prebooked: Decimal
    dunning_block: bool
    dunning_block_until: dt.date | None
    is_deposit: bool
    is_refund: bool


_REFUND = f"(%(cases)s::bigint[] IS NULL AND {OF_REFUND})"
_OPEN = (
    "SELECT document_id, due_date, balance, doubtful, prebooked, dunning_block, dunning_block_until,"
    f" document_type = '{DocumentType.DEPOSIT_INVOICE.value}' AS is_deposit, {_REFUND} AS is_refund FROM opos_case c"
    " WHERE status = 'OPEN' AND customer_ident = %(customer)s AND currency = %(currency)s"
    " AND (%(cases)s::bigint[] IS NULL OR document_id = ANY (%(cases)s))"
)
_FREE = (
    " AND NOT doubtful AND prebooked = 0 AND NOT (dunning_block AND coalesce(dunning_block_until >= %(today)s, true))"
    f" AND document_type <> '{DocumentType.DEPOSIT_INVOICE.value}' AND NOT {_REFUND}"
)
_BY_AGE = " ORDER BY due_date, document_id LIMIT %(most)s"


@operation("clearing_run.step", permission="bookkeeping.write")
def step(uow: Uow, command: Step) -> bool:
    """Clear, or take back, the next pairs of a run; whether there is more to do."""
    sql = f"SELECT {columns(_Run)} FROM clearing_run WHERE ident = %s AND status IN ('CREATED', 'PROCESSING') FOR UPDATE"
    run = uow.first(_Run, sql, (command.run_ident,))
    if run is None:
        return False
    if run.is_reversing:
        return reverse_items(uow, run.ident, 2 * MOST_PAIRS)
    room, reached = MOST_PAIRS, None
    accounts = _accounts(uow, run)
    uow.lock("opos_customer", {account.customer_ident for account in accounts})
    for account in accounts:
        used, is_done = _clear_account(uow, run, account, room)
        room -= used
        if not is_done:
            break
        reached = account
        if room <= 0:
            break
    if not accounts:
        uow.run("UPDATE clearing_run SET status = 'COMPLETED', completed_at = %s WHERE ident = %s", (uow.ctx.now(), run.ident))
        uow.audit("clearing_run", run.ident, {"status": "COMPLETED"})
        return False
    behind = reached or _Account(run.reached_customer, run.reached_currency)
    uow.run(
        "UPDATE clearing_run SET status = 'PROCESSING', reached_customer = %s, reached_currency = %s WHERE ident = %s",
        (*behind, run.ident),
    )
    uow.audit("clearing_run", run.ident, {"status": "PROCESSING"})
    return True


@operation("clearing_run.fail", permission="bookkeeping.write")
def fail_run(uow: Uow, command: Fail) -> None:
    """A run cannot go on; what it did stands, and says so."""
    uow.run("UPDATE clearing_run SET status = 'FAILED', reason = %s WHERE ident = %s", (command.reason, command.run_ident))
    uow.audit("clearing_run", command.run_ident, {"status": "FAILED", "reason": command.reason})


def reverse_items(uow: Uow, run_ident: str, most: int) -> bool:
    """Take back the last pairs of a run, so many items at most; whether there are more."""
    sql = "SELECT ident FROM clearing_run_item WHERE run_ident = %s AND status = 'CLEARED' ORDER BY id DESC LIMIT %s"
    idents = uow.column(str, sql, (run_ident, most))
    unclear(uow, [f"clearing:{ident}" for ident in idents])
    uow.run("UPDATE clearing_run_item SET status = 'REVERSED' WHERE run_ident = %s AND ident = ANY (%s)", (run_ident, idents))
    if len(idents) == most:
        return True
    uow.run("UPDATE clearing_run SET status = 'REVERSED', reversed_at = %s WHERE ident = %s", (uow.ctx.now(), run_ident))
    uow.audit("clearing_run", run_ident, {"status": "REVERSED"})
    return False


def _accounts(uow: Uow, run: _Run) -> list[_Account]:
    """The next customers and currencies in which something may be cleared, by what is owed to them; of those that are named all."""
    what = "" if run.is_named else " AND balance < 0"
    sql = (
        f"SELECT customer_ident, currency FROM opos_case WHERE status = 'OPEN'{what}"
        " AND (customer_ident, currency) > (%(customer)s, %(currency)s)"
        " AND (%(only)s::text IS NULL OR customer_ident = %(only)s) AND (%(in)s::text IS NULL OR currency = %(in)s)"
        " AND (%(cases)s::bigint[] IS NULL OR document_id = ANY (%(cases)s))"
        " GROUP BY customer_ident, currency ORDER BY customer_ident, currency LIMIT %(most)s"
    )
    values = {
        "customer": run.reached_customer,
        "currency": run.reached_currency,
        "only": run.customer_ident,
        "in": run.currency,
        "cases": None if run.case_ids is None else list(run.case_ids),
        "most": MOST_CUSTOMERS,
    }
    return uow.all(_Account, sql, values)


def _clear_account(uow: Uow, run: _Run, account: _Account, room: int) -> tuple[int, bool]:
    """Clear so many pairs of one customer and currency; how many it were, and whether all is done."""
    values = {
        "customer": account.customer_ident,
        "currency": account.currency,
        "cases": None if run.case_ids is None else list(run.case_ids),
        "today": uow.ctx.today(),
        "most": MOST_PAIRS,
    }
    ids = [
        row.document_id
        for side in (" AND balance > 0", " AND balance < 0")
        for row in uow.all(_Row, _OPEN + _FREE + side + _BY_AGE, values)
    ]
    stored = {it.document_id: it for it in locked_cases(uow, ids)}
    # read anew: who was waited for may have changed them
    items = [Open(*row) for row in uow.all(_Row, f"{_OPEN}{_FREE} AND document_id = ANY (%(ids)s)", {**values, "ids": ids})]
    found = pairs(items)
    if found:
        _keep(uow, run, stored, found[:room])
    sides = [sum(1 for item in items if item.balance * sign > 0) for sign in (1, -1)]
    if len(found) > room or (found and max(sides) == MOST_PAIRS):
        return len(found[:room]), False
    _leave_out(uow, run, values)
    return len(found), True


def _keep(uow: Uow, run: _Run, stored: dict[int, StoredCase], found: Sequence[Pair]) -> None:
    """Clear the pairs, each under the ident of its debit's item."""
    idents = [uow.new_ident() for _ in range(2 * len(found))]
    wanted = [(pair, f"clearing:{ident}") for pair, ident in zip(found, idents[::2], strict=True)]
    done = clear_locked(uow, stored, wanted)
    rows = []
    for one, other, it in zip(idents[::2], idents[1::2], done, strict=True):
        rows += [_cleared(run, one, it, "DEBIT"), _cleared(run, other, it, "CREDIT")]
    _write(uow, rows)


def _cleared(run: _Run, ident: str, done: Cleared, side: str) -> dict[str, object]:
    mine, other = (done.debit, done.credit) if side == "DEBIT" else (done.credit, done.debit)
    case = mine.before.case
    return {
        "run_ident": run.ident,
        "ident": ident,
        "document_id": mine.before.document_id,
        "opos_case_ident": case.ident,
        "counter_case_ident": other.before.case.ident,
        "customer_ident": case.customer_ident,
        "currency": case.currency,
        "amount": abs(mine.movement.amount),
        "debit_credit_indicator": side,
        "status": "CLEARED",
        "reason": None,
        "movement_id": mine.id,
    }


class _Left(NamedTuple):
    document_id: int
    ident: str


def _leave_out(uow: Uow, run: _Run, values: Mapping[str, object]) -> None:
    """Name what stays: what may not be cleared, and of those that were asked for what has no counterpart."""
    today = uow.ctx.today()
    rows = uow.all(_Row, _OPEN + (" LIMIT 100000" if run.is_named else f" AND NOT (true{_FREE}) LIMIT 1000"), values)
    reasons: list[tuple[Open, LeftOut]] = []
    for row in rows:
        item = Open(*row)
        reason = why_left_out(item, today) or (LeftOut.NO_COUNTERPART if run.is_named else None)
        if reason is not None:
            reasons.append((item, reason))
    names = dict(
        uow.all(
            _Left,
            "SELECT document_id, ident FROM opos_case WHERE document_id = ANY (%s)",
            ([item.document_id for item, _ in reasons],),
        )
    )
    _write(
        uow,
        [
            {
                "run_ident": run.ident,
                "ident": uow.new_ident(),
                "document_id": item.document_id,
                "opos_case_ident": names[item.document_id],
                "counter_case_ident": None,
                "customer_ident": values["customer"],
                "currency": values["currency"],
                "amount": abs(item.balance),
                "debit_credit_indicator": "DEBIT" if item.balance > 0 else "CREDIT",
                "status": "LEFT_OUT",
                "reason": reason.value,
                "movement_id": None,
            }
            for item, reason in reasons
        ],
    )


def _write(uow: Uow, rows: Sequence[dict[str, object]]) -> None:
    now = uow.ctx.now()
    uow.insert(
        tables.clearing_run_item,
        [{**row, "id": number, "created_at": now} for row, number in zip(rows, uow.next_ids(len(rows)), strict=True)],
    )


def look(runtime: Runtime, tenant_id: int) -> None:
    """Do what runs ask for, the oldest first. One that cannot go on fails, and says why."""
    caller = Caller("job:clearing", "worker", tenant_id, permissions=frozenset({EVERYTHING}))
    while True:
        with runtime.transaction(caller, reads=True) as uow:
            sql = "SELECT ident FROM clearing_run WHERE status IN ('CREATED', 'PROCESSING') ORDER BY id LIMIT 1"
            ident = uow.scalar(str, sql)
        if ident is None:
            return
        try:
            while runtime.execute(step, Step(ident), caller):
                runtime.go_on()
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("clearing run %s failed", ident)
            reason = " ".join(it.message for it in error.problems) if isinstance(error, Refused) else type(error).__name__
            runtime.execute(fail_run, Fail(ident, reason), caller)


CLEARING_RUNS = work(Work(name="clearing_runs", look=look))
every_tenant(CLEARING_RUNS, every=dt.timedelta(hours=1))
