"""What anyone can send before a login is answered in the API's words, whatever its bytes."""

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient


def basic(name: str, secret: str = "y") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"}


FORM = {"grant_type": "client_credentials"}


@pytest.mark.parametrize(
    ("path", "request_", "status"),
    [
        ("/%00/oauth2/token", {"data": FORM, "headers": basic("x")}, 401),
        ("/a%00b/oauth2/token", {"data": FORM, "headers": basic("x")}, 401),
        ("/demo/oauth2/token", {"data": FORM, "headers": basic("\0")}, 401),
        ("/demo/oauth2/token", {"data": FORM, "headers": basic("x", "\0")}, 401),
        ("/demo/oauth2/token", {"data": {**FORM, "client_id": "a\0", "client_secret": "b"}}, 401),
        ("/api/v0/auth", {"json": {"email": "a\0@b.de", "password": "x"}}, 400),
        ("/api/v0/auth", {"json": {"email": "a@b.de", "password": "\0"}}, 401),
        ("/api/v0/auth", {"json": {"api_key": "\0", "api_secret": "x"}}, 400),
        ("/api/v0/auth", {"json": {"api_key": "x", "api_secret": "\0"}}, 401),
        ("/api/v0/auth", {"json": {"refresh_token": "\0"}}, 401),
    ],
)
def test_a_nul_is_no_credential_and_no_failure(client: TestClient, path: str, request_: dict[str, Any], status: int) -> None:
    answer = client.post(path, **request_)
    assert answer.status_code == status, answer.text
    assert answer.json()


@pytest.mark.parametrize("token", ["abc", "x" * 16, "x" * 17, "test_0123456789_key secret", "ey" * 40_000])
def test_who_is_refused_is_not_told_his_credential_again(client: TestClient, token: str) -> None:
    answer = client.get("/api/v0/organizations", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert (token in answer.text) is (len(token) <= 16)
