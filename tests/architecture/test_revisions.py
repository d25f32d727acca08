"""What was released is not rewritten, and revisions are one line."""

import hashlib

from contor.migrations.new import chain
from contor.runtime.migrate import VERSIONS

FROZEN = {
    "0001_initial.py": "7a95ef05ae37fb399b262c8667de69a2b56976d964a00ef53e0d743650ec2202",
    "0001_initial.sql": "a5c39afb4a8adfa8d2bd41062b135d239b13c0affc75440dbde49a8c0f547979",
}
"""SHA-256 of what databases in use were made by. What is wrong in it is put right by a revision behind it."""


def test_released_revisions_are_frozen() -> None:
    found = {name: hashlib.sha256((VERSIONS / name).read_bytes()).hexdigest() for name in FROZEN}
    assert found == FROZEN


def test_revisions_are_one_line() -> None:
    """Two branches that were merged may both have made a revision: the later one is deleted and made again."""
    numbers = chain()
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert {path.stem for path in VERSIONS.glob("[0-9]*.py")} == {path.stem for path in VERSIONS.glob("*.sql")}
