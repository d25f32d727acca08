"""The embedded PostgreSQL: one server for one `CONTOR_HOME`, started and stopped with Contor.

It listens on a private socket only, dies with the process that started it, comes back by itself when it is killed, and never
loses a commit.
"""

import atexit
import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from contor.runtime.config import Config
from contor.runtime.postgres.home import SUPERUSER, Place, PostgresFailed, Progress, prepare, socket_directory
from contor.runtime.postgres.keeper import Keeper
from contor.runtime.schema import APP_ROLE

__all__ = ["EmbeddedPostgres", "PostgresFailed", "embedded", "ensure_database", "start", "write_early"]

OWNER = "contor"
"""Role and database of Contor in the embedded server."""
START_SECONDS = 300.0
"""How long a start may take; replaying the log after a crash is part of it."""
ATTEMPTS = 3
"""Falls during the start after which it is given up."""


def _silent(_: str) -> None:
    pass


class EmbeddedPostgres:
    """A running embedded server, its own or one that another process of the same home keeps (`attached`)."""

    def __init__(self, sockets: Path, keeper: "Keeper | None", data: Path, lock: int | None) -> None:
        self.dsn = conninfo.make_conninfo(host=str(sockets), user=OWNER, dbname=OWNER)
        """For migrations: the role `contor` owns the database, may create roles and databases, and is no superuser, as on a
        managed server."""
        self.admin_dsn = conninfo.make_conninfo(host=str(sockets), user=SUPERUSER, dbname="postgres")
        """The superuser, for what only an administrator may do (backup, extensions)."""
        self.reader_dsn = conninfo.make_conninfo(self.admin_dsn, dbname=OWNER)
        """The superuser in the database of Contor: who reads all tenants, for a backup."""
        self._sockets, self._keeper, self._data, self._lock = sockets, keeper, data, lock
        self._process = os.getpid()

    @property
    def attached(self) -> bool:
        return self._keeper is None

    @property
    def pid(self) -> int | None:
        """The process id of the server; None while it is down."""
        if self._keeper is not None:
            return self._keeper.pid
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self._data / "postmaster.pid").read_text().split()[0])
        return None

    @property
    def falls(self) -> int:
        """How often the server ended without being asked to; each time it is started again."""
        return self._keeper.falls if self._keeper is not None else 0

    def stop(self) -> None:
        """Shut the server down: open transactions are rolled back, what was committed is on disk. Does nothing when attached."""
        # a forked child inherits this object and its atexit, not the server
        if self._keeper is None or self._lock is None or os.getpid() != self._process:
            return
        self._keeper.stop()
        with contextlib.suppress(OSError):
            self._sockets.rmdir()
        os.close(self._lock)
        self._lock = None
        atexit.unregister(self.stop)


def start(config: Config, *, progress: Progress = _silent, settings: Mapping[str, str] | None = None) -> EmbeddedPostgres:
    """The embedded server of `config.home`, answering, with the role and database `contor`.

    One process keeps the server; another that starts for the same home attaches to it. `settings` are PostgreSQL's own (tests
    turn `fsync` off). Raises `PostgresFailed`.
    """
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(config.home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if (sockets := _lock_or_find(lock)) is not None:
            os.close(lock)
            return EmbeddedPostgres(sockets, None, config.home / "postgres", None)
        place = prepare(config, progress)
        sockets = socket_directory(config.home, place.identity.owner)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n{sockets}\n".encode(), 0)  # where others of this home find the server
        progress(f"Starting PostgreSQL {place.version}")
        server = EmbeddedPostgres(sockets, Keeper(place, sockets, settings or {}), place.data, lock)
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(lock)
        raise
    atexit.register(server.stop)
    try:
        _await_answer(server, place, progress)
        _ensure_owner(server.admin_dsn)
    except BaseException:
        server.stop()
        raise
    return server


@contextmanager
def embedded(config: Config, *, progress: Progress = _silent, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The DSN of the installation's database: `DATABASE_URL` if there is one, else an embedded server for as long as needed."""
    if config.database_url is not None:
        yield config.database_url
        return
    server = start(config, progress=progress, settings=settings)
    try:
        yield server.dsn
    finally:
        server.stop()


def write_early(dsn: str) -> None:
    """Begin to write the server's memory to disk while others still end their work: it is most of what a shutdown takes."""

    def write() -> None:
        with contextlib.suppress(psycopg.Error), psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    threading.Thread(target=write, name="write-early", daemon=True).start()


def ensure_database(dsn: str, name: str, *, template: str | None = None) -> str:
    """Create the database `name` on the server of `dsn` unless it exists, owned by that role; answer its own DSN."""
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another was faster
                connection.execute(create)
    return conninfo.make_conninfo(dsn, dbname=name)


def keeper_of(config: Config) -> int | None:
    """The process that keeps the embedded server of this home, if one does just now."""
    try:
        lock = os.open(config.home / "postgres.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return int(os.pread(lock, 4096, 0).decode().partition("\n")[0] or 0)
    finally:
        os.close(lock)  # lets go of it, too


def _lock_or_find(lock: int) -> Path | None:
    """None once this process holds the lock; the socket folder of the holder's server when that answers first."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
        holder, _, sockets = os.pread(lock, 4096, 0).decode().strip().partition("\n")
        if sockets and _answers(conninfo.make_conninfo(host=sockets, user=OWNER, dbname=OWNER)):
            return Path(sockets)
        if time.monotonic() > deadline:
            raise PostgresFailed(f"Process {holder or '?'} keeps this home's database, which does not answer at {sockets or '?'}.")
        time.sleep(0.05)


def _answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _await_answer(server: EmbeddedPostgres, place: Place, progress: Progress) -> None:
    began, told = time.monotonic(), False
    while not _answers(server.admin_dsn):
        waited = time.monotonic() - began
        if server.falls >= ATTEMPTS or waited > START_SECONDS:
            with place.log.open("rb") as file:
                file.seek(max(0, place.log.stat().st_size - 2000))
                said = file.read().decode(errors="replace").strip()
            raise PostgresFailed(f"PostgreSQL does not start; {place.log} ends with:\n{said}")
        if waited > 3 and not told:
            progress("PostgreSQL replays its log after a crash")
            told = True
        time.sleep(0.02)


def _ensure_owner(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(OWNER)))
        app = sql.Identifier(APP_ROLE)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone()
        # processes log in as this role, which is a member of nothing; the owner gives it its privileges
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN" if known else "CREATE ROLE {} LOGIN").format(app))
        connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(app, sql.Identifier(OWNER)))
        connection.execute(sql.SQL("GRANT pg_checkpoint TO {}").format(sql.Identifier(OWNER)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (OWNER,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(OWNER)))
