"""Where the dialect lies: below `/fynn` on every host, and at the root of hosts of its own, as clients of fynn expect it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.fynn import Fynn

from contor.api.codec import JSON
from contor.app import Application
from contor.commands.demo import furnish
from contor.organizations.access import bearer_secret
from contor.runtime.execute import Runtime


@pytest.fixture(scope="module")
def hosted(runtime: Runtime) -> TestClient:
    """An installation that has hosts of fynn's."""
    config = replace(runtime.config, fynn_hosts="coreapi.example,*.coreapi.example")
    again = Runtime(config, runtime.database, runtime.blobs, runtime.secrets, runtime.enqueue_followers)
    return TestClient(Application(again), raise_server_exceptions=False)


@pytest.mark.parametrize("host", ["coreapi.example", "CoreAPI.example:8443", "muster.coreapi.example"])
def test_a_host_of_its_own_has_the_paths_at_its_root(hosted: TestClient, bare_fynn: Fynn, host: str) -> None:
    headers = {**bare_fynn.headers, "Host": host}
    assert hosted.get("/users/me", headers=headers).status_code == 200
    assert hosted.get("/fynn/users/me", headers=headers).status_code == 200
    assert hosted.get("/openapi.json", headers=headers).json()["info"]["title"] == "fynn API"
    missing = hosted.get("/v2/customers", headers=headers)
    assert (missing.status_code, missing.json()["title"]) == (404, "An error occurred")
    assert hosted.get("/health", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["example", "xcoreapi.example", "coreapi.example.evil.example", "testserver", "", "@coreapi.example.x"]
)
def test_other_hosts_have_it_below_its_prefix_alone(hosted: TestClient, bare_fynn: Fynn, host: str) -> None:
    headers = {**bare_fynn.headers, "Host": host}
    assert hosted.get("/users/me", headers=headers).status_code == 404
    assert hosted.get("/fynn/users/me", headers=headers).status_code == 200
    assert hosted.get("/v2/customers", headers=headers).status_code == 401
    assert hosted.get("/fynnx/users/me", headers=headers).status_code == 404


def test_a_slash_in_a_name_parts_no_path(bare_fynn: Fynn) -> None:
    found = bare_fynn.http.get("/media/a%2Fb", headers=bare_fynn.headers)
    assert (found.status_code, "a/b" in found.json()["detail"]) == (404, True)


def test_the_description_is_served_where_it_says(bare_fynn: Fynn) -> None:
    document = bare_fynn.http.get("/openapi.json").json()
    assert document["servers"][0]["url"] == "/fynn"
    assert "/users/me" in document["paths"]


def test_a_demo_that_is_older_than_the_dialect_is_told_how_to_reach_it(
    bare_fynn: Fynn, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tenant = bare_fynn.tenant
    known = {
        "base_url": "http://127.0.0.1:1",
        "organization_id": str(tenant.organization_id),
        "api_key": tenant.api_key,
        "api_secret": tenant.api_secret,
        "fastbill_api_key": "there already",
        "realm": tenant.realm,
    }
    (tmp_path / "demo.json").write_bytes(JSON.write(known))
    monkeypatch.setattr(runtime, "config", replace(runtime.config, home=tmp_path))
    told: Any = JSON.read(furnish(runtime).read_bytes())
    assert told == {
        **known,
        "base_url": runtime.config.base_url,
        "fynn_base_url": f"{runtime.config.base_url}/fynn",
        "fynn_token": bearer_secret(tenant.api_key, tenant.api_secret),
    }
    assert bare_fynn.http.get("/users/me", headers={"Authorization": f"Bearer {told['fynn_token']}"}).status_code == 200
    before = (tmp_path / "demo.json").stat().st_mtime_ns
    furnish(runtime)
    assert (tmp_path / "demo.json").stat().st_mtime_ns == before
