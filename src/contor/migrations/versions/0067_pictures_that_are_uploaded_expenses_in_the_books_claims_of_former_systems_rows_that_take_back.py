"""Pictures that are uploaded, expenses in the books, claims of former systems, rows that take back."""

from contor.migrations.statements import run_sql

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    run_sql(__file__)
