"""Runs of collecting as objects that someone can hold: previewed, approved, carried out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.openitems.collection import tables
from contor.openitems.collection.runs.types import (
    CollectionOutcome,
    CollectionReport,
    CollectionRunItem,
    CollectionRunStatus,
    CollectionRunView,
    CollectionSum,
)
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed, listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

RUNNING = "collection_runs"
"""The work of going on with runs."""
OPEN = "('CREATED', 'PREVIEWED', 'APPROVED')"
_COUNTS = ("planned", "intents", "retried", "files", "transactions", "left_out", "waiting", "held")
RUNS = searchable(
    tables.collection_run,
    CollectionRunView,
    ("run_ident", "run_id", "status", "created_at", "approved_at", "completed_at"),
    default_sort="run_id,desc",
    places={
        f"{part}.{name}": worked_out(f"(collection_run.{part} ->> '{name}')::bigint", int)
        for part in ("expected", "done")
        for name in _COUNTS
    },
)
RUN_ITEMS = searchable(
    tables.collection_run_item,
    CollectionRunItem,
    (
        "document_ident",
        "customer_ident",
        "currency",
        "balance",
        "due_date",
        "outcome",
        "collection_date",
        "reason",
        "document_id",
    ),
    default_sort="document_id",
)


@shape
class CreateCollectionRun:
    pass


@shape
class OneCollectionRun:
    run_ident: str


@dataclass(frozen=True, slots=True)
class ListCollectionRuns:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListCollectionItems:
    run_ident: str
    query: ListQuery


class RunRow(NamedTuple):
    run_ident: str
    status: CollectionRunStatus
    created_at: dt.datetime
    approved_at: dt.datetime | None
    completed_at: dt.datetime | None
    expected: Fields | None
    done: Fields | None
    payment_file_idents: list[str]


class _Sum(NamedTuple):
    run_ident: str
    outcome: CollectionOutcome
    currency: str
    documents: int
    amount: Decimal


class _Item(NamedTuple):
    document_ident: str
    customer_ident: str
    currency: str
    balance: Decimal
    due_date: dt.date
    outcome: CollectionOutcome
    collection_date: dt.date | None
    reason: str | None


@operation("collection_run.create", permission="payments.write")
def create_run(uow: Uow, command: CreateCollectionRun) -> CollectionRunView:
    """Begin a run; a worker previews it. One is open at a time, for two previews would promise the same."""
    uow.lock("collection_run", ["open"])
    if open_run := uow.scalar(str, f"SELECT run_ident FROM collection_run WHERE status IN {OPEN}"):
        message = f"The run {open_run} is open; approve it and let it end, or cancel it."
        raise Refused(Kind.CONFLICT, Problem("collection_run_open", message))
    number = uow.next_id()
    ident = f"col-{number}"
    row = {"run_ident": ident, "run_id": number, "status": "CREATED", "payment_file_idents": [], "created_at": uow.ctx.now()}
    uow.insert(tables.collection_run, [row])
    uow.audit("collection_run", ident, {"status": "CREATED"})
    uow.mark(RUNNING)
    return run_view(uow, ident)


@operation("collection_run.list", permission="payments.read", reads=True)
def list_runs(uow: Uow, command: ListCollectionRuns) -> Page:
    """Runs, the latest first."""

    def read(idents: list[str]) -> dict[str, CollectionRunView]:
        rows = uow.all(RunRow, f"SELECT {columns(RunRow)} FROM collection_run WHERE run_ident = ANY (%s)", (idents,))
        return {view.run_ident: view for view in _views(uow, rows)}

    return listed_by_key(uow, tables.collection_run, command.query, RUNS, "run_ident", read)


@operation("collection_run.get", permission="payments.read", reads=True)
def get_run(uow: Uow, command: OneCollectionRun) -> CollectionRunView:
    """A run with what it would do, and what it did."""
    return run_view(uow, command.run_ident)


@operation("collection_run.list_items", permission="payments.read", reads=True)
def list_run_items(uow: Uow, command: ListCollectionItems) -> Page:
    """Each open item by the preview of a run: on which day it is collected, and why it is not."""
    run_view(uow, command.run_ident)
    scope = {"run_ident": command.run_ident}
    return listed(uow, tables.collection_run_item, command.query, RUN_ITEMS, _Item, _items, scope)


@operation("collection_run.approve", permission="payments.write")
def approve_run(uow: Uow, command: OneCollectionRun) -> CollectionRunView:
    """Let what is due be collected, and the files be written, whatever the time of day; a worker does it."""
    row = require_run(uow, command.run_ident, lock=True)
    if row.status != "PREVIEWED":
        raise Refused(Kind.CONFLICT, Problem("collection_run_not_previewed", f"The run is {row.status}."))
    set_status(uow, row.run_ident, "APPROVED", "approved_at")
    uow.mark(RUNNING)
    return run_view(uow, row.run_ident)


@operation("collection_run.cancel", permission="payments.write")
def cancel_run(uow: Uow, command: OneCollectionRun) -> CollectionRunView:
    """Give up a run that is not approved."""
    row = require_run(uow, command.run_ident, lock=True)
    if row.status not in ("CREATED", "PREVIEWED"):
        raise Refused(Kind.CONFLICT, Problem("collection_run_not_open", f"The run is {row.status}."))
    set_status(uow, row.run_ident, "CANCELLED", "completed_at")
    return run_view(uow, row.run_ident)


# helpers in calling order


def require_run(uow: Uow, ident: str, *, lock: bool = False) -> RunRow:
    """A run; `lock`: until the transaction ends. Raises NOT_FOUND."""
    sql = f"SELECT {columns(RunRow)} FROM collection_run WHERE run_ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(RunRow, sql, (ident,))
    if row is None:
        raise not_found("collection_run", ident)
    return row


def set_status(uow: Uow, ident: str, status: CollectionRunStatus, stamp: str | None = None) -> None:
    """Move a run on."""
    also = "" if stamp is None else f", {stamp} = %(now)s"
    sql = f"UPDATE collection_run SET status = %(status)s{also} WHERE run_ident = %(ident)s"
    uow.run(sql, {"status": status, "now": uow.ctx.now(), "ident": ident})
    uow.audit("collection_run", ident, {"status": status})


def run_view(uow: Uow, ident: str) -> CollectionRunView:
    """Raises NOT_FOUND."""
    return _views(uow, [require_run(uow, ident)])[0]


def _views(uow: Uow, rows: Sequence[RunRow]) -> list[CollectionRunView]:
    """In their order; their sums are read once for all."""
    sums = dict[str, list[CollectionSum]]()
    for one in uow.all(
        _Sum,
        "SELECT run_ident, outcome, currency, count(*) AS documents, sum(abs(balance)) AS amount FROM collection_run_item"
        " WHERE run_ident = ANY (%s) GROUP BY run_ident, outcome, currency ORDER BY run_ident, outcome, currency",
        ([row.run_ident for row in rows],),
    ):
        said = one._asdict()
        sums.setdefault(said.pop("run_ident"), []).append(CollectionSum(**said))
    return [
        CollectionRunView(
            run_ident=row.run_ident,
            status=row.status,
            created_at=row.created_at,
            approved_at=row.approved_at,
            completed_at=row.completed_at,
            outcomes=tuple(sums.get(row.run_ident, ())),
            expected=_report(row.expected),
            done=_report(row.done),
            payment_file_idents=tuple(row.payment_file_idents),
        )
        for row in rows
    ]


def _report(stored: Fields | None) -> CollectionReport | None:
    return None if stored is None else msgspec.convert(stored, CollectionReport)


def _items(rows: list[_Item]) -> list[CollectionRunItem]:
    return [CollectionRunItem(**row._asdict()) for row in rows]
