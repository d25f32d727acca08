"""Exports as objects, the client in DATEV."""

from contor.migrations.statements import run_sql

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    run_sql(__file__)
