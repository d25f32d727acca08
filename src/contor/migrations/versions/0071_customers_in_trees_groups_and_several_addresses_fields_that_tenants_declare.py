"""Customers in trees groups and several addresses fields that tenants declare."""

from contor.migrations.statements import run_sql

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    run_sql(__file__)
