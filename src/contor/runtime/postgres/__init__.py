"""The PostgreSQL that Contor brings along: found, set up, started, kept running; and as whom processes log in to it or to another."""

from contor.runtime.postgres.home import PostgresFailed, client_program, environment
from contor.runtime.postgres.login import (
    apart_from_password,
    enough_connections,
    ensure_app_role,
    ensure_process_login,
    facts,
    may_migrate,
    process_login,
)
from contor.runtime.postgres.server import EmbeddedPostgres, embedded, ensure_database, keeper_of, start, write_early

__all__ = [
    "EmbeddedPostgres",
    "PostgresFailed",
    "apart_from_password",
    "client_program",
    "embedded",
    "enough_connections",
    "ensure_app_role",
    "ensure_database",
    "ensure_process_login",
    "environment",
    "facts",
    "keeper_of",
    "may_migrate",
    "process_login",
    "start",
    "write_early",
]
