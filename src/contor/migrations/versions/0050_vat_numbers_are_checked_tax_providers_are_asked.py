"""VAT numbers are checked, tax providers are asked."""

from contor.migrations.statements import run_sql

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    run_sql(__file__)
