"""Expenses and claims of former systems are in the books."""

from contor.migrations.statements import run_sql

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    run_sql(__file__)
