"""SAF-T configurations, Polish credit memos."""

from contor.migrations.statements import run_sql

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    run_sql(__file__)
