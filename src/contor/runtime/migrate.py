"""Bring a database to the newest schema: Alembic runs the revisions in `contor/migrations`, as the owner of the schema."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

import contor
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.integrity import hash_rows

MIGRATIONS = Path(contor.__file__).parent / "migrations"
VERSIONS = MIGRATIONS / "versions"
_LOCK = 7_230_001
_LOOK_SECONDS = 0.1
_WHOLE = """
SELECT pg_clear_attribute_stats('public', c.relname::text, 'tenant_id', false), pg_restore_attribute_stats('schemaname', 'public',
  'relname', c.relname::text, 'attname', 'tenant_id', 'inherited', false, 'null_frac', 0::real, 'avg_width', 8, 'n_distinct', 1::real)
FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'tenant_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND k.attstattarget = 0
"""
"""ANALYZE leaves alone what stands there, for the target of the column is 0."""


def alembic_config(versions: Path = VERSIONS) -> AlembicConfig:
    """Alembic's settings, with the revisions of the folder `versions`."""
    config = AlembicConfig()
    # Alembic reads its options through ConfigParser, which would expand a %
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def migrate(dsn: str, *, versions: Path = VERSIONS, to: str = "head") -> None:
    """Run the revisions that this database lacks, up to `to`. Two that start together wait for each other.

    Raises `Refused` (unavailable) when a lock cannot be had in time: what is done stays, and the next attempt goes on there.
    """
    with _owner(dsn) as connection:
        _wait_for_turn(connection)
        try:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS infra")
            connection.commit()
            config = alembic_config(versions)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if to == "head":
                connection.commit()
                with psycopg.connect(dsn, autocommit=True) as own:
                    _take_each_tenant_for_the_whole(own)
                    hash_rows(own)
        except OperationalError as error:
            connection.rollback()
            if isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise _busy(error.orig) from error
            raise
        except IntegrityError as error:
            connection.rollback()
            if isinstance(error.orig, psycopg.Error):
                raise _in_the_way(error.orig) from error
            raise
        finally:
            if not connection.invalidated:  # the lock went with a broken connection
                connection.rollback()
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
                connection.commit()


def _wait_for_turn(connection: Connection) -> None:
    """Ask again and again: who waits inside a statement holds a snapshot, and an index that is built concurrently waits for it."""
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK})").scalar():
        connection.commit()
        time.sleep(_LOOK_SECONDS)
    connection.commit()


def _take_each_tenant_for_the_whole(connection: psycopg.Connection[object]) -> None:
    """As if each table were one tenant's, in the place of what ANALYZE counted before. PostgreSQL before 18 cannot be told: without
    statistics it takes each tenant for a two-hundredth, and a database that was counted before keeps what was counted."""
    if connection.info.server_version >= 18_00_00:
        connection.execute(_WHOLE)


def _busy(error: psycopg.Error) -> Refused:
    message = (
        f"Somebody uses what a revision changes ({error.diag.message_primary}). What is done stays; run `contor migrate` again."
    )
    return Refused(Kind.UNAVAILABLE, Problem("schema_in_use", message))


def _in_the_way(error: psycopg.Error) -> Refused:
    message = (
        f"Rows stand in the way of a revision ({error.diag.message_primary}). What is done stays; put them right, or the revision, and"
        " run `contor migrate` again."
    )
    return Refused(Kind.ILLEGAL_STATE, Problem("rows_in_the_way", message))


def is_current(dsn: str) -> bool:
    """Whether the database has the newest revision."""
    with _owner(dsn) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": "infra"})
        return set(context.get_current_heads()) == set(ScriptDirectory.from_config(alembic_config()).get_heads())


@contextmanager
def _owner(dsn: str) -> Iterator[Connection]:
    """A connection as the owner of the schema. `dsn` is libpq's, no URL, so psycopg itself opens it."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
