"""Items of collection runs are told anew."""

from contor.migrations.statements import run_sql

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    run_sql(__file__)
