"""Exchange rates and customers who were released."""

from contor.migrations.statements import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql(__file__)
