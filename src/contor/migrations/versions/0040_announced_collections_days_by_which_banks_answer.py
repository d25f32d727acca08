"""Announced collections, days by which banks answer."""

from contor.migrations.statements import run_sql

revision = "0040"
down_revision = "0036"


def upgrade() -> None:
    run_sql(__file__)
