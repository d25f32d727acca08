"""Transactions: of a tenant, of the directory, and of the directory entering a tenant; and what they leave behind."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Never, TypeVar, cast

from psycopg.errors import SerializationFailure
from psycopg.pq.abc import PGresult
from sqlalchemy import Table

from contor.kernel.context import Caller, Ctx, Environment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import Touched, stored_fields
from contor.kernel.work import WORK
from contor.runtime import tables
from contor.runtime.copying import Left
from contor.runtime.db import Connection, asked, begun, have
from contor.runtime.query.tallying import tally_rows
from contor.runtime.uow import DRAWN, FEW_ROWS, NEXT_ID, QUIET_SECONDS, Installation, Uow
from contor.runtime.work.patience import LONG

T = TypeVar("T")

_BEGINS = "contor_begins"
_PREPARED = (
    f"{_BEGINS} (bigint, text, text, boolean) AS SELECT time_zone, clock_at, environment,"
    f" CASE WHEN $4 THEN ARRAY[{', '.join([NEXT_ID] * DRAWN)}] END, set_config('contor.tenant_id', $1::text, true),"
    # true: the settings end with the transaction
    " set_config('lock_timeout', coalesce($2, current_setting('lock_timeout')), true), set_config('plan_cache_mode', $3, true)"
    " FROM directory.environment WHERE id = $1"
)
"""Who changes something will need ids: some are drawn, and they may stay nobody's."""
_AGAIN = "SELECT set_config('contor.tenant_id', %s::text, true)"
CHANNEL = "contor_work"
"""Workers listen here; the payload is the name of the work."""
_MARK = (
    "INSERT INTO directory.work_mark (tenant_id, kind, due_at)"
    " SELECT %s, kind, now() + make_interval(secs => seconds) FROM unnest(%s::text[], %s::bigint[]) AS x(kind, seconds)"
)
_CALL = f"SELECT pg_notify('{CHANNEL}', kind) FROM unnest(%s::text[]) AS y(kind)"


@contextmanager
def transaction(
    installation: Installation,
    caller: Caller,
    *,
    directory: bool = False,
    reads: bool = False,
    snapshot: bool = False,
    few: bool = False,
) -> Iterator[Uow]:
    """One transaction, of the caller's tenant or (`directory`) before any tenant. Commits unless an exception leaves it.

    `snapshot`: all its statements see the same moment, so that nobody deletes half of what is read. `few`: see `Operation.few`.
    Raises UNAUTHENTICATED for a tenant that does not exist.
    """
    database = installation.database
    with database.connection() as connection, nullcontext(LONG) if reads else database.changing(caller.tenant_id) as patience:
        uow: Uow | None = None
        try:
            begin = f"BEGIN {'ISOLATION LEVEL REPEATABLE READ' if snapshot else ''} {'READ ONLY' if reads else 'READ WRITE'}"
            entry = f"SELECT set_config('lock_timeout', '{patience}', true)"
            if not directory:
                entry = _entry(connection, caller, patience, draws=not reads, few=few)
            with begun(connection, f"{begin}; {entry}") as answer:  # one round trip
                if directory:
                    uow = Uow(Ctx(caller, installation.clock()), connection, installation)
                else:
                    uow = _entered(connection, installation, caller, answer, few)
                if snapshot and reads:
                    uow.readings.keep()
                yield uow
                leave_tally(uow)
                uow.flush()
                for entered in uow.entered:
                    if entered.left:
                        enter_again(entered)
                        entered.flush()
            installation.keep_quiet(uow.quiet)
        except BaseException:
            if uow is not None:
                uow.forget_staged()
            raise
        finally:
            if uow is not None:
                uow.cursor._reset()  # the answer to the last statement, which would be kept until the next one
                uow.last_steps.clear()  # they refer to the unit of work: a circle that would keep a whole batch in memory
                uow.entered.clear()
                uow.posted.clear()


def enter_tenant(uow: Uow, tenant_id: int) -> Uow:
    """Within a directory transaction: continue as `tenant_id`, e.g. to furnish a new tenant with its chart of accounts. What happens
    there is written to the trail and the outbox of that tenant."""
    caller = uow.ctx.caller
    for before in uow.entered[-1:]:
        before.flush()  # who enters the same tenant sees what was left there, and another one is not that tenant any more
    inner = Caller(caller.actor, caller.request_id, tenant_id, caller.organization_id, caller.environment, caller.permissions)
    answer = asked(uow.connection, _entry(uow.connection, inner, None, draws=True, few=False))
    entered = _entered(uow.connection, uow.runtime, inner, answer, few=False)
    # shared, not copied: what they say is true of the connection and of the one transaction
    entered.staged, entered.copied, entered.last_steps, entered.quiet = uow.staged, uow.copied, uow.last_steps, uow.quiet
    uow.entered.append(entered)
    return entered


