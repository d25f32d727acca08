"""Connections: psycopg executes everything; the only place that connects."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import psycopg
import psycopg.sql
import psycopg_pool
from psycopg._preparing import PrepareManager
from psycopg.abc import Buffer, PQGen, Query
from psycopg.errors import LockNotAvailable, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import namedtuple_row, tuple_row
from psycopg.types.array import ListDumper
from psycopg.types.json import set_json_dumps, set_json_loads

from contor.runtime.schema import APP_ROLE
from contor.runtime.work.patience import LONG, Patience

Connection = psycopg.Connection[Any]
DatabaseAway = psycopg.OperationalError
"""The database cannot be reached, or not in time; a login that it refuses, too."""

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
ENCODER = msgspec.json.Encoder(decimal_format="number")
"""JSON out: decimals as numbers, digit for digit."""

PLANNED_SECONDS = 30.0
"""For so long a connection may keep how it reaches rows, whatever came meanwhile."""
IDLE_SECONDS = 120.0
"""A connection of the pool that nobody needed for so long is closed: the server keeps some 5 MB for each."""
_PLANS = "-c enable_seqscan=off -c jit=off"
"""A table is never read from end to end, past the rows of all others, where an index begins with the tenant; and PostgreSQL before 18, for
which what is off costs infinitely much, compiles nothing for it."""
_SESSION = f"-c role={APP_ROLE} -c timezone=UTC -c lock_timeout={LONG} -c idle_in_transaction_session_timeout=600s {_PLANS}"
_SORTED_BY = (
    "SELECT datlocprovider = 'b' OR datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AS by_code_point"
    " FROM pg_database WHERE datname = current_database()"
)
"""The builtin provider has no other order."""


class _Lists(ListDumper):
    """Arrays of texts or of whole numbers, by which statements say many keys: written at once, not by a call for each member."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        kinds = set(map(type, obj))
        if kinds == {int}:
            return f"{{{','.join(map(str, obj))}}}".encode()
        if kinds == {str}:
            said = "\n".join(obj)
            if "\0" not in said:  # the dumper of texts refuses it by name
                if "\\" in said or '"' in said:
                    obj = [text.replace("\\", "\\\\").replace('"', '\\"') for text in obj]
                return b'{"' + '","'.join(obj).encode() + b'"}'
        return super().dump(obj)


class Prepared(PrepareManager):
    """The statements that a connection has prepared. psycopg forgets them at each rollback, for a table might have been made within it and
    be made again as another one: here whoever is refused rolls back, and the role makes no tables but those of the session. They are
    forgotten by age: PostgreSQL keeps a plan that it made for a few rows until it counts the table again, and somebody may bring a million
    before that."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()
        self.named: set[str] = set()
        """Those that `have` prepared."""

    def clear(self) -> bool:
        return False

    def forget_old(self, connection: Connection) -> None:
        """Begin anew where the first of them is old."""
        if time.monotonic() - self._since >= PLANNED_SECONDS:
            asked(connection, "DEALLOCATE ALL")
            super().clear()
            self._to_flush.clear()
            self.named.clear()
            self._since = time.monotonic()


def have(connection: Connection, name: str, statement: str) -> None:
    """Prepare the statement `name (types) AS ...`, for EXECUTE by that name, where the connection has not yet."""
    prepared = connection._prepared
    assert isinstance(prepared, Prepared)
    if name not in prepared.named:
        asked(connection, f"PREPARE {statement}")
        prepared.named.add(name)


def _prepare(connection: Connection) -> None:
    connection._prepared = Prepared()
    connection.adapters.register_dumper(list, _Lists)
    set_json_loads(_DECODER.decode, connection)
    set_json_dumps(ENCODER.encode, connection)


class Steady(psycopg.Cursor[tuple[Any, ...]]):
    """It keeps how values of each type are read and written, which psycopg finds out anew for each other statement."""

    def _start_query(self, query: Query | None = None) -> PQGen[None]:
        if self._last_query is not None:
            self._last_query = query
        return super()._start_query(query)


def cursor_of(connection: Connection) -> Steady:
    """One of a connection, for all statements whose answers are read before the next one."""
    kept = vars(connection)
    if "steady" not in kept:
        kept["steady"] = connection.cursor(row_factory=tuple_row)
    return kept["steady"]  # type: ignore[no-any-return]  # as it was put there


def asked(connection: Connection, sql: str) -> PGresult:
    """What the last of some statements answers that stand as they are, without values, and go in one round trip: a third of what one
    costs through a cursor. Raises psycopg.Error."""
    result = connection.pgconn.exec_(sql.encode())
    if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        return result
    if connection.pgconn.status == ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)


@contextmanager
def begun(connection: Connection, opening: str) -> Iterator[PGresult]:
    """A transaction: what `opening` answers, statements of which the first is BEGIN. Commits unless an exception leaves it."""
    try:
        yield asked(connection, opening)
    except BaseException:
        if connection.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            with suppress(psycopg.Error):  # the connection broke: what went wrong before is what counts
                asked(connection, "ROLLBACK")
        raise
    asked(connection, "COMMIT")


def application_dsn(dsn: str) -> str:
    """`dsn` with the application role, which cannot bypass row-level security, in place of the login's own."""
    options = psycopg.conninfo.conninfo_to_dict(dsn).get("options") or ""
    return psycopg.conninfo.make_conninfo(dsn, options=f"{options} {_SESSION}".strip())


