"""Banks are asked ways to pay."""

from contor.migrations.statements import run_sql

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    run_sql(__file__)
