"""The PostgreSQL that Contor brings along: found, set up, started, kept running."""

from contor.runtime.postgres.home import PostgresFailed
from contor.runtime.postgres.server import EmbeddedPostgres, embedded, ensure_database, start

__all__ = ["EmbeddedPostgres", "PostgresFailed", "embedded", "ensure_database", "start"]
