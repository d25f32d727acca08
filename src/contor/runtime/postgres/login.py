"""As whom processes log in: as somebody who is no member of the tables' owner, so that nothing said to the database gives that back.

`DATABASE_URL` may name such a login. Where it names the owner, `contor migrate` makes one for this installation, whose name and password
follow from the server's key: no process that serves or works logs in as the owner, and two installations of one server have two logins.
"""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import psycopg
from psycopg import conninfo, sql
from psycopg.rows import class_row

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.schema import APP_ROLE
from contor.runtime.secrets import Secrets

OLDEST = 15
"""The oldest PostgreSQL (major version) that will do."""
_BY_HAND = f"CREATE ROLE contor_web LOGIN PASSWORD '...' IN ROLE {APP_ROLE}"
_TABLE = "directory.environment"
_FACTS = (
    "SELECT session_user AS login, current_setting('server_version_num')::int / 10000 AS version,"
    " current_setting('server_encoding') AS encoding, to_regclass(%(table)s) IS NOT NULL AS has_tables,"
    " r.rolsuper OR r.rolcreaterole AS makes_roles, r.rolsuper OR r.rolbypassrls OR coalesce((SELECT pg_has_role(session_user, c.relowner,"
    " 'MEMBER') FROM pg_class c WHERE c.oid = to_regclass(%(table)s)), false) AS is_owner,"
    " r.rolsuper OR r.rolbypassrls AS reads_all,"
    " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections"
    " FROM pg_roles r WHERE r.rolname = session_user"
)


class Facts(NamedTuple):
    """What a login finds."""

    login: str
    version: int
    encoding: str
    has_tables: bool
    makes_roles: bool
    is_owner: bool
    """It could do what only the owner may: it is the owner, a member of it, or above all rules."""
    reads_all: bool
    """Row-level security does not hold for it."""
    connections: int
    """How many the server takes, those for administrators aside."""


def facts(dsn: str) -> Facts:
    """Raises psycopg.OperationalError where nothing answers, and `Refused` for a server that will not do."""
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        found = connection.cursor(row_factory=class_row(Facts)).execute(_FACTS, {"table": _TABLE}).fetchone()
    if found is None:
        raise _refused("login_unknown", "The login has no role of this server.")
    if found.version < OLDEST:
        raise _refused("database_too_old", f"The server is PostgreSQL {found.version}; Contor needs {OLDEST} or newer.")
    if found.encoding != "UTF8":
        message = f"The database is encoded in {found.encoding}; Contor needs one made with ENCODING 'UTF8' TEMPLATE template0."
        raise _refused("database_encoding", message)
    return found


def may_migrate(dsn: str) -> None:
    """Raises `Refused` where this login cannot bring the database to the newest schema."""
    found = facts(dsn)
    if found.has_tables and not found.is_owner:
        message = f"{found.login} does not own the tables: give `contor migrate` the owner's DATABASE_URL."
        raise _refused("login_is_not_owner", message)
    if not found.has_tables and not found.makes_roles:
        message = f"{found.login} may not create roles, which the first migration does: ALTER ROLE {found.login} CREATEROLE."
        raise _refused("createrole_missing", message)


def enough_connections(dsn: str, wanted: int) -> None:
    """Raises `Refused` where the processes together may open more connections than the server takes."""
    found = facts(dsn)
    if wanted > found.connections:
        message = (
            f"The processes together open up to {wanted} connections, the server takes {found.connections}: lower CONTOR_POOL_SIZE or the"
            " number of processes, or raise max_connections."
        )
        raise _refused("pool_too_large", message)


def process_login(dsn: str, secrets: Secrets) -> str:
    """The DSN with which processes log in: `dsn` unless it is the owner's. Raises `Refused` where there is no such login."""
    found = facts(dsn)
    if not found.has_tables:
        raise _refused("schema_missing", "The database has no tables of Contor yet: run `contor migrate`.")
    if not found.is_owner:
        return dsn
    for candidate in _candidates(dsn, secrets):
        with contextlib.suppress(psycopg.OperationalError, Refused):
            if not facts(candidate).is_owner:
                return candidate
    message = (
        f"{found.login} owns the tables, and processes never log in as the owner. Run `contor migrate`, which makes a login of their own,"
        f" or make one ({_BY_HAND}) and name it in DATABASE_URL."
    )
    raise _refused("login_is_owner", message)


def ensure_app_role(dsn: str) -> None:
    """Before a dump is restored: the role of the processes, and what it may do in the database itself, which no dump says. As the owner."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        role, name = sql.Identifier(APP_ROLE), sql.Identifier(connection.info.dbname)
        try:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
            connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(name, role))
        except psycopg.errors.InsufficientPrivilege as error:
            login = connection.info.user
            message = f"{login} may not do this ({error.diag.message_primary}): it owns the database and has CREATEROLE."
            raise _refused("createrole_missing", message) from None


def ensure_process_login(dsn: str, secrets: Secrets) -> None:
    """Make the login of this installation's processes, unless `dsn` is one, or the role itself can log in. As the owner."""
    if not facts(dsn).is_owner:
        return
    for candidate in _candidates(dsn, secrets):
        with contextlib.suppress(psycopg.OperationalError, Refused):
            facts(candidate)
            return
    name, password = secrets.database_login()
    with psycopg.connect(dsn, autocommit=True) as connection:
        # the server, its log and its history see a verifier, never the password (SCRAM, RFC 5803)
        verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
        verb = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}")
        try:
            connection.execute(verb.format(sql.Identifier(name), sql.Literal(verifier)))
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            message = (
                f"The login of the processes cannot be made ({error.diag.message_primary}): give the owner CREATEROLE, or make one"
                f" ({_BY_HAND}) and name it in DATABASE_URL when serving."
            )
            raise _refused("createrole_missing", message) from None


def apart_from_password(dsn: str) -> tuple[str, dict[str, str]]:
    """The address as a program of PostgreSQL may show it among its arguments, and its password as a variable of its environment."""
    parts = dict(conninfo.conninfo_to_dict(dsn))
    password = parts.pop("password", None)
    return conninfo.make_conninfo("", **parts), {"PGPASSWORD": str(password)} if password else {}


def _candidates(dsn: str, secrets: Secrets) -> Iterator[str]:
    """The installation's own login; and the role itself, where the server asks for no password (the embedded one, a trusted socket)."""
    name, password = secrets.database_login()
    yield conninfo.make_conninfo(dsn, user=name, password=password)
    yield conninfo.make_conninfo(dsn, user=APP_ROLE, password="")


def _refused(code: str, message: str) -> Refused:
    return Refused(Kind.ILLEGAL_STATE, Problem(code, message, "DATABASE_URL"))
