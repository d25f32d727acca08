"""Hand-overs are taken back, accounts keep with which code they broke."""

from contor.migrations.statements import run_sql

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    run_sql(__file__)
