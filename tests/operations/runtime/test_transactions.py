"""Transactions begin and end in one round trip each, and a connection that breaks is nobody's fault."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from tests.factories.tenants import Tenant
from tests.factories.things import an_operation, make_things, things

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.runtime import db
from contor.runtime.db import Connection, Database
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

pytestmark = pytest.mark.usefixtures("thing_table")


@pytest.fixture
def only(runtime: Runtime, tenant: Tenant) -> Iterator[Tenant]:
    """The tenant through a runtime with a single connection."""
    database = Database(runtime.database.dsn, size=1)
    database.open()
    single = Runtime(runtime.config, database, runtime.blobs, runtime.secrets)
    yield Tenant(single, tenant.id, tenant.realm, tenant.organization_id, tenant.api_key, tenant.api_secret)
    database.close()


def end_server_of(dsn: str, pid: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def pid_of(uow: Uow) -> int:
    return uow.connection.info.backend_pid


def test_a_transaction_begins_and_ends_in_one_round_trip_each(only: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    only.execute(an_operation(), things(1))  # its connection has prepared what begins one
    said: list[str] = []
    honest = db.asked

    def listening(connection: Connection, sql: str) -> object:
        said.append(sql)
        return honest(connection, sql)

    monkeypatch.setattr(db, "asked", listening)
    with only.runtime.transaction(only.caller(), reads=True, snapshot=True) as uow:
        settings = [uow.scalar(str, f"SHOW {name}") for name in ("transaction_read_only", "transaction_isolation")]
    assert settings == ["on", "repeatable read"]
    with only.runtime.transaction(only.caller()) as uow:
        settings = [uow.scalar(str, f"SHOW {name}") for name in ("transaction_read_only", "transaction_isolation")]
    assert settings == ["off", "read committed"]
    with only.runtime.transaction(Caller("cli", "r"), directory=True, reads=True) as uow:
        assert uow.scalar(str, "SHOW transaction_read_only") == "on"
    with pytest.raises(ZeroDivisionError), only.runtime.transaction(only.caller()):
        _ = 1 / 0
    assert [text.split()[0] for text in said] == ["BEGIN", "COMMIT", "BEGIN", "COMMIT", "BEGIN", "COMMIT", "BEGIN", "ROLLBACK"]


def test_who_is_no_tenant_begins_nothing(only: Tenant) -> None:
    for number in (None, 2**62):
        with pytest.raises(Refused) as refused, only.runtime.transaction(Caller("cli", "r", number)):
            pass
        assert refused.value.kind is Kind.UNAUTHENTICATED
    with only.runtime.transaction(only.caller(), reads=True) as uow:  # the connection is as before
        assert uow.ctx.tenant_id == only.id


def test_a_connection_that_breaks_before_or_at_the_commit_is_no_fault(only: Tenant, process_dsn: str) -> None:
    def broken_at_the_end(uow: Uow, command: object) -> object:
        made = make_things(uow, command)  # type: ignore[arg-type]
        uow.finish(lambda: uow.finish(lambda: end_server_of(process_dsn, pid_of(uow))))
        return made

    with only.runtime.transaction(only.caller(), reads=True) as uow:
        idle = pid_of(uow)
    end_server_of(process_dsn, idle)
    for attempt in (an_operation(), an_operation(broken_at_the_end, reads=False)):
        with pytest.raises(Refused) as refused:
            only.execute(attempt, things(1))
        assert refused.value.kind is Kind.UNAVAILABLE
    assert only.execute(an_operation(), things(2)) is not None
    assert [row.id for row in only.rows("SELECT id FROM a_thing ORDER BY id")] == [2]


def test_what_begins_a_transaction_is_there_also_when_everything_was_forgotten(
    only: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PLANNED_SECONDS", 0.0)
    for number in range(8):
        only.execute(an_operation(), things(number))
        with only.runtime.transaction(only.caller(), reads=True) as uow:
            assert uow.scalar(int, "SELECT count(*)::int FROM a_thing WHERE id >= %s", (0,)) == number + 1


def test_who_asks_gets_the_connection_that_was_last_at_work(runtime: Runtime) -> None:
    database = Database(runtime.database.dsn, size=3)
    database.open()
    with ExitStack() as together:  # so that there are three
        pids = [together.enter_context(database.connection()).info.backend_pid for _ in range(3)]
    assert len(set(pids)) == 3
    found = []
    for _ in range(4):
        with database.connection() as connection:
            found.append(connection.info.backend_pid)
    with database.connection() as first, database.connection() as second:
        both = {first.info.backend_pid, second.info.backend_pid}
    with database.connection() as connection:
        found.append(connection.info.backend_pid)
    database.close()
    assert len(set(found[:4])) == 1
    assert found[0] in both
    assert found[4] in both
