"""Refresh tokens are good once."""

from contor.migrations.statements import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql(__file__)
