"""Payments keep what the bank calls them later."""

from contor.migrations.statements import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql(__file__)
