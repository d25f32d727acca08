"""The published descriptions, as tools of others read them: without a finding, and made into types that compile.

The tools need Node.js and are installed by `npm ci --prefix tests/node`; without them the tests are skipped.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.published import published

from contor.api.openapi.examples import EXAMPLES

TOOLS = Path(__file__).parents[1] / "node" / "node_modules" / ".bin"
README = Path(__file__).parents[2] / "README.md"
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


def told(prefix: str) -> Iterator[tuple[str, str, Any]]:
    """Method, path and body of each request that the README shows."""
    text = README.read_text(encoding="utf-8")
    asked = r"""send (POST|PUT|PATCH) (/\S+) '(\{.*?\})'(?=$| {2,}\#)|curl [^\n]*"\$base(/v2/\S+)" -H [^\n]* -d '(\{.*?\})'"""
    for method, sent, body, fetched, data in re.findall(asked, text, re.DOTALL | re.MULTILINE):
        if (sent or fetched).startswith(f"{prefix}/"):
            # what the shell puts in is some text
            yield method or "POST", sent or fetched, json.loads(re.sub(r"""'"?\$\([^)]*\)"?'""", "x", body or data))


def least(form: Mapping[str, Any], components: Mapping[str, Any]) -> Any:
    """A value of the form with what must be there, and nothing else."""
    if "$ref" in form:
        return least(components[form["$ref"].rpartition("/")[2]], components)
    several = form.get("oneOf", form.get("anyOf"))
    if several:
        return least(several[0], components)
    if form.get("type") == "object":
        return {name: least(form["properties"][name], components) for name in form.get("required", ())}
    if form.get("type") == "array":
        return [least(form["items"], components)] if form.get("minItems") else []
    values = {"string": "x", "integer": 1, "number": 1, "boolean": True, "null": None}
    return form.get("const", (form.get("enum") or [values[form["type"]]])[0])


def bodies(prefix: str) -> Iterator[tuple[str, str, Any]]:
    """Path, method and body: the least of each operation, its example, and what the README sends."""
    document = published()[prefix].document
    paths = document["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            form = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if form is not None:
                yield path, method, least(form["schema"], document["components"]["schemas"])
                if "example" in form:
                    yield path, method, EXAMPLES[operation["operationId"]]
    for method, asked, body in told(prefix):
        known = [path for path in paths if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), asked)]
        yield min(known, key=lambda path: path.count("{")), method.lower(), body


def test_what_the_readme_sends_is_found() -> None:
    assert {path for _, path, _ in told("/v2")} >= {"/v2/documents/invoices", "/v2/orders", "/v2/drafts/d-1", "/v2/customers"}
    assert len([*told("/v2")]) > 10


@pytest.mark.parametrize("name", PREFIXES)
def test_types_are_made_and_compile_with_the_bodies_that_are_taken(described: Path, name: str) -> None:
    """What may be left out is left out by a typed client as well. The compiler reads the types whole, whoever imports them: one run judges
    both."""
    runs(described, "openapi-typescript", f"{name}.json", "--output", f"{name}.ts")
    assert "export interface operations" in (described / f"{name}.ts").read_text(encoding="utf-8")
    lines = [
        f"export const body{index}: NonNullable<paths[{json.dumps(path)}][{json.dumps(method)}]['requestBody']>"
        f"['content']['application/json'] = {json.dumps(body)};"
        for index, (path, method, body) in enumerate(bodies(PREFIXES[name]))
    ]
    assert len(lines) > 10
    (described / f"{name}_bodies.ts").write_text(
        "\n".join([f"import type {{ paths }} from './{name}';", *lines, ""]), encoding="utf-8"
    )
    runs(described, "tsc", "--noEmit", "--strict", f"{name}_bodies.ts")
