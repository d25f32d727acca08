"""Loops over tenants. A tenant that cannot be served is left alone for a while, longer each time; the others go on.

Workers look only into tenants that are marked: `uow.mark` adds a row of `directory.work_mark` within the transaction that causes the
work, and calls those who listen. Marks are deleted after the look, so a worker that is killed leaves them to the next one.
"""

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind as Refusal
from contor.kernel.errors import Problem, Refused
from contor.kernel.work import WORK, Elsewhere, Work
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.tracing import Kind, span
from contor.runtime.transaction import CHANNEL
from contor.runtime.uow import QUIET_SECONDS
from contor.runtime.work.gathering import STILL_SECONDS, Gathering, Marked

T = TypeVar("T")
log = logging.getLogger("contor.work")

AT_ONCE = 100
"""Marked tenants that are read at once."""
ACTIVE_SECONDS = 2 * QUIET_SECONDS
"""For so long after the last work or call marks are looked for all the time."""
LOOK_SECONDS = 0.1
IDLE_SECONDS = 30.0
"""How often marks are looked for without a call, at least: a call that was lost comes late, and what is marked for later is known before
its time comes (`after_change` is no shorter)."""
MOST_PATIENCE = 300
"""Seconds between two tries of a tenant that fails again and again."""

ALARM_AFTER = 5
"""Failures of one tenant, one upon the other, after which a person should look."""
LONGEST_PAUSE = 10.0
"""Seconds between two tries to reach a database that is away."""

FAILURES: Counter[str] = Counter()
"""How often the look into a tenant failed in this process, by kind of work."""

# planned marks of later are taken along, for the look plans anew; a failed tenant is left alone until its pause is over
_DUE = """
SELECT w.tenant_id, array_agg(w.id) AS ids, max(w.failures) AS failures,
       extract(epoch FROM now() - min(w.due_at))::float8 AS waited, bool_or(w.planned AND w.due_at <= now()) AS is_planned
  FROM directory.work_mark w
 WHERE w.kind = %(kind)s AND (w.due_at <= now() OR w.planned) AND w.tenant_id IN (
       SELECT d.tenant_id FROM directory.work_mark d
        WHERE d.kind = %(kind)s AND d.due_at <= now() AND NOT EXISTS (
              SELECT 1 FROM directory.work_mark f
               WHERE f.tenant_id = d.tenant_id AND f.kind = d.kind AND f.failures > 0 AND f.due_at > now())
        GROUP BY d.tenant_id ORDER BY min(d.due_at) LIMIT %(limit)s)
 GROUP BY w.tenant_id ORDER BY min(w.due_at)
"""
_SOONEST = """
SELECT ceil(1000 * extract(epoch FROM min(due_at) - now()))::bigint FROM directory.work_mark
 WHERE kind = %(kind)s AND due_at > now() AND due_at < now() + make_interval(secs => %(most)s::float8)
"""
# with neither a next instant nor a pause after failure no mark is left
_DONE = """
WITH seen AS (DELETE FROM directory.work_mark WHERE id = ANY (%(ids)s))
INSERT INTO directory.work_mark (tenant_id, kind, due_at, planned, failures, failure)
SELECT %(tenant)s, %(kind)s, due_at, true, %(failures)s, %(failure)s
  FROM (SELECT coalesce(%(due_at)s::timestamptz, now() + make_interval(secs => %(patience)s::float8)) AS due_at) x
 WHERE due_at IS NOT NULL
"""


def caller(name: str, tenant_id: int | None = None) -> Caller:
    """Who works: a job with every permission."""
    return Caller(f"job:{name}", "worker", tenant_id, permissions=frozenset({EVERYTHING}))


def tenant_ids(runtime: Runtime, tenant: int | None = None) -> list[int]:
    """Every tenant there is, or the one that somebody named. Raises `Refused` where that does not exist: nothing could be said of it."""
    with runtime.transaction(caller("tenants"), directory=True, reads=True) as uow:
        if tenant is None:
            return uow.column(int, "SELECT id FROM directory.environment ORDER BY id")
        if found := uow.column(int, "SELECT id FROM directory.environment WHERE id = %s", (tenant,)):
            return found
    raise Refused(
        Refusal.NOT_FOUND, Problem("tenant_missing", f"There is no tenant {tenant}; `contor organization list` shows them.")
    )


def each(tenants: Sequence[int], do: Callable[[int], T]) -> Iterator[tuple[int, T | Exception]]:
    """`do` for one tenant after the other; what it answers or raises."""
    for tenant in tenants:
        try:
            yield tenant, do(tenant)
        except Exception as error:
            log.exception("tenant %s could not be served", tenant)
            yield tenant, error


def mark_everyone(runtime: Runtime, work: Work) -> None:
    """A sweep: let workers look into every tenant."""
    with runtime.transaction(caller(work.name), directory=True) as uow:
        sql = "INSERT INTO directory.work_mark (tenant_id, kind, due_at) SELECT id, %s, now() FROM directory.environment"
        uow.run(sql, (work.name,))
        uow.run("SELECT pg_notify(%s, %s)", (CHANNEL, work.name))


