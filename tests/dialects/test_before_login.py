"""What anyone can send before a login is answered in the API's words, whatever its bytes."""

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company


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


@pytest.mark.parametrize(
    ("query", "headers", "form"),
    [
        ("?client_secret=y", {}, {**FORM, "client_id": "x"}),
        ("", basic("x"), {**FORM, "client_id": "x", "client_secret": "y"}),
        ("", basic("x"), {**FORM, "client_id": "somebody-else"}),
        ("?grant_type=client_credentials", basic("x"), FORM),
    ],
)
def test_who_asks_is_said_once_and_never_in_the_address(
    client: TestClient, tenant: Any, query: str, headers: dict[str, str], form: dict[str, str]
) -> None:
    answer = client.post(f"/{tenant.realm}/oauth2/token{query}", data=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_token_is_written_in_one_way(client: TestClient, tenant: Any) -> None:
    """Base64url says the same signature with padding, and with other idle bits in its last sign."""
    token = tenant.token()
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(token[-1])
    other = token[:-1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ 1]
    answers = {
        text: client.get("/v2/customers", headers={"Authorization": f"Bearer {text}"}).status_code
        for text in (token, token + "=", token + "==", other)
    }
    assert list(answers.values()) == [200, 401, 401, 401]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/customers/", 404),
        ("GET", "/v2/nothing", 404),
        ("TRACE", "/v2/customers", 405),
        ("GET", "/api/v0/organizations/", 404),
        ("DELETE", "/api/v0/auth", 405),
        ("GET", "/nothing", 404),
        ("GET", "/health/", 404),
        ("GET", "/demo/oauth2/token", 405),
    ],
)
def test_a_path_that_is_none_is_refused_in_the_words_of_its_api(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path, follow_redirects=False)
    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Content-Type": "application/json"}, 201),
        ({"Content-Type": "Application/JSON; charset=UTF-8"}, 201),
        ({"Content-Type": "application/merge-patch+json"}, 201),
        ({"Content-Encoding": "identity"}, 201),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/xml"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
    ],
)
def test_a_body_is_json_or_says_nothing(client: TestClient, tenant: Any, headers: dict[str, str], status: int) -> None:
    body = b'{"customerIdent": "c-1", "company": "Elbe GmbH", "customerType": "B2B"}'
    sent = {"Authorization": f"Bearer {tenant.token()}", **headers}
    answer = client.post("/v2/customers", content=body, headers=sent)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"customerIdent": "c-1", "name": "A", "customerIdent": "c-2"}', "customerIdent"),
        (b'{"customerIdent": "c-1", "n\\u0061me": "A", "name": "B:C"}', "name"),
        (b'{"customerIdent": "c-1", "properties": [{"propertyIdent": "a", "propertyIdent": "b"}]}', "propertyIdent"),
    ],
)
def test_a_name_stands_once_in_an_object(client: TestClient, tenant: Any, body: bytes, name: str) -> None:
    answer = client.post("/v2/customers", content=body, headers={"Authorization": f"Bearer {tenant.token()}"})
    assert (answer.status_code, answer.json()["errors"][0]["fieldName"]) == (400, name), answer.text


def test_a_slash_in_a_name_is_no_part_of_the_path(client: TestClient, furnished: Any) -> None:
    company = Company(furnished, client, {"Authorization": f"Bearer {furnished.token()}"})
    for request_id, path in (("a/b", "a%2Fb"), ("x/%2f y", "x%2f%252f%20y")):
        company.ask("invoices", 202, requestId=request_id)
        assert company.call("GET", f"/v2/documents/requests/{path}")["requestId"] == request_id
