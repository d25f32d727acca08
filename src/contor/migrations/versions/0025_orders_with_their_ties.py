"""Indexes of the orders of lists go on with what decides between rows that are the same."""

from contor.migrations.statements import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_sql(__file__)
