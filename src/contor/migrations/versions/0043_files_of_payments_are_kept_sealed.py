"""Files of payments are kept sealed."""

from contor.migrations.statements import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql(__file__)
