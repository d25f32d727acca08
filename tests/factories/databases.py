"""The one PostgreSQL of a test run, and databases in it."""

import contextlib
import tempfile
import uuid
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

TEMPLATE = "contor_template"
"""A database that is migrated and has no rows."""


class Server:
    """Started at the first use: unit tests need none."""

    def __init__(self) -> None:
        self._started: tuple[object, object] | None = None

    @property
    def dsn(self) -> str:
        if self._started is None:
            from contor.runtime.config import Config
            from contor.runtime.migrate import migrate
            from contor.runtime.postgres import start

            home = tempfile.TemporaryDirectory(prefix="contor-test-")
            # A run that loses its machine loses nothing: the disk need not be waited for. And every tenant here is as small as the
            # next: a plan made once for each statement is the plan of all, where its first executions would each make their own.
            cheap = {"fsync": "off", "full_page_writes": "off", "plan_cache_mode": "force_generic_plan"}
            server = start(Config(home=Path(home.name)), settings=cheap)
            self._started = (server, home)
            with psycopg.connect(server.dsn, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(in_database(server.dsn, TEMPLATE))
        return self._started[0].dsn  # type: ignore[attr-defined, no-any-return]

    def stop(self) -> None:
        if self._started:
            server, home = self._started
            server.stop()  # type: ignore[attr-defined]
            home.cleanup()  # type: ignore[attr-defined]


class LastFirst(deque[psycopg.Connection[Any]]):
    """The connections that a pool has to give: the one that came back last goes first. It has prepared what is asked of it; in turns each
    of them would have to prepare everything."""

    def popleft(self) -> psycopg.Connection[Any]:
        return self.pop()


def in_database(dsn: str, name: str | None = None, user: str | None = None) -> str:
    """The address of another database, or for another login."""
    return psycopg.conninfo.make_conninfo(dsn, dbname=name, user=user)


@contextlib.contextmanager
def a_database(server_dsn: str, template: str = "template1") -> Iterator[str]:
    """The address of a new database, empty or like its template, for as long as the context lasts."""
    name = f"contor_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield in_database(server_dsn, name)
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        # FORCE would also want to end the server's own vacuum, which only a superuser may; a plain DROP sends that away by itself.
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            (name,),
        )
        connection.execute(f"DROP DATABASE {name}")
