"""Joint billings and product groups."""

from contor.migrations.statements import run_sql

revision = "0074"
down_revision = "0073"


def upgrade() -> None:
    run_sql(__file__)
