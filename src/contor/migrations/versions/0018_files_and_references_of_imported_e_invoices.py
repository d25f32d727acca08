"""Files and references of imported e-invoices."""

from contor.migrations.statements import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql(__file__)
