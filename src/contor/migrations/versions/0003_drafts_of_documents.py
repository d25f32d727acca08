"""Drafts of documents."""

from contor.migrations.statements import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__)
