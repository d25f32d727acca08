"""Payment methods to which customers agree at providers."""

from contor.migrations.statements import run_sql

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    run_sql(__file__)
