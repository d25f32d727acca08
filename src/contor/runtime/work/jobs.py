"""Jobs: operations that run after the commit. Enqueued in the caller's transaction, taken by workers, retried with back-off.

A job may run twice; its operation must bear that. The queue's tables live in the schema `infra`.
"""

import asyncio
import datetime as dt
import logging
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Never, Self

import msgspec
import psycopg
from pgqueuer import Job, QueueManager
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core import buffers
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.domain import models, types
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import NotifyCallback
from psycopg.abc import RV, PQGen

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.events import FOLLOWERS, Follower
from contor.kernel.operations import Operation
from contor.runtime.db import ENCODER, application_dsn
from contor.runtime.execute import Runtime
from contor.runtime.tracing import Kind, span
from contor.runtime.uow import Ending, Uow
from contor.runtime.work.tenants import tell
from contor.runtime.work.threads import in_thread

AsyncConnection = psycopg.AsyncConnection[Any]
_Ending = tuple[models.Job, types.JOB_STATUS, models.TracebackRecord | None]
log = logging.getLogger("contor.jobs")
BATCH = 4
CLAIMED = 2 * BATCH
"""Jobs of one queue that one worker holds at most: what waits for the heartbeat timeout when it is killed."""
LEAST_URGENT = -100
"""The priority of jobs of which so many or more are enqueued at once; one alone has 0."""
SETTLE_SECONDS = 0.5
"""For so long a queue that ends may go on by itself."""
DEQUEUE_SECONDS = 20
"""How often a queue is looked into without being called: for what a worker that was killed held."""
SECONDS_BETWEEN_LOOKS = 60.0
"""How often who listens looks whether something came that the kernel did not tell of."""


@cache
def _settings() -> DBSettings:
    return DBSettings(db_schema="infra")


def enqueue(uow: Uow, operation: Operation[Never, object], commands: Sequence[object], keys: Sequence[str] | None = None) -> None:
    """Let a worker run `operation` once for each of `commands` after this transaction commits.

    A job whose key (default: none) still waits is not enqueued again. The more jobs come at once, the later each is taken: a tenant's
    one document does not wait for the files of another one's hundred thousand.
    """
    if not commands:
        return
    caller = uow.ctx.caller
    whose = None if operation.directory else uow.ctx.tenant_id
    common = {"tenant_id": whose, "organization_id": caller.organization_id, "request_id": caller.request_id}
    payloads = [ENCODER.encode({**common, "command": command}) for command in commands]
    count = len(payloads)
    priorities, names = [max(1 - count, LEAST_URGENT)] * count, [operation.name] * count
    at_once, unsaid = ["0"] * count, [None] * count
    dedupe = [f"{operation.name}:{whose}:{key}" for key in keys] if keys else unsaid  # the queue knows no tenants
    uow.execute(_enqueuing(), (priorities, names, payloads, at_once, dedupe, ["null"] * count))


@cache
def _enqueuing() -> str:
    """The queue's own statement, which it makes anew for each job. Parameters: arrays of priorities, operations, payloads, delays, keys and
    headers."""
    sql = qb.QueryQueueBuilder(_settings()).build_enqueue_query("skip").replace("%", "%%")
    return re.sub(r"--[^\n]*", "", re.sub(r"\$[1-6]\b", "%s", sql))


def enqueue_followers(uow: Uow, facts: Iterable[object]) -> None:
    """The jobs that follow from what happened in this transaction, each in the queue of its follower. What happens in the directory is
    followed by operations of the directory."""
    for fact in facts:
        for follower in FOLLOWERS[type(fact)]:
            enqueue(uow, follower.operation, list(follower.batches(fact)))


def followers(place: str) -> list[Follower]:
    """The followers that a kind of worker process runs, by name."""
    found = {follower.operation.name: follower for made in FOLLOWERS.values() for follower in made if follower.place == place}
    return [found[name] for name in sorted(found)]


def run_job(runtime: Runtime, operation: Operation[Never, object], payload: bytes) -> object:
    """Run one job: the operation, as its tenant or in the directory, through the one door."""
    envelope = msgspec.json.decode(payload, type=_Envelope)
    command = msgspec.json.decode(envelope.command, type=operation.input)
    caller = Caller(
        f"job:{operation.name}",
        envelope.request_id,
        envelope.tenant_id,
        envelope.organization_id,
        permissions=frozenset({EVERYTHING}),
    )
    with span(f"job {operation.name}", Kind.CONSUMER, tenant=envelope.tenant_id, request_id=envelope.request_id):
        return runtime.execute(operation, command, caller)


class _Envelope(msgspec.Struct):
    request_id: str
    command: msgspec.Raw
    tenant_id: int | None = None
    organization_id: uuid.UUID | None = None


class _Listening(AsyncConnection):
    """It waits for what comes: the event loop hears of an interruption by itself, so nobody looks ten times a second whether there is
    one."""

    async def wait(self, gen: PQGen[RV], interval: float = SECONDS_BETWEEN_LOOKS, timeout: float | None = None) -> RV:
        return await super().wait(gen, SECONDS_BETWEEN_LOOKS, timeout)


class _Ended(buffers.JobStatusLogBuffer):
    """How jobs ended, written together where several end at the same time. It waits for the first instead of looking for it."""

    async def add(self, item: _Ending) -> None:
        await super().add(item)
        self._came.set()

    async def __aenter__(self) -> Self:
        self._came = asyncio.Event()
        return await super().__aenter__()

    async def periodic_flush(self) -> None:
        ending = asyncio.create_task(self.shutdown.wait())
        while not self.shutdown.is_set():
            coming = asyncio.create_task(self._came.wait())
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            coming.cancel()
            self._came.clear()
            await asyncio.wait({ending}, timeout=self.timeout.total_seconds())
            await self.flush()
            if self.events.qsize():  # it could not be written, and is tried again
                self._came.set()


