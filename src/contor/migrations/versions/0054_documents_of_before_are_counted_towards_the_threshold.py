"""Documents of before are counted towards the threshold."""

from contor.migrations.statements import run_sql

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    run_sql(__file__)
