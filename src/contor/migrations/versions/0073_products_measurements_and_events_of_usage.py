"""Products, measurements and events of usage."""

from contor.migrations.statements import run_sql

revision = "0073"
down_revision = "0072"


def upgrade() -> None:
    run_sql(__file__)
