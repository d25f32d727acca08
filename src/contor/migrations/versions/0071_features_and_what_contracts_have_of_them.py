"""Features, and what contracts have of them."""

from contor.migrations.statements import run_sql

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    run_sql(__file__)
