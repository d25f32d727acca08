"""How the work stands: schedules, marked tenants, queues of followers."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.events import FOLLOWERS
from contor.kernel.work import WORK
from contor.runtime.execute import Runtime
from contor.runtime.rows import columns
from contor.runtime.work.schedule import SCHEDULES
from contor.runtime.work.tenants import caller


class ScheduleRow(NamedTuple):
    """When something runs, and how its last run went (real time)."""

    name: str
    next_at: dt.datetime
    began_at: dt.datetime | None
    seconds: Decimal | None
    failures: int
    failed_at: dt.datetime | None
    failure: str | None


class WorkRow(NamedTuple):
    """Tenants that are marked for a kind of work."""

    kind: str
    waiting: int
    """Tenants whose time has come."""
    later: int
    """Tenants that are looked into by themselves at `next_at` or later."""
    next_at: dt.datetime | None
    failing: int
    """Tenants whose last look failed."""
    failure: str | None


class QueueRow(NamedTuple):
    """The jobs of one follower."""

    name: str
    waiting: int
    running: int
    retried: int
    """Of those that wait: failed at least once."""
    failed: int
    """Given up, kept for a person."""
    oldest: dt.datetime | None


_WORK = """
SELECT kind, count(DISTINCT tenant_id) FILTER (WHERE due_at <= now()) AS waiting,
       count(DISTINCT tenant_id) FILTER (WHERE due_at > now()) AS later, min(due_at) FILTER (WHERE due_at > now()) AS next_at,
       count(DISTINCT tenant_id) FILTER (WHERE failures > 0) AS failing, max(failure) AS failure
  FROM directory.work_mark GROUP BY kind
"""
_QUEUES = """
SELECT entrypoint AS name, count(*) FILTER (WHERE status = 'queued') AS waiting, count(*) FILTER (WHERE status = 'picked') AS running,
       count(*) FILTER (WHERE status = 'queued' AND attempts > 0) AS retried, count(*) FILTER (WHERE status = 'failed') AS failed,
       min(created) FILTER (WHERE status = 'queued') AS oldest
  FROM infra.pgqueuer GROUP BY entrypoint
"""


class Standing(NamedTuple):
    schedules: list[ScheduleRow]
    work: list[WorkRow]
    queues: list[QueueRow]


def standing(runtime: Runtime) -> Standing:
    """Of everything that is declared, by name; with a queue of jobs whose follower is no more."""
    with runtime.transaction(caller("jobs"), directory=True, reads=True) as uow:
        schedules = uow.all(
            ScheduleRow, f"SELECT {columns(ScheduleRow)} FROM directory.schedule WHERE name = ANY (%s)", (list(SCHEDULES),)
        )
        work = {row.kind: row for row in uow.all(WorkRow, _WORK)}
        queues = {row.name: row for row in uow.all(QueueRow, _QUEUES)}
    names = {follower.operation.name for found in FOLLOWERS.values() for follower in found} | set(queues)
    return Standing(
        sorted(schedules),
        [work.get(name) or WorkRow(name, 0, 0, None, 0, None) for name in sorted(WORK)],
        [queues.get(name) or QueueRow(name, 0, 0, 0, 0, None) for name in sorted(names)],
    )
