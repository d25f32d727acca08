"""Returns by the mandate of what was collected."""

from contor.migrations.statements import run_sql

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    run_sql(__file__)
