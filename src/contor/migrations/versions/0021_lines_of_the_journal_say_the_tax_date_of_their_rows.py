"""Lines of the journal say the tax date of their rows."""

from contor.migrations.statements import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql(__file__)
