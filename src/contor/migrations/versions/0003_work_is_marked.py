"""Work is marked, schedules and checks are kept, the directory has an outbox."""

from contor.migrations.statements import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__)
