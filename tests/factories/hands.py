"""The hands of who runs an installation: they turn the test clock, let scheduled work begin early, wait for it, and kill processes.

What is scheduled runs in real time, every quarter of an hour or once a day; a year of business in minutes needs it sooner. So its mark is
set as the schedule sets it, and the installation's own workers do it.
"""

import contextlib
import datetime as dt
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from tests.checkers.waiting import MINUTES
from tests.factories.installation import Installation

from contor.app import load_packages, make_runtime
from contor.commands.terminal import cli_caller
from contor.kernel.errors import Kind, Refused
from contor.kernel.work import WORK
from contor.organizations.clock import FindEnvironment, TurnClock, find_environment, turn_clock
from contor.runtime.config import Config
from contor.runtime.db import DatabaseAway
from contor.runtime.execute import Runtime
from contor.runtime.postgres import embedded, process_login
from contor.runtime.secrets import Secrets
from contor.runtime.transaction import CHANNEL
from contor.runtime.work.tenants import caller, mark_everyone

T = TypeVar("T")
PASSING = (psycopg.OperationalError, psycopg.InterfaceError, DatabaseAway, psycopg.errors.AdminShutdown)
_WAITING = (
    "SELECT (SELECT count(*) FROM directory.work_mark WHERE tenant_id = %(tenant)s AND kind = ANY (%(kinds)s)"
    " AND (due_at <= now() OR failures > 0)) + (SELECT count(*) FROM document_queue) AS n"
)


_FAILING = "SELECT kind, failures, failure FROM directory.work_mark WHERE failures > 0"
CALL_AGAIN = 2.0
"""Seconds."""


def _call(runtime: Runtime) -> None:
    with runtime.transaction(caller("hands"), directory=True) as uow:
        uow.run("SELECT pg_notify(%s, kind) FROM unnest(%s::text[]) AS kind", (CHANNEL, list(WORK)))


class Hands:
    """Of one tenant of an installation that runs."""

    def __init__(self, installation: Installation, realm: str) -> None:
        load_packages()
        self.installation, self.config = installation, Config(home=installation.home, port=installation.port)
        self.still = threading.Lock()
        """Held while the whole installation is started anew."""
        self._open: contextlib.ExitStack | None = None
        self._runtime: Runtime | None = None
        found = self._do(lambda runtime: runtime.execute(find_environment, FindEnvironment(realm=realm), cli_caller()))
        self.tenant = found.tenant_id

    def turn(self, instant: dt.datetime) -> None:
        self._do(lambda runtime: runtime.execute(turn_clock, TurnClock(instant=instant), cli_caller(self.tenant)))

    def begin(self, *kinds: str) -> None:
        """Let workers look for these kinds of work now, and wait until they have done it."""
        for kind in kinds:
            self._do(lambda runtime, kind=kind: mark_everyone(runtime, WORK[kind]))  # type: ignore[misc]
            self.wait(kind)

    def wait(self, *kinds: str) -> None:
        """Until nothing of these kinds is to be done, and no request for a document waits."""
        wanted = {"tenant": self.tenant, "kinds": list(kinds or WORK)}
        self.until(lambda: not self.rows(_WAITING, wanted)[0].n, f"{kinds or 'all work'} is done")

    def until(self, true: Callable[[], Any], what: str) -> None:
        """Until it is; who was killed, or lost his connection, is called again, for he would look by himself half a minute later."""
        began = called = time.monotonic()
        while not true():
            now = time.monotonic()
            assert now - began < MINUTES, f"it hangs: {what}; {self.rows(_FAILING)}"
            if now - called > CALL_AGAIN:
                called = now
                self._do(_call)
            time.sleep(0.02 if now - began < 1 else 0.1)

    def rows(self, sql: str, params: Any = None) -> list[Any]:
        def read(runtime: Runtime) -> list[Any]:
            with runtime.transaction(cli_caller(self.tenant), reads=True) as uow:
                return uow.connection.execute(sql, params).fetchall()

        return self._do(read)

    def close(self) -> None:
        if self._open is not None:
            with contextlib.suppress(Exception):
                self._open.close()
        self._open = self._runtime = None

    def _do(self, step: Callable[[Runtime], T]) -> T:
        deadline = time.monotonic() + MINUTES
        while True:
            try:
                with self.still:
                    if self._runtime is None:
                        self._connect()
                    assert self._runtime is not None
                    return step(self._runtime)
            except (*PASSING, Refused) as error:
                if isinstance(error, Refused) and error.kind is not Kind.UNAVAILABLE:
                    raise
                assert time.monotonic() < deadline, "it hangs: the database is away"
                self.close()
                time.sleep(0.1)

    def _connect(self) -> None:
        with contextlib.ExitStack() as stack:
            dsn = stack.enter_context(embedded(self.config))
            runtime = make_runtime(self.config, process_login(dsn, Secrets.load(self.config)))
            runtime.database.open()
            stack.callback(runtime.database.close)
            self._open, self._runtime = stack.pop_all(), runtime


class Killer:
    """Kills something of an installation by SIGKILL, a moment after it is asked to: what it is, and after how long, by chance."""

    KINDS: Sequence[str] = ("serve", "work documents", "work files", "all", "backend", "postmaster", "supervisor")

    def __init__(self, hands: Hands, chance: random.Random, longest: float = 0.6) -> None:
        self.hands, self.installation, self.chance, self.longest = hands, hands.installation, chance, longest
        self.killed: list[str] = []
        self._kinds = self._in_turn()

    @contextlib.contextmanager
    def amid(self) -> Iterator[None]:
        """Kill one amid what is done within."""
        kind, pause = next(self._kinds), self.chance.random() * self.longest
        thread = threading.Thread(target=self._kill, args=(kind, pause))
        thread.start()
        try:
            yield
        finally:
            thread.join(MINUTES)

    def _in_turn(self) -> Iterator[str]:
        while True:
            kinds = list(self.KINDS)
            self.chance.shuffle(kinds)
            yield from kinds

    def _kill(self, kind: str, pause: float) -> None:
        time.sleep(pause)
        if kind == "supervisor":
            with self.hands.still:
                self.hands.close()
                self.installation.kill()
                self.installation.start()
        else:
            for pid in self._found(kind):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.killed.append(kind)

    def _found(self, kind: str) -> list[int]:
        if kind in ("backend", "postmaster"):
            mine = [row.pid for row in self.hands.rows("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")]
            return [self.chance.choice(mine)] if kind == "backend" else [parent(mine[0])]
        return [pid for pid, what in self.installation.children().items() if kind == "all" or what.startswith(kind)]


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
