"""Who a payment comes from, accounts at banks by their numbers."""

from contor.migrations.statements import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql(__file__)
