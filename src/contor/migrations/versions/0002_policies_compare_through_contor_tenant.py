"""Policies compare through contor_tenant()."""

from contor.migrations.statements import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(__file__)
