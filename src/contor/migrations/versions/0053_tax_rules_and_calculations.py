"""Tax rules and calculations."""

from contor.migrations.statements import run_sql

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_sql(__file__)
