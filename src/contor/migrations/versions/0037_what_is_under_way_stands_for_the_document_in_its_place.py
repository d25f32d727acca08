"""What is under way stands for the document in its place."""

from contor.migrations.statements import run_sql

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run_sql(__file__)
