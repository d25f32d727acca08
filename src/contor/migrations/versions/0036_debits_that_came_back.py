"""Debits that came back."""

from contor.migrations.statements import run_sql

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_sql(__file__)
