"""Credits say their kind, levels of dunning choose, letters are paid."""

from contor.migrations.statements import run_sql

revision = "0070"
down_revision = "0069"


def upgrade() -> None:
    run_sql(__file__)
