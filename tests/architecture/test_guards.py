"""The guards hold for every package: a violation planted anywhere is seen."""

import configparser
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from tests.checkers.planting import NAME, packages, planted
from tests.checkers.purity import Module, impure, modules

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "contor"
PACKAGES = set(packages(SRC))
MAY_KNOW: dict[str, set[str]] = {
    "fastapi": {"api"},
    "httpcore": set(),
    "starlette": {"api", "ui"},
    "uvicorn": {"commands"},
    "psycopg": {"runtime", "migrations"},
    "sqlalchemy": {"runtime", "migrations"},
}
"""Which packages may import what; `tables.py` of each may import sqlalchemy, `app.py` starlette, and `runtime/outbound` httpcore."""
NAMED_PURE = re.compile(
    r"\.(rules|types|totals|contents|credits|deposits|masks|freeze|groups|rows|posting\w*|chart|parts|treatment|titles)$"
)
"""Names under which a reader expects nothing but rules and values."""
BUT = {
    "contor.documents.render.rows": "sets text by the widths of a font, which is read from its file",
    "contor.runtime.rows": "how rows of the database are asked for",
}


@pytest.fixture(scope="module")
def files() -> dict[str, Module]:
    return modules(SRC)


def broken_contracts(src: Path) -> str:
    """What import-linter says of the sources."""
    run = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", run, "--config", str(ROOT / ".importlinter"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(src.parent)}
    return subprocess.run(command, cwd=src.parent, env=environment, capture_output=True, text=True, check=False).stdout


def test_no_package_knows_web_or_database_but_those_that_are_named() -> None:
    with planted(SRC, f'"""Planted."""\n\nimport {", ".join(MAY_KNOW)}\n') as copy:
        said = broken_contracts(copy)
    seen: dict[str, set[str]] = defaultdict(set)
    for package, name in re.findall(rf"^-\s+contor\.(\w+)\.{NAME} -> (\w+) ", said, re.MULTILINE):
        seen[name].add(package)
    assert seen == {name: PACKAGES - allowed for name, allowed in MAY_KNOW.items()}, said


def test_the_contracts_are_said_of_everything() -> None:
    """A new package is under them from its first day."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    for name in ("web", "database"):
        assert contracts[f"importlinter:contract:{name}"]["source_modules"] == "contor.*"


def test_files_that_say_so_are_pure(files: dict[str, Module]) -> None:
    assert impure(files) == []
    assert sum(module.says_pure for module in files.values()) > 80


def test_rules_and_types_say_that_they_are_pure(files: dict[str, Module]) -> None:
    """So a file of this name cannot leave the guard by leaving out the mark. A room's face defines nothing."""
    rooms = {name for name in files if (SRC.parent / name.replace(".", "/")).is_dir()}
    silent = {name for name, module in files.items() if NAMED_PURE.search(name) and not module.says_pure} - rooms
    assert silent == BUT.keys() & files.keys()


def test_what_is_not_pure_is_seen_in_every_package(files: dict[str, Module]) -> None:
    outside = ["psycopg", "sqlalchemy", "fastapi", "httpx", "http.client", "os", "time", "contor.runtime.uow", "contor.runtime.db"]
    lines = [*(f"import {name}" for name in outside), "from contor.runtime import rows", "from contor import app"]
    with planted(SRC, '"""Planted. Pure."""\n\n' + "\n".join(lines)) as copy:
        found = set(impure(modules(copy))) - set(impure(files))
    wanted = [*outside, "contor.runtime.rows", "contor.app"]
    assert found == {f"contor.{package}.{NAME} imports {name}" for package in PACKAGES for name in wanted}


def test_what_is_not_pure_is_seen_behind_another_file_of_every_package() -> None:
    """A pure file may not reach the database through one that does not say to be pure."""
    text = '"""Planted. Pure."""\n\nfrom contor.{package}.between import Uow\n'
    with planted(SRC, text, between='"""Between."""\n\nfrom contor.runtime.uow import Uow\n') as copy:
        found = impure(modules(copy))
    wanted = {f"contor.{package}.{NAME} imports contor.{package}.between" for package in PACKAGES - {"kernel"}}
    assert wanted <= set(found)


def test_a_clock_is_seen_in_every_package(files: dict[str, Module]) -> None:
    with planted(SRC, '"""Planted. Pure."""\n\nimport datetime as dt\n\nNOW = dt.datetime.now()\n') as copy:
        found = set(impure(modules(copy))) - set(impure(files))
    assert found == {f"contor.{package}.{NAME} looks at a clock or at chance" for package in PACKAGES}
