"""Triangular supplies have an account."""

from contor.migrations.statements import run_sql

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_sql(__file__)
