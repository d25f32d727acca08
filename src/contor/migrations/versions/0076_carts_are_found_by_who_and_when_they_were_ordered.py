"""Carts are found by who and when they were ordered."""

from contor.migrations.statements import run_sql

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    run_sql(__file__)
