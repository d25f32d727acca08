"""VAT numbers are checked, tax providers are asked."""

from contor.migrations.statements import run_sql

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    run_sql(__file__)
