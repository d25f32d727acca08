"""Announced collections days by which banks answer."""

from contor.migrations.statements import run_sql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_sql(__file__)
