"""Numbers and references of open items, imported requests."""

from contor.migrations.statements import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql(__file__)
