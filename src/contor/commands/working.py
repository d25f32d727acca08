"""`contor check` and `contor jobs`: what the invariants find, and how the work stands."""

import datetime as dt

from rich.markup import escape
from rich.table import Table

from contor.commands.terminal import printed_table
from contor.runtime.execute import Runtime
from contor.runtime.work.checking import Finding, check_all, last_check
from contor.runtime.work.status import standing
from contor.runtime.work.tenants import described, each, tenant_ids

NO_NIGHT = "no night has checked this tenant yet"
"""It says that nothing is known, not that something is broken."""


def findings(runtime: Runtime, tenant: int | None, *, last: bool, files: bool = False) -> list[Finding]:
    """Of one tenant or of all: found now, or by the last nightly check. `files`: every file is read."""
    return list(_found_last(runtime, tenant) if last else check_all(runtime, tenant, thorough=files))


def _found_last(runtime: Runtime, tenant: int | None) -> list[Finding]:
    found = []
    for number, run in each(tenant_ids(runtime, tenant), lambda one: last_check(runtime, one)):
        if isinstance(run, Exception):
            found.append(Finding(number, "tenant", described(run)))
        elif run is None:
            found.append(Finding(number, "", NO_NIGHT))
        else:
            found += [Finding(number, name, sentence) for name, sentence in run.findings]
            if run.found > len(run.findings):
                found.append(Finding(number, "", f"and {run.found - len(run.findings)} more"))
    return found


def tables_of(runtime: Runtime) -> list[Table]:
    """Schedules, kinds of work, queues."""
    now = standing(runtime)
    schedules = printed_table(
        "schedule", "last run", "seconds", "next run", "failed in a row", "last failure", title="Every so often"
    )
    for row in now.schedules:
        failure = f"{_when(row.failed_at)} {row.failure}" if row.failure else ""
        schedules.add_row(
            row.name, _when(row.began_at), str(row.seconds or ""), _when(row.next_at), str(row.failures), escape(failure)
        )
    work = printed_table("work", "tenants waiting", "later", "next", "tenants failing", "failure", title="Tenants with work")
    for one in now.work:
        work.add_row(one.kind, str(one.waiting), str(one.later), _when(one.next_at), str(one.failing), escape(one.failure or ""))
    queues = printed_table("queue", "waiting", "running", "tried again", "given up", "oldest", title="Queues of jobs")
    for queue in now.queues:
        counts = (queue.waiting, queue.running, queue.retried, queue.failed)
        queues.add_row(queue.name, *map(str, counts), _when(queue.oldest))
    return [schedules, work, queues]


def _when(instant: dt.datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
