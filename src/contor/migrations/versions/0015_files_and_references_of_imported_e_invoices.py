"""Files and references of imported e-invoices."""

from contor.migrations.statements import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql(__file__)
