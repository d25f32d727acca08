"""What clients and operators see of limits and health."""

import asyncio
import dataclasses
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.api.http import give_up_bodies, read_body
from contor.app import Application
from contor.commands.logs import JsonLines
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import Runtime


@pytest.fixture
def limited(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestClient]:
    """The application with other settings."""

    def made(**settings: Any) -> TestClient:
        monkeypatch.setattr(runtime, "config", dataclasses.replace(runtime.config, **settings))
        return TestClient(Application(runtime), raise_server_exceptions=False, client=("127.0.0.1", 5000))

    return made


def test_a_tenant_that_asks_too_much_is_told_when_to_come_back(limited: Any, tenant: Tenant, new_tenant: Any) -> None:
    client = limited(tenant_rate=18)
    mine, other = ({"Authorization": f"Bearer {of.token()}"} for of in (tenant, new_tenant()))
    answers = [client.get("/v2/customers", headers=mine) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers[:3]] == ["2", "1", "0"]
    assert answers[3].headers["retry-after"] in ("1", "2", "3", "4")
    assert answers[3].json()["status"] == "TOO_MANY_REQUESTS"
    assert client.get("/v2/customers", headers=other).status_code == 200


def test_wrong_secrets_are_tried_a_few_times_only(limited: Any, tenant: Tenant) -> None:
    client = limited(login_tries=18)
    path, form = f"/{tenant.realm}/oauth2/token", {"grant_type": "client_credentials"}
    wrong = [client.post(path, data=form, auth=(tenant.api_key, "no")).status_code for _ in range(3)]
    right = client.post(path, data=form, auth=(tenant.api_key, tenant.api_secret))
    assert (wrong, right.status_code) == ([401] * 3, 429)
    assert int(right.headers["retry-after"]) >= 1
    there = client.post("/api/v0/auth", json={"api_key": tenant.api_key, "api_secret": tenant.api_secret})
    assert (there.status_code, there.json()["error"]) == (429, "Too Many Requests")


def test_an_address_that_asks_too_much_is_sent_away_unread(limited: Any) -> None:
    client = limited(address_rate=12)
    assert [client.post("/api/v0/auth", content=b"{").status_code for _ in range(3)] == [400, 400, 429]


def test_health_without_and_with_the_database(limited: Any, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    client = limited()
    assert [client.get(path).status_code for path in ("/livez", "/readyz", "/health", "/metrics")] == [200] * 4
    monkeypatch.setattr(runtime.database, "dsn", "host=/nowhere dbname=none")
    answers = {path: client.get(path) for path in ("/livez", "/readyz", "/health")}
    assert [answer.status_code for answer in answers.values()] == [200, 503, 503]
    assert answers["/readyz"].headers["retry-after"]


def test_metrics_are_for_the_machine_itself_or_who_knows_the_token(limited: Any, runtime: Runtime) -> None:
    client = limited()
    client.get("/v2/nothing")
    said = client.get("/metrics").text
    for line in ('contor_requests_total{api="platform",method="GET",status="404"} 1', "contor_database_up 1", "contor_pool{"):
        assert line in said
    away = TestClient(Application(runtime), client=("192.0.2.1", 5000))
    assert away.get("/metrics").status_code == 403
    client = limited(metrics_token="secret")
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_the_id_that_a_caller_gives_is_that_of_the_request(client: TestClient) -> None:
    given = "0b8f4a52-9c5e-4d43-8e43-0f6a3a6f7a11"
    for path in ("/v2/nothing-at-all", "/api/v0/organizations"):
        answer = client.get(path, headers={"X-Request-Id": given})
        if path.startswith("/api"):
            assert answer.headers["x-request-id"] == given.replace("-", "")
    strange = client.get("/api/v0/organizations", headers={"X-Request-Id": "x\tnot an id"})
    assert len(strange.headers["x-request-id"]) == 32


def test_a_line_of_the_log_is_an_object() -> None:
    record = logging.makeLogRecord(
        {"name": "contor.access", "levelname": "INFO", "msg": "%s %s", "args": ("GET", "/v2\n"), "status": 200}
    )
    said = json.loads(JsonLines().format(record))
    assert {name: said[name] for name in ("level", "logger", "message", "status")} == {
        "level": "info",
        "logger": "contor.access",
        "message": "GET /v2\n",
        "status": 200,
    }


@pytest.mark.parametrize("ends", [False, True])
def test_a_body_that_does_not_arrive_is_given_up(ends: bool) -> None:
    """After its time, or when the server ends."""

    async def never() -> Any:
        await asyncio.Event().wait()

    async def run() -> Refused:
        request = Request({"type": "http", "headers": [], "method": "POST", "path": "/"}, never)
        if ends:
            asyncio.get_running_loop().call_later(0.01, give_up_bodies)
        with pytest.raises(Refused) as refused:
            await read_body(request, 100, 600 if ends else 0.01)
        return refused.value

    assert asyncio.run(run()).kind is Kind.TIMED_OUT
