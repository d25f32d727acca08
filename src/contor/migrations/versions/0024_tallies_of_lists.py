"""Tallies of lists."""

from contor.migrations.statements import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql(__file__)
