"""Receipts of deposits as they were booked."""

from contor.migrations.statements import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql(__file__)
