"""What runs every so often: declared once, run by one worker of all, in real time whatever the test clocks say.

The row of a schedule is its leadership: who locks it runs it, and a worker that is killed lets go of it. It may run twice; what it does
must bear that. After a downtime it runs once, not once for each time that was missed.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.work import Work
from contor.runtime.execute import Runtime
from contor.runtime.tracing import Kind, span
from contor.runtime.work.tenants import Calls, caller, described, mark_everyone, tell

log = logging.getLogger("contor.schedule")
LOOK_SECONDS = 60.0
"""How often a worker looks for a schedule whose time has come, at least: it knows when the next one does."""
LEAST_SECONDS = 1.0
"""Who finds that another one runs what is due looks again after that."""
AGAIN_SECONDS = 10.0
"""... and who could not look."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Something that runs every so often. Short: the long part is work of tenants, which it only marks."""

    name: str
    every: dt.timedelta
    run: Callable[[Runtime], None]
    at: dt.timedelta | None = None
    """The time of day (UTC), for what runs once a day; None: every so long after the last time, at once where it never ran."""

    def after(self, instant: dt.datetime) -> dt.datetime:
        """When it runs next after `instant`."""
        if self.at is None:
            return instant + self.every
        midnight = instant.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return next(day for n in range(3) if (day := midnight + n * self.every + self.at) > instant)


class Due(NamedTuple):
    name: str
    now: dt.datetime


SCHEDULES: dict[str, Scheduled] = {}
"""Every schedule by name. Filled while packages are imported, constant afterwards."""


def scheduled(made: Scheduled) -> Scheduled:
    """Declare a schedule."""
    if made.name in SCHEDULES:
        raise ValueError(f"schedule {made.name} is declared twice")
    SCHEDULES[made.name] = made
    return made


def every_tenant(work: Work, *, every: dt.timedelta, at: dt.timedelta | None = None) -> Scheduled:
    """Declare that every tenant is looked into for this work every so often."""
    return scheduled(Scheduled(work.name, every, lambda runtime: mark_everyone(runtime, work), at))


def install(runtime: Runtime) -> None:
    """Give each schedule its row."""
    with runtime.transaction(caller("schedule"), directory=True) as uow:
        now = uow.scalar(dt.datetime, "SELECT now()")
        if now is None:
            raise AssertionError("the database has a clock")
        known = set(uow.column(str, "SELECT name FROM directory.schedule"))
        for name, one in SCHEDULES.items():
            if name not in known:
                sql = "INSERT INTO directory.schedule (name, next_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
                uow.run(sql, (name, now if one.at is None else one.after(now)))


def run_due(runtime: Runtime) -> int:
    """Run what is due and no other worker runs; how many that were."""
    done = 0
    while _run_next(runtime):
        done += 1
    return done


def _run_next(runtime: Runtime) -> bool:
    """The row stays locked while it runs: nobody else runs it, and it is free at once when this worker dies."""
    with runtime.transaction(caller("schedule"), directory=True) as uow:
        due = uow.first(
            Due,
            "SELECT name, now() AS now FROM directory.schedule WHERE next_at <= now() AND name = ANY (%s)"
            " ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED",
            (list(SCHEDULES),),
        )
        if due is None:
            return False
        one, began, failure = SCHEDULES[due.name], time.monotonic(), None
        try:
            with span(f"schedule {one.name}", Kind.CONSUMER):
                one.run(runtime)
        except Exception as error:
            # swallowed, so that its next time is stored: else it would be due again at once, for ever
            failure = described(error)
            log.exception("schedule %s failed", one.name)
        seconds = round(time.monotonic() - began, 3)
        uow.run(
            "UPDATE directory.schedule SET next_at = %(next)s, began_at = %(now)s, seconds = %(seconds)s,"
            " failures = CASE WHEN %(failure)s::text IS NULL THEN 0 ELSE failures + 1 END,"
            " failed_at = CASE WHEN %(failure)s::text IS NULL THEN failed_at ELSE %(now)s END, failure = coalesce(%(failure)s, failure)"
            " WHERE name = %(name)s",
            {"name": one.name, "next": one.after(due.now), "now": due.now, "seconds": seconds, "failure": failure},
        )
    return True


def idle_seconds(runtime: Runtime) -> float:
    """How long there is nothing to run."""
    sql = "SELECT ceil(1000 * extract(epoch FROM min(next_at) - now()))::bigint FROM directory.schedule WHERE name = ANY (%s)"
    with runtime.transaction(caller("schedule"), directory=True, reads=True) as uow:
        milliseconds = uow.scalar(int, sql, (list(SCHEDULES),))
    return LOOK_SECONDS if milliseconds is None else min(max(LEAST_SECONDS, milliseconds / 1000), LOOK_SECONDS)


def run_until(runtime: Runtime, calls: Calls) -> None:
    """The thread of a worker that keeps the schedules."""
    is_installed, seconds = False, LOOK_SECONDS
    while not calls.stopped():
        try:
            if not is_installed:
                install(runtime)
                is_installed = True
            run_due(runtime)
            seconds = idle_seconds(runtime)
        except Exception as error:
            tell(log, error, "the schedules could not be read; it is tried again")
            seconds = AGAIN_SECONDS
        calls.wait("", 0, seconds)
