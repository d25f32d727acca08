"""Work is found by marks: set with the transaction that causes it, deleted after the look; a tenant that fails is left alone."""

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests.checkers.traces import Traces, traces
from tests.checkers.waiting import until
from tests.factories.tenants import Tenant
from tests.factories.things import ThingsMade, an_operation, make_things, someone, things

from contor.kernel.events import FOLLOWERS, HANDLERS, Follower
from contor.kernel.operations import CATALOGUE, Operation
from contor.kernel.shapes import shape
from contor.kernel.work import WORK, Elsewhere, Work
from contor.runtime.execute import Runtime
from contor.runtime.transaction import CHANNEL, enter_tenant
from contor.runtime.uow import Uow
from contor.runtime.work import jobs, tenants
from contor.runtime.work.gathering import Gathering
from contor.runtime.work.tenants import Calls, each, look, look_around, mark_everyone, marked, work_until

pytestmark = pytest.mark.usefixtures("thing_table")


class Looks:
    """A kind of work that remembers where it looked, and fails where it is told to."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.failing: set[int] = set()
        self.again: dt.datetime | None = None

    def __call__(self, runtime: Runtime, tenant_id: int) -> dt.datetime | None:
        self.seen.append(tenant_id)
        if tenant_id in self.failing:
            raise RuntimeError(f"no \0 luck with {tenant_id}")
        return self.again


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> Iterator[Looks]:
    made = Looks()
    monkeypatch.setitem(WORK, "test", Work(name="test", look=made))
    yield made
    with runtime.transaction(tenants.caller("test"), directory=True) as uow:
        uow.run("DELETE FROM directory.work_mark WHERE kind = 'test'")


def marks(tenant: Tenant) -> list[tuple[bool, int]]:
    """(is planned, failures) of each mark of the test's work."""
    sql = "SELECT planned, failures FROM directory.work_mark WHERE tenant_id = %s AND kind = 'test' ORDER BY id"
    return [tuple(row) for row in tenant.rows(sql, (tenant.id,))]


def mark(tenant: Tenant, seconds: float = 0.0, **options: Any) -> None:
    tenant.execute(an_operation(lambda uow, _: uow.mark("test", seconds), "thing.mark"), things(), **options)


def pass_time(runtime: Runtime, tenant: Tenant, by: dt.timedelta) -> None:
    """The tenant's marks come nearer."""
    with runtime.transaction(tenants.caller("test"), directory=True) as uow:
        uow.run("UPDATE directory.work_mark SET due_at = due_at - %s WHERE tenant_id = %s", (by, tenant.id))


def test_a_mark_is_there_with_its_transaction_and_gone_after_the_look(tenant: Tenant, looks: Looks) -> None:
    mark(tenant, dry_run=True)
    assert marks(tenant) == []
    assert look_around(tenant.runtime, WORK["test"]) == 0
    mark(tenant)
    mark(tenant)
    assert marks(tenant) == [(False, 0), (False, 0)]
    assert look_around(tenant.runtime, WORK["test"]) == 1
    assert look_around(tenant.runtime, WORK["test"]) == 0
    assert looks.seen == [tenant.id]
    assert marks(tenant) == []


def test_who_is_not_marked_is_not_looked_into(new_tenant: Callable[[], Tenant], looks: Looks) -> None:
    one, other = new_tenant(), new_tenant()
    mark(one)
    mark(other, seconds=60)
    look_around(one.runtime, WORK["test"])
    assert looks.seen == [one.id]
    pass_time(one.runtime, other, dt.timedelta(seconds=61))
    look_around(one.runtime, WORK["test"])
    assert looks.seen == [one.id, other.id]


