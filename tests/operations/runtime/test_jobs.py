"""Jobs: enqueued with the transaction that causes them, run as their tenant through the one door, tried again when they fail."""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pgqueuer import QueueManager
from tests.checkers.waiting import until
from tests.factories.tenants import Tenant
from tests.factories.things import MakeThings, ThingsMade, an_operation, make_things, someone, things

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import Follower as Following
from contor.kernel.operations import CATALOGUE, Operation
from contor.kernel.shapes import shape
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work import jobs

pytestmark = pytest.mark.usefixtures("thing_table")
NAME = "thing.follow"


@shape
class Follow:
    ids: tuple[int, ...]


@dataclass
class Follower:
    """An operation that marks its things; it fails as often as it is told to, after it has written."""

    failures: int = 0
    runs: list[tuple[int, ...]] = field(default_factory=list)
    only: int | None = None
    """Fail only for this thing."""
    error: BaseException = field(default_factory=lambda: Refused(Kind.UNAVAILABLE, Problem("later", "Not now.")))

    def __call__(self, uow: Uow, command: Follow) -> None:
        self.runs.append(command.ids)
        uow.run("UPDATE a_thing SET stars = stars + 1 WHERE id = ANY (%s)", (list(command.ids),))
        uow.audit("a_thing", str(command.ids[0]), {"followed": len(command.ids)})
        if self.failures and (self.only is None or self.only in command.ids):
            self.failures -= 1
            raise self.error


@pytest.fixture
def follower(followers: list[Any], monkeypatch: pytest.MonkeyPatch) -> Follower:
    """Follows `ThingsMade`, one job for each three things."""
    made = Follower()
    operation: Operation[Any, Any] = Operation(NAME, "things.write", Follow, None, made)
    monkeypatch.setitem(CATALOGUE, NAME, operation)

    def batches(fact: ThingsMade) -> Iterator[Follow]:
        for start in range(0, len(fact.ids), 3):
            yield Follow(ids=fact.ids[start : start + 3])

    followers.append(Following(operation, batches))
    return made


@pytest.fixture(autouse=True)
def _an_empty_queue(runtime: Runtime, tenant: Tenant) -> None:
    with runtime.transaction(tenant.caller()) as uow:
        uow.run("DELETE FROM infra.pgqueuer WHERE entrypoint = %s", (NAME,))


