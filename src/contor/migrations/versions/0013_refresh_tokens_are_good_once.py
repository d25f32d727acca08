"""Refresh tokens are good once."""

from contor.migrations.statements import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql(__file__)
