"""Notifications, their routes and deliveries."""

from contor.migrations.statements import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql(__file__)
