"""Triangular supplies have an account."""

from contor.migrations.statements import run_sql

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    run_sql(__file__)
