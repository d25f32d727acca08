"""Files are fetched from settlement sources; runs of collecting."""

from contor.migrations.statements import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_sql(__file__)
