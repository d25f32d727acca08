"""Payments find their open items with reasons."""

from contor.migrations.statements import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_sql(__file__)
