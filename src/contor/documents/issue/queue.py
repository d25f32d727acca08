"""The queue of requests that wait to be issued: who takes one takes it in the transaction that issues."""

from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow

MOST_RETRIED = 20
"""Requests that failed before and are tried again in one turn."""
MOST_PATIENCE = 3600
"""Seconds between two tries of a request that fails again and again."""


class Waiting(NamedTuple):
    """A request that waits; `payload` as `queries.packed`."""

    queued: int
    """Its place in the queue."""
    request_id: str
    document_type: str
    payload: bytes
    small_business: bool
    imported: bool


_MAY_DRAIN = f"""
SELECT CASE WHEN {lock_if_free("documents", "'queue'")} THEN true
            ELSE (SELECT count(*) FROM (SELECT 1 FROM document_queue
                   WHERE due_at IS NULL AND waits_for IS NULL LIMIT %(enough)s) x) >= %(enough)s END
"""


def may_drain(uow: Uow, limit: int) -> bool:
    """Whether this worker may take a batch: one at a time of each tenant, until the commit, whoever dies meanwhile. Two would have half a
    batch each, and wait for each other's numbers; where two full batches wait it is worth that."""
    return bool(uow.scalar(bool, _MAY_DRAIN, {"tenant": uow.ctx.tenant_id, "enough": 2 * limit}))


def claim(uow: Uow, limit: int, only: int | None) -> list[Waiting]:
    """Take the oldest requests, or one, out of the queue: they are back if the transaction fails. One that failed before is taken by
    itself, so that no batch fails with it."""
    chosen, values = ("id = %s", (only, limit)) if only is not None else ("due_at IS NULL AND waits_for IS NULL", (limit,))
    return uow.all(
        Waiting,
        # ARRAY: evaluated once; a joined subselect may be run again, and would lock more than the limit. LATERAL and LIMIT: each request
        # by its key, also where a server takes the tenant for one with a single request (docs/decisions/0021)
        f"WITH taken AS (DELETE FROM document_queue WHERE id = ANY (ARRAY(SELECT id FROM document_queue WHERE {chosen} ORDER BY id LIMIT %s"
        " FOR UPDATE SKIP LOCKED)) RETURNING tenant_id, id, request_id)"
        " SELECT t.id AS queued, r.request_id, r.document_type, r.payload, r.small_business, r.imported FROM taken t CROSS JOIN LATERAL"
        " (SELECT q.request_id, q.document_type, q.payload, q.small_business, q.imported FROM document_request q"
        " WHERE q.tenant_id = t.tenant_id AND q.request_id = t.request_id LIMIT 1) r"
        " ORDER BY t.id",  # oldest first: the order of the numbers
        values,
    )


def to_be_retried(uow: Uow) -> tuple[int, ...]:
    """The places of requests that failed and whose time has come again."""
    sql = "SELECT id FROM document_queue WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT %s"
    return tuple(uow.column(int, sql, (MOST_RETRIED,)))


@shape
class FirstInQueue:
    limit: int


@operation("document.first_in_queue", permission="documents.read", reads=True)
def first_in_queue(uow: Uow, command: FirstInQueue) -> tuple[int, ...]:
    """The places in the queue of the requests that wait longest and did not fail yet."""
    sql = "SELECT id FROM document_queue WHERE due_at IS NULL AND waits_for IS NULL ORDER BY id LIMIT %s"
    return tuple(uow.column(int, sql, (command.limit,)))


@shape
class PutBack:
    queued: int
    """Its place in the queue."""
    failure: str
    """What happened, for a person to look at."""


class _Failed(NamedTuple):
    request_id: str
    failures: int


@operation("document.put_back", permission="documents.write")
def put_back(uow: Uow, command: PutBack) -> int:
    """Let a request wait on whose issuing failed for no reason of its own: it is tried again, later each time. How often it failed."""
    sql = (
        "UPDATE document_queue SET failures = failures + 1, failure = %(failure)s, due_at = clock_timestamp()"
        " + make_interval(secs => least(2 ^ least(failures + 1, 20), %(most)s)) WHERE id = %(id)s RETURNING request_id, failures"
    )
    found = uow.first(_Failed, sql, {"id": command.queued, "failure": command.failure, "most": MOST_PATIENCE})
    if found is None:  # somebody else issued it
        return 0
    uow.mark("documents", min(2**found.failures, MOST_PATIENCE))
    uow.audit("document_request", found.request_id, {"failures": found.failures})
    return found.failures
