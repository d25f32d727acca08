"""Sell by links, sign offers."""

from contor.migrations.statements import run_sql

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    run_sql(__file__)
