"""Mails know which document they are about."""

from contor.migrations.statements import run_sql

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    run_sql(__file__)
