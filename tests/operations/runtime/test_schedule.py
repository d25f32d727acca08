"""What runs every so often: by one worker of all, in real time, once after a downtime; nightly checks; the state of the work."""

import datetime as dt
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.factories.databases import TEMPLATE, a_database, in_database
from tests.factories.tenants import Tenant, a_tenant

from contor.app import make_runtime
from contor.commands.working import findings, tables_of
from contor.kernel.checks import CHECKS
from contor.kernel.errors import Refused
from contor.kernel.work import WORK
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.schema import APP_ROLE
from contor.runtime.work import schedule
from contor.runtime.work.checking import NIGHTLY, Finding, check_all, last_check
from contor.runtime.work.left_files import LEFT_FILES
from contor.runtime.work.schedule import SCHEDULES, Scheduled, install, run_due
from contor.runtime.work.status import standing
from contor.runtime.work.tenants import caller, look_around

HOUR = dt.timedelta(hours=1)


class Runs:
    """A schedule that counts its runs, and fails when it is told to."""

    def __init__(self) -> None:
        self.count, self.fails = 0, False

    def __call__(self, runtime: Runtime) -> None:
        self.count += 1
        if self.fails:
            raise RuntimeError("no luck")


@pytest.fixture
def runs(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    """The only schedule there is."""
    made = Runs()
    monkeypatch.setattr(schedule, "SCHEDULES", {"test": Scheduled("test", HOUR, made)})
    yield made
    with runtime.transaction(caller("schedule"), directory=True) as uow:
        uow.run("DELETE FROM directory.schedule WHERE name = 'test'")


def row(runtime: Runtime) -> Any:
    with runtime.transaction(caller("schedule"), directory=True, reads=True) as uow:
        sql = (
            "SELECT next_at > now() AS is_later, next_at <= now() + interval '1 hour' AS is_near, failures, failure, began_at, seconds"
            " FROM directory.schedule WHERE name = 'test'"
        )
        return uow.connection.execute(sql).fetchone()


def pass_time(runtime: Runtime, by: dt.timedelta) -> None:
    with runtime.transaction(caller("schedule"), directory=True) as uow:
        uow.run("UPDATE directory.schedule SET next_at = next_at - %s WHERE name = 'test'", (by,))


def test_it_runs_at_once_and_then_every_so_often(runtime: Runtime, runs: Runs) -> None:
    install(runtime)
    install(runtime)
    assert (run_due(runtime), run_due(runtime), runs.count) == (1, 0, 1)
    found = row(runtime)
    assert (found.is_later, found.is_near, found.failures, found.failure) == (True, True, 0, None)
    assert found.began_at is not None and found.seconds is not None
    pass_time(runtime, HOUR)
    assert (run_due(runtime), runs.count) == (1, 2)


def test_nobody_looks_before_its_time(runtime: Runtime, runs: Runs) -> None:
    install(runtime)
    assert schedule.idle_seconds(runtime) == schedule.LEAST_SECONDS, "it is due: who leaves it to another one looks again"
    run_due(runtime)
    assert schedule.idle_seconds(runtime) == schedule.LOOK_SECONDS
    pass_time(runtime, HOUR - dt.timedelta(seconds=30))
    assert schedule.LEAST_SECONDS < schedule.idle_seconds(runtime) <= 30


def test_after_a_downtime_it_runs_once(runtime: Runtime, runs: Runs) -> None:
    install(runtime)
    run_due(runtime)
    pass_time(runtime, 100 * HOUR)
    assert (run_due(runtime), runs.count) == (1, 2)
    assert row(runtime).is_later


def test_a_failure_is_kept_and_it_runs_again_when_it_is_time(runtime: Runtime, runs: Runs) -> None:
    install(runtime)
    runs.fails = True
    assert run_due(runtime) == 1
    assert (row(runtime).failures, row(runtime).failure) == (1, "RuntimeError: no luck")
    runs.fails = False
    pass_time(runtime, HOUR)
    run_due(runtime)
    assert (row(runtime).failures, row(runtime).failure) == (0, "RuntimeError: no luck")  # what failed last stays to be read


def test_while_one_worker_runs_it_no_other_does(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    def run(_: Runtime) -> None:
        runs.count += 1
        assert run_due(runtime) == 0

    monkeypatch.setattr(schedule, "SCHEDULES", {"test": Scheduled("test", HOUR, run)})
    install(runtime)
    assert (run_due(runtime), runs.count, row(runtime).failures) == (1, 1, 0)


KILLED = """
import os, sys
from contor.app import make_runtime
from contor.runtime.config import Config
from contor.runtime.work import schedule
import datetime as dt, time
def run(runtime):
    print("runs", flush=True)
    time.sleep(600)
schedule.SCHEDULES.clear()
schedule.SCHEDULES["test"] = schedule.Scheduled("test", dt.timedelta(hours=1), run)
runtime = make_runtime(Config.from_environment(), os.environ["DATABASE_URL"])
schedule.SCHEDULES.clear()
schedule.SCHEDULES["test"] = schedule.Scheduled("test", dt.timedelta(hours=1), run)
runtime.database.open()
schedule.run_due(runtime)
"""


def test_a_worker_that_is_killed_lets_go_of_it(runtime: Runtime, runs: Runs, database_url: str) -> None:
    install(runtime)
    environment = {**os.environ, "DATABASE_URL": database_url, "CONTOR_HOME": str(runtime.config.home)}
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, env=environment) as worker:
        assert worker.stdout is not None and worker.stdout.readline() == "runs\n"
        assert (run_due(runtime), runs.count) == (0, 0)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    for _ in range(600):  # until the server has noticed
        if run_due(runtime):
            break
        with runtime.transaction(caller("schedule"), directory=True) as uow:
            uow.run("SELECT pg_sleep(0.05)")
    assert runs.count == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-03-01T01:29", "2026-03-01T01:30"), ("2026-03-01T01:30", "2026-03-02T01:30"), ("2026-03-01T23:59", "2026-03-02T01:30")],
)
def test_once_a_day_at_its_time(now: str, expected: str) -> None:
    def utc(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)

    one = Scheduled("test", dt.timedelta(days=1), lambda _: None, dt.timedelta(hours=1, minutes=30))
    assert one.after(utc(now)) == utc(expected)


