"""Users are locked."""

from contor.migrations.statements import run_sql

revision = "0069"
down_revision = "0068"


def upgrade() -> None:
    run_sql(__file__)
