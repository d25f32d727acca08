"""Things that were taken over from another system."""

from contor.migrations.statements import run_sql

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    run_sql(__file__)
