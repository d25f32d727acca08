"""A database of the first release, filled with business, becomes one of today.

`first_release.copy` is what two tenants had after days of orders, contracts, usages, documents, payments and bookings, written by the
application as it was at revision 0001 (one request still waits, no file is rendered yet). It is never written anew.
"""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import Column, Date, Index, MetaData, Numeric, Text

from contor.app import make_runtime
from contor.documents.after import ArchiveDocuments, archive
from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.kernel.context import EVERYTHING, Caller
from contor.migrations.difference import difference
from contor.migrations.new import declared_shape, load_tables, look, write
from contor.migrations.shape import Shape
from contor.migrations.statements import parts_of
from contor.runtime.config import Config
from contor.runtime.db import application_dsn, owner_connection
from contor.runtime.execute import Runtime
from contor.runtime.migrate import VERSIONS, migrate
from contor.runtime.postgres.home import SUPERUSER
from contor.runtime.schema import METADATA, tenant_table
from contor.runtime.work.checking import check_all

FILLED = Path(__file__).with_name("first_release.copy")
LAST_ID = 10_000
"""Ids of the sequence that the rows may use."""
TENANTS = (1, 2)
_ADDED = "'REVENUE_TRIANGULAR', 'EXPENSES', 'OPENING_DEBTORS', 'OPENING_BALANCES'"
SINCE = {"booking_account": f"WHERE role IS NULL OR role NOT IN ({_ADDED})"}
"""Rows that revisions add to tables of then are left out: the chart's accounts of triangular supplies, of what suppliers invoice and of
balances brought forward."""
_COPY = re.compile(r"^COPY (\S+) \(([^()]*)\) FROM STDIN\n(.*?)^\\\.\n", re.DOTALL | re.MULTILINE)

Rows = dict[str, list[tuple[object, ...]]]


def fill(dsn: str) -> None:
    """Put the rows in as the owner, who is not bound by row-level security for the time."""
    with owner_connection(dsn) as connection, connection.transaction():
        tables = _COPY.findall(FILLED.read_text(encoding="utf-8"))
        secured = [name for name, _, _ in tables if not name.startswith("directory.")]
        for name in secured:
            connection.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY".encode())
        for name, columns, rows in tables:
            with connection.cursor().copy(f"COPY {name} ({columns}) FROM STDIN".encode()) as copy:
                copy.write(rows)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in secured:
            connection.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY".encode())
        connection.execute("SELECT setval('contor_id', %s)", (LAST_ID,))
        for name in ("environment", "audit_entry"):
            connection.execute(f"SELECT setval('directory.{name}_id_seq', 100)".encode())


def rows_of(dsn: str, known: Shape) -> Rows:
    """Every row of the tables of `known`, with its columns in the order of their names, as PostgreSQL prints them."""
    found: Rows = {}
    with owner_connection(dsn) as connection:
        for name, table in known.tables.items():
            columns = ", ".join(f"{column}::text" for column in sorted(table.columns))
            statement = f"SELECT ROW({columns})::text AS row FROM {name} {SINCE.get(name, '')} ORDER BY 1".encode()
            found[name] = []
            for tenant in TENANTS if "tenant_id" in table.columns and table.secured[1] else (0,):
                with connection.transaction():
                    connection.execute("SELECT set_config('contor.tenant_id', %s, true)", (str(tenant),))
                    found[name] += [tuple(row) for row in connection.execute(statement).fetchall()]
    return found


@pytest.fixture
def first_release(new_database: Callable[[], str]) -> str:
    dsn = new_database()
    migrate(dsn, to="0001")
    fill(dsn)
    return dsn


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Runtime]]:
    """The application over a database."""
    made: list[Runtime] = []

    def open_(dsn: str) -> Runtime:
        runtime = make_runtime(Config(home=tmp_path / "home"), dsn)
        runtime.database.open()
        made.append(runtime)
        return runtime

    yield open_
    for runtime in made:
        runtime.database.close()


def render_files(runtime: Runtime, tenant: int) -> int:
    """Render the files of every document; how many there are."""
    caller = Caller("job:files", "files", tenant, permissions=frozenset({EVERYTHING}))
    with runtime.transaction(caller, reads=True) as uow:
        ids = tuple(uow.column(int, "SELECT id FROM document WHERE status = 'CREATED' ORDER BY id"))
    runtime.execute(archive, ArchiveDocuments(document_ids=ids), caller)
    return len(ids)


