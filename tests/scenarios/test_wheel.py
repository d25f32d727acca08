"""The wheel, built from what is tracked here and installed where nothing else of the clone is: it starts and issues an invoice."""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkers.waiting import MINUTES
from tests.factories.installation import Installation, free_port

ROOT = Path(__file__).parents[2]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


def tracked(*folders: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tracked files, so that nothing is left behind in the clone."""
    clone, out = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("wheel")
    for name in tracked("src", "pyproject.toml", "README.md", "LICENSE"):
        target = clone / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(out)], cwd=clone, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_is_the_package_and_nothing_else(wheel: Path) -> None:
    """Every file below `src/contor`: code, revisions, templates, fonts, charts. No tests, no benchmarks."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert found == {name.removeprefix("src/") for name in tracked("src")}
    assert any(name.startswith("contor/migrations/versions/0001") and name.endswith(".sql") for name in found)


@pytest.fixture(scope="module")
def contor(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`contor` in an environment that holds the wheel and the locked dependencies of running, linked, and not the clone."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False)
    packages = environment / "lib" / PYTHON / "site-packages"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE):
        try:
            files = importlib.metadata.distribution(name).files or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system than this one
        for file in files:
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (packages / top).exists():
                (packages / top).symlink_to(Path(str(importlib.metadata.distribution(name).locate_file(top))))
    into = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*into, "--disable-pip-version-check", str(wheel)], check=True, capture_output=True)
    return environment / "bin" / "contor"


@pytest.fixture
def installation(contor: Path, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", free_port(), (str(contor),))
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(MINUTES)


def test_the_environment_knows_nothing_of_the_clone(contor: Path, tmp_path: Path) -> None:
    asked = "import sys, contor; print(contor.__file__); print(*sys.path, sep='\\n')"
    told = subprocess.run(
        [contor.with_name("python"), "-I", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert Path(told[0]).is_relative_to(contor.parents[1])
    assert not [path for path in told if path and Path(path).is_relative_to(ROOT)]


def blocks() -> list[str]:
    """What the README tells a reader to type, but for the two commands of make that install and start what is installed and started
    here."""
    found = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    made = [block for block in found if block.startswith("make ")]
    assert [line.split()[:2] for block in made for line in block.splitlines()] == [["make", "run"], ["make", "test"]]
    return [block for block in found if block not in made]


def lying_about() -> list[str]:
    """Files of the clone that nobody tracks or ignores."""
    asked = ["git", "ls-files", "--others", "--exclude-standard"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_readme_word_by_word(installation: Installation, contor: Path) -> None:
    """It starts; every block does what it says, in one shell, in the clone, and leaves nothing there; every check holds afterwards. The
    other commands work from there too."""
    before = lying_about()
    installation.start()
    path = f"{contor.parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks())],
        cwd=ROOT,
        env={**installation.environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=MINUTES,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    assert '"status":"RECEIVED"' in told.stdout
    (number,) = re.findall(r"^RE-\d{4}-000001$", told.stdout, re.MULTILINE)
    assert (installation.home / f"{number}.pdf").read_bytes().startswith(b"%PDF-")
    answers = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]
    refused = [answer for answer in answers if "errors" in answer]
    assert refused == []
    assert [answer["documentIdent"] for answer in answers if answer.get("draftIdent") == "d-1" and "documentIdent" in answer] == [
        f"{number[:-1]}2"
    ]
    (report,) = [answer for answer in answers if "billed" in answer]
    assert (report["isComplete"], report["failed"]) == (True, 0)  # the worker may have been faster
    assert re.search(r"^LIVE: \w+-\d{4}-000001$", told.stdout, re.MULTILINE)
    assert lying_about() == before
    assert installation.interrupt() == 0
    for arguments, said in (
        (("migrate",), "The schema is current."),
        (("check",), "Every check holds."),
        (("explain", "document.request"), "permission: documents.write"),
    ):
        told = installation.contor(*arguments)
        assert told.returncode == 0, told.stdout + told.stderr
        assert said in told.stdout
