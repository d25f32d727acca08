"""Revisions beside others who use the database: who comes second waits, who gets no lock gives up and goes on later."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.checkers.waiting import MINUTES, until
from tests.factories.revisions import revision

from contor.kernel.errors import Kind, Refused
from contor.migrations.new import look
from contor.runtime.db import url_of
from contor.runtime.migrate import is_current, migrate

BASE = [
    "CREATE TABLE part (id bigint PRIMARY KEY, name text)",
    "CREATE TABLE bin (id bigint PRIMARY KEY)",
    "INSERT INTO part SELECT n, 'part' FROM generate_series(1, 10) n",
]
INDEX = ";; autocommit\nCREATE INDEX CONCURRENTLY IF NOT EXISTS part_name_ix ON part (name)"
UNIQUE = ";; autocommit\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS part_name_key ON part (name)"
SOON = "SET LOCAL lock_timeout = '50ms'"


@pytest.fixture
def database(new_database: Callable[[], str], tmp_path: Path) -> str:
    """A database at the first of the test's own revisions."""
    dsn = new_database()
    revision(tmp_path, 1, "\n;;\n".join(BASE))
    migrate(dsn, versions=tmp_path)
    return dsn


def test_two_that_migrate_at_once_wait_for_each_other(database: str, tmp_path: Path) -> None:
    """While the first builds an index, which waits for everyone's snapshots, the second holds none: they do not wait for one another."""
    revision(tmp_path, 2, INDEX)
    script = (
        "import sys; from pathlib import Path; from contor.runtime.migrate import migrate;"
        " migrate(sys.argv[1], versions=Path(sys.argv[2]))"
    )

    def start(name: str) -> "subprocess.Popen[bytes]":
        dsn = psycopg.conninfo.make_conninfo(database, application_name=name)
        return subprocess.Popen([sys.executable, "-c", script, dsn, str(tmp_path)])

    with psycopg.connect(database) as using, psycopg.connect(database, autocommit=True) as watching:
        using.execute("INSERT INTO part VALUES (11, 'last')")
        seen = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND query ~ %s"
        started = []
        try:
            for name, statement in (("first", "^CREATE INDEX CONCURRENTLY"), ("second", "")):
                started.append(start(name))
                until(lambda n=name, s=statement: watching.execute(seen, (n, s)).fetchone() == (1,), f"the {name} is at it")  # type: ignore[misc]
            until(
                lambda: watching.execute(seen, ("second", "pg_try_advisory_lock|^COMMIT")).fetchone() == (1,),
                "the second asks for its turn",
            )
            using.commit()
            assert [process.wait(60) for process in started] == [0, 0]
        finally:
            for process in started:
                process.kill()
    assert look(database).tables["part"].indexes["part_name_ix"].valid


def test_what_gets_no_lock_ends_and_goes_on_where_it_was(database: str, tmp_path: Path) -> None:
    """The parts before it are done and are not done again; the part that failed has left nothing."""
    added = "ALTER TABLE part ADD COLUMN size integer"
    last = f";; transaction\n{SOON}\n;;\nCREATE TABLE shelf (id bigint)\n;;\nALTER TABLE bin ADD COLUMN size integer"
    revision(tmp_path, 2, f"{added}\n{INDEX}\n{last}")
    with psycopg.connect(database) as using:
        using.execute("SELECT count(*) FROM bin")
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                migrate(database, versions=tmp_path)
            assert (refused.value.kind, refused.value.problems[0].code) == (Kind.UNAVAILABLE, "schema_in_use")
            shape = look(database)
            assert set(shape.tables) == {"part", "bin"}
            assert (set(shape.tables["part"].columns), set(shape.tables["bin"].columns)) == ({"id", "name", "size"}, {"id"})
            assert parts_done(database) == [("0002", 1), ("0002", 2)]
    migrate(database, versions=tmp_path)
    shape = look(database)
    assert (set(shape.tables), set(shape.tables["bin"].columns)) == ({"part", "bin", "shelf"}, {"id", "size"})
    assert set(shape.tables["part"].indexes) == {"part_name_ix"}
    assert parts_done(database) == []


def parts_done(dsn: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT revision, part FROM infra.migration_part ORDER BY part").fetchall()


def test_an_index_that_a_failure_left_invalid_is_built_again(database: str, tmp_path: Path) -> None:
    revision(tmp_path, 2, UNIQUE)
    with pytest.raises(Refused, match="rows_in_the_way") as refused:
        migrate(database, versions=tmp_path)
    assert "part_name_key" in refused.value.problems[0].message
    assert not look(database).tables["part"].indexes["part_name_key"].valid
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE part SET name = name || id")
    migrate(database, versions=tmp_path)
    assert look(database).tables["part"].indexes["part_name_key"].valid


def test_the_command_says_that_the_schema_is_in_use(new_database: Callable[[], str], tmp_path: Path) -> None:
    """Exit status 1 and one sentence, no traceback; the next call brings the schema up."""
    dsn = new_database()
    migrate(dsn, to="0001")
    environment = {"DATABASE_URL": url_of(dsn), "CONTOR_HOME": str(tmp_path), "PATH": ""}

    def contor_migrate() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "contor.cli", "migrate"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=MINUTES, check=False)

    with psycopg.connect(dsn) as using:
        using.execute("LOCK TABLE document IN ACCESS SHARE MODE")
        told = contor_migrate()
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith("schema_in_use"), told.stderr
        assert "Traceback" not in told.stderr
        assert not is_current(dsn)
    told = contor_migrate()
    assert (told.returncode, told.stdout.strip()) == (0, "The schema is current."), told.stderr
    assert is_current(dsn)
