"""Personal accounts are added up by month."""

from contor.migrations.statements import run_sql

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    run_sql(__file__)
