"""One real PostgreSQL for the whole run, a template database migrated once, a clone per test process, a tenant per test."""

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[2] / "shared"))


def pytest_configure(config: pytest.Config) -> None:
    """The process that owns the run starts the server and migrates the template; the test processes only clone it."""
    if hasattr(config, "workerinput"):
        return
    config.stash[_SERVER] = _Server()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.stop()


def pytest_configure_node(node: object) -> None:
    """Hand the server's address to a test process of xdist."""
    node.workerinput["contor_dsn"] = node.config.stash[_SERVER].dsn  # type: ignore[attr-defined]


class _Server:
    """Started at the first use: unit tests need none."""

    def __init__(self) -> None:
        self._started: tuple[object, object] | None = None

    @property
    def dsn(self) -> str:
        if self._started is None:
            import tempfile

            from contor.runtime.config import Config
            from contor.runtime.migrate import migrate
            from contor.runtime.postgres import start

            home = tempfile.TemporaryDirectory(prefix="contor-test-")
            server = start(Config(home=Path(home.name)))
            self._started = (server, home)
            with psycopg.connect(server.dsn, autocommit=True) as connection:
                connection.execute("CREATE DATABASE contor_template")
            migrate(in_database(server.dsn, "contor_template"))
        return self._started[0].dsn  # type: ignore[attr-defined, no-any-return]

    def stop(self) -> None:
        if self._started:
            server, home = self._started
            server.stop()  # type: ignore[attr-defined]
            home.cleanup()  # type: ignore[attr-defined]


_SERVER: "pytest.StashKey[_Server]" = pytest.StashKey()


def in_database(dsn: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(dsn, dbname=name)


@pytest.fixture(scope="session")
def server_dsn(request: pytest.FixtureRequest) -> str:
    """The server's address, as its owner."""
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["contor_dsn"] if workerinput else request.config.stash[_SERVER].dsn


@pytest.fixture(scope="session")
def database_dsn(server_dsn: str) -> Iterator[str]:
    """This test process's own database."""
    name = f"contor_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE contor_template")
    yield in_database(server_dsn, name)
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with official rules, schemas and samples; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"official artefacts are not at {SHARED} (CONTOR_SHARED)")
    return SHARED
