"""Transactions: of a tenant, of the directory, and of the directory entering a tenant; and what they leave behind."""

import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Never, TypeVar, cast

from psycopg import IsolationLevel
from psycopg.errors import SerializationFailure
from sqlalchemy import Table

from contor.kernel.context import Caller, Ctx
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import Touched, stored_fields
from contor.kernel.work import WORK
from contor.runtime import tables
from contor.runtime.copying import Left
from contor.runtime.db import LONG, Connection
from contor.runtime.query.tallying import tally_rows
from contor.runtime.uow import DRAWN, FEW_ROWS, NEXT_ID, QUIET_SECONDS, Installation, Uow

T = TypeVar("T")

# one round trip begins a transaction; `true`: the settings end with it
_TENANT = (
    "SELECT set_config('contor.tenant_id', %(id)s::text, true) AS a, set_config('transaction_read_only', %(read_only)s, true) AS b,"
    " set_config('lock_timeout', coalesce(%(patience)s, current_setting('lock_timeout')), true) AS c,"
    " set_config('plan_cache_mode', %(plans)s, true) AS d,"
    f" time_zone, clock_at, environment, CASE WHEN %(read_only)s = 'off' THEN ARRAY[{', '.join([NEXT_ID] * DRAWN)}] END AS drawn"
    " FROM directory.environment WHERE id = %(id)s::bigint"
)
"""Who changes something will need ids: some are drawn, and they may stay nobody's."""
_AGAIN = "SELECT set_config('contor.tenant_id', %s::text, true)"
_DIRECTORY = (
    "SELECT set_config('transaction_read_only', %(read_only)s, true) AS a, set_config('lock_timeout', %(patience)s, true) AS b"
)
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
    with database.connection() as connection, nullcontext(LONG) if reads else database.changing() as patience:
        uow: Uow | None = None
        try:
            isolation = IsolationLevel.REPEATABLE_READ if snapshot else None  # said with BEGIN: no further round trip
            if connection.isolation_level is not isolation:
                connection.isolation_level = isolation
            with connection.transaction():
                uow = _begin(connection, installation, caller, directory, reads, patience, few)
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
    entered = _begin(uow.connection, uow.runtime, inner, directory=False, reads=False, patience=None)
    # shared, not copied: what they say is true of the connection and of the one transaction
    entered.staged, entered.copied, entered.last_steps, entered.quiet = uow.staged, uow.copied, uow.last_steps, uow.quiet
    uow.entered.append(entered)
    return entered


def enter_again(entered: Uow) -> None:
    """Continue as a tenant that the transaction entered before."""
    entered.execute(_AGAIN, (entered.ctx.tenant_id,))


def _begin(
    connection: Connection,
    installation: Installation,
    caller: Caller,
    directory: bool,
    reads: bool,
    patience: str | None,
    few: bool = False,
) -> Uow:
    """`patience`: for how long a lock is waited for; None: as before."""
    read_only = "on" if reads else "off"
    if directory:
        connection.execute(_DIRECTORY, {"read_only": read_only, "patience": patience})
        return Uow(Ctx(caller, installation.clock()), connection, installation)
    plans = "force_generic_plan" if few else "auto"
    settings = {"id": caller.tenant_id, "read_only": read_only, "patience": patience, "plans": plans}
    found = connection.execute(_TENANT, settings).fetchone()
    if found is None:
        raise Refused(Kind.UNAUTHENTICATED, Problem("tenant_unknown", "The token names no tenant of this server."))
    instant = found.clock_at or installation.clock()
    ctx = Ctx(caller, instant, zone(found.time_zone), found.environment, found.clock_at is not None)
    return Uow(ctx, connection, installation, drawn=found.drawn or [], began=min(found.drawn or [0]), few=few)


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
