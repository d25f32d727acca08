"""Carts are paid by cards that who orders has given to a provider."""

from contor.migrations.statements import run_sql

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    run_sql(__file__)
