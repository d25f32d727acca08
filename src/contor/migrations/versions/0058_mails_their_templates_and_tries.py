"""Mails, their templates and tries."""

from contor.migrations.statements import run_sql

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    run_sql(__file__)
