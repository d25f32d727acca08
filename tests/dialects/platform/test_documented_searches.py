"""What the documentation searches for can be searched for."""

import re
from pathlib import Path

import pytest
from tests.factories.tenants import Tenant

ROOT = Path(__file__).parents[3]
SAID = re.compile(r"/v2(/[\w/{}-]+)\?search=([^\s`\"]+)")


def searches() -> list[tuple[str, str]]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return sorted({found for page in pages for found in SAID.findall(page.read_text(encoding="utf-8"))})


def test_the_documentation_searches() -> None:
    paths = {path for path, _ in searches()}
    assert {"/opos-cases", "/settlement-items", "/dunning-letters", "/collection-runs/{runIdent}/items"} <= paths


@pytest.mark.parametrize(("path", "search"), searches())
def test_an_example_is_answered(tenant: Tenant, path: str, search: str) -> None:
    if named := re.match(r"/customers/([\w-]+)/", path):
        assert tenant.call("POST", "/customers", {"customerIdent": named[1], "company": "Dupont SARL"}).status == 201
    run = tenant.call("POST", "/collection-runs").body["runIdent"]
    answer = tenant.call("GET", f"{path}?search={search}".replace("{runIdent}", run))
    assert (answer.status, answer.body.get("_embedded")) == (200, []), answer.body
