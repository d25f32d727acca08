"""Files for banks are put to their servers payees are verified."""

from contor.migrations.statements import run_sql

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run_sql(__file__)
