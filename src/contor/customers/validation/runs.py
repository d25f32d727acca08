"""Check all addresses anew, by today's configurations and lists of places: a run that a worker carries on, with its progress."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from contor.customers.validation import tables
from contor.customers.validation.check import check_all
from contor.customers.validation.types import Checked
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AT_ONCE: Final = 1_000
RunStatus = Literal["QUEUED", "RUNNING", "DONE"]


@shape
class ValidationRun:
    ident: str
    status: RunStatus
    total: int
    """Addresses when it began."""
    checked: int
    invalid: int
    created_at: dt.datetime
    finished_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@dataclass(frozen=True, slots=True)
class ListRuns:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneRun:
    run_ident: str


class _Row(NamedTuple):
    ident: str
    status: RunStatus
    total: int
    checked: int
    invalid: int
    created_at: dt.datetime
    finished_at: dt.datetime | None


class _Open(NamedTuple):
    ident: str
    customer_ident: str | None
    address_ident: str | None


RUNS = searchable(
    tables.address_validation_run, ValidationRun, ("ident", "status", "created_at", "finished_at"), default_sort="created_at,desc"
)
_SELECT = f"SELECT {columns(_Row)} FROM address_validation_run WHERE "


def _view(row: _Row) -> ValidationRun:
    return ValidationRun(**row._asdict())


@operation("address_validation_run.start", permission="customers.write")
def validate_all(uow: Uow, command: Nothing) -> ValidationRun:
    """Check all addresses anew. While such a run is under way, it is answered and no other one begins."""
    uow.lock("address_validation", ["run"])
    running = uow.first(_Row, f"{_SELECT} status <> 'DONE'")
    if running is not None:
        return _view(running)
    total = uow.scalar(int, "SELECT count(*) FROM address") or 0
    row = _Row(uow.new_ident(), "QUEUED", total, 0, 0, uow.ctx.now(), None)
    uow.insert(tables.address_validation_run, [{**row._asdict(), "id": uow.next_id()}])
    uow.audit("address_validation_run", row.ident, {"created": {"total": total}})
    uow.mark(VALIDATION.name)
    return _view(row)


@operation("address_validation_run.list", permission="customers.read", reads=True)
def list_runs(uow: Uow, command: ListRuns) -> Page:
    """The runs, with what they found."""
    return listed(uow, tables.address_validation_run, command.query, RUNS, _Row, lambda rows: [_view(row) for row in rows])


@operation("address_validation_run.get", permission="customers.read", reads=True)
def get_run(uow: Uow, command: OneRun) -> ValidationRun:
    """One run, with its progress."""
    row = uow.first(_Row, f"{_SELECT} ident = %s", (command.run_ident,))
    if row is None:
        raise not_found("address_validation_run", command.run_ident)
    return _view(row)


@operation("address_validation_run.step", permission="customers.write")
def step(uow: Uow, command: Nothing) -> bool:
    """Check the next addresses of the run that is under way, in the order of their idents. Whether there are more."""
    sql = f"SELECT {columns(_Open)} FROM address_validation_run WHERE status <> 'DONE' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    run = uow.first(_Open, sql)
    if run is None:
        return False
    rows = uow.all(
        Checked,
        f"SELECT {columns(Checked)} FROM address WHERE (customer_ident, address_ident) > (%s, %s)"
        " ORDER BY customer_ident, address_ident LIMIT %s",
        (run.customer_ident or "", run.address_ident or "", AT_ONCE),
    )
    found = check_all(uow, rows)
    is_done = len(rows) < AT_ONCE
    last = (rows[-1].customer_ident, rows[-1].address_ident) if rows else (run.customer_ident, run.address_ident)
    uow.run(
        "UPDATE address_validation_run SET checked = checked + %s, invalid = invalid + %s, customer_ident = %s, address_ident = %s,"
        " total = greatest(total, checked + %s), status = %s, finished_at = %s WHERE ident = %s",
        (
            len(rows),
            sum(one.status == "INVALID" for one in found),
            *last,
            len(rows),
            "DONE" if is_done else "RUNNING",
            uow.ctx.now() if is_done else None,
            run.ident,
        ),
    )
    uow.audit("address_validation_run", run.ident, {"checked": len(rows)})
    return not is_done


def look(runtime: Runtime, tenant_id: int) -> None:
    """Go on with the run until it is done."""
    while runtime.execute(step, Nothing(), caller("addresses", tenant_id)):
        runtime.go_on()


VALIDATION = work(Work(name="address_validation", look=look, place="files"))
every_tenant(VALIDATION, every=dt.timedelta(hours=1))
