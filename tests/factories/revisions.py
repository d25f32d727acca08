"""Revisions of a test's own, in a folder of its own."""

from pathlib import Path

from contor.migrations.new import TEMPLATE


def revision(versions: Path, number: int, sql: str) -> None:
    """Revision `number`, which follows the one before it and runs `sql`."""
    path = versions / f"{number:04d}_made.py"
    text = TEMPLATE.format(message="Made", revision=f"{number:04d}", down=f"{number - 1:04d}")
    path.write_text(text if number > 1 else text.replace('"0000"', "None"), encoding="utf-8")
    path.with_suffix(".sql").write_text(sql, encoding="utf-8")