def test_every_kind_of_work_has_a_sweep() -> None:
    assert set(WORK) <= set(SCHEDULES)
    assert set(SCHEDULES) - set(WORK) == {LEFT_FILES.name}


def test_files_that_killed_processes_left_are_swept_away_while_workers_go_on(tmp_path: Path, database_dsn: str) -> None:
    runtime = make_runtime(Config(home=tmp_path), database_dsn)
    with runtime.blobs.writing(1) as kept:
        kept.write(b"in use")
        (used,) = tmp_path.rglob(".arriving.*")
        left, fresh = (used.with_name(f".arriving.0.0.{number}") for number in (1, 2))
        for path in (left, fresh):
            path.write_bytes(b"half a")
        for path in (left, used):
            os.utime(path, (0, 0))
        SCHEDULES[LEFT_FILES.name].run(runtime)
        assert sorted(tmp_path.rglob(".arriving.*")) == sorted([used, fresh])


# --- nightly checks --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lone(server_dsn: str, tmp_path: Path) -> Iterator[Tenant]:
    """The only tenant of its database: a night goes through all there are."""
    with a_database(server_dsn, TEMPLATE) as dsn:
        runtime = make_runtime(Config(home=tmp_path), in_database(dsn, user=APP_ROLE))
        runtime.database.open()
        yield a_tenant(runtime)
        runtime.database.close()


@pytest.fixture
def planted(lone: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """Two faults: a check that finds something in this tenant, and one that breaks down."""

    def breaks(uow: Any) -> list[str]:
        return uow.records("SELECT 1 / 0")

    monkeypatch.setitem(CHECKS, "test.a_is_planted", lambda uow: ["it is [there]"] if uow.ctx.tenant_id == lone.id else [])
    monkeypatch.setitem(CHECKS, "test.b_breaks", breaks)
    return lone


def test_the_night_finds_keeps_and_says_what_is_planted(planted: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    runtime = planted.runtime
    SCHEDULES["check"].run(runtime)
    with caplog.at_level(logging.ERROR, logger="contor.checks"):
        while look_around(runtime, NIGHTLY):
            pass
    wanted = [
        Finding(planted.id, "test.a_is_planted", "it is [there]"),
        Finding(planted.id, "test.b_breaks", "the check itself failed: DivisionByZero: division by zero"),
    ]
    assert findings(runtime, planted.id, last=True) == wanted
    assert f"tenant {planted.id}: test.a_is_planted: it is [there]" in caplog.messages
    assert [r.operation for r in planted.rows("SELECT operation FROM audit_entry WHERE operation = 'check_run.keep'")] == [
        "check_run.keep"
    ]


def test_before_the_first_night_nobody_says_that_all_is_well(planted: Tenant) -> None:
    assert findings(planted.runtime, planted.id, last=True) == [Finding(planted.id, "", "no night has checked this tenant yet")]


def test_what_is_mended_is_found_no_more(planted: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    NIGHTLY.look(planted.runtime, planted.id)
    assert last_check(planted.runtime, planted.id).found == 2  # type: ignore[union-attr]
    for name in ("test.a_is_planted", "test.b_breaks"):
        monkeypatch.delitem(CHECKS, name)
    NIGHTLY.look(planted.runtime, planted.id)
    assert findings(planted.runtime, planted.id, last=True) == []
    found = last_check(planted.runtime, planted.id)
    assert found is not None and (found.found, found.findings) == (0, [])
    # one row of the trail, of the night that found something
    assert len(planted.rows("SELECT 1 FROM audit_entry WHERE operation = 'check_run.keep'")) == 1


def test_a_tenant_that_cannot_be_checked_is_a_finding(planted: Tenant) -> None:
    assert [one.check for one in check_all(planted.runtime, planted.id)] == ["test.a_is_planted", "test.b_breaks"]
    with pytest.raises(Refused, match="tenant_missing"):
        list(check_all(planted.runtime, 0))


def test_the_state_of_the_work_is_shown(planted: Tenant) -> None:
    install(planted.runtime)
    now = standing(planted.runtime)
    assert [one.name for one in now.schedules] == sorted(SCHEDULES)
    assert [one.kind for one in now.work] == sorted(WORK)
    assert "document.archive" in [one.name for one in now.queues]
    out = Console(record=True, width=200, file=io.StringIO())
    for table in tables_of(planted.runtime):
        out.print(table)
    said = out.export_text()
    for word in ("Every so often", "Tenants with work", "Queues of jobs", "document.archive", "late_files", "given up"):
        assert word in said
