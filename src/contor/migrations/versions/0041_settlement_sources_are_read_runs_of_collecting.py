"""Files are fetched from settlement sources; runs of collecting."""

from contor.migrations.statements import run_sql

revision = "0041"
down_revision = "0036"


def upgrade() -> None:
    run_sql(__file__)
