"""The wheel, built from what is tracked here and installed where nothing else of the clone is: it starts and issues an invoice."""

import importlib.metadata
import json
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.checkers.waiting import MINUTES, until
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


def test_it_starts_and_issues_an_invoice(installation: Installation) -> None:
    """With its files, and every check holds afterwards; the other commands work from there too."""
    installation.start()
    demo = json.loads((installation.home / "demo.json").read_text(encoding="utf-8"))
    with httpx.Client(base_url=demo["base_url"], timeout=60) as http:
        credentials = (demo["api_key"], demo["api_secret"])
        token = http.post(f"/{demo['realm']}/oauth2/token", data={"grant_type": "client_credentials"}, auth=credentials)
        http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
        answer = http.post("/v2/documents/invoices", json=invoice(demo))
        assert answer.status_code == 202, answer.text
        request = "/v2/documents/requests/first"
        until(lambda: http.get(request).json()["status"] == "COMPLETED", "the invoice is issued")
        ident = http.get(request).json()["documentIdent"]
        assert re.fullmatch(r"RE-\d{4}-000001", ident)
        files = f"/v2/files/documents/{ident}/attachments"
        until(lambda: len(http.get(files).json().get("attachments", [])) >= 2, "its files are rendered")
        picture = next(one for one in http.get(files).json()["attachments"] if one["type"] == "PDF")
        assert http.get(f"/v2/files/{picture['fileIdent']}").content.startswith(b"%PDF-")
    assert installation.interrupt() == 0
    for arguments, said in (
        (("migrate",), "The schema is current."),
        (("check",), "Every check holds."),
        (("explain", "document.request"), "permission: documents.write"),
    ):
        told = installation.contor(*arguments)
        assert told.returncode == 0, told.stdout + told.stderr
        assert said in told.stdout


def invoice(demo: dict[str, str]) -> dict[str, object]:
    """The invoice of the README."""
    item = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Hosting",
        "quantity": 3,
        "quantityType": "PC",
        "prices": {"unit": {"net": 10}, "originalTotal": {"net": 30}, "total": {"net": 30}},
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    return {
        "requestId": "first",
        "billingGroupIdent": demo["billing_group_ident"],
        "currency": "EUR",
        "language": "en",
        "customerDetail": {"customerIdent": demo["customer_ident"], "invoiceAddressIdent": demo["invoice_address_ident"]},
        "items": [item],
        "paymentCollection": {"collect": False},
    }
