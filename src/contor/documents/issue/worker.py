"""Drain the queue of requested documents, tenant by tenant, batch by batch; each request becomes one document or one FAILED.

Two threads take turns: while one waits for the database, the other computes. A batch that fails as a whole is repeated request
by request, so that one bad request never holds up the others.
"""

import gc
import itertools
import logging
import sys
import threading
import time
from collections.abc import Callable

from contor.documents.issue.issuing import FailRequest, IssueWaiting, fail_request, issue_waiting
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.runtime.execute import Runtime

log = logging.getLogger("contor.documents")

BATCH = 500
THREADS = 2
ACTIVE_SECONDS = 15
"""A tenant is looked into all the time for so long after its last request."""
SWEEP_SECONDS = 10
"""How often every tenant is looked into."""
IDLE_SECONDS = 0.1
COLLECT_EVERY = 20
"""Batches after which memory held by cycles is looked for."""


def caller(tenant_id: int) -> Caller:
    return Caller("job:documents", "worker", tenant_id, permissions=frozenset({EVERYTHING}))


def drain(runtime: Runtime, tenant_id: int, batch: int = BATCH) -> int:
    """Issue what waits in one tenant; the number of requests completed or failed."""
    done = 0
    for number in itertools.count(1):
        taken = one_batch(runtime, tenant_id, batch)
        done += taken
        if number % COLLECT_EVERY == 0 or (done and not taken):
            gc.collect()
        if not taken:
            return done
    raise AssertionError("unreachable")


def one_batch(runtime: Runtime, tenant_id: int, batch: int) -> int:
    """Issue at most `batch` waiting requests of one tenant; how many were completed or failed."""
    try:
        result = runtime.execute(issue_waiting, IssueWaiting(limit=batch), caller(tenant_id))
    except Exception:
        log.exception("a batch of tenant %s failed; its requests are issued one by one", tenant_id)
        return _one_by_one(runtime, tenant_id, batch)
    return len(result.completed) + len(result.failed)


def _one_by_one(runtime: Runtime, tenant_id: int, batch: int) -> int:
    """As many requests as a batch has, each in a transaction of its own; what still fails becomes FAILED with its reason."""
    for count in range(batch):
        try:
            result = runtime.execute(issue_waiting, IssueWaiting(limit=1), caller(tenant_id))
            if not result.completed and not result.failed:
                return count
        except Exception as error:
            log.exception("a request of tenant %s failed", tenant_id)
            reason = error.problems[0] if isinstance(error, Refused) else None
            command = FailRequest(
                code=reason.code if reason else "internal_error",
                message=reason.message if reason else "The document could not be issued; the log of the server says why.",
            )
            runtime.execute(fail_request, command, caller(tenant_id))
    return batch


def active_tenants(runtime: Runtime, everyone: bool) -> list[int]:
    """Tenants that may have work."""
    sql = "SELECT id FROM directory.environment ORDER BY id"
    if not everyone:
        sql = "SELECT tenant_id AS id FROM directory.tenant_work WHERE seen_at > %(since)s ORDER BY tenant_id"
    since = runtime.clock().timestamp() - ACTIVE_SECONDS
    with runtime.transaction(Caller("job:documents", "worker"), directory=True, reads=True) as uow:
        return [row.id for row in uow.rows(sql.replace("%(since)s", "to_timestamp(%(since)s)"), {"since": since})]


def run(runtime: Runtime, stopped: Callable[[], bool]) -> None:
    """Drain until stopped: active tenants all the time, all tenants at start and every few seconds."""
    tune_process()
    threads = [threading.Thread(target=_loop, args=(runtime, stopped, n), name=f"documents-{n}") for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def tune_process() -> None:
    """A batch makes hundreds of thousands of small values, none in a cycle: looking through them all for cycles, again and again,
    would cost a tenth of the time. `drain` looks from time to time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    # A thread whose answer has come from the database must not wait 5 ms, the default, for the one that computes.
    sys.setswitchinterval(0.002)


def _loop(runtime: Runtime, stopped: Callable[[], bool], offset: int) -> None:
    swept: float = -SWEEP_SECONDS
    time.sleep(offset * IDLE_SECONDS / THREADS)
    while not stopped():
        try:
            everyone = time.monotonic() - swept >= SWEEP_SECONDS
            swept = time.monotonic() if everyone else swept
            done = sum(drain(runtime, tenant) for tenant in active_tenants(runtime, everyone))
        except Exception:
            log.exception("the queue of documents could not be read; it is tried again")
            done = 0
            time.sleep(1)
        if not done:
            time.sleep(IDLE_SECONDS)
