"""Lists are found by indexes; contracts say where they stand."""

from contor.migrations.statements import run_sql

revision = "0078"
down_revision = "0077"


def upgrade() -> None:
    run_sql(__file__)
