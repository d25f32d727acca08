"""Open items are found by number and payment reference."""

from contor.migrations.statements import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql(__file__)
