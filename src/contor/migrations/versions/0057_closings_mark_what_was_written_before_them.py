"""Closings mark what was written before them."""

from contor.migrations.statements import run_sql

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    run_sql(__file__)
