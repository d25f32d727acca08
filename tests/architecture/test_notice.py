"""NOTICE names every package that Contor needs, with its licence."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = dict(re.findall(r"^([a-z0-9][a-z0-9-]*)  +(\S.*)$", (ROOT / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE))
NEEDED = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_package_is_named_and_no_other() -> None:
    assert NAMED.keys() == NEEDED


@pytest.mark.parametrize("package", sorted(NEEDED))
def test_the_licence_is_what_the_package_says(package: str) -> None:
    """Where it says so in SPDX terms; the others were read in their licence files."""
    said = metadata(package).get("License-Expression")
    assert NAMED[package] == said or said is None
