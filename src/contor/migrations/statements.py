"""The SQL file that lies beside a revision: statements in parts, and how they are run.

A line `;;` stands between two statements. A line `;; transaction` or `;; autocommit` begins a part; what stands before the first
of them is a transaction. A transaction happens as a whole or not at all. The statements of an autocommit part commit one by one
(PostgreSQL builds an index concurrently only so); each of them is written so that it may run again after a failure.
`infra.migration_part` keeps which parts of an unfinished revision are done: the next attempt goes on behind them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from alembic import op
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

TRANSACTION, AUTOCOMMIT = "transaction", "autocommit"
PATIENCE = "15min"
"""How long a statement outside of a transaction waits for locks. It holds up nobody who reads or writes meanwhile."""
_MARK = re.compile(r"^;;(?: (transaction|autocommit))?$", re.MULTILINE)
_CONCURRENT = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\S+) ON (?:ONLY )?(?:(\w+)\.)?")
_INVALID = (
    "SELECT 1 FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT x.indisvalid AND c.relname = :name AND n.nspname = :schema"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Statements that are run in one way."""

    mode: str
    statements: tuple[str, ...]


def parts_of(sql: str) -> list[Part]:
    """The parts of an SQL file, in their order; empty ones are left out."""
    first, *rest = _MARK.split(sql)
    parts: list[tuple[str, list[str]]] = [(TRANSACTION, [first])]
    for mode, statement in zip(rest[::2], rest[1::2], strict=True):
        if mode:
            parts.append((mode, []))
        parts[-1][1].append(statement)
    stripped = [(mode, tuple(filter(None, (statement.strip() for statement in found)))) for mode, found in parts]
    return [Part(mode, statements) for mode, statements in stripped if statements]


def text_of(parts: list[Part]) -> str:
    """The SQL file of `parts`: what `parts_of` reads."""
    written = [f";; {part.mode}\n" + "\n;;\n".join(part.statements) for part in parts]
    return "\n".join(written) + "\n"


def run_sql(revision_file: str) -> None:
    """Run `<revision>.sql` beside the revision, from its first part that is not done yet."""
    path = Path(revision_file)
    parts = parts_of(path.with_suffix(".sql").read_text(encoding="utf-8"))
    if len(parts) == 1 and parts[0].mode == TRANSACTION:  # happens with Alembic's own mark or not at all
        _run(_bind(op.get_context()), parts[0].statements)
    else:
        _run_parts(op.get_context(), path.name.partition("_")[0], parts)


def _run_parts(context: MigrationContext, revision: str, parts: list[Part]) -> None:
    _bind(context).exec_driver_sql(_PROGRESS)
    done = {row[0] for row in _bind(context).execute(text(_DONE), {"revision": revision})}
    for number, part in enumerate(parts, start=1):
        if number in done:
            continue
        if part.mode == AUTOCOMMIT:
            with context.autocommit_block():
                _one_by_one(_bind(context), part.statements)
                _bind(context).execute(text(_KEEP), {"revision": revision, "part": number})
        else:
            _run(_bind(context), part.statements)
            _bind(context).execute(text(_KEEP), {"revision": revision, "part": number})
    _bind(context).execute(text(_FORGET), {"revision": revision})


_PROGRESS = (
    "CREATE TABLE IF NOT EXISTS infra.migration_part"
    " (revision text, part integer, done_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (revision, part))"
)
_DONE = "SELECT part FROM infra.migration_part WHERE revision = :revision"
_KEEP = "INSERT INTO infra.migration_part (revision, part) VALUES (:revision, :part)"
_FORGET = "DELETE FROM infra.migration_part WHERE revision = :revision"


def _bind(context: MigrationContext) -> Connection:
    """The connection as it is now: a block outside of a transaction changes it."""
    bound = context.bind
    assert bound is not None, "revisions run on a connection"
    return bound


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        # SQLAlchemy hands psycopg parameters, if none: it reads a % as theirs
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _one_by_one(connection: Connection, statements: tuple[str, ...]) -> None:
    """Each by itself. An index that an attempt before left invalid is dropped first: `IF NOT EXISTS` would keep it."""
    connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}'")
    try:
        for statement in statements:
            if made := _CONCURRENT.search(statement):
                name, schema = made[1], made[2] or "public"
                if connection.execute(text(_INVALID), {"name": name.strip('"'), "schema": schema}).first():
                    connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {schema}.{name}")
            _run(connection, (statement,))
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
