"""Exchange rates, customers who were released, and what a preview parked."""

from contor.migrations.statements import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql(__file__)
