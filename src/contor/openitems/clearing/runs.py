"""Clearing runs: what shall be cleared is said once, a worker does it step by step, the whole of it can be reversed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.customers.queries import known_customers
from contor.documents.matters import lock_matters
from contor.documents.naming import bearers, documents_named
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, Ident, shape
from contor.openitems import tables
from contor.openitems.clearing.steps import reverse_items
from contor.openitems.stored import with_cases
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

RunStatus = Literal["CREATED", "PROCESSING", "COMPLETED", "FAILED", "REVERSED"]
AT_ONCE = 200
"""Items of a run that is reversed at once; a larger one is reversed step by step."""


@shape
class ClearingRunBody:
    """What is cleared; without anything, all open items of all customers."""

    customer_ident: Ident | None = None
    currency: Currency | None = None
    cases: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=1000)] | None = None
    """Only these open items, by their idents."""


@shape
class ClearingRunView:
    ident: str
    customer_ident: str | None = None
    currency: str | None = None
    cases: tuple[str, ...] | None = None
    status: RunStatus
    reason: str | None = None
    """Why it failed."""
    created_at: dt.datetime
    completed_at: dt.datetime | None = None
    reversed_at: dt.datetime | None = None


class _Run(NamedTuple):
    ident: str
    customer_ident: str | None
    currency: str | None
    case_ids: Sequence[int] | None
    status: RunStatus
    reason: str | None
    is_reversing: bool
    created_at: dt.datetime
    completed_at: dt.datetime | None
    reversed_at: dt.datetime | None


class _Broken(NamedTuple):
    """An open item, and what used later what a clearing had left of it."""

    ident: str
    source: str
    run_ident: str | None


_SELECT = f"SELECT {columns(_Run)} FROM clearing_run WHERE "
RUNS = searchable(
    tables.clearing_run,
    ClearingRunView,
    ("ident", "customer_ident", "currency", "status", "created_at", "completed_at"),
    default_sort="created_at,desc",
)


@dataclass(frozen=True, slots=True)
class ListRuns:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateRun:
    body: ClearingRunBody


@dataclass(frozen=True, slots=True)
class OneRun:
    clearing_run_ident: str


@operation("clearing_run.list", permission="bookkeeping.read", reads=True)
def list_runs(uow: Uow, command: ListRuns) -> Page:
    """Clearing runs, with how far they are."""

    def read(idents: list[str]) -> dict[str, ClearingRunView]:
        rows = uow.all(_Run, _SELECT + "ident = ANY (%s)", (idents,))
        return {view.ident: view for view in _views(uow, rows)}

    return listed_by_key(uow, tables.clearing_run, command.query, RUNS, "ident", read)


@operation("clearing_run.get", permission="bookkeeping.read", reads=True)
def get_run(uow: Uow, command: OneRun) -> ClearingRunView:
    """One clearing run."""
    return _view(uow, command.clearing_run_ident)


@operation("clearing_run.create", permission="bookkeeping.write")
def create_run(uow: Uow, command: CreateRun) -> ClearingRunView:
    """Ask that what customers owe is cleared with what they are owed; a worker does it."""
    body = command.body
    if body.customer_ident is not None and not known_customers(uow, [body.customer_ident]):
        message = f"No customer {body.customer_ident!r} exists."
        raise Refused(Kind.INVALID, Problem("customer_not_found", message, "customerIdent", body.customer_ident))
    row: dict[str, object] = {
        "ident": str(uow.new_uuid()),
        "id": uow.next_id(),
        "customer_ident": body.customer_ident,
        "currency": body.currency,
        "case_ids": None if body.cases is None else _case_ids(uow, body.cases),
        "status": "CREATED",
        "reached_customer": "",
        "reached_currency": "",
        "is_reversing": False,
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.clearing_run, [row])
    uow.audit("clearing_run", str(row["ident"]), {"status": "CREATED"})
    uow.mark("clearing_runs")
    return _view(uow, str(row["ident"]))


@operation("clearing_run.reverse", permission="bookkeeping.write")
def reverse_run(uow: Uow, command: OneRun) -> ClearingRunView:
    """Take back all that a run has cleared. Refused where something later rests on it, which is named; a large run is reversed by a worker,
    and is PROCESSING as long."""
    run = _row(uow, command.clearing_run_ident, lock=True)
    if run.status not in ("COMPLETED", "FAILED"):
        message = f"The clearing run is {run.status}: only what is COMPLETED or FAILED can be reversed."
        raise Refused(Kind.ILLEGAL_STATE, Problem("clearing_run_not_completed", message))
    cleared = "SELECT document_id FROM clearing_run_item WHERE run_ident = %s AND status = 'CLEARED'"
    lock_matters(uow, set(uow.column(int, cleared, (run.ident,))))  # before it is asked what rests on them
    refuse_broken(uow, run.ident)
    uow.run("UPDATE clearing_run SET status = 'PROCESSING', is_reversing = true, reason = NULL WHERE ident = %s", (run.ident,))
    uow.audit("clearing_run", run.ident, {"reversing": True})
    if reverse_items(uow, run.ident, AT_ONCE):
        uow.mark("clearing_runs")
    return _view(uow, run.ident)


_MINE = (
    "SELECT document_id, min(movement_id) AS movement_id, bool_or(debit_credit_indicator = 'DEBIT') AS is_debit"
    " FROM clearing_run_item WHERE run_ident = %(run)s AND status = 'CLEARED' GROUP BY document_id"
)
_UNDER = (
    "SELECT document_id, min(id) AS movement_id, bool_or(amount < 0) AS is_debit FROM opos_movement m"
    " WHERE source = ANY (%(sources)s) AND kind = 'CLEARING' AND reversal_of IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM opos_movement r WHERE r.tenant_id = m.tenant_id AND r.reversal_of = m.id) GROUP BY document_id"
)
_USED = (
    "WITH mine AS ({mine}),"
    " moved AS (SELECT m.id, m.tenant_id, m.document_id, m.source, m.amount, m.reversal_of, c.ident, i.is_debit, i.movement_id,"
    " c.opening + sum(m.amount) OVER (PARTITION BY m.document_id ORDER BY m.id) - m.amount AS before"
    " FROM mine i JOIN opos_case c ON c.document_id = i.document_id JOIN opos_movement m ON m.document_id = i.document_id)"
    " SELECT x.ident, x.source, o.run_ident FROM moved x LEFT JOIN clearing_run_item o"
    " ON o.tenant_id = x.tenant_id AND o.movement_id = x.id"
    # what stood on the other side of the account, because this one was cleared, was used
    " WHERE x.id > x.movement_id AND x.reversal_of IS NULL AND CASE WHEN x.is_debit THEN x.before < 0 AND x.amount > 0"
    " ELSE x.before > 0 AND x.amount < 0 END"
    " AND NOT EXISTS (SELECT 1 FROM opos_movement r WHERE r.tenant_id = x.tenant_id AND r.reversal_of = x.id) ORDER BY x.id LIMIT 10"
)
_BROKEN, _USED_UNDER = _USED.format(mine=_MINE), _USED.format(mine=_UNDER)


def refuse_broken(uow: Uow, ident: str) -> None:
    """Raises ILLEGAL_STATE where a later clearing, payment or decision used what the run had made a surplus of."""
    _refuse(uow.all(_Broken, _BROKEN, {"run": ident}))


def refuse_used(uow: Uow, sources: Sequence[str]) -> None:
    """The same of what was cleared under these sources and stands, before `unclear`."""
    _refuse(uow.all(_Broken, _USED_UNDER, {"sources": list(sources)}))


def _refuse(rows: Sequence[_Broken]) -> None:
    problems = []
    for row in rows:
        kind, _, name = row.source.partition(":")
        later = f"clearing run {row.run_ident}" if row.run_ident else f"{kind} {name}"
        message = f"What was paid on {row.ident} beyond it was used by {later}: reverse that first."
        problems.append(Problem("clearing_used_later", message))
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems)


def _case_ids(uow: Uow, idents: Sequence[str]) -> list[int]:
    named = documents_named(uow, idents)
    there = {row.id for row in with_cases(uow, [row for rows in named.values() for row in rows])}
    found, problems = list[int](), list[Problem]()
    for at, ident in enumerate(idents):
        rows = [row for row in named[ident] if row.id in there]
        field = f"cases[{at}]"
        if len(rows) == 1:
            found.append(rows[0].id)
        elif rows:
            problems.append(Problem("opos_case_ambiguous", bearers(uow, rows), field, ident))
        else:
            problems.append(Problem("opos_case_not_found", f"No open item {ident!r} exists.", field, ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return sorted(set(found))


def _row(uow: Uow, ident: str, *, lock: bool = False) -> _Run:
    row = uow.first(_Run, f"{_SELECT}ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if row is None:
        raise not_found("clearing_run", ident)
    return row


def _view(uow: Uow, ident: str) -> ClearingRunView:
    return _views(uow, [_row(uow, ident)])[0]


class _CaseIdent(NamedTuple):
    document_id: int
    ident: str


def _views(uow: Uow, rows: Sequence[_Run]) -> list[ClearingRunView]:
    ids = sorted({number for row in rows for number in row.case_ids or ()})
    sql = "SELECT document_id, ident FROM opos_case WHERE document_id = ANY (%s)"
    names = dict(uow.all(_CaseIdent, sql, (ids,))) if ids else {}
    return [
        ClearingRunView(
            ident=row.ident,
            customer_ident=row.customer_ident,
            currency=row.currency,
            cases=None if row.case_ids is None else tuple(names[number] for number in row.case_ids),
            status=row.status,
            reason=row.reason,
            created_at=row.created_at,
            completed_at=row.completed_at,
            reversed_at=row.reversed_at,
        )
        for row in rows
    ]
