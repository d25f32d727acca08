"""What is declared anywhere is known to every process, whatever it happens to import."""

import subprocess
import sys

import pytest

SHOW = """
from contor.kernel.checks import CHECKS
from contor.kernel.operations import CATALOGUE
from contor.kernel.work import WORK
from contor.runtime.work.schedule import SCHEDULES
print(sorted(CATALOGUE), sorted(CHECKS), sorted(WORK), sorted(SCHEDULES))
"""
EVERYTHING = """
import importlib, pkgutil, contor
for found in pkgutil.walk_packages(contor.__path__, "contor."):
    if not found.name.startswith("contor.migrations."):  # revisions are scripts of their tool
        importlib.import_module(found.name)
"""


@pytest.fixture(scope="module")
def of_a_worker() -> str:
    return said("from contor.app import load_packages; load_packages()")


def said(program: str) -> str:
    """In a process of its own."""
    command = [sys.executable, "-c", program + "\n" + SHOW]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_worker_knows_all_that_is_declared(of_a_worker: str) -> None:
    """Operations, checks, kinds of work, schedules."""
    assert of_a_worker == said(EVERYTHING)


def test_the_nightly_checks_are_among_it(of_a_worker: str) -> None:
    assert "'check_run.keep'" in of_a_worker
    assert of_a_worker.count("'check'") == 2  # work and schedule
