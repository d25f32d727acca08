"""One real PostgreSQL for the whole run, a template database migrated once, a clone per test process, a tenant per test."""

import datetime as dt
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from contor.kernel.context import Caller
    from contor.runtime.execute import Runtime

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
def pristine_dsn(server_dsn: str) -> Iterator[str]:
    """A database that is only migrated: no test adds tables of its own to it."""
    name = f"contor_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE contor_template")
    yield in_database(server_dsn, name)
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def new_database(server_dsn: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call; they go with the test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"contor_{uuid.uuid4().hex[:12]}")
        with psycopg.connect(server_dsn, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]}")
        return in_database(server_dsn, made[-1])

    yield make
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with official rules, schemas and samples; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"official artefacts are not at {SHARED} (CONTOR_SHARED)")
    return SHARED


@dataclass
class Tenant:
    """A tenant of a test: its own organization, environment TEST."""

    runtime: "Runtime"
    id: int
    realm: str
    organization_id: uuid.UUID
    api_key: str
    api_secret: str

    def caller(self, *permissions: str) -> "Caller":
        """Someone of this tenant who holds the permissions (default: all)."""
        from contor.kernel.context import EVERYTHING, Caller

        held = frozenset(permissions or {EVERYTHING})
        return Caller("key:test", uuid.uuid4().hex, self.id, self.organization_id, "TEST", held)

    def execute(self, operation: object, command: object, **options: object) -> "Any":
        return self.runtime.execute(operation, command, self.caller(), **options)  # type: ignore[arg-type]

    def rows(self, sql: str, params: object = ()) -> list["Any"]:
        with self.runtime.transaction(self.caller(), reads=True) as uow:
            return uow.rows(sql, params)  # type: ignore[arg-type]

    def broken(self) -> list["Any"]:
        """What the invariants find: nothing, if all is well."""
        from contor.runtime.work.checking import check_tenant

        return check_tenant(self.runtime, self.id)

    def turn_clock(self, instant: dt.datetime | None) -> None:
        """Set the tenant's test clock."""
        with self.runtime.transaction(self.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET clock_at = %s WHERE id = %s", (instant, self.id))


@pytest.fixture(scope="session")
def runtime(database_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Runtime]":
    """The runtime of this test process, over its own database. Whoever changes something and leaves no trail fails."""
    from tests.checkers.trails import watch

    from contor.app import make_runtime
    from contor.runtime.config import Config

    made = make_runtime(Config(home=tmp_path_factory.mktemp("home")), database_dsn)
    with pytest.MonkeyPatch.context() as monkeypatch:
        watch(made, monkeypatch)
        made.database.open()
        yield made
        made.database.close()


@pytest.fixture(scope="session")
def database_url(database_dsn: str) -> str:
    """The test process's database as a URL, for processes that it starts."""
    from contor.runtime.db import url_of

    return url_of(database_dsn)


@pytest.fixture
def new_tenant(runtime: "Runtime") -> "Callable[[], Tenant]":
    """Makes a fresh tenant at each call."""

    def make() -> Tenant:
        from contor.kernel.context import EVERYTHING, Caller
        from contor.organizations.found import FoundOrganization, found_organization

        realm = f"t{uuid.uuid4().hex[:16]}"
        command = FoundOrganization(name="Test GmbH", address_line1="Weg 1", zip="20095", town="Hamburg", realm=realm)
        founder = Caller("cli", uuid.uuid4().hex, permissions=frozenset({EVERYTHING}))
        made = runtime.execute(found_organization, command, founder)
        return Tenant(runtime, made.tenant_id, realm, uuid.UUID(made.organization_id), made.api_key, made.api_secret)

    return make


@pytest.fixture
def tenant(new_tenant: "Callable[[], Tenant]") -> Tenant:
    """This test's own tenant, as new as a tenant can be."""
    return new_tenant()


@pytest.fixture
def furnished(tenant: Tenant) -> Tenant:
    """A tenant with the master data of the demo: site, external billing group, a German business customer."""
    from contor.commands.demo import master_data

    master_data(tenant.runtime, tenant.caller())
    return tenant


@pytest.fixture(scope="session")
def client(runtime: "Runtime") -> "Iterator[TestClient]":
    """The whole application, all dialects."""
    from starlette.testclient import TestClient

    from contor.app import Application

    yield TestClient(Application(runtime), raise_server_exceptions=False)


@pytest.fixture
def bearer(client: "TestClient") -> "Callable[[Tenant], dict[str, str]]":
    """Headers of a client of the platform API, with a token of its realm."""

    def headers(of: Tenant, scope: str = "") -> dict[str, str]:
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        answer = client.post(f"/{of.realm}/oauth2/token", data=form, auth=(of.api_key, of.api_secret))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return headers
