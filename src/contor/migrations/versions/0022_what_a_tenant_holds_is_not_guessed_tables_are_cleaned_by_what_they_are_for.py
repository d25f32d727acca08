"""What a tenant holds is not guessed, tables are cleaned by what they are for."""

from contor.migrations.statements import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql(__file__)
