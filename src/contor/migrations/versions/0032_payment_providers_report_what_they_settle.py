"""Payment providers report what they settle."""

from contor.migrations.statements import run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_sql(__file__)
