"""One real PostgreSQL for the whole run, a template database migrated once, a clone per test process, a tenant per test."""

import contextlib
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tests.checkers.longest import LONGEST
from tests.factories.databases import TEMPLATE, Server, a_database, in_database

from contor.runtime.schema import APP_ROLE

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from tests.factories.nests import Nest
    from tests.factories.tenants import Tenant

    from contor.runtime.execute import Runtime

TESTS = Path(__file__).parent
RARELY = 20_000, 20, 50
"""When garbage is looked for, instead of 700, 10, 10: an eighth of what the tests cost was looking through what stays."""
SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[2] / "shared"))


def pytest_configure(config: pytest.Config) -> None:
    """The process that owns the run starts the server and migrates the template; the test processes only clone it. How long an example
    takes is the machine's affair."""
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    if hasattr(config, "workerinput"):
        return
    config.stash[_SERVER] = Server()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """All that is imported and collected stays until the end: looking through it for garbage, again and again, is a fifth of collecting
    and part of every test."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(*RARELY)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, then the whole stories: one that takes minutes and began last would be waited for by idle processes."""
    ranks = {TESTS / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (ranks.get(item.path, len(ranks)), "scenarios" not in item.path.parts))


def pytest_configure_node(node: object) -> None:
    """Hand the server's address to a test process of xdist."""
    node.workerinput["contor_dsn"] = node.config.stash[_SERVER].dsn  # type: ignore[attr-defined]


def pytest_testnodedown(node: object) -> None:
    """What a test process of xdist has seen answered."""
    told = getattr(node, "workeroutput", {})
    node.config.stash.setdefault(_ANSWERED, set()).update(map(tuple, told.get("answered", ())))  # type: ignore[attr-defined]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A whole run has got an answer of every route: it says of which it has not, and fails by that where all else is well."""
    from tests.checkers.answered import answered, unanswered

    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["answered"] = answered()
        return
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (config.option.keyword or config.option.markexpr)
    if is_whole and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not config.option.collectonly:
        config.stash[_UNANSWERED] = unanswered(config.stash.get(_ANSWERED, set()) | set(answered()))
        if config.stash[_UNANSWERED]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for route in config.stash.get(_UNANSWERED, []):
        terminalreporter.write_line(f"FAILED: no test gets an answer of {route}")


_SERVER: pytest.StashKey[Server] = pytest.StashKey()
_ANSWERED: pytest.StashKey[set[tuple[str, str]]] = pytest.StashKey()
_UNANSWERED: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture(scope="session")
def server_dsn(request: pytest.FixtureRequest) -> str:
    """The server's address, as its owner."""
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["contor_dsn"] if workerinput else request.config.stash[_SERVER].dsn


@pytest.fixture(scope="session")
def database_dsn(server_dsn: str) -> Iterator[str]:
    """This test process's own database."""
    with a_database(server_dsn, TEMPLATE) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def process_dsn(database_dsn: str) -> str:
    """The same, as processes log in to it: nothing that the owner alone may do works by accident."""
    return in_database(database_dsn, user=APP_ROLE)


@pytest.fixture(scope="session")
def pristine_dsn(server_dsn: str) -> Iterator[str]:
    """A database that is only migrated: no test adds tables of its own to it."""
    with a_database(server_dsn, TEMPLATE) as dsn:
        yield dsn


@pytest.fixture
def new_database(server_dsn: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call; they go with the test."""
    with contextlib.ExitStack() as databases:
        yield lambda: databases.enter_context(a_database(server_dsn))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with official rules, schemas and samples; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"official artefacts are not at {SHARED} (CONTOR_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def runtime(process_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Runtime]":
    """The runtime of this test process, over its own database. Whoever changes something and leaves no trail fails."""
    from psycopg._preparing import PrepareManager
    from tests.checkers.trails import watch
    from tests.factories.databases import LastFirst

    from contor.app import make_runtime
    from contor.runtime import db
    from contor.runtime.config import Config

    config = Config(
        home=tmp_path_factory.mktemp("home"), login_tries=1_000_000, local_servers=True, outbound_networks="127.0.0.0/8,::1/128"
    )
    made = make_runtime(config, process_dsn)
    with pytest.MonkeyPatch.context() as monkeypatch:
        watch(made, monkeypatch)
        # the tests go over a thousand statements in turns: with the 100 that a connection keeps, none is kept until it comes again.
        # Nor is one of them there for once, or forgotten because a table may have grown: no tenant here has many rows
        monkeypatch.setattr(PrepareManager, "prepared_max", 2_000)
        monkeypatch.setattr(db, "PLANNED_SECONDS", 3_600)
        monkeypatch.setattr(PrepareManager, "prepare_threshold", 0)  # of the class: each connection gets a manager of its own
        monkeypatch.setattr(made.database._pool, "_pool", LastFirst())
        made.database.open()
        yield made
        made.database.close()


@pytest.fixture(scope="session")
def database_url(process_dsn: str) -> str:
    """The test process's database as a URL, for processes that it starts."""
    from contor.runtime.db import url_of

    return url_of(process_dsn)


@pytest.fixture(scope="session")
def nest() -> "Iterator[Nest]":
    """Where processes that are killed are forked."""
    from tests.factories.nests import Nest

    made = Nest()
    yield made
    made.close()


@pytest.fixture
def new_tenant(runtime: "Runtime") -> "Callable[[], Tenant]":
    """Makes a fresh tenant at each call."""

    from tests.factories.tenants import a_tenant

    return lambda: a_tenant(runtime)


@pytest.fixture
def tenant(new_tenant: "Callable[[], Tenant]") -> "Tenant":
    """This test's own tenant, as new as a tenant can be."""
    return new_tenant()


@pytest.fixture
def furnished(tenant: "Tenant") -> "Tenant":
    """A tenant with the master data of the demo: site, external billing group, a German business customer."""
    from contor.commands.demo import master_data

    master_data(tenant.runtime, tenant.caller())
    return tenant


@pytest.fixture(scope="session")
def client(runtime: "Runtime") -> "Iterator[TestClient]":
    """The whole application, all dialects. What it answers is as published."""
    from tests.checkers.published import JudgingClient

    from contor.app import Application

    yield JudgingClient(Application(runtime))


@pytest.fixture
def bearer(client: "TestClient") -> "Callable[[Tenant], dict[str, str]]":
    """Headers of a client of the platform API, with a token of its realm."""

    def headers(of: "Tenant", scope: str = "") -> dict[str, str]:
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        answer = client.post(f"/{of.realm}/oauth2/token", data=form, auth=(of.api_key, of.api_secret))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return headers