def reason_of(error: Exception) -> str:
    """Why the database cannot be had, in one line without a password."""
    said = " ".join(str(error).split())
    return said[:500] or "The database does not answer."


def limited(dsn: str, seconds: int) -> str:
    """`dsn` with an end to each statement that runs longer."""
    options = psycopg.conninfo.conninfo_to_dict(dsn).get("options") or ""
    return psycopg.conninfo.make_conninfo(dsn, options=f"{options} -c statement_timeout={seconds}s".strip())


def url_of(dsn: str) -> str:
    """A connection string as a URL, for the environment of child processes."""
    if dsn.startswith(("postgresql://", "postgres://")):
        return dsn
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    name = quote(str(parts.pop("dbname")))
    return f"postgresql:///{name}?{urlencode(parts)}"


@contextmanager
def owner_connection(dsn: str) -> Iterator[Connection]:
    """A connection as the owner of the schema, for migrations only."""
    with psycopg.connect(dsn, autocommit=True, row_factory=namedtuple_row) as connection:
        yield connection


class Recent(psycopg_pool.ConnectionPool[Connection]):
    """Gives whose server process was at work last: what that holds is still near the processor, and those beyond what is needed rest until
    they are closed. The pool itself gives them in turn."""

    def _get_ready_connection(self, timeout: float | None) -> Connection | None:
        self._pool.rotate(1)
        return super()._get_ready_connection(timeout)


class Database:
    """A pool of connections in the application role. They are autocommit: only a unit of work opens a transaction."""

    def __init__(self, dsn: str, *, size: int = 10, shared: bool = False) -> None:
        """`shared`: by more callers than there are connections."""
        self.dsn = dsn
        self._patience = Patience(size) if shared else None
        self._pool = Recent(
            application_dsn(dsn),
            min_size=1,
            max_size=size,
            open=False,
            timeout=10,
            max_idle=IDLE_SECONDS,
            kwargs={"autocommit": True, "row_factory": namedtuple_row, "cursor_factory": Steady},
            configure=_prepare,
        )

    def open(self) -> None:
        self._pool.open(wait=True, timeout=30)

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._pool.connection() as connection:
            if isinstance(connection._prepared, Prepared):
                connection._prepared.forget_old(connection)
            yield connection

    @contextmanager
    def changing(self, tenant_id: int | None) -> Iterator[str]:
        """Within it somebody changes something of a tenant on a connection of the pool; for how long a lock is waited for."""
        if self._patience is None:
            yield LONG
            return
        with self._patience.of_one(tenant_id) as patience:
            yield patience

    def may_begin_again(self, error: psycopg.Error, tenant_id: int | None) -> bool:
        """Whether what failed may run again as a whole. Who waited too long for a lock may where he only stood in a line that moves; in the
        meantime others have had his connection."""
        if not isinstance(error, LockNotAvailable):
            return True
        return self._patience is not None and self._patience.is_moving(tenant_id)

    def listen(self, channel: str, stopped: Callable[[], bool], bell: socket.socket) -> Iterator[str | None]:
        """The payloads of what is called out on `channel`, on a connection of its own, until stopped; first None: what was called
        before is not known. `bell` is readable when that is to be asked. Raises psycopg.Error when the connection breaks."""
        with psycopg.connect(application_dsn(self.dsn), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
            yield None
            # `notifies` itself would look ten times a second whether it was interrupted
            ears = select.poll()
            for ear in (connection.fileno(), bell.fileno()):
                ears.register(ear, select.POLLIN)
            while not stopped():
                for call in connection.notifies(timeout=0):
                    yield call.payload
                ears.poll()

    def standing(self) -> dict[str, int]:
        """How the pool stands, in the words of psycopg."""
        return dict(self._pool.get_stats())

    def answers(self) -> bool:
        """Whether the database answers soon, on a connection of its own: who asks does not wait behind those that use the pool."""
        try:
            with psycopg.connect(application_dsn(self.dsn), autocommit=True, connect_timeout=2) as connection:
                connection.execute("SET statement_timeout = '2s'")
                return connection.execute("SELECT 1").fetchone() is not None
        except psycopg.Error:
            return False

    @cached_property
    def sorts_by_code_point(self) -> bool:
        """Whether texts are in the order of their characters' numbers without being told to."""
        with self.connection() as connection:
            found = connection.execute(_SORTED_BY).fetchone()
        return found is not None and bool(found.by_code_point)

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.connection() as connection:
            return connection.execute("SELECT 1").fetchone() is not None
