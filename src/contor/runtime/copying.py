"""Batch writing: COPY text into a staging table, then INSERT ... SELECT, because row-level security refuses COPY itself; or arrays."""

import datetime as dt
import uuid
import weakref
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Ordered
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, LargeBinary, Numeric, Sequence, Table, Uuid
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.context import Ctx
from contor.kernel.errors import Refused
from contor.runtime.db import ENCODER, Connection, Steady
from contor.runtime.schema import hash_expression

Row = Ordered[object]
STAGED: "weakref.WeakKeyDictionary[Connection, set[str]]" = weakref.WeakKeyDictionary()
"""Which staging tables a connection has."""


class Left(NamedTuple):
    """A statement that waits for others, to go with them in one round trip."""

    table: str
    """Which it writes; empty: none."""
    sql: str
    values: Ordered[object]
    refused: Refused | None = None
    """Raised where it changes fewer rows than are `wanted`; None: that cannot be."""
    wanted: int = 0
    is_read: bool = False
    """It only selects, and is run where somebody reads it."""


def in_order(instant: dt.datetime, chance: uuid.UUID) -> str:
    """A UUID that begins with an instant (version 7, RFC 9562) and is random behind it: rows that come together lie together in each index
    that knows them by it, where random ones touch, and write to the log, a page each."""
    milliseconds = int(instant.timestamp() * 1000) & (1 << 48) - 1
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | chance.int & (1 << 76) - 1))


