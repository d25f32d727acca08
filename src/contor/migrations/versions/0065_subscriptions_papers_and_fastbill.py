"""Subscriptions, papers and FastBill."""

from contor.migrations.statements import run_sql

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    run_sql(__file__)