@pytest.fixture(autouse=True)
def _nobody_looks_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not called for hangs, instead of being found a little later."""
    monkeypatch.setattr(jobs, "DEQUEUE_SECONDS", 3_600)


def queue(tenant: Tenant) -> list[tuple[str, int]]:
    """Status and number of failures of each job."""
    rows = tenant.rows("SELECT status::text, attempts FROM infra.pgqueuer WHERE entrypoint = %s ORDER BY id", (NAME,))
    return [tuple(row) for row in rows]


def stars(tenant: Tenant) -> list[int]:
    """How often each thing was followed."""
    return [row.stars - 7 for row in tenant.rows("SELECT stars FROM a_thing ORDER BY id")]


@contextmanager
def a_worker(runtime: Runtime, *others: Following) -> Iterator[asyncio.Event]:
    """A worker of this follower and of others, in a thread of its own. What it gives is set when the worker is to end."""
    followers = [Following(CATALOGUE[NAME]), *others]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            loop.run_until_complete(jobs.work(runtime, followers, stop))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        assert not thread.is_alive()
        loop.close()
    assert failed == []


def test_a_job_is_enqueued_with_its_transaction(tenant: Tenant, follower: Follower) -> None:
    seen: list[Any] = []

    def make_and_look(uow: Uow, command: MakeThings) -> Any:
        made = make_things(uow, command)
        uow.finish(lambda: seen.append(queue(tenant)))
        return made

    tenant.execute(an_operation(make_and_look), things(1, 2, 3, 4))
    assert seen == [[]]
    assert queue(tenant) == [("queued", 0)] * 2
    assert stars(tenant) == [0, 0, 0, 0]
    assert follower.runs == []


def test_one_job_does_not_wait_for_the_many_of_another_tenant(new_tenant: Callable[[], Tenant], follower: Follower) -> None:
    large, small = new_tenant(), new_tenant()
    large.execute(an_operation(make_things), things(*range(1, 101)))
    small.execute(an_operation(make_things), things(101))
    assert len(queue(large)) == 35
    with a_worker(large.runtime):
        until(lambda: len(follower.runs) == 35, "all jobs")
    assert follower.runs.index((101,)) < jobs.CLAIMED


@pytest.mark.parametrize("dry_run", [False, True], ids=["refused", "dry run"])
def test_a_job_is_gone_with_its_transaction(tenant: Tenant, follower: Follower, dry_run: bool) -> None:
    def make_and_fail(uow: Uow, command: MakeThings) -> Any:
        made = make_things(uow, command)
        jobs.enqueue(uow, CATALOGUE[NAME], [Follow(ids=(1,))])
        if not dry_run:
            raise Refused(Kind.CONFLICT, Problem("no", "No."))
        return made

    try:
        tenant.execute(an_operation(make_and_fail), things(1), dry_run=dry_run)
    except Refused:
        assert not dry_run
    assert queue(tenant) == []


def test_a_worker_runs_it_as_its_tenant(new_tenant: Callable[[], Tenant], follower: Follower) -> None:
    one, two = new_tenant(), new_tenant()
    caller = someone(one, "things.write")
    one.runtime.execute(an_operation(), things(1, 2, 3, 4), caller)
    two.execute(an_operation(), things(1))
    with a_worker(one.runtime):
        until(lambda: queue(one) == [], "a job runs")
    assert (stars(one), stars(two)) == ([1, 1, 1, 1], [1])
    assert sorted(follower.runs) == [(1,), (1, 2, 3), (4,)]
    found = one.rows("SELECT DISTINCT actor, operation, request_id FROM audit_entry WHERE operation = %s", (NAME,))
    assert [tuple(row) for row in found] == [(f"job:{NAME}", NAME, caller.request_id)]


def test_what_fails_is_undone_and_tried_again(tenant: Tenant, follower: Follower) -> None:
    follower.failures = 1
    tenant.execute(an_operation(), things(1))
    with a_worker(tenant.runtime):
        until(lambda: len(follower.runs) == 1, "a job runs")
        until(lambda: stars(tenant) == [1], "a job runs")  # not 2: what the failed run did was undone
        until(lambda: queue(tenant) == [], "a job runs")
    assert follower.runs == [(1,), (1,)]
    assert stars(tenant) == [1]


@pytest.mark.parametrize(
    "error", [StopIteration, StopAsyncIteration, CancelledError, asyncio.CancelledError, SystemExit, GeneratorExit]
)
def test_whatever_a_job_raises_it_fails_and_is_tried_again(tenant: Tenant, follower: Follower, error: type[BaseException]) -> None:
    """Some of them an event loop takes for its own: the job never ended, nor did the worker."""
    follower.failures, follower.error = 1, error()
    tenant.execute(an_operation(), things(1))
    with a_worker(tenant.runtime):
        until(lambda: stars(tenant) == [1], "a job runs again")
        until(lambda: queue(tenant) == [], "a job ends")
    assert follower.runs == [(1,), (1,)]


def test_a_failing_job_does_not_hold_up_the_others(tenant: Tenant, follower: Follower) -> None:
    follower.failures, follower.only = 100, 1
    tenant.execute(an_operation(), things(*range(1, 31)))
    with a_worker(tenant.runtime):
        until(lambda: stars(tenant)[3:] == [1] * 27, "a job runs")
        assert stars(tenant)[:3] == [0, 0, 0]


def test_after_its_last_try_a_job_is_kept_for_a_person(tenant: Tenant, follower: Follower) -> None:
    follower.failures = 100
    tenant.execute(an_operation(), things(1))
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.run("UPDATE infra.pgqueuer SET attempts = 8 WHERE entrypoint = %s", (NAME,))
    with a_worker(tenant.runtime):
        until(lambda: [status for status, _ in queue(tenant)] == ["failed"], "a job runs")
    assert follower.runs == [(1,)]
    assert stars(tenant) == [0]


def test_jobs_that_wait_for_a_worker_are_found_at_its_start_and_later(tenant: Tenant, follower: Follower) -> None:
    tenant.execute(an_operation(), things(1))
    with a_worker(tenant.runtime):
        until(lambda: stars(tenant) == [1], "a job runs")
        tenant.execute(an_operation(), things(2))
        until(lambda: stars(tenant) == [1, 1], "a job runs")
    tenant.execute(an_operation(), things(3))
    assert queue(tenant) == [("queued", 0)]
    with a_worker(tenant.runtime):
        until(lambda: stars(tenant) == [1, 1, 1], "a job runs")


def test_a_job_with_a_key_waits_once(new_tenant: Callable[[], Tenant], follower: Follower) -> None:
    one, two = new_tenant(), new_tenant()

    def enqueue(uow: Uow, keys: list[str]) -> None:
        jobs.enqueue(uow, CATALOGUE[NAME], [Follow(ids=(1,)) for _ in keys], keys)

    operation = an_operation(enqueue, "thing.ask", input=None)
    for tenant in (one, two, one):
        tenant.execute(operation, ["a"])
    one.execute(operation, ["a", "b"])
    assert len(queue(one)) == 3


def test_a_follower_that_is_slow_holds_up_no_other(tenant: Tenant, follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow one holds its turn with many more jobs waiting behind it than a worker takes at once."""
    free, runs = threading.Event(), []

    def slow(uow: Uow, command: Follow) -> None:
        runs.append(command.ids)
        assert free.wait(60)

    operation: Operation[Any, Any] = Operation("thing.crawl", "things.write", Follow, None, slow)
    monkeypatch.setitem(CATALOGUE, operation.name, operation)
    ask = an_operation(
        lambda uow, _: jobs.enqueue(uow, operation, [Follow(ids=(n,)) for n in range(3 * jobs.CLAIMED)]), "thing.ask", input=None
    )
    tenant.execute(ask, None)
    with a_worker(tenant.runtime, Following(operation)):
        until(lambda: len(runs) == 1, "the slow follower begins")
        tenant.execute(an_operation(), things(1, 2, 3, 4))
        until(lambda: stars(tenant) == [1, 1, 1, 1], "the other follower runs")
        assert len(runs) == 1
        free.set()
        until(lambda: not tenant.rows("SELECT 1 FROM infra.pgqueuer WHERE entrypoint = 'thing.crawl'"), "the slow jobs end")
    assert sorted(runs) == [(n,) for n in range(3 * jobs.CLAIMED)]


