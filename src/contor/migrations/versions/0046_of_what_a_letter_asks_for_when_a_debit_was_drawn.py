"""Of what a letter asks for, when a debit was drawn."""

from contor.migrations.statements import run_sql

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    run_sql(__file__)