buffers.JobStatusLogBuffer = _Ended  # type: ignore[misc]  # pgqueuer makes it by this name


class _Driver(PsycopgDriver):
    """Asks on one connection and listens on another: who listens holds the connection for up to a second, and all else would wait. Of
    queues that begin to listen at the same time each is heard of: the library's way keeps the last one alone."""

    def __init__(self, asking: AsyncConnection, listening: AsyncConnection) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)
        self._beginning = asyncio.Lock()

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        async with self._beginning:
            await super().add_listener(channel, callback)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        return await self._asking.execute(query, *args)


class _Held:
    """How many jobs this process has taken and neither ended nor given back."""

    def __init__(self) -> None:
        self.jobs = 0

    def __enter__(self) -> None:
        self.jobs += 1

    def __exit__(self, *_: object) -> None:
        self.jobs -= 1

    async def nothing(self) -> None:
        """Returns when none is held."""
        while self.jobs:
            await asyncio.sleep(0.05)


@dataclass
class _Queries(Queries):
    """Who waits is called for a job that comes again, too, and then knows its time: the library's trigger calls for those that come and
    go, but not for one that is changed. Until it is given back the job is held: a worker that ended before would leave it taken, and the
    next would come to it only when the heartbeats have been missing for long enough."""

    held: _Held = field(default_factory=_Held)

    async def retry_job(self, job: models.Job, delay: dt.timedelta, traceback_record: models.TracebackRecord | None) -> None:
        with self.held:
            await super().retry_job(job, delay, traceback_record)
            settings = self.qbq.settings
            event = models.TableChangedEvent(
                channel=settings.channel,
                sent_at=models.utc_now(),
                type="table_changed_event",
                operation="update",
                table=settings.queue_table,
            )
            await self.driver.notify(settings.channel, event.model_dump_json())


async def work(runtime: Runtime, followers: Sequence[Follower], stop: asyncio.Event) -> None:
    """Take and run jobs of these followers until `stop` is set. Each has its own queue, with its own turns: one that is slow or fails
    holds up no other."""
    if not followers:
        await stop.wait()
        return
    dsn = application_dsn(runtime.database.dsn)
    connect, listen = psycopg.AsyncConnection.connect, _Listening.connect
    async with await connect(dsn, autocommit=True) as asking, await listen(dsn, autocommit=True) as listening:
        settings, held = _settings(), _Held()
        queries = _Queries(
            _Driver(asking, listening),
            held=held,
            qbe=qb.QueryBuilderEnvironment(settings),
            qbq=qb.QueryQueueBuilder(settings),
            qbs=qb.QuerySchedulerBuilder(settings),
        )
        managers = [_manager(queries, runtime, follower, held, stop) for follower in followers]
        running = [
            asyncio.create_task(
                manager.run(
                    dequeue_timeout=dt.timedelta(seconds=DEQUEUE_SECONDS),
                    batch_size=BATCH,
                    max_concurrent_tasks=CLAIMED,
                    heartbeat_timeout=dt.timedelta(seconds=20),
                    log_aggregation_interval=dt.timedelta(minutes=5),
                )
            )
            for manager in managers
        ]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for manager in managers:
            manager.shutdown.set()
        stopping.cancel()
        if stop.is_set():
            # the queue itself would look around for seconds before it ends; nothing is lost of one that holds no job
            await asyncio.wait(running, timeout=SETTLE_SECONDS)
            await held.nothing()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        else:
            await asyncio.gather(*running)  # what ended one ends the process


def _manager(queries: Queries, runtime: Runtime, follower: Follower, held: _Held, stop: asyncio.Event) -> QueueManager:
    """One for each follower: a shared one would fill its places with the jobs of whoever has the most. Its turns are counted here: the
    queue's own limit per entry point would count over all workers, and free a finished job's place only seconds later."""
    manager, operation = QueueManager(queries, channel=_settings().channel), follower.operation
    turns = asyncio.Semaphore(follower.concurrency)

    @manager.entrypoint(
        operation.name,
        on_failure="hold",
        executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(parameters, max_attempts=follower.attempts),
    )
    async def entrypoint(job: Job) -> None:
        with held:
            async with turns:
                if stop.is_set():  # what has not begun goes back, for the next worker: this one ends with what it runs
                    raise RetryRequested(reason="the worker ended before its turn")
                await in_thread(run_try, runtime, follower, job.payload or b"{}", is_last=job.attempts >= follower.attempts)

    return manager


def run_try(runtime: Runtime, follower: Follower, payload: bytes, *, is_last: bool) -> None:
    """Run a job; after the last try that fails its subject says so, where the follower knows how. Raises what the job raised."""
    try:
        run_job(runtime, follower.operation, payload)
    except Ending:
        raise RetryRequested(reason="the worker ended meanwhile") from None
    except Exception as error:
        said = "job %s failed; it is given up" if is_last else "job %s failed; it is tried again"
        tell(log, error, said, follower.operation.name)
        if is_last and follower.given_up is not None:
            try:
                run_job(runtime, follower.given_up, payload)
            except Exception as second:
                tell(log, second, "job %s was given up, which its subject does not say", follower.operation.name)
        raise
