"""Jobs: operations that run after the commit. Enqueued in the caller's transaction, taken by workers, retried with back-off.

A job may run twice; its operation must bear that. The queue's tables live in the schema `infra`.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
import psycopg
from pgqueuer import Job, QueueManager
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver, SyncPsycopgDriver
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries, SyncQueries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.domain.settings import DBSettings

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.events import FOLLOWERS
from contor.kernel.operations import CATALOGUE, Operation
from contor.runtime.db import ENCODER, application_dsn
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

AsyncConnection = psycopg.AsyncConnection[Any]
log = logging.getLogger("contor.jobs")
BATCH = 4
CLAIMED = 2 * BATCH
"""Jobs that one worker holds at most: what waits for the heartbeat timeout when it is killed."""


@cache
def _settings() -> DBSettings:
    return DBSettings(db_schema="infra")


def enqueue(uow: Uow, operation: Operation[Any, Any], commands: Sequence[Any], keys: Sequence[str] | None = None) -> None:
    """Let a worker run `operation` once for each of `commands` after this transaction commits.

    A job whose key (default: none) still waits is not enqueued again.
    """
    if not commands:
        return
    payloads = [
        ENCODER.encode({"tenant_id": uow.ctx.tenant_id, "request_id": uow.ctx.caller.request_id, "command": c}) for c in commands
    ]
    queries = SyncQueries(SyncPsycopgDriver(uow.connection), qbq=qb.QueryQueueBuilder(_settings()))
    queries.enqueue(
        [operation.name] * len(payloads),
        list(payloads),
        [0] * len(payloads),
        dedupe_key=[f"{operation.name}:{uow.ctx.tenant_id}:{key}" for key in keys] if keys else None,
        on_conflict="skip",
    )


def enqueue_followers(uow: Uow, facts: Iterable[Any]) -> None:
    """The jobs that follow from what happened in this transaction."""
    for fact in facts:
        for follower, batches in FOLLOWERS[type(fact)]:
            enqueue(uow, follower, list(batches(fact)))


def run_job(runtime: Runtime, operation: Operation[Any, Any], payload: bytes) -> Any:
    """Run one job: the operation, as its tenant, through the one door."""
    envelope = msgspec.json.decode(payload, type=_Envelope)
    command = msgspec.json.decode(envelope.command, type=operation.input)
    caller = Caller(f"job:{operation.name}", envelope.request_id, envelope.tenant_id, permissions=frozenset({EVERYTHING}))
    return runtime.execute(operation, command, caller)


class _Envelope(msgspec.Struct):
    tenant_id: int
    request_id: str
    command: msgspec.Raw


class _Driver(PsycopgDriver):
    """Asks on one connection and listens on another: who listens holds the connection for up to a second, and all else would wait."""

    def __init__(self, asking: AsyncConnection, listening: AsyncConnection) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        return await self._asking.execute(query, *args)


async def work(runtime: Runtime, operations: Sequence[str], stop: asyncio.Event, *, concurrency: int = 1) -> None:
    """Take and run jobs of the named operations until `stop` is set, `concurrency` at a time in this process.

    The queue's own limit per entry point would count over all workers, and free a finished job's place only seconds later.
    """
    dsn = application_dsn(runtime.database.dsn)
    connect = psycopg.AsyncConnection.connect
    async with await connect(dsn, autocommit=True) as asking, await connect(dsn, autocommit=True) as listening:
        settings = _settings()
        queries = Queries(
            _Driver(asking, listening),
            qbe=qb.QueryBuilderEnvironment(settings),
            qbq=qb.QueryQueueBuilder(settings),
            qbs=qb.QuerySchedulerBuilder(settings),
        )
        manager = QueueManager(queries, channel=settings.channel)
        turns = asyncio.Semaphore(concurrency)
        for name in operations:
            _register(manager, runtime, CATALOGUE[name], turns)
        running = asyncio.create_task(
            manager.run(
                dequeue_timeout=dt.timedelta(seconds=5),
                batch_size=BATCH,
                max_concurrent_tasks=CLAIMED,
                heartbeat_timeout=dt.timedelta(seconds=20),
                log_aggregation_interval=dt.timedelta(minutes=5),
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        manager.shutdown.set()
        stopping.cancel()
        await running


def _register(manager: QueueManager, runtime: Runtime, operation: Operation[Any, Any], turns: asyncio.Semaphore) -> None:
    @manager.entrypoint(
        operation.name,
        on_failure="hold",
        executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(parameters, max_attempts=8),
    )
    async def entrypoint(job: Job) -> None:
        async with turns:
            await asyncio.to_thread(_logged, lambda: run_job(runtime, operation, job.payload or b"{}"), operation.name)


def _logged(run: Callable[[], Any], name: str) -> None:
    try:
        run()
    except Exception:
        log.exception("job %s failed; it is tried again", name)
        raise
