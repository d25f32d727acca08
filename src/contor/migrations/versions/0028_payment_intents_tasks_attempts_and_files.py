"""Payment intents, tasks, attempts and files."""

from contor.migrations.statements import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql(__file__)