def marked(runtime: Runtime, work: Work) -> list[Marked]:
    """Tenants whose time has come, the longest waiting first, without those that are left alone."""
    with runtime.transaction(caller(work.name), directory=True, reads=True) as uow:
        return uow.all(Marked, _DUE, {"kind": work.name, "limit": AT_ONCE})


def idle_seconds(runtime: Runtime, work: Work) -> float:
    """How long nobody needs to look without a call: until the next mark that is known comes to its time."""
    with runtime.transaction(caller(work.name), directory=True, reads=True) as uow:
        milliseconds = uow.scalar(int, _SOONEST, {"kind": work.name, "most": IDLE_SECONDS})
    return IDLE_SECONDS if milliseconds is None else max(LOOK_SECONDS, milliseconds / 1000)


def look(runtime: Runtime, work: Work, found: Marked) -> bool:
    """Do this work in one tenant; False where another worker does it: then its marks stay. Those that are made meanwhile stay, too."""
    due_at, failures, failure, patience = None, 0, None, None
    try:
        with span(f"work {work.name}", Kind.CONSUMER, tenant=found.tenant_id):
            seen = work.look(runtime, found.tenant_id)
        if isinstance(seen, Elsewhere):
            return False
        due_at = seen
    except Exception as error:
        FAILURES[work.name] += 1
        failures, failure = found.failures + 1, described(error)
        patience = MOST_PATIENCE if failures > 8 else min(2**failures, MOST_PATIENCE)  # no power of thousands
        tell(
            log,
            error,
            "%s of tenant %s failed %s times; left alone for %s s",
            work.name,
            found.tenant_id,
            failures,
            patience,
            alarm=failures >= ALARM_AFTER,
        )
    values = {
        "ids": found.ids,
        "tenant": found.tenant_id,
        "kind": work.name,
        "due_at": due_at,
        "patience": patience,
        "failures": failures,
        "failure": failure,
    }
    with runtime.transaction(caller(work.name), directory=True) as uow:
        uow.run(_DONE, values)
    return True


def tell(to: logging.Logger, error: Exception, message: str, *values: object, alarm: bool = False) -> None:
    """Write a failure down: with all that is known of it, or in one line what only passes by, such as a database that restarts; of that
    everyone would say the same. `alarm`: it has not passed by."""
    if is_passing(error):
        to.log(logging.ERROR if alarm else logging.WARNING, f"{message}: %s", *values, described(error).partition("\n")[0])
    else:
        to.error(message, *values, exc_info=error)


def described(error: Exception) -> str:
    """An error as it is kept for a person to read."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:500]


def look_around(
    runtime: Runtime, work: Work, stopped: Callable[[], bool] = lambda: False, gathering: Gathering | None = None
) -> int:
    """Look into the tenants that are marked now, each as soon as `gathering` (default: at once) says so; how many that were."""
    gathering = Gathering(0) if gathering is None else gathering
    ripe = gathering.ripe(marked(runtime, work))
    for one in ripe:
        if stopped():
            break
        if look(runtime, work, one):
            gathering.looked(one)
        else:
            gathering.is_elsewhere(one)
    return len(ripe)


class Calls:
    """What the threads of one worker process wait for: a call that there is work of their kind, or the end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heard: Counter[str] = Counter()
        self._stopped = False
        self._bell, self._rope = socket.socketpair()

    def stopped(self) -> bool:
        return self._stopped

    def stop(self) -> None:
        """Let everyone who waits go on, to end."""
        with self._changed:
            self._stopped = True
            self._rope.close()  # whoever listens is rung
            self._changed.notify_all()

    def hear(self, *kinds: str) -> None:
        with self._changed:
            self._heard.update(kinds)
            self._changed.notify_all()

    def heard(self, kind: str) -> int:
        return self._heard[kind]

    def wait(self, kind: str, heard: int, seconds: float) -> None:
        """Until there were more than `heard` calls of this kind, or the end, at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._heard[kind] > heard, seconds)

    def listen(self, runtime: Runtime) -> None:
        """Hear what other processes call, until stopped. A broken connection is made again; meanwhile marks are found by looking."""
        while not self._stopped:
            try:
                for kind in runtime.database.listen(CHANNEL, self.stopped, self._bell):
                    self.hear(*WORK if kind is None else (kind,))
            except Exception as error:
                tell(log, error, "calls cannot be heard; it is tried again")
                self.wait("", 0, 5)


def work_until(runtime: Runtime, work: Work, calls: Calls) -> None:
    """One thread of a worker: look whenever there is a call, and all the time while there is work."""
    active_until, pause, gathering = 0.0, 1.0, Gathering(work.linger)
    heard = calls.heard(work.name)
    while not calls.stopped():
        try:
            looked = look_around(runtime, work, calls.stopped, gathering)
            if looked or gathering.waits or calls.heard(work.name) > heard:
                active_until = time.monotonic() + ACTIVE_SECONDS
            heard = calls.heard(work.name)
            if gathering.waits and not looked:
                calls.wait("", 0, STILL_SECONDS)
            elif not looked:
                is_active = time.monotonic() < active_until
                calls.wait(work.name, heard, LOOK_SECONDS if is_active else idle_seconds(runtime, work))
            pause = 1.0
        except Exception as error:
            tell(log, error, "the marks of %s could not be read; it is tried again", work.name)
            calls.wait("", 0, pause)
            pause = min(2 * pause, LONGEST_PAUSE)
