"""What revisions share: run the SQL file that lies beside the revision."""

from pathlib import Path

from alembic import op


def run_sql(revision_file: str) -> None:
    """Run the statements of `<revision>.sql`, separated by a line that holds only `;;`."""
    text = Path(revision_file).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in text.split("\n;;\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