def enter_again(entered: Uow) -> None:
    """Continue as a tenant that the transaction entered before."""
    entered.execute(_AGAIN, (entered.ctx.tenant_id,))


def _entry(connection: Connection, caller: Caller, patience: str | None, *, draws: bool, few: bool) -> str:
    """What makes the transaction one of the caller's tenant. `patience`: for how long a lock is waited for; None: as before."""
    have(connection, _BEGINS, _PREPARED)
    tenant = "NULL" if caller.tenant_id is None else f"{caller.tenant_id:d}"
    waits = "NULL" if patience is None else f"'{patience}'"
    return f"EXECUTE {_BEGINS}({tenant}, {waits}, '{'force_generic_plan' if few else 'auto'}', {draws})"


def _entered(connection: Connection, installation: Installation, caller: Caller, answer: PGresult, few: bool) -> Uow:
    """The unit of work within what `_entry` said."""
    if not answer.ntuples:
        raise Refused(Kind.UNAUTHENTICATED, Problem("tenant_unknown", "The token names no tenant of this server."))
    time_zone, clock_at, environment, ids = [_text(answer, number) for number in range(4)]
    drawn = [] if ids is None else [int(number) for number in ids[1:-1].split(",")]
    instant = installation.clock() if clock_at is None else dt.datetime.fromisoformat(clock_at)
    ctx = Ctx(caller, instant, zone(time_zone or ""), cast(Environment, environment), clock_at is not None)
    return Uow(ctx, connection, installation, drawn=drawn, began=min(drawn, default=0), few=few)


def _text(answer: PGresult, number: int) -> str | None:
    value = answer.get_value(0, number)
    return None if value is None else value.decode()


def begin_again(why: str) -> Never:
    """Nothing of the operation stays, and it runs anew as a whole: as where the database finds that two were in each other's way."""
    raise SerializationFailure(why)


@cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


# --- what it leaves behind


def write_trail(uow: Uow, operation: str, *, directory: bool) -> None:
    """What a transaction leaves behind, in one statement: rows that wait for it, audit rows of what was touched, the outbox of what
    happened, marks of work; nothing where nothing was touched and nothing happened."""
    ctx = uow.ctx
    audit, event = (tables.directory_audit_entry, tables.directory_event) if directory else (tables.audit_entry, tables.event)
    common: dict[str, object] = {"at": ctx.now(), "request_id": ctx.caller.request_id}
    if directory:
        common["organization_id"] = ctx.caller.organization_id
    doer = {**common, "actor": ctx.actor, "operation": operation}
    _add(uow, audit, [{**doer, **_subject(touched)} for touched in uow.touched])
    _add(uow, event, [{**common, "name": f.name, "version": f.version, "payload": stored_fields(f)} for f in uow.events])
    if not directory:
        leave_tally(uow)
        _leave_marks(uow)
    uow.flush()


def leave_tally(uow: Uow) -> None:
    """By how many rows lists grew."""
    rows = tally_rows(uow.grown)
    uow.grown.clear()
    uow.leave(tables.row_tally, rows)


def _add(uow: Uow, table: Table, rows: list[dict[str, object]]) -> None:
    if len(rows) >= FEW_ROWS:
        uow.insert(table, rows)
    else:
        uow.leave(table, rows)


def _subject(touched: Touched) -> Mapping[str, object]:
    return {"subject_kind": touched.kind, "subject_ident": touched.ident or None, "change": touched.change}


def _leave_marks(uow: Uow) -> None:
    """Rows are only added, never updated: writers of one tenant do not wait for each other. A change marks its tenant once for a
    while, and a call goes out at most once a second: the commits that call wait for each other."""
    marks, tenant, installation = uow.marks, uow.ctx.tenant_id, uow.runtime
    if uow.touched:
        for work in WORK.values():
            if work.after_change is not None and work.name not in marks and not installation.is_quiet((tenant, work.name)):
                marks[work.name] = work.after_change
                # half of the time: the mark is still to come then, and covers what changed meanwhile
                uow.quiet[tenant, work.name] = work.after_change / 2
    if not marks:
        return
    calls = [name for name, seconds in marks.items() if seconds <= 0 and not installation.is_quiet(name)]
    uow.quiet.update(dict.fromkeys(calls, QUIET_SECONDS))
    uow.leave_change(Left("work_mark", _MARK, [tenant, list(marks), list(marks.values())]))
    if calls:
        uow.leave_change(Left("", _CALL, [calls], is_read=True))


def gather(uow: Uow, step: Callable[[Uow, list[T]], None], about: Iterable[T]) -> None:
    """Run `step` once at the end of the transaction, with all that is gathered for it until then, behind the steps that are registered by
    then: it reads what they write."""
    if step not in uow.gathered:
        uow.gathered[step] = []
        uow.finish(lambda: uow.finish(lambda: step(uow, cast("list[T]", uow.gathered.pop(step)))))
    uow.gathered[step] += about
