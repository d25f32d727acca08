"""Revisions are one line: two that follow the same one are refused by name."""

from pathlib import Path

import pytest
from tests.factories.revisions import revision

from contor.kernel.errors import Refused
from contor.migrations.new import chain, main


def why_not(versions: Path) -> str:
    with pytest.raises(Refused) as refused:
        chain(versions)
    return refused.value.problems[0].message


def test_a_line(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        revision(tmp_path, number, "SELECT 1")
    assert chain(tmp_path) == ["0001", "0002", "0003"]


def test_two_of_one_number(tmp_path: Path) -> None:
    """As two branches leave it after their merge."""
    for number in (1, 2):
        revision(tmp_path, number, "SELECT 1")
    (tmp_path / "0002_other.py").write_text((tmp_path / "0002_made.py").read_text())
    assert why_not(tmp_path).startswith("Two revisions are called 0002 (0002_made.py and 0002_other.py): delete yours")


def test_two_heads(tmp_path: Path) -> None:
    """Of different numbers, both behind the same."""
    for number in (1, 2):
        revision(tmp_path, number, "SELECT 1")
    (tmp_path / "0003_other.py").write_text(
        (tmp_path / "0002_made.py").read_text().replace('revision = "0002"', 'revision = "0003"')
    )
    assert why_not(tmp_path).startswith("0003_other.py does not follow 0002")


def test_a_gap(tmp_path: Path) -> None:
    revision(tmp_path, 1, "SELECT 1")
    revision(tmp_path, 3, "SELECT 1")
    assert why_not(tmp_path).startswith("0003_made.py does not follow 0001")


def test_a_file_that_says_another_number(tmp_path: Path) -> None:
    revision(tmp_path, 1, "SELECT 1")
    (tmp_path / "0001_made.py").rename(tmp_path / "0002_made.py")
    assert "does not follow nothing" in why_not(tmp_path)


@pytest.mark.parametrize("arguments", [[], [""], [" . "]])
def test_a_revision_says_what_it_is_for(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="says what it is for"):
        main(arguments)
