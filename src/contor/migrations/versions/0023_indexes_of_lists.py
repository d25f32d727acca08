"""Indexes of lists."""

from contor.migrations.statements import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql(__file__)
