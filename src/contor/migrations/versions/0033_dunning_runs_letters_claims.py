"""Dunning: runs, letters, claims."""

from contor.migrations.statements import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql(__file__)
