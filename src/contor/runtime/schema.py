"""How tables are declared, and the SQL that creates them: keys, row-level security, privileges.

A table of the business belongs to a tenant: `tenant_id` leads every key, row-level security is forced, and the application
role holds only the privileges named here. What is issued is immutable because that role has no UPDATE on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

APP_ROLE = "contor_app"
TENANT_SETTING = "contor.tenant_id"
ALL = ("*",)
NONE: tuple[str, ...] = ()
ADDED: Final = {"added": True}
"""`info` of a column that came to a table when it had rows with hashes: empty in those, it adds nothing to their hash."""

KEPT: Final = {
    "autovacuum_freeze_min_age": "0",
    "autovacuum_vacuum_insert_scale_factor": "0",
    "autovacuum_vacuum_insert_threshold": "20000",
}
"""Storage of rows that stay as they are: made visible to all and frozen every so many rows, however large the table is, while their pages
are still in memory. By a share of the table, as is usual, the last fifth of millions waits, and each page is written anew for it."""
QUEUE: Final = {"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "1000"}
"""Storage of a table that is emptied all the time: cleaned after so many rows that went, whatever was in it when it was last counted."""
SETTLED: Final = {"fillfactor": "90"}
"""Storage of rows whose balances move once or twice, in columns without an index: there is room for that beside them, and no index gets an
entry for it."""

METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


@dataclass(frozen=True, slots=True)
class Tallied:
    """How the rows of a table are tallied for its list, see `contor.runtime.query.tallying`."""

    place: str = ""
    """The column by which the list is sorted of itself, where that is an instant or a number: rows are tallied by its cells."""
    by: str = ""
    """The column whose values have a list each."""
    without: str = ""
    """Rows that have a value here are in no list."""


def tenant_table(
    name: str,
    *parts: Any,
    update: Sequence[str] = ALL,
    delete: bool = True,
    row_hash: bool = False,
    storage: Mapping[str, str] | None = None,
    tallied: Tallied | None = None,
) -> Table:
    """A table of one tenant's rows. `update` names the columns that may change (default all, `NONE` for immutable rows). `row_hash`: each
    row carries the hash of the others, see `contor.runtime.integrity`. `storage`: PostgreSQL's storage parameters (default `KEPT` where no
    row may change or go)."""
    tenant = Column("tenant_id", BigInteger, primary_key=True, autoincrement=False)
    info = {"tenant": True, **_rights(update, delete, storage), "row_hash": row_hash, "counts": None, "tallied": tallied}
    if row_hash:
        # without one: written by a release before, until `contor migrate` gives it
        missing = Index(f"{name}_unhashed_ix", "tenant_id", postgresql_where=text("row_hash IS NULL"))
        parts = (*parts, Column("row_hash", LargeBinary), missing)
    return Table(name, METADATA, tenant, *parts, info=info)


def counter_table(name: str, *parts: Any, counts: str) -> Table:
    """A table of counters, one a row. The column `counts` says which value comes next; nothing moves it but `Uow.draw`, by a function of
    the owner's that only counts forward: no number is given twice, whatever the application is made to say."""
    table = tenant_table(name, *parts, update=NONE, delete=False, storage={})
    table.info["counts"] = counts
    return table


def directory_table(
    name: str, *parts: Any, update: Sequence[str] = ALL, delete: bool = True, storage: Mapping[str, str] | None = None
) -> Table:
    """A table that is read before or across tenants: no row-level security, touched only by `organizations`."""
    info = {"tenant": False, **_rights(update, delete, storage), "counts": None}
    return Table(name, METADATA, *parts, schema="directory", info=info)


def _rights(update: Sequence[str], delete: bool, storage: Mapping[str, str] | None) -> dict[str, object]:
    """What may be done to rows, and how they are stored for it."""
    if storage is None:
        storage = KEPT if not update and not delete else {}
    return {"update": tuple(update), "delete": delete, "storage": storage}


@cache
def hash_expression(table: Table) -> str:
    """SQL: the hash of a row of `table`, over every column that never changes and follows from no other. PostgreSQL writes each value the
    same way when the row is inserted and when it is checked."""
    changing = {*table.info["update"], "row_hash"}
    stays = [column for column in table.columns if column.name not in changing and column.computed is None]
    columns, added = ([column for column in stays if bool(column.info.get("added")) is late] for late in (False, True))
    # a file's worth of bytes is hashed by itself: as text it would be twice as long
    parts = [f'sha256("{c.name}")' if isinstance(c.type, LargeBinary) else f'"{c.name}"' for c in columns]
    said = "".join(f""" || coalesce("{column.name}"::text, '')""" for column in added)
    return f"sha256(convert_to(ROW({', '.join(parts)})::text{said}, 'UTF8'))"


