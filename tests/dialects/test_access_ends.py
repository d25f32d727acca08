"""What was taken away from somebody ends at once: his tokens do nothing more, and cannot give it back to him."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.administrators import Administrator
from tests.factories.tenants import Tenant


def everything(tenant: Tenant) -> dict[str, str]:
    return {"Authorization": f"Bearer {tenant.token()}"}


def keys_of(tenant: Tenant) -> str:
    return f"/api/v0/organizations/{tenant.organization_id}/api-keys"


def own_key(tenant: Tenant) -> str:
    return f"{keys_of(tenant)}/{tenant.actor.removeprefix('key:')}"


def another_key(client: TestClient, tenant: Tenant, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The address of a second key of the organization, and a token of it."""
    made = client.post(keys_of(tenant), json={"name": "second", "status": "enabled"}, headers=headers).json()
    token = client.post("/api/v0/auth", json={"api_key": made["key"], "api_secret": made["secret"]}).json()["access_token"]
    return f"{keys_of(tenant)}/{made['_id']}", {"Authorization": f"Bearer {token}"}


ATTEMPTS = (
    ("GET", "/v2/customers", None),
    ("POST", "/v2/customers", {"customerIdent": "c-1", "name": "Late GmbH"}),
    ("GET", "/api/v0/organizations", None),
    ("PATCH", "{key}", {"status": "enabled"}),
    ("POST", "{keys}", {"name": "heir", "status": "enabled"}),
)


@pytest.mark.parametrize("way", ["disabled", "deleted"])
def test_a_key_that_was_taken_away_does_nothing_more(client: TestClient, furnished: Tenant, way: str) -> None:
    master = everything(furnished)
    address, mine = another_key(client, furnished, master)
    assert client.get("/v2/customers", headers=mine).status_code == 200
    ended = (
        client.patch(address, json={"status": "disabled"}, headers=master)
        if way == "disabled"
        else client.delete(address, headers=master)
    )
    assert ended.status_code == 200, ended.text
    for method, path, body in ATTEMPTS:
        place = path.format(key=address, keys=keys_of(furnished))
        answer = client.request(method, place, json=body, headers=mine)
        assert answer.status_code == 401, (method, path, answer.text)
    names = [row["name"] for row in client.get(keys_of(furnished), headers=master).json()["data"]]
    assert sorted(names) == (["main", "second"] if way == "disabled" else ["main"])
    assert client.get("/v2/customers", headers=master).status_code == 200


def test_a_key_that_is_enabled_again_acts_again(client: TestClient, furnished: Tenant) -> None:
    master = everything(furnished)
    address, mine = another_key(client, furnished, master)
    client.patch(address, json={"status": "disabled"}, headers=master)
    assert client.get("/v2/customers", headers=mine).status_code == 401
    client.patch(address, json={"status": "enabled"}, headers=master)
    assert client.get("/v2/customers", headers=mine).status_code == 200


