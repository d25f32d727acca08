"""Counters only count forward, usages stay when they are deleted."""

from contor.migrations.statements import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql(__file__)
