"""As whom processes log in: nothing that is said to the database gives them back what only the owner may."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.factories.databases import in_database
from tests.factories.tenants import Tenant

from contor.kernel.errors import Refused
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.migrate import migrate
from contor.runtime.postgres import enough_connections, ensure_process_login, facts, may_migrate, process_login
from contor.runtime.schema import APP_ROLE
from contor.runtime.secrets import Secrets

SECRETS = Secrets(b"one installation".ljust(32, b"."))


@pytest.mark.parametrize(
    "statement",
    [
        "RESET ROLE",
        "SET ROLE contor",
        "SET ROLE none",
        "SET SESSION AUTHORIZATION contor",
        "SET SESSION AUTHORIZATION DEFAULT",
    ],
)
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE document SET gross = 0",
        "DELETE FROM document",
        "DELETE FROM journal_line",
        "UPDATE payment SET base_amount = 0",
        "UPDATE number_series SET next_value = 1",
        "DELETE FROM number_series",
        "DELETE FROM usage",
        "UPDATE payment SET original_amount = 0",
        "UPDATE audit_entry SET actor = 'nobody'",
        "ALTER TABLE document NO FORCE ROW LEVEL SECURITY",
        "TRUNCATE document",
        "DROP TABLE document CASCADE",
    ],
)
def test_no_statement_gives_the_owner_back(tenant: Tenant, statement: str, attack: str) -> None:
    """As the owner's member `RESET ROLE` made every one of these possible."""
    with psycopg.connect(application_dsn(tenant.runtime.database.dsn), autocommit=True) as connection:
        connection.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(tenant.id),))
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(attack.encode())


def test_the_login_of_processes_owns_nothing(tenant: Tenant) -> None:
    found = facts(tenant.runtime.database.dsn)
    assert (found.login, found.is_owner, found.makes_roles, found.has_tables) == (APP_ROLE, False, False, True)


@pytest.fixture
def guarded(server_dsn: str, new_database: Callable[[], str]) -> Iterator[str]:
    """A migrated database with an owner of its own, as an operator's server has it: a role of no other privilege than to make roles."""
    name = f"owner_{psycopg.conninfo.conninfo_to_dict(new_database())['dbname']}"
    admin = in_database(server_dsn, user="postgres")
    database = name.removeprefix("owner_")
    with psycopg.connect(admin, autocommit=True) as connection:
        owner = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(owner))
        connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(APP_ROLE), owner))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), owner))
    try:
        yield in_database(server_dsn, database, name)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO contor").format(sql.Identifier(database)))
        with psycopg.connect(in_database(admin, database), autocommit=True) as connection:
            connection.execute(sql.SQL("REASSIGN OWNED BY {} TO contor").format(owner))
            connection.execute(sql.SQL("DROP OWNED BY {}").format(owner))
            made, _ = SECRETS.database_login()
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(made)))
            connection.execute(sql.SQL("DROP ROLE {}").format(owner))


def test_an_owners_url_is_migrated_with_and_never_served_with(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one's own, named by its owner: `contor migrate` makes the login of this installation, processes use that."""
    with pytest.raises(Refused) as unmade:
        process_login(guarded, SECRETS)
    assert unmade.value.problems[0].code == "schema_missing"
    may_migrate(guarded)
    migrate(guarded)
    # this server asks for no password: as one that does, which the role itself has none for
    monkeypatch.setattr("contor.runtime.postgres.login.APP_ROLE", "contor_nobody")
    with pytest.raises(Refused) as owner:
        process_login(guarded, SECRETS)
    assert owner.value.problems[0].code == "login_is_owner"
    monkeypatch.undo()
    monkeypatch.setattr("contor.runtime.postgres.login._candidates", lambda dsn, secrets: [own(dsn, secrets)])
    ensure_process_login(guarded, SECRETS)
    ensure_process_login(guarded, SECRETS)
    found = process_login(guarded, SECRETS)
    assert facts(found).login == SECRETS.database_login()[0] and not facts(found).is_owner
    assert process_login(found, SECRETS) == found
    with pytest.raises(Refused) as stranger:
        may_migrate(found)
    assert stranger.value.problems[0].code == "login_is_not_owner"
    with psycopg.connect(application_dsn(found), autocommit=True) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APP_ROLE,)
        connection.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE document CASCADE")


def own(dsn: str, secrets: Secrets) -> str:
    name, password = secrets.database_login()
    return psycopg.conninfo.make_conninfo(dsn, user=name, password=password)


def test_a_server_that_will_not_do_says_why_in_one_line(server_dsn: str) -> None:
    admin, name = in_database(server_dsn, user="postgres"), "contor_ascii"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
        )
        connection.execute("CREATE ROLE contor_plain LOGIN")
        connection.execute("CREATE DATABASE contor_plain OWNER contor_plain")
    try:
        for dsn, code in (
            (in_database(server_dsn, name), "database_encoding"),
            (in_database(server_dsn, "contor_plain", "contor_plain"), "createrole_missing"),
        ):
            with pytest.raises(Refused) as refused:
                may_migrate(dsn)
            (problem,) = refused.value.problems
            assert problem.code == code and "\n" not in problem.message
        with pytest.raises(Refused) as refused:
            enough_connections(server_dsn, 1000)
        assert "CONTOR_POOL_SIZE" in refused.value.problems[0].message
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}")
            connection.execute("DROP DATABASE contor_plain")
            connection.execute("DROP ROLE contor_plain")


def test_two_installations_have_two_logins(tmp_path: Path) -> None:
    one, two = (Secrets.load(Config(home=tmp_path / name)).database_login() for name in ("one", "two"))
    assert one[0] != two[0] and one[1] != two[1]
    assert one == Secrets.load(Config(home=tmp_path / "one")).database_login()
