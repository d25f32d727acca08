"""Statements of banks are read, and their bookings are known."""

from contor.migrations.statements import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_sql(__file__)