def test_another_process_believes_a_key_for_a_second_at_most(
    client: TestClient, furnished: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another process took away is not heard of here: reads are believed for a second, changes of access never."""
    headers = everything(furnished)
    now = [1000.0]
    monkeypatch.setattr("contor.runtime.rows.time.monotonic", lambda: now[0])
    assert client.get("/v2/customers", headers=headers).status_code == 200
    with furnished.runtime.transaction(furnished.caller(), directory=True) as uow:
        uow.run("UPDATE directory.api_key SET status = 'disabled' WHERE key = %s", (furnished.api_key,))
    assert client.patch(own_key(furnished), json={"status": "enabled"}, headers=headers).status_code == 401
    assert client.get("/v2/customers", headers=headers).status_code == 200
    now[0] += 1.001
    assert client.get("/v2/customers", headers=headers).status_code == 401


def test_the_tokens_of_a_closed_organization_end(client: TestClient, tenant: Tenant) -> None:
    master = everything(tenant)
    body = {"name": "Child", "address_line1": "Weg 2", "zip": "20095", "town": "Hamburg", "country_code": "DEU"}
    child = client.post("/api/v0/organizations", json=body, headers=master).json()["_id"]
    place = f"/api/v0/organizations/{child}"
    assert client.post(f"{place}/enable-env", json={"env": "TEST"}, headers=master).status_code == 200
    made = client.post(f"{place}/api-keys", json={"name": "their-key", "status": "enabled"}, headers=master).json()
    token = client.post("/api/v0/auth", json={"api_key": made["key"], "api_secret": made["secret"]}).json()["access_token"]
    theirs = {"Authorization": f"Bearer {token}"}
    assert client.get("/v2/customers", headers=theirs).status_code == 200
    assert client.delete(place, headers=master).status_code == 200
    for method, path in (("GET", "/v2/customers"), ("GET", place), ("POST", f"{place}/api-keys")):
        answer = client.request(
            method, path, json={"name": "their-heir", "status": "enabled"} if method == "POST" else None, headers=theirs
        )
        assert answer.status_code == 401, answer.text


def test_who_may_not_is_told_so_before_his_body_is_looked_at(
    client: TestClient, tenant: Tenant, bearer: Callable[..., dict[str, str]]
) -> None:
    headers = bearer(tenant, "nbx-customer-management-read")
    for content in (b"{", b'{"nothing": 1}', b"{}"):
        answer = client.post("/v2/customers", content=content, headers=headers)
        assert answer.status_code == 403, answer.text


def test_a_refresh_token_is_good_once_and_ends_all_when_used_again(client: TestClient, tenant: Tenant) -> None:
    access: list[str] = []

    def auth(token: str) -> tuple[int, str]:
        answer = client.post("/api/v0/auth", json={"refresh_token": token})
        access.append(answer.json().get("access_token", ""))
        return answer.status_code, answer.json().get("refresh_token", "")

    def asked(token: str) -> int:
        return client.get("/api/v0/organizations", headers={"Authorization": f"Bearer {token}"}).status_code

    login = {"api_key": tenant.api_key, "api_secret": tenant.api_secret}
    first = client.post("/api/v0/auth", json=login).json()["refresh_token"]
    other = client.post("/api/v0/auth", json=login).json()["refresh_token"]
    status, second = auth(first)
    assert status == 200
    status, third = auth(second)
    assert status == 200
    assert [asked(token) for token in access] == [200, 200]
    assert auth(second)[0] == 401  # copied by somebody
    assert [asked(token) for token in access[:2]] == [401, 401]  # what he was given ends with it
    assert auth(third)[0] == 401  # so nobody refreshes any more
    assert auth(first)[0] == 401
    assert auth(other)[0] == 200  # another login is another family
    assert asked(access[-1]) == 200


def test_a_refresh_is_not_tried(client: TestClient, tenant: Tenant) -> None:
    """A dry run would hand out tokens and leave the one that was sent good for another time."""
    login = {"api_key": tenant.api_key, "api_secret": tenant.api_secret}
    body = {"refresh_token": client.post("/api/v0/auth", json=login).json()["refresh_token"]}
    tried = client.post("/api/v0/auth", json=body, headers={"X-Dry-Run": "true"})
    assert tried.status_code == 400, tried.text
    assert client.post("/api/v0/auth", json=body).status_code == 200


@pytest.mark.parametrize(
    ("method", "body"), [("PATCH", {"role": "READ_ONLY"}), ("PATCH", {"role": "SUPPORT"}), ("DELETE", None)], ids=str
)
def test_what_a_person_may_no_longer_ends_at_once(
    client: TestClient, tenant: Tenant, method: str, body: dict[str, str] | None
) -> None:
    """Another role, or no membership any more: the token that said more is good for nothing from the next request on."""
    api = Administrator(client, tenant)
    person = api.person(role="ADMINISTRATOR")
    place = f"{api.own}/users/{api.call('GET', f'{api.own}/users')['data'][0]['_id']}"
    headers = {"Authorization": f"Bearer {person.tokens['access_token']}"}
    assert client.get("/v2/customers", headers=headers).status_code == 200
    api.call(method, place, body)
    assert client.get("/v2/customers", headers=headers).status_code == 401
    person.call("POST", f"{api.own}/api-keys", {"name": "their-heir"}, 401)
    assert person.auth({"refresh_token": person.tokens["refresh_token"]}).status_code == (401 if method == "DELETE" else 200)