def test_queues_that_begin_at_the_same_time_are_all_called(
    tenant: Tenant, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that began to listen at once only the last was called: the other one looked every twenty seconds."""
    runs: list[tuple[int, ...]] = []
    operation: Operation[Any, Any] = Operation(
        "thing.beside", "things.write", Follow, None, lambda uow, command: runs.append(command.ids)
    )
    monkeypatch.setitem(CATALOGUE, operation.name, operation)
    verify, timeout = QueueManager.verify_structure, QueueManager._effective_dequeue_timeout
    both, asleep = asyncio.Barrier(2), set()

    async def verify_together(manager: QueueManager) -> None:
        await verify(manager)
        await both.wait()

    async def timeout_noted(manager: QueueManager, longest: dt.timedelta) -> dt.timedelta:
        found = await timeout(manager, longest)
        if found == longest:  # nothing is there: from now on it can only be called
            asleep.add(manager.queue_manager_id)
        return found

    monkeypatch.setattr(QueueManager, "verify_structure", verify_together)
    monkeypatch.setattr(QueueManager, "_effective_dequeue_timeout", timeout_noted)
    with a_worker(tenant.runtime, Following(operation)):
        until(lambda: len(asleep) == 2, "both have looked")
        tenant.execute(an_operation(), things(1))
        until(lambda: follower.runs == [(1,)], "the first is called")
        tenant.execute(an_operation(lambda uow, _: jobs.enqueue(uow, operation, [Follow(ids=(1,))]), "thing.ask", input=None), None)
        until(lambda: runs == [(1,)], "the second is called")


def test_what_a_worker_leaves_because_it_ends_is_no_failure(
    tenant: Tenant, follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Twenty documents were rendered to the last one first: `contor run` ended seconds after Ctrl-C."""
    parts: list[int] = []

    def long(uow: Uow, command: Follow) -> None:
        for part in range(3):
            uow.runtime.go_on()
            parts.append(part)
            uow.runtime.is_ending = len(parts) == 2

    operation: Operation[Any, Any] = Operation("thing.draw", "things.write", Follow, None, long)
    monkeypatch.setitem(CATALOGUE, operation.name, operation)
    monkeypatch.setattr(tenant.runtime, "is_ending", False)
    tenant.execute(an_operation(lambda uow, _: jobs.enqueue(uow, operation, [Follow(ids=(1,))]), "thing.ask", input=None), None)
    with a_worker(tenant.runtime, Following(operation)):
        until(lambda: len(parts) == 2, "it stops between two parts")
        tenant.runtime.is_ending = False
        until(lambda: not tenant.rows("SELECT 1 FROM infra.pgqueuer WHERE entrypoint = 'thing.draw'"), "the next does all of it")
    assert parts == [0, 1, 0, 1, 2]
    assert "tried again" not in caplog.text


def test_who_waits_for_jobs_sleeps(tenant: Tenant, follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue's own way was to look ten times a second whether a job had ended, and ten times whether somebody had interrupted."""
    woken, once = [], asyncio.BaseEventLoop._run_once  # type: ignore[attr-defined]
    monkeypatch.setattr(asyncio.BaseEventLoop, "_run_once", lambda loop: (woken.append(1), once(loop))[1], raising=True)

    def sleeps() -> bool:
        before = len(woken)
        time.sleep(2)
        return len(woken) - before < 20  # ten are for the heartbeat and the connection; each way of looking makes twenty more

    with a_worker(tenant.runtime):
        until(sleeps, "it sleeps once it has begun")


def test_a_worker_that_ends_gives_back_what_has_not_begun(
    tenant: Tenant, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ran everything that it had taken first: `contor run` ended seconds after Ctrl-C. And it ended while it was giving back."""
    monkeypatch.setattr(jobs, "SETTLE_SECONDS", 0)
    ending: list[asyncio.Event] = []
    runs: list[tuple[int, ...]] = []
    locked = threading.Event()

    def slow(uow: Uow, command: Follow) -> None:
        runs.append(command.ids)
        until(lambda: bool(ending) and ending[0].is_set(), "the worker is told to end")

    operation: Operation[Any, Any] = Operation("thing.dawdle", "things.write", Follow, None, slow)
    monkeypatch.setitem(CATALOGUE, operation.name, operation)
    ask = an_operation(
        lambda uow, _: jobs.enqueue(uow, operation, [Follow(ids=(n,)) for n in range(jobs.BATCH)]), "thing.ask", input=None
    )
    tenant.execute(ask, None)
    picked = "SELECT 1 FROM infra.pgqueuer WHERE entrypoint = 'thing.dawdle' AND status = 'picked'"

    def hold() -> None:
        with tenant.runtime.transaction(tenant.caller()) as uow:
            uow.run("SELECT 1 FROM infra.pgqueuer WHERE entrypoint = 'thing.dawdle' FOR UPDATE")
            locked.set()
            until(ending[0].is_set, "the worker is told to end")
            time.sleep(0.5)

    with a_worker(tenant.runtime, Following(operation)) as end:
        until(lambda: len(runs) == 1 and len(tenant.rows(picked)) == jobs.BATCH, "one runs, the others wait for their turn")
        ending.append(end)
        threading.Thread(target=hold).start()
        assert locked.wait(60)
    left = "SELECT status::text, queue_manager_id FROM infra.pgqueuer WHERE entrypoint = 'thing.dawdle'"
    waiting = [("queued", None)] * (jobs.BATCH - 1)
    until(lambda: [tuple(row) for row in tenant.rows(left)] == waiting, "what had begun is done, the others are given back")
    assert runs == [(0,)]
    with a_worker(tenant.runtime, Following(operation)):
        until(
            lambda: not tenant.rows("SELECT 1 FROM infra.pgqueuer WHERE entrypoint = 'thing.dawdle'"), "the next runs them at once"
        )
    assert sorted(runs) == [(n,) for n in range(jobs.BATCH)]
