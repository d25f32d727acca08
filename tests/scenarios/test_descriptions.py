"""The published descriptions, as tools of others read them: without a finding, and made into types that compile.

The tools need Node.js and are installed by `npm ci --prefix tests/node`; without them the tests are skipped.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.checkers.published import published

TOOLS = Path(__file__).parents[1] / "node" / "node_modules" / ".bin"
PREFIXES = {"platform": "/v2", "management": "/api/v0"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both descriptions."""
    if shutil.which("node") is None or not TOOLS.is_dir():
        pytest.skip("Node.js or the tools of tests/node are not installed")
    folder = tmp_path_factory.mktemp("described")
    for name, prefix in PREFIXES.items():
        (folder / f"{name}.json").write_text(json.dumps(published()[prefix].document), encoding="utf-8")
    # The contract itself has `/documents/invoices/{ident}` beside `/documents/{ident}/labels`; fixed words go first here.
    rules = "extends: [recommended]\nrules:\n  no-ambiguous-paths: off\n"
    (folder / "redocly.yaml").write_text(rules, encoding="utf-8")
    (folder / "ruleset.yaml").write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    return folder


def runs(folder: Path, tool: str, *arguments: str) -> str:
    """What the tool prints; it ends well."""
    ended = subprocess.run([TOOLS / tool, *arguments], cwd=folder, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout + ended.stderr


@pytest.mark.parametrize("name", PREFIXES)
def test_redocly_finds_nothing(described: Path, name: str) -> None:
    said = runs(described, "redocly", "lint", "--format", "json", f"{name}.json")
    assert json.loads(said[said.index("{") : said.rindex("}") + 1])["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


@pytest.mark.parametrize("name", PREFIXES)
def test_spectral_finds_nothing(described: Path, name: str) -> None:
    assert "No results" in runs(
        described, "spectral", "lint", "--ruleset", "ruleset.yaml", "--fail-severity", "warn", f"{name}.json"
    )


@pytest.mark.parametrize("name", PREFIXES)
def test_types_are_made_and_compile(described: Path, name: str) -> None:
    runs(described, "openapi-typescript", f"{name}.json", "--output", f"{name}.ts")
    assert "export interface operations" in (described / f"{name}.ts").read_text(encoding="utf-8")
    runs(described, "tsc", "--noEmit", "--strict", f"{name}.ts")
