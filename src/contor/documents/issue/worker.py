"""Drain the queue of requested documents, tenant by tenant, batch by batch; each request becomes one document or one FAILED.

One thread a process, as many processes as cores: threads of one process take turns at computing, and pay for it. A tenant has one worker
at a time, a queue of several batches all that are free (`queue.may_drain`). A batch that fails as a whole is repeated request by request,
so that one bad request never holds up the others. FAILED is what something was found of; a fault of ours decides over no request: it
waits, and is tried again by itself.
"""

import datetime as dt
import gc
import itertools
import logging
import sys
import time
from collections.abc import Sequence

from contor.documents.issue.issuing import FailRequest, IssueWaiting, fail_request, issue_waiting
from contor.documents.issue.queue import FirstInQueue, PutBack, first_in_queue, put_back
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.work import Elsewhere, Work, work
from contor.runtime.execute import Runtime, is_finding, is_lock, is_passing
from contor.runtime.uow import wall_clock
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import described

log = logging.getLogger("contor.documents")

BATCH = 500
SMALLEST = 20
"""Requests of a turn at least, however slow the machine."""
TURN_SECONDS = 1.0
MOST_LOCKED = 3
"""Requests that wait for a lock after which the tenant as a whole is left alone for a while."""
LINGER_SECONDS = 0.3
"""For so long a few requests of a stream wait for more, to be issued as one batch."""
COLLECT_EVERY = 20
"""Batches after which memory held by cycles is looked for."""


def caller(tenant_id: int) -> Caller:
    return Caller("job:documents", "worker", tenant_id, permissions=frozenset({EVERYTHING}))


def drain(runtime: Runtime, tenant_id: int, batch: int = BATCH) -> int:
    """Issue what waits in one tenant; the number of requests completed or failed."""
    done = 0
    while taken := one_batch(runtime, tenant_id, batch):
        done += taken
    return done


def one_batch(runtime: Runtime, tenant_id: int, batch: int) -> int | None:
    """Issue at most `batch` waiting requests of one tenant; how many were completed or failed, None where another worker is at them. What
    the database cannot do just now is raised, and decides over no request: all wait on."""
    try:
        result = runtime.execute(issue_waiting, IssueWaiting(limit=batch), caller(tenant_id))
    except Exception as error:
        if is_passing(error) and not is_lock(error):
            raise
        log.warning("a batch of tenant %s failed (%s); its requests are issued one by one", tenant_id, error)
        return _one_by_one(runtime, tenant_id, runtime.execute(first_in_queue, FirstInQueue(limit=batch), caller(tenant_id)))
    if result.elsewhere:
        return None
    done = len(result.completed) + len(result.failed) + len(result.waiting)
    return done + (_one_by_one(runtime, tenant_id, result.retried) if result.retried else 0)


def _one_by_one(runtime: Runtime, tenant_id: int, places: Sequence[int]) -> int:
    """The requests at these places of the queue, each in a transaction of its own. The one of which something is found becomes FAILED with
    its reasons; one that meets a fault or waits for a lock stays in the queue, and the others go on without it."""
    done, locked = 0, list[Exception]()
    for queued in places:
        try:
            result = runtime.execute(issue_waiting, IssueWaiting(limit=1, only=queued), caller(tenant_id))
        except Exception as error:
            if is_passing(error):
                locked.append(error)
                if not is_lock(error) or len(locked) >= MOST_LOCKED:
                    raise
                continue
            if not is_finding(error):
                cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
                failures = runtime.execute(put_back, PutBack(queued=queued, failure=described(cause)), caller(tenant_id))
                log.error("a request of tenant %s could not be issued (%s times); it waits", tenant_id, failures, exc_info=error)
                continue
            assert isinstance(error, Refused)
            result = runtime.execute(fail_request, FailRequest(queued=queued, errors=error.problems), caller(tenant_id))
        done += len(result.completed) + len(result.failed)
    if locked:
        raise locked[0]
    return done


def tune_process() -> None:
    """A batch makes hundreds of thousands of small values, none in a cycle: looking through them all for cycles, again and again,
    would cost a tenth of the time. `look` does so from time to time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    # A thread whose answer has come from the database must not wait 5 ms, the default, for the one that computes.
    sys.setswitchinterval(0.002)


_BATCHES = itertools.count(1)


class Pace:
    """How many requests are one turn: as many as this machine issues in about `TURN_SECONDS`, for so long every other tenant waits."""

    def __init__(self) -> None:
        self._most = BATCH

    @property
    def most(self) -> int:
        return min(BATCH, self._most)

    def took(self, requests: int, seconds: float) -> None:
        """A full turn of so many requests took so long."""
        fitting = int(requests * TURN_SECONDS / max(seconds, 0.001))
        self._most = max(SMALLEST, min(fitting, 2 * requests, BATCH))


_PACE = Pace()


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Issue one batch of what waits; behind it, all other tenants that have something have their turn."""
    most, began = _PACE.most, time.perf_counter()
    taken = one_batch(runtime, tenant_id, most)
    if taken is None:
        return Elsewhere.BUSY
    if taken >= most:
        _PACE.took(taken, time.perf_counter() - began)
    if next(_BATCHES) % COLLECT_EVERY == 0 or 0 < taken < most:  # nobody else does (`tune_process`)
        gc.collect()
    return wall_clock() if taken >= most else None


DOCUMENTS = work(Work(name="documents", look=look, linger=LINGER_SECONDS))
every_tenant(DOCUMENTS, every=dt.timedelta(minutes=15))
