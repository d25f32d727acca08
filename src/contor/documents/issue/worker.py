"""Drain the queue of requested documents, tenant by tenant, batch by batch; each request becomes one document or one FAILED.

Two threads take turns: while one waits for the database, the other computes. A batch that fails as a whole is repeated request
by request, so that one bad request never holds up the others.
"""

import datetime as dt
import gc
import itertools
import logging
import sys

from contor.documents.issue.issuing import FailRequest, IssueWaiting, fail_request, issue_waiting
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.documents")

BATCH = 500
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
        if number % COLLECT_EVERY == 0 or (done and not taken):  # nobody else does (`tune_process`)
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


def tune_process() -> None:
    """A batch makes hundreds of thousands of small values, none in a cycle: looking through them all for cycles, again and again,
    would cost a tenth of the time. `drain` looks from time to time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    # A thread whose answer has come from the database must not wait 5 ms, the default, for the one that computes.
    sys.setswitchinterval(0.002)


def look(runtime: Runtime, tenant_id: int) -> None:
    """Issue what waits."""
    drain(runtime, tenant_id)


DOCUMENTS = work(Work(name="documents", look=look, threads=2))
every_tenant(DOCUMENTS, every=dt.timedelta(minutes=15))