def _text(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")  # first: what follows adds backslashes of its own
    if "\t" in value or "\n" in value or "\r" in value:
        value = value.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value


def _json(value: object) -> str:
    return _text(ENCODER.encode(value).decode())


def _binary(value: bytes) -> str:
    return "\\\\x" + value.hex()  # COPY takes one backslash away, bytea wants the other


def _boolean(value: bool) -> str:
    return "t" if value else "f"


def _as_said(value: int | Decimal | uuid.UUID | dt.date | dt.datetime) -> str:
    return str(value)


def _formatter(column: Any) -> Callable[[Any], str]:
    kind = column.type
    if isinstance(kind, (JSON, JSONB)):
        return _json
    if isinstance(kind, (Integer, Numeric, Uuid, Date, DateTime)):
        return _as_said
    if isinstance(kind, LargeBinary):
        return _binary
    if isinstance(kind, Boolean):
        return _boolean
    return _text


@cache
def formatter(table: Table, columns: tuple[str, ...]) -> Callable[[Iterable[Row], str], list[str]]:
    """The function that writes rows of these columns as lines of COPY text, made once: a line is one f-string.

    It is made from column names of ours, never from input.
    """
    names = [f"v{number}" for number in range(len(columns))]
    fields = []
    scope: dict[str, Any] = {"NULL": "\\N"}
    for name, column in zip(names, columns, strict=True):
        write = _formatter(table.c[column])
        scope[f"f{name}"] = write
        shown = f"f{name}({name})" if write is not _as_said else f"str({name})"
        fields.append(f"{{NULL if {name} is None else {shown}}}" if table.c[column].nullable else f"{{{shown}}}")
    line = "{prefix}" + "\\t".join(fields)
    exec(f"def write(rows, prefix):\n    return [f'{line}' for {', '.join(names)}, in rows]", scope)
    made: Callable[[Iterable[Row], str], list[str]] = scope["write"]
    return made


def block(table: Table, columns: tuple[str, ...], rows: Iterable[Row], tenant_id: int) -> bytes:
    """`rows` in COPY text format, the tenant first."""
    lines = formatter(table, columns)(rows, f"{tenant_id}\t")
    lines.append("")
    return "\n".join(lines).encode()


@cache
def statements(table: Table, columns: tuple[str, ...]) -> tuple[str, str, str, str]:
    """(create the staging table, COPY into it, move its rows, empty it) for these columns."""
    stage = f"stage_{table.name}"
    names = ", ".join(f'"{name}"' for name in ("tenant_id", *columns))
    return (
        # made once for a connection: a table for each batch would bloat the catalogue
        f"CREATE TEMP TABLE {stage} ON COMMIT DELETE ROWS AS SELECT * FROM {table.fullname} WITH NO DATA",
        f"COPY pg_temp.{stage} ({names}) FROM STDIN",
        _insert(table, ("tenant_id", *columns), f"pg_temp.{stage}"),
        f"TRUNCATE pg_temp.{stage}",
    )


@cache
def arrays_statement(table: Table, columns: tuple[str, ...]) -> str | None:
    """The statement that inserts rows given as the tenant and one array for each column, in PostgreSQL's binary form: for rows that are
    mostly bytes at half the cost of a staging table, to which they would go as text of twice the length. None: for any other table."""
    if not any(isinstance(table.c[name].type, LargeBinary) for name in columns) or any(table.c[name].nullable for name in columns):
        return None
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no types
    kinds = {column.name: column.type.compile(dialect) for column in table.columns}
    given = [f'r."{name}"' if name in columns else f'NULL::{kinds[name]} AS "{name}"' for name in kinds if name != "tenant_id"]
    names, arrays = ", ".join(f'"{name}"' for name in columns), ", ".join(f"%b::{kinds[name]}[]" for name in columns)
    rows = f"(SELECT %s::bigint AS tenant_id, {', '.join(given)} FROM unnest({arrays}) r ({names}))"
    return _insert(table, ("tenant_id", *columns), rows)


class Copier(Protocol):
    """A unit of work, as far as rows are copied by it."""

    connection: Connection
    staged: set[str]
    """The tables for which this transaction made a staging table."""
    copied: set[str]
    """Those into which it copied already."""

    @property
    def ctx(self) -> Ctx: ...

    def flush(self) -> object: ...


def through_stage(uow: Copier, table: Table, columns: tuple[str, ...], rows: Iterable[Row], *, once: bool = False) -> int:
    """Insert rows through the staging table, which is made where the connection has none; how many were written. `once`: without rows whose
    key is taken."""
    create, copy, move, empty = statements(table, columns)
    # by connection: a temporary table outlives the transaction that made it
    there = STAGED.setdefault(uow.connection, set())
    if table.name not in there:
        uow.connection.execute(create)
        there.add(table.name)
        uow.staged.add(table.name)
    with uow.connection.cursor() as cursor:
        # what an earlier copy of this transaction left has been moved
        if table.name in uow.copied:
            cursor.execute(empty)
        uow.copied.add(table.name)
        with cursor.copy(copy) as stream:
            stream.write(block(table, columns, rows, uow.ctx.tenant_id))
        cursor.execute(move + " ON CONFLICT DO NOTHING" if once else move)
        return cursor.rowcount


def copy_new(uow: Copier, table: Table, columns: tuple[str, ...], rows: Ordered[Row]) -> int:
    """As `Uow.copy`, into a table that is not tallied, without rows whose key is taken; how many were written. Whoever writes the same keys
    at the same time is waited for: all give them in one order, so that two never wait for each other."""
    uow.flush()
    return through_stage(uow, table, columns, rows, once=True)


def needs(sql: str, left: Iterable[Left]) -> bool:
    """Whether a statement may see, lock or change what waits. It does not where it only reads tables of which nothing waits."""
    if not sql.startswith("SELECT") or " FOR " in sql or "advisory" in sql:
        return True
    return any(one.table in sql for one in left)


def write(cursor: Steady, left: Ordered[Left], then: str, params: Ordered[object]) -> object:
    """Run what waits in one statement, and `then` behind it (empty: nothing): it selects one value, which is answered. Raises the refusal
    of the first that has one and changed too little."""
    counted = tuple([bool(then) or one.refused is not None or one.is_read for one in left])
    cursor.execute(
        _together(tuple([one.sql for one in left]), counted, then), [*(value for one in left for value in one.values), *params]
    )
    row = cursor.fetchone() if any(counted) else None
    if row is None:
        return None
    told = [one for one, is_counted in zip(left, counted, strict=True) if is_counted]
    for one, count in zip(told, row[0], strict=True):
        if one.refused is not None and count < one.wanted:
            raise one.refused
    return row[-1]


@cache
def _together(statements: tuple[str, ...], counted: tuple[bool, ...], then: str) -> str:
    """Several statements as one: a round trip is saved for each. It answers how many rows those answered that are `counted`, and behind
    that what `then` answers. PostgreSQL runs each part when somebody asks what it answers, here in their order, and all that nobody asks
    at the end; it checks foreign keys when all of them have run."""
    if not then and not any(counted):
        *first, last = statements
        return f"WITH {', '.join(f's{number} AS ({sql})' for number, sql in enumerate(first))} {last}" if first else last
    named, counts = [], []
    for number, (sql, is_counted) in enumerate(zip(statements, counted, strict=True)):
        answers = not is_counted or sql.startswith("SELECT") or sql.endswith(_ANSWERED)
        named.append(f"s{number} AS ({sql if answers else sql + _ANSWERED})")
        if is_counted:
            counts.append(f"(SELECT count(*) FROM s{number})")
    last = f", ({then}) AS last" if then else ""
    return f"WITH {', '.join(named)} SELECT ARRAY[{', '.join(counts)}] AS counts{last}"


_ANSWERED = " RETURNING 1"


def json_rows(table: Table, rows: Ordered[Mapping[str, object]], **more: object) -> list[dict[str, object]]:
    """Rows as JSON says them, each with `more` before it: bytes in PostgreSQL's hexadecimal form."""
    said = [{**more, **row} for row in rows]
    for name in _binary_columns(table):
        for row in said:
            if type(value := row.get(name)) is bytes:
                row[name] = "\\x" + value.hex()
    return said


@cache
def _binary_columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if isinstance(column.type, LargeBinary))


@cache
def insert_statement(table: Table, columns: tuple[str, ...]) -> str:
    """A few rows in one parameter: cheaper than a staging table below some fifty rows."""
    return _insert(table, columns, f"jsonb_populate_recordset(null::{table.fullname}, %s)")


def _insert(table: Table, columns: tuple[str, ...], source: str) -> str:
    """Rows of `source`, which has all columns of the table, into these of it; each with its hash, where the table keeps one."""
    names = ", ".join(f'"{name}"' for name in columns)
    if not table.info.get("row_hash"):
        return f"INSERT INTO {table.fullname} ({names}) SELECT {names} FROM {source}"
    # what the database would fill in is drawn before the hash is made
    drawn = {c.name: c.default.name for c in table.columns if c.name not in columns and isinstance(c.default, Sequence)}
    if drawn:
        names = ", ".join([names, *(f'"{name}"' for name in drawn)])
        given = ", ".join(f'g."{c.name}"' for c in table.columns if c.name not in drawn)
        values = ", ".join(f"nextval('{sequence}') AS \"{name}\"" for name, sequence in drawn.items())
        source = f"(SELECT {given}, {values} FROM {source} g) s"
    return f"INSERT INTO {table.fullname} ({names}, row_hash) SELECT {names}, {hash_expression(table)} FROM {source}"
