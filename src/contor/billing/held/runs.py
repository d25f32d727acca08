"""The run as an object that someone can hold: its cut-off is fixed, it is previewed, approved, and billed as it was previewed.

A preview issues everything in transactions that are undone: its numbers are those of the run. What would be billed differently when it
comes to it is left out and named (accounting reference 9, "run", "concurrent change", "report").
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from contor.billing import tables
from contor.billing.held.compare import Difference
from contor.billing.held.sums import sums, taxes
from contor.billing.runs import CustomerStatus, Sum, TaxSum
from contor.customers.queries import known_customers, unknown_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed, listed_by_key
from contor.runtime.uow import Uow
from contor.runtime.work.held import HeldRuns, RunStatus

HELD = HeldRuns("billing_run")


class RunRow(NamedTuple):
    """A row of `billing_run`."""

    run_ident: str
    status: RunStatus
    cutoff: dt.datetime
    debtor_idents: Sequence[str] | None
    created_at: dt.datetime
    approved_at: dt.datetime | None
    completed_at: dt.datetime | None
    differences: Sequence[object] | None
    compared_with: str | None


class CountRow(NamedTuple):
    status: CustomerStatus
    customers: int
    items: int
    documents: int


@shape
class RunBody:
    cutoff: dt.datetime | None = None
    """What is due before this instant; default: now."""
    debtor_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=1000)] | None = None
    """Only these customers; default: all."""


@shape
class CreateRun:
    body: RunBody


@shape
class OneRun:
    run_ident: str


@dataclass(frozen=True, slots=True)
class ListRuns:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListRunCustomers:
    run_ident: str
    query: ListQuery


@shape
class Count:
    """Customers of one state. The items of all states are those that were selected."""

    status: CustomerStatus
    customers: int
    items: int
    documents: int


@shape
class RunView:
    run_ident: str
    status: RunStatus
    cutoff: dt.datetime
    created_at: dt.datetime
    approved_at: dt.datetime | None
    completed_at: dt.datetime | None
    debtor_idents: tuple[str, ...] | None
    customers: int
    """Selected."""
    items: int
    counts: tuple[Count, ...]
    previewed: tuple[Sum, ...]
    previewed_taxes: tuple[TaxSum, ...]
    billed: tuple[Sum, ...]
    billed_taxes: tuple[TaxSum, ...]
    differences: tuple[Difference, ...] | None
    """To the last run that was completed; not there before the preview is, or without a last run."""
    compared_with: str | None


@shape
class RunCustomer:
    """What a run bills a customer; `billed` once it has. Of one that is parked `previewed` says what it is billed if it is released."""

    customer_ident: str
    status: CustomerStatus
    reason: str | None
    items: int
    documents: int
    previewed: tuple[Sum, ...]
    billed: tuple[Sum, ...] | None


RUNS = searchable(
    tables.billing_run,
    RunView,
    ("run_ident", "run_id", "status", "cutoff", "created_at", "completed_at"),
    default_sort="run_id,desc",
    places={
        "customers": worked_out("SELECT count(*) FROM billing_run_customer c WHERE c.run_ident = billing_run.run_ident", int),
        "items": worked_out(
            "SELECT coalesce(sum(c.items), 0)::bigint FROM billing_run_customer c WHERE c.run_ident = billing_run.run_ident", int
        ),
    },
)
RUN_CUSTOMERS = searchable(
    tables.billing_run_customer, RunCustomer, ("customer_ident", "status", "items", "documents"), default_sort="customer_ident,asc"
)


@operation(
    "billing_run.create", permission="contracts.write", refers=(Reference("debtorIdents", "customer_unknown", known_customers),)
)
def create_run(uow: Uow, command: CreateRun) -> RunView:
    """Fix the cut-off of a run; a worker previews it."""
    body, now = command.body, uow.ctx.now()
    problems = []
    if body.cutoff is not None and body.cutoff > now:
        problems.append(Problem("cutoff_in_future", f"is after now ({now.isoformat()})", "cutoff", body.cutoff))
    problems += unknown_customers(uow, body.debtor_idents or (), "debtorIdents")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    HELD.refuse_second(uow)
    number = uow.next_id()
    row = {
        "run_ident": f"run-{number}",
        "run_id": number,
        "status": "CREATED",
        "cutoff": body.cutoff or now,
        "debtor_idents": body.debtor_idents,
        "created_at": now,
    }
    uow.insert(tables.billing_run, [row])
    uow.audit("billing_run", f"run-{number}", {"created": body})
    uow.mark("billing_runs")
    return view_of_run(uow, require_run(uow, f"run-{number}"))


@operation("billing_run.get", permission="contracts.read", reads=True)
def get_run(uow: Uow, command: OneRun) -> RunView:
    """A run with its sums, its progress and what differs from the last one."""
    return view_of_run(uow, require_run(uow, command.run_ident))


@operation("billing_run.list", permission="contracts.read", reads=True)
def list_runs(uow: Uow, command: ListRuns) -> Page:
    """Runs, the latest first."""

    def read(idents: list[str]) -> list[RunView]:
        return [view_of_run(uow, require_run(uow, ident)) for ident in idents]

    return listed_by_key(uow, tables.billing_run, command.query, RUNS, "run_ident", read)


class _CustomerRow(NamedTuple):
    customer_ident: str
    status: CustomerStatus
    reason: str | None
    items: int
    documents: int
    preview: Mapping[str, Any]
    billed: Mapping[str, Sequence[object]] | None


@operation("billing_run.list_customers", permission="contracts.read", reads=True)
def list_run_customers(uow: Uow, command: ListRunCustomers) -> Page:
    """What a run bills each customer, or why it does not."""
    require_run(uow, command.run_ident)
    scope = {"run_ident": command.run_ident}
    return listed(
        uow, tables.billing_run_customer, command.query, RUN_CUSTOMERS, _CustomerRow, lambda rows: map(_customer, rows), scope
    )


@operation("billing_run.approve", permission="contracts.write")
def approve_run(uow: Uow, command: OneRun) -> RunView:
    """Bill what was previewed; a worker does it, customers go on one by one."""
    HELD.approve(uow, command.run_ident)
    uow.mark("billing_runs")
    return view_of_run(uow, require_run(uow, command.run_ident))


@operation("billing_run.cancel", permission="contracts.write")
def cancel_run(uow: Uow, command: OneRun) -> RunView:
    """Give up a run that is not approved: nothing of it is billed."""
    HELD.cancel(uow, command.run_ident)
    uow.mark("billing")
    return view_of_run(uow, require_run(uow, command.run_ident))


# helpers in calling order


def require_run(uow: Uow, ident: str, *, lock: bool = False) -> RunRow:
    """A run; `lock`: until the transaction ends. Raises NOT_FOUND."""
    return HELD.require(uow, RunRow, ident, lock=lock)


def view_of_run(uow: Uow, row: RunRow) -> RunView:
    """The run with its sums."""
    counts = uow.all(
        CountRow,
        "SELECT status, count(*) AS customers, sum(items)::bigint AS items, sum(documents)::bigint AS documents FROM billing_run_customer"
        " WHERE run_ident = %s GROUP BY 1 ORDER BY 1",
        (row.run_ident,),
    )
    return RunView(
        run_ident=row.run_ident,
        status=row.status,
        cutoff=row.cutoff,
        created_at=row.created_at,
        approved_at=row.approved_at,
        completed_at=row.completed_at,
        debtor_idents=tuple(row.debtor_idents) if row.debtor_idents is not None else None,
        customers=sum(count.customers for count in counts),
        items=sum(count.items for count in counts),
        counts=tuple(
            Count(status=count.status, customers=count.customers, items=count.items, documents=count.documents) for count in counts
        ),
        previewed=sums(uow, row.run_ident, "preview"),
        previewed_taxes=taxes(uow, row.run_ident, "preview"),
        billed=sums(uow, row.run_ident, "billed"),
        billed_taxes=taxes(uow, row.run_ident, "billed"),
        differences=None if row.differences is None else tuple(validated(Difference, difference) for difference in row.differences),
        compared_with=row.compared_with,
    )


def _customer(row: _CustomerRow) -> RunCustomer:
    return RunCustomer(
        customer_ident=row.customer_ident,
        status=row.status,
        reason=row.reason,
        items=row.items,
        documents=row.documents,
        previewed=tuple(validated(Sum, entry) for entry in row.preview.get("parked", row.preview)["sums"]),
        billed=None if row.billed is None else tuple(validated(Sum, entry) for entry in row.billed["sums"]),
    )