def test_what_is_marked_during_the_look_is_looked_at_again(tenant: Tenant, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_and_be_marked(runtime: Runtime, tenant_id: int) -> None:
        looks.seen.append(tenant_id)
        if len(looks.seen) == 1:
            mark(tenant)

    monkeypatch.setitem(WORK, "test", Work(name="test", look=look_and_be_marked))
    mark(tenant)
    assert look_around(tenant.runtime, WORK["test"]) == 1
    assert marks(tenant) == [(False, 0)]
    assert look_around(tenant.runtime, WORK["test"]) == 1
    assert marks(tenant) == []


def test_what_another_worker_does_stays_marked(tenant: Tenant, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should that one die, its marks are there; until then it is left alone for a moment, not asked again and again."""
    seen: list[int] = []
    busy = Work(name="test", look=lambda _, tenant_id: seen.append(tenant_id) or Elsewhere.BUSY)  # type: ignore[func-returns-value]
    gathering = Gathering(0.0)
    mark(tenant)
    assert look_around(tenant.runtime, busy, gathering=gathering) == 1
    assert marks(tenant) == [(False, 0)]
    assert look_around(tenant.runtime, busy, gathering=gathering) == 0
    assert seen == [tenant.id]
    assert look_around(tenant.runtime, WORK["test"]) == 1
    assert marks(tenant) == []


def test_the_last_look_says_when_the_next_one_is(tenant: Tenant, looks: Looks) -> None:
    looks.again = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    mark(tenant)
    look_around(tenant.runtime, WORK["test"])
    mark(tenant)
    look_around(tenant.runtime, WORK["test"])
    assert marks(tenant) == [(True, 0)]
    assert look_around(tenant.runtime, WORK["test"]) == 0
    looks.again = None
    pass_time(tenant.runtime, tenant, dt.timedelta(hours=2))
    assert look_around(tenant.runtime, WORK["test"]) == 1
    assert marks(tenant) == []


def test_a_worker_that_is_killed_leaves_the_mark(tenant: Tenant, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(runtime: Runtime, tenant_id: int) -> None:
        raise SystemExit

    monkeypatch.setitem(WORK, "test", Work(name="test", look=killed))
    mark(tenant)
    with pytest.raises(SystemExit):
        look_around(tenant.runtime, WORK["test"])
    assert marks(tenant) == [(False, 0)]


def test_a_tenant_that_fails_starves_nobody_and_is_left_alone_longer_each_time(
    new_tenant: Callable[[], Tenant], looks: Looks
) -> None:
    bad, good = new_tenant(), new_tenant()
    runtime, work, before = bad.runtime, WORK["test"], tenants.FAILURES["test"]
    looks.failing = {bad.id}
    mark(bad)
    mark(good)
    assert look_around(runtime, work) == 2
    assert looks.seen == [bad.id, good.id]
    for failures in (1, 2, 3):
        mark(bad)  # what is marked meanwhile does not wake it
        mark(good)
        pass_time(runtime, bad, dt.timedelta(seconds=2**failures - 1))
        assert look_around(runtime, work) == 1
        assert looks.seen[-1] == good.id
        pass_time(runtime, bad, dt.timedelta(seconds=1))
        assert look_around(runtime, work) == 1
        assert looks.seen[-1] == bad.id
        assert marks(bad) == [(True, failures + 1)]
    assert tenants.FAILURES["test"] == before + 4
    sql = "SELECT failure FROM directory.work_mark WHERE tenant_id = %s AND kind = 'test'"
    assert [row.failure for row in bad.rows(sql, (bad.id,))] == [f"RuntimeError: no  luck with {bad.id}"]
    looks.failing = set()
    pass_time(runtime, bad, dt.timedelta(hours=1))
    assert look_around(runtime, work) == 1
    assert marks(bad) == []


def test_patience_has_an_end(tenant: Tenant, looks: Looks) -> None:
    looks.failing = {tenant.id}
    mark(tenant)
    (found,) = marked(tenant.runtime, WORK["test"])
    look(tenant.runtime, WORK["test"], found._replace(failures=5_000))
    sql = "SELECT due_at - now() <= interval '300 s' AS is_soon FROM directory.work_mark WHERE tenant_id = %s AND kind = 'test'"
    assert [row.is_soon for row in tenant.rows(sql, (tenant.id,))] == [True]


def test_a_loop_over_tenants_goes_on_behind_one_that_fails() -> None:
    def do(tenant: int) -> int:
        return 10 // tenant

    answers = list(each([0, 5], do))
    assert isinstance(answers[0][1], ZeroDivisionError)
    assert answers[1] == (5, 2)


def test_a_sweep_marks_everyone(new_tenant: Callable[[], Tenant], looks: Looks) -> None:
    one, other = new_tenant(), new_tenant()
    mark_everyone(one.runtime, WORK["test"])
    while look_around(one.runtime, WORK["test"]):
        pass
    assert {one.id, other.id} <= set(looks.seen)
    assert len(looks.seen) == len(set(looks.seen))


def test_a_worker_is_called(tenant: Tenant, database_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the call it would look in an hour."""
    monkeypatch.setattr(tenants, "IDLE_SECONDS", 3600.0)
    done = threading.Event()

    def look_once(runtime: Runtime, tenant_id: int) -> None:
        done.set()

    work, calls = Work(name="test", look=look_once), Calls()
    monkeypatch.setitem(WORK, "test", work)
    threads = [
        threading.Thread(target=calls.listen, args=(tenant.runtime,)),
        threading.Thread(target=work_until, args=(tenant.runtime, work, calls)),
    ]
    for thread in threads:
        thread.start()
    try:
        with psycopg.connect(database_dsn, autocommit=True) as owner:  # what other sessions run is shown to the owner alone
            sql = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %contor_work%' AND datname = current_database()"
            until(lambda: owner.execute(sql).fetchone(), "the worker listens")
        tenant.runtime._quiet.clear()
        mark(tenant)
        assert done.wait(60)
    finally:
        calls.stop()
        for thread in threads:
            thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert CHANNEL == "contor_work"


class Waits(Calls):
    """Calls that end with the first wait of one that has nothing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, kind: str, heard: int, seconds: float) -> None:
        self.seconds.append(seconds)
        self.stop()


def test_who_is_idle_reads_twice_and_waits_for_a_call(tenant: Tenant, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four transactions a minute of each kind of work, instead of twelve: for what is called there is the call."""
    opened, of_runtime = [], type(tenant.runtime).transaction
    monkeypatch.setattr(
        type(tenant.runtime), "transaction", lambda *args, **options: opened.append(1) or of_runtime(*args, **options)
    )
    work_until(tenant.runtime, WORK["test"], calls := Waits())
    assert (len(opened), calls.seconds) == (2, [tenants.IDLE_SECONDS])
    assert tenants.IDLE_SECONDS == 30
    assert all(one.after_change is None or one.after_change >= tenants.IDLE_SECONDS for one in WORK.values()), "else it comes late"


def test_what_is_marked_for_later_is_looked_at_in_its_time(tenant: Tenant, looks: Looks) -> None:
    tenant.execute(an_operation(lambda uow, _: uow.mark("test", 20), "thing.later"), things(1))
    work_until(tenant.runtime, WORK["test"], calls := Waits())
    assert [10 < seconds <= 20 for seconds in calls.seconds] == [True]


def test_what_was_called_while_nobody_listened_is_looked_for(tenant: Tenant) -> None:
    """Whoever begins to listen, again or for the first time, cannot know what was called before."""
    calls = Calls()
    listening = threading.Thread(target=calls.listen, args=(tenant.runtime,))
    listening.start()
    try:
        until(lambda: calls.heard("documents"), "it looks as if it had been called")
    finally:
        calls.stop()
        listening.join(20)
    assert not listening.is_alive(), "the end is told, not looked for"


def test_a_change_marks_its_tenant_once_for_a_while(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORK, "test", Work(name="test", look=Looks(), after_change=30))
    tenant.execute(an_operation(), things(1), dry_run=True)  # what is undone has marked nothing
    tenant.execute(an_operation(lambda uow, _: None, "thing.touch"), things(1))
    assert marks(tenant) == []
    tenant.execute(an_operation(), things(1))
    tenant.execute(an_operation(), things(2))
    assert marks(tenant) == [(False, 0)]
    tenant.runtime._quiet.clear()
    tenant.execute(an_operation(), things(3))
    assert marks(tenant) == [(False, 0)] * 2
    late = "due_at > now() + interval '10 s' AND due_at <= now() + interval '30 s'"
    sql = f"SELECT {late} AS y FROM directory.work_mark WHERE kind = 'test'"
    assert {row.y for row in tenant.rows(sql)} == {True}


def test_what_is_asked_for_and_what_follows_from_a_change_are_marked_together(
    tenant: Tenant, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORK, "test", Work(name="test", look=looks))
    monkeypatch.setitem(WORK, "later", Work(name="later", look=looks, after_change=30))
    tenant.runtime._quiet.clear()

    def change_and_ask(uow: Uow, _: Any) -> None:
        uow.audit("thing", "1")
        uow.mark("test")

    tenant.execute(an_operation(change_and_ask, "thing.ask"), things(1))
    sql = "SELECT kind FROM directory.work_mark WHERE tenant_id = %s AND kind IN ('test', 'later') ORDER BY kind"
    assert [row.kind for row in tenant.rows(sql, (tenant.id,))] == ["later", "test"]


def test_writers_of_one_tenant_do_not_wait_for_each_other(tenant: Tenant, looks: Looks) -> None:
    """The second one commits while the first has marked and not committed."""

    def mark_and_let_another_one(uow: Uow, _: Any) -> None:
        uow.mark("test")
        uow.run("INSERT INTO directory.work_mark (tenant_id, kind, due_at) VALUES (%s, 'test', now())", (uow.ctx.tenant_id,))
        mark(tenant)

    tenant.execute(an_operation(mark_and_let_another_one, "thing.mark"), things())
    assert len(marks(tenant)) == 3


def test_an_unknown_kind_of_work_is_a_bug(tenant: Tenant) -> None:
    with pytest.raises(LookupError):
        tenant.execute(an_operation(lambda uow, _: uow.mark("nothing"), "thing.mark"), things())


# --- trails ----------------------------------------------------------------------------------------------------------------------


def test_who_changes_something_and_says_nothing_is_caught(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch that lies over every operation of every test."""

    def silent(uow: Uow, _: Any) -> None:
        uow.run("INSERT INTO a_thing (tenant_id, id) VALUES (%s, 1)", (uow.ctx.tenant_id,))

    operation = an_operation(silent, "thing.silent")
    tenant.execute(operation, things())
    monkeypatch.setitem(CATALOGUE, "thing.silent", operation)
    with pytest.raises(AssertionError, match="leaves no trail"):
        tenant.execute(an_operation(lambda uow, _: uow.run("UPDATE a_thing SET stars = 1"), "thing.silent"), things())
    assert [row.stars for row in tenant.rows("SELECT stars FROM a_thing")] == [7]


# --- the outbox of the directory -------------------------------------------------------------------------------------------------


@shape
class Heed:
    ids: tuple[int, ...]


def test_what_happens_in_the_directory_is_stored_and_followed_there(
    tenant: Tenant, followers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def follow(uow: Uow, command: Heed) -> None:
        seen.append((command.ids, uow.ctx.caller.tenant_id, uow.ctx.caller.organization_id, uow.ctx.caller.request_id))

    operation: Operation[Any, Any] = Operation("thing.follow_up", "things.write", Heed, None, follow, directory=True)
    followers.append(Follower(operation, lambda fact: [Heed(ids=fact.ids)]))

    def in_the_directory(uow: Uow, _: Any) -> None:
        make_things(enter_tenant(uow, tenant.id), things(1))
        uow.emit(ThingsMade(ids=(7,)))

    caller = someone(tenant, "things.write")
    tenant.runtime.execute(an_operation(in_the_directory, directory=True), things(), caller)
    sql = "SELECT organization_id, name, version, payload FROM directory.event WHERE request_id = %s"
    assert [tuple(row) for row in tenant.rows(sql, (caller.request_id,))] == [
        (tenant.organization_id, "test.things_made", 1, {"ids": [7]})
    ]
    assert traces(tenant) == Traces(things=1, audit=1, events=1)  # what happened in the tenant is in its own trail
    payloads = tenant.rows("SELECT payload FROM infra.pgqueuer WHERE entrypoint = 'thing.follow_up' ORDER BY id")
    for row in payloads:
        jobs.run_job(tenant.runtime, operation, row.payload)
    assert seen == [
        ((7,), None, tenant.organization_id, caller.request_id),
        ((1,), None, tenant.organization_id, caller.request_id),
    ]
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.run("DELETE FROM infra.pgqueuer WHERE entrypoint = 'thing.follow_up'")


# --- the order of handlers -------------------------------------------------------------------------------------------------------

SHUFFLED = """
import importlib, pkgutil, random, sys
import contor
names = sorted(m.name for m in pkgutil.walk_packages(contor.__path__, "contor.") if m.name.split(".")[1] in {packages!r})
random.Random(int(sys.argv[1])).shuffle(names)
for name in names:
    importlib.import_module(name)
from contor.app import load_packages
from contor.kernel.events import FOLLOWERS, HANDLERS
load_packages()
for kind in sorted(HANDLERS, key=lambda k: k.__name__):
    print(kind.__name__, [f"{{h.__module__}}.{{h.__name__}}" for h in HANDLERS[kind]], [f.operation.name for f in FOLLOWERS[kind]])
"""


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_handlers_act_in_the_order_of_the_packages_whatever_is_imported_first(seed: str) -> None:
    from contor.app import IN_ORDER, load_packages

    load_packages()
    script = SHUFFLED.format(packages=set(IN_ORDER))
    said = subprocess.run([sys.executable, "-c", script, seed], capture_output=True, text=True, check=True).stdout.splitlines()
    expected = [
        f"{kind.__name__} {[f'{h.__module__}.{h.__name__}' for h in HANDLERS[kind]]} {[f.operation.name for f in FOLLOWERS[kind]]}"
        for kind in sorted(HANDLERS, key=lambda k: k.__name__)
        if kind.__module__.startswith("contor.")
    ]
    assert [line for line in said if "[]" not in line or "contor" in line] == [
        line for line in expected if "[]" not in line or "contor" in line
    ]
    for kind, handlers in HANDLERS.items():
        if kind.__module__.startswith("contor."):
            places = [IN_ORDER.index(handler.__module__.split(".")[1]) for handler in handlers]
            assert places == sorted(places), kind
