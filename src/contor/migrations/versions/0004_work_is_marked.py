"""Work is marked."""

from contor.migrations.statements import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(__file__)
