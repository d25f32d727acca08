"""Counters only count forward, usages stay when they are deleted, requests that a fault keeps waiting."""

from contor.migrations.statements import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql(__file__)
