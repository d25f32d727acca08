"""The application reads which revision the schema has, and writes it no more."""

from contor.migrations.statements import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql(__file__)
