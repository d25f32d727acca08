"""The benchmark's programs."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "benchmarks"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.py")))
def test_every_program_finds_what_it_measures(name: str) -> None:
    """Nothing else imports them, so a name that moved would be noticed only by who measures."""
    assert importlib.import_module(f"benchmarks.{name}").__doc__
