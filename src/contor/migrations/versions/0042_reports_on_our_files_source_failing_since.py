"""Reports on our files source failing since."""

from contor.migrations.statements import run_sql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_sql(__file__)
