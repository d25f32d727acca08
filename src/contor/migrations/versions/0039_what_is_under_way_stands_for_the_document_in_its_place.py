"""What is under way stands for the document in its place."""

from contor.migrations.statements import run_sql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    run_sql(__file__)