FOUNDATION = (
    "CREATE SCHEMA directory",
    "CREATE SEQUENCE contor_id",
    f"GRANT USAGE ON SEQUENCE contor_id TO {APP_ROLE}",
    "CREATE FUNCTION contor_tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE"
    f" AS $$ SELECT pg_catalog.current_setting('{TENANT_SETTING}')::bigint $$",
)
"""What tables stand on. `contor_tenant()` is this transaction's tenant; without one it fails. STABLE in a plain PostgreSQL, which
puts its body in its place; IMMUTABLE on the nodes of a Citus cluster, which finds the tenant's shard by it."""
MINE = f"tenant_id = contor_tenant() AND tenant_id = current_setting('{TENANT_SETTING}')::bigint"
"""The one policy of every tenant's table. The first term finds the shard, the second holds on it whatever plan was kept."""


def declared_statements(metadata: MetaData = METADATA) -> list[str]:
    """The SQL that makes all of `metadata` in an empty database: what revisions must lead to."""
    return [*FOUNDATION, *create_statements(metadata.sorted_tables)]


def create_statements(tables: Iterable[Table]) -> list[str]:
    """The SQL that creates `tables` with their indexes, policies and grants."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no types
    statements = []
    for table in tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
        statements += planning_statements(table) + security_statements(table)
        if table.info["counts"]:
            statements += drawing_statements(table)
    return statements


_LOCK = "hashtextextended({}, {})"
"""SQL: the number of a lock, of its name and the tenant."""
LOCKS = (
    f"SELECT count(pg_advisory_xact_lock(k)) FROM (SELECT {_LOCK.format('n', '%s')} AS k FROM unnest(%s::text[]) n ORDER BY 1) x"
)
"""SQL: locks of a tenant (its number) by their names, in the order of their numbers."""


def lock_if_free(space: str, name: str) -> str:
    """SQL: whether the lock of `Uow.lock` for a name (SQL) in this space was free and is ours from now on. Parameter: `tenant` (number)."""
    number = _LOCK.format(f"'{space}:' || {name}", "%(tenant)s")
    return f"pg_try_advisory_xact_lock({number})"


def drawing_name(table: Table) -> str:
    """The function that draws from a table of counters."""
    return f"contor_draw_{table.name}"


def drawing_statements(table: Table) -> list[str]:
    """The function by which a counter is moved: its keys, the first value of one that does not exist yet, and how many; it answers the
    first of them. It acts as its owner, and names what it uses in full: nobody can put something else in the place."""
    dialect, counts = postgresql.dialect(), table.info["counts"]  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no types
    keys = [column for column in table.primary_key if column.name != "tenant_id"]
    begins = [column.name for column in table.columns if not column.primary_key and column.name != counts]
    low, many = f"${len(keys) + 1}", f"${len(keys) + 2}"
    names = ", ".join(["tenant_id", *[column.name for column in keys], *begins, counts])
    values = ", ".join(
        ["public.contor_tenant()", *[f"${n}" for n, _ in enumerate(keys, 1)], *[low for _ in begins], f"{low} + {many}"]
    )
    key = ", ".join(["tenant_id", *[column.name for column in keys]])
    types = ", ".join([*[column.type.compile(dialect).lower() for column in keys], "bigint", "bigint"])
    body = (
        f"INSERT INTO public.{table.name} AS c ({names}) SELECT {values} WHERE {many} > 0"
        f" ON CONFLICT ({key}) DO UPDATE SET {counts} = c.{counts} + {many} RETURNING {counts} - {many}"
    )
    function = f"{drawing_name(table)}({types})"
    return [
        f"CREATE FUNCTION {function} RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path TO 'pg_catalog' AS $$ {body} $$",
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {APP_ROLE}",
    ]


def planning_statements(table: Table) -> list[str]:
    """What the planner and autovacuum are told of one table. How many rows which tenant has is not counted: who came after the count would
    be taken to have a single row, and every join would be planned for that (docs/decisions/0021)."""
    statements = [f"ALTER TABLE {table.fullname} ALTER COLUMN tenant_id SET STATISTICS 0"] if table.info["tenant"] else []
    if storage := table.info["storage"]:
        said = ", ".join(f"{name} = {value}" for name, value in sorted(storage.items()))
        statements.append(f"ALTER TABLE {table.fullname} SET ({said})")
    return statements


def security_statements(table: Table) -> list[str]:
    """Row-level security and privileges of one table."""
    name = table.fullname
    statements = []
    if table.info["tenant"]:
        statements += [
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {name} USING ({MINE}) WITH CHECK ({MINE})",
        ]
    statements.append(f"GRANT SELECT, INSERT ON {name} TO {APP_ROLE}")
    update = table.info["update"]
    if update == ALL:
        statements.append(f"GRANT UPDATE ON {name} TO {APP_ROLE}")
    elif update:
        statements.append(f"GRANT UPDATE ({', '.join(update)}) ON {name} TO {APP_ROLE}")
    if table.info["delete"]:
        statements.append(f"GRANT DELETE ON {name} TO {APP_ROLE}")
    return statements