def test_it_becomes_one_of_today(first_release: str, pristine_dsn: str, opened: Callable[[str], Runtime]) -> None:
    """It looks like a new one, its rows are what they were, and business goes on where it stopped."""
    at_first = look(first_release)
    before = rows_of(first_release, at_first)
    given = {name: rows.count("\n") for name, _, rows in _COPY.findall(FILLED.read_text(encoding="utf-8"))}
    assert {name: len(rows) for name, rows in before.items() if rows} == given
    with psycopg.connect(make_conninfo(first_release, user=SUPERUSER), autocommit=True) as counting:
        counting.execute("ANALYZE")
        assert tenants_counted(counting) > 10
    migrate(first_release)
    with psycopg.connect(make_conninfo(first_release, user=SUPERUSER), autocommit=True) as counting:
        counting.execute("ANALYZE")
        # before, nobody but this user could do it
        assert tenants_counted(counting) == 0 or counting.info.server_version < 18_00_00
    assert look(first_release) == look(pristine_dsn)
    assert infra(first_release) == infra(pristine_dsn)
    assert rows_of(first_release, at_first) == before

    runtime = opened(first_release)
    bookkeeper = Caller("job:issue", "issue", 2, permissions=frozenset({EVERYTHING}))
    with runtime.transaction(bookkeeper, reads=True) as uow:
        assert uow.scalar(int, "SELECT count(*) FROM document_queue") == 1
    runtime.execute(issue_waiting, IssueWaiting(limit=10), bookkeeper)
    with runtime.transaction(bookkeeper, reads=True) as uow:
        assert uow.scalar(int, "SELECT count(*) FROM document_queue") == 0
    assert sum(render_files(runtime, tenant) for tenant in TENANTS) == len(before["document"]) + 1
    assert list(check_all(runtime)) == []


def tenants_counted(connection: psycopg.Connection[Any]) -> int:
    """Of how many tables the planner does not take a tenant for the only one."""
    sql = (
        "SELECT count(*) FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'tenant_id' LEFT JOIN pg_stats s"
        " ON s.tablename = c.relname AND s.attname = k.attname WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND (s.n_distinct, coalesce(s.most_common_vals::text, '')) IS DISTINCT FROM (1, '')"
    )
    return int(connection.execute(sql).fetchone()[0])  # type: ignore[index]


def infra(dsn: str) -> list[tuple[object, ...]]:
    """Tables, columns and privileges of the schema of jobs and revisions."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "SELECT c.relname, c.relacl::text, array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = 'infra'::regnamespace"
            " AND c.relkind IN ('r', 'S') AND c.relname <> 'migration_part' GROUP BY c.oid ORDER BY 1"
        ).fetchall()


def with_changes() -> MetaData:
    """The declared tables and what a developer might add: a table, a column that may change on one with column grants, an index."""
    load_tables()  # all of them, whatever was imported for other tests
    metadata = MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata)
    document, customer = metadata.tables["document"], metadata.tables["customer"]
    document.append_column(Column("reminded_on", Date))
    document.info["update"] = (*document.info["update"], "reminded_on")
    Index("customer_reminded_ix", customer.c.tenant_id, customer.c.company, postgresql_where=customer.c.company.is_not(None))
    made = tenant_table(
        "reminder_fee",
        Column("ident", Text, primary_key=True),
        Column("amount", Numeric(19, 4), nullable=False),
        update=("amount",),
        delete=False,
    )
    made.to_metadata(metadata)
    METADATA.remove(made)
    return metadata


def test_the_next_revision_is_made_by_the_tool(
    first_release: str, new_database: Callable[[], str], opened: Callable[[str], Runtime], tmp_path: Path
) -> None:
    """What `make migration` writes for a table, a column and an index runs over the filled database behind all revisions."""
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions)
    metadata = with_changes()
    path = write("Reminder fees", metadata, versions)
    assert path is not None
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
    assert path.name == f"{number}_reminder_fees.py"
    quick, slow = parts_of(path.with_suffix(".sql").read_text(encoding="utf-8"))
    assert [statement.split(" (")[0] for statement in quick.statements] == [
        "SET LOCAL lock_timeout = '3s'",
        "CREATE TABLE reminder_fee",
        "ALTER TABLE reminder_fee ALTER COLUMN tenant_id SET STATISTICS 0",
        "ALTER TABLE reminder_fee ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE reminder_fee FORCE ROW LEVEL SECURITY",
        "CREATE POLICY tenant ON reminder_fee USING",
        "GRANT SELECT, INSERT ON reminder_fee TO contor_app",
        "GRANT UPDATE",
        "ALTER TABLE document ADD COLUMN reminded_on date",
        "GRANT UPDATE",
    ]
    assert slow.statements == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_reminded_ix ON customer (tenant_id, company) WHERE company IS NOT NULL",
    )

    at_first = look(first_release)
    before = rows_of(first_release, at_first)
    migrate(first_release, versions=versions)
    fresh = new_database()
    migrate(fresh, versions=versions)
    assert look(first_release) == look(fresh)
    assert difference(look(first_release), declared_shape(new_database(), metadata)) == []
    assert rows_of(first_release, at_first) == before
    assert write("Nothing is left to write", metadata, versions) is None

    runtime = opened(first_release)
    for tenant in TENANTS:
        render_files(runtime, tenant)
    assert list(check_all(runtime)) == []
    with psycopg.connect(application_dsn(first_release), autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SELECT set_config('contor.tenant_id', '1', true)")
            documents = connection.execute("SELECT count(*) FROM document").fetchone()
            changed = connection.execute("UPDATE document SET reminded_on = %s", (dt.date(2027, 6, 1),)).rowcount
        assert documents == (changed,)
        assert changed > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT set_config('contor.tenant_id', '1', true)")
            connection.execute("UPDATE document SET gross = 0")
