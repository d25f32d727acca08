"""Mails, their templates and tries."""

from contor.migrations.statements import run_sql

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    run_sql(__file__)
