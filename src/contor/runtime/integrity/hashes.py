"""The hash of a row: made by the statement that inserts it, over every column that never changes (GoBD no. 107 ff.).

`contor check` computes it again from what the row says now. So a column that somebody changed past the application, with whatever rights,
is found, in each table that is declared with `row_hash=True`.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import psycopg
from sqlalchemy import Table

from contor.kernel.checks import check
from contor.runtime.schema import METADATA, TENANT_SETTING, hash_expression
from contor.runtime.uow import Uow

SHOWN = 20
"""Rows of one table that are named; all are counted."""


@cache
def hashed_tables() -> tuple[Table, ...]:
    return tuple(table for table in METADATA.sorted_tables if table.info.get("row_hash"))


@cache
def _looking() -> str:
    """For tables with rows that say something else than when they were written, all in one statement: most tenants have few rows, and each
    statement costs more than they do."""
    return " UNION ALL ".join(
        f"SELECT '{table.name}' AS name WHERE EXISTS (SELECT 1 FROM {table.fullname} WHERE {_is_changed(table)})"
        for table in hashed_tables()
    )


@cache
def _is_changed(table: Table) -> str:
    return f"row_hash IS DISTINCT FROM {hash_expression(table)}"


def changed_rows(uow: Uow, table: Table) -> Iterator[str]:
    """The keys of rows that say something else than when they were written."""
    keys = [column.name for column in table.primary_key if column.name != "tenant_id"]
    shown = " || ' ' || ".join(f'"{name}"::text' for name in keys)
    count = uow.scalar(int, f"SELECT count(*) FROM {table.fullname} WHERE {_is_changed(table)}") or 0
    if count:
        yield from uow.column(str, f"SELECT {shown} FROM {table.fullname} WHERE {_is_changed(table)} ORDER BY 1 LIMIT {SHOWN}")
    if count > SHOWN:
        yield f"and {count - SHOWN} more"


@check("runtime.rows_are_as_they_were_written")
def rows(uow: Uow) -> Iterable[str]:
    """The hash of every row is that of what it says."""
    changed = set(uow.column(str, _looking()))
    for table in (one for one in hashed_tables() if one.name in changed):
        for key in changed_rows(uow, table):
            yield f"{table.name} {key} is not as it was written"


def hash_rows(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Give a hash to the rows that have none: those that a release before wrote. As the owner of the tables, tenant by tenant."""
    connection.execute("SET timezone = 'UTC'")
    sql = "SELECT relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE attname = 'row_hash' AND relkind = 'r'"
    there = {name for (name,) in connection.execute(sql).fetchall()}
    if not there:
        return
    for (tenant,) in connection.execute("SELECT id FROM directory.environment ORDER BY id").fetchall():
        for table in (one for one in hashed_tables() if one.name in there):
            with connection.transaction():
                connection.execute(f"SELECT set_config('{TENANT_SETTING}', %s, true)", (str(tenant),))
                connection.execute(f"UPDATE {table.fullname} SET row_hash = {hash_expression(table)} WHERE row_hash IS NULL")
