"""Mails are hashed; letters are found by when and to whom they were sent."""

from contor.migrations.statements import run_sql

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    run_sql(__file__)
