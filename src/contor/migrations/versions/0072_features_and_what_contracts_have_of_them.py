"""Features, and what contracts have of them."""

from contor.migrations.statements import run_sql

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    run_sql(__file__)
