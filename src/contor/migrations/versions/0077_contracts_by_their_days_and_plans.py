"""Contracts by their days and plans."""

from contor.migrations.statements import run_sql

revision = "0077"
down_revision = "0076"


def upgrade() -> None:
    run_sql(__file__)
