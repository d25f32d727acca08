"""Decisions on open items and clearing."""

from contor.migrations.statements import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql(__file__)
