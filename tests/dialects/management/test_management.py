"""The management API as its clients know it: recorded forms, one tree an organization, secrets shown once."""

import datetime as dt
import logging
import uuid
from typing import Any

import pytest
from tests.factories.administrators import Administrator

from contor.api.management.routes import ROUTES
from contor.commands.inviting import invitation

BODY = {"name": "Filiale Nord", "address_line1": "Kai 1", "zip": "20457", "town": "Hamburg", "country_code": "DEU"}
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_token_object(api: Administrator) -> None:
    tokens = api.tokens
    assert list(tokens) == [
        "access_token",
        "access_token_claims",
        "access_token_expires_in",
        "access_token_expires_at",
        "refresh_token",
        "refresh_token_expires_in",
        "refresh_token_expires_at",
    ]
    assert tokens["access_token_claims"] == {"env": "TEST", "organization_id": str(api.tenant.organization_id)}
    assert tokens["access_token_expires_in"] <= 300
    assert tokens["refresh_token_expires_in"] == tokens["access_token_expires_in"] + 86_400
    refreshed = api.auth({"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200 and refreshed.json()["access_token_claims"] == tokens["access_token_claims"]
    assert api.auth({"refresh_token": tokens["access_token"]}).status_code == 401


def test_recorded_errors(api: Administrator) -> None:
    wrong = api.auth({"api_key": "test_x_y", "api_secret": "no"})
    assert wrong.text == '{"message":"Invalid credentials","status_code":401,"error":"Unauthorized"}'
    malformed = api.http.get("/api/v0/organizations", headers={"Authorization": "Bearer abc"})
    assert malformed.json() == {"status_code": 401, "error": "Unauthorized", "message": "could not parse jwt: 'abc'"}
    key = {"name": "my-key", "status": "enabled"}
    assert api.call("POST", f"/organizations/{NOBODY}/api-keys", key, 404) == {
        "status_code": 404,
        "error": "Not Found",
        "code": "E_ORGANIZATION_NOT_FOUND",
        "message": "Organization not found.",
    }
    unknown = {**BODY, "managed_by_organization_id": NOBODY}
    assert api.call("POST", "/organizations", unknown, 404) == {"status_code": 404, "error": "Not Found", "message": "Not Found"}
    bad = api.call("POST", "/organizations", {"name": "x", "country_code": "ZZZ", "metadata": {"k" * 41: "v"}, "more": 1}, 400)
    assert bad["code"] == "E_FAILED_SCHEMA_VALIDATION"
    assert all(name in bad["message"] for name in ("name", "address_line1", "zip", "town", "country_code", "metadata", "more"))


def test_an_organization_lives(api: Administrator) -> None:
    own = str(api.tenant.organization_id)
    made = api.call("POST", "/organizations", {**BODY, "managed_by_organization_id": own, "metadata": {"a": "1"}})
    ident = made["_id"]
    assert {k: v for k, v in made.items() if k not in ("_id", "_realms")} == {
        **BODY,
        "_type": "MANAGED_ORGANIZATION",
        "_envs": ["TEST"],
        "managed_by_organization_id": own,
        "metadata": {"a": "1"},
    }
    assert api.call("GET", f"/organizations/{ident}") == made
    for method in ("PATCH", "PUT"):
        changed = api.call(method, f"/organizations/{ident}", {"display_name": method, "managed_by_organization_id": own})
        assert changed["display_name"] == method and changed["name"] == BODY["name"]
    api.call("PATCH", f"/organizations/{ident}", {"managed_by_organization_id": ident}, 400)
    api.call("PATCH", f"/organizations/{ident}", {"billing_options": {"withhold_billing": True}}, 400)
    api.call("POST", f"/organizations/{ident}/enable-env", {"env": "LIVE"}, 400)  # the main one has no LIVE yet
    assert api.call("POST", f"/organizations/{own}/enable-env", {"env": "LIVE"}) == {"_success": True}
    assert api.call("POST", f"/organizations/{ident}/enable-env", {"env": "LIVE"}) == {"_success": True}
    assert api.call("GET", f"/organizations/{ident}")["_envs"] == ["TEST", "LIVE"]
    listed = api.call("GET", "/organizations?type=MANAGED_ORGANIZATION&order_by=name&order=desc&limit=1")
    assert (listed["count"], listed["_type"], listed["data"][0]["_id"]) == (1, "ORGANIZATION_LIST", ident)
    api.call("GET", "/organizations?order_by=nothing&limit=0&foo=1", status=400)
    api.call("DELETE", f"/organizations/{own}", status=400)
    assert api.call("DELETE", f"/organizations/{ident}") == {"_success": True}
    api.call("GET", f"/organizations/{ident}", status=404)


def test_a_key_shows_its_secret_once_and_a_disabled_one_does_nothing(api: Administrator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keys = f"/organizations/{api.tenant.organization_id}/api-keys"
    made = api.call("POST", keys, {"name": "cash-desk", "status": "enabled"})
    assert made["key"].startswith("test_") and made["key"].endswith("_cash-desk")
    assert (made["_type"], made["_envs"], made["metadata"], made["managed_by_organization_id"]) == ("API_KEY", ["TEST"], {}, "")
    shown = api.call("GET", f"{keys}/{made['_id']}")
    assert shown == {k: v for k, v in made.items() if k != "secret"}
    assert "secret" not in str(api.call("GET", keys))
    other = Administrator(api.http, api.tenant, made["key"], made["secret"])
    api.call("PUT", f"{keys}/{made['_id']}", {"status": "disabled", "metadata": {"x": "y"}})
    assert api.auth({"api_key": made["key"], "api_secret": made["secret"]}).status_code == 401
    assert api.auth({"refresh_token": other.tokens["refresh_token"]}).status_code == 401
    assert api.call("GET", f"{keys}?status=disabled")["count"] == 1
    api.call("PATCH", f"{keys}/{made['_id']}", {"name": "other-name"}, 400)
    assert api.call("DELETE", f"{keys}/{made['_id']}") == {"_success": True}
    api.call("GET", f"{keys}/{made['_id']}", status=404)
    assert made["secret"] not in caplog.text
    with api.tenant.runtime.transaction(api.tenant.caller(), directory=True, reads=True) as uow:
        # whatever is kept of it, in any column
        kept = str(uow.records("SELECT * FROM directory.api_key")) + str(uow.records("SELECT * FROM directory.audit_entry"))
    assert made["secret"] not in kept and api.tenant.api_secret not in kept


def test_users_and_billing_addresses(api: Administrator) -> None:
    users = f"/organizations/{api.tenant.organization_id}/users"
    email = f"{uuid.uuid4().hex}@example.com"
    made = api.call("POST", users, {"email": email, "first_name": "Kim"})
    assert (made["_type"], made["email"], made["first_name"]) == ("USER", email, "Kim")
    assert api.call("GET", f"{users}?email={email}")["count"] == 1
    link, expires = invitation(api.tenant.runtime, {"email": email}, str(api.tenant.organization_id))
    assert expires > dt.datetime.now(dt.UTC)
    token = link.split("token=")[1]
    assert api.http.post("/account/password", data={"token": token, "password": "short"}).status_code == 400
    assert api.http.post("/account/password", data={"token": token, "password": "a long enough one"}).status_code == 200
    assert api.http.post("/account/password", data={"token": token, "password": "a long enough one"}).status_code == 400
    assert api.auth({"email": email, "password": "a long enough one"}).status_code == 200
    assert api.auth({"email": email, "password": "another"}).status_code == 401
    assert api.call("DELETE", f"{users}/{made['_id']}") == {"_success": True}
    api.call("DELETE", f"{users}/{made['_id']}", status=404)
    address = {"recipient": "Kim", "address_line1": "Weg 2", "zip": "20095", "town": "Hamburg", "country_code": "DEU"}
    made = api.call("POST", "/billing-addresses", {**address, "vat_id": "DE136695976"})
    assert made["vat_id_valid"] is True
    assert api.call("PUT", f"/billing-addresses/{made['_id']}", {"vat_id": "DE123456789"})["vat_id_valid"] is False
    assert api.call("GET", "/billing-addresses")["count"] == 1
    api.call("PATCH", f"/organizations/{api.tenant.organization_id}", {"billing_address_id": made["_id"]})
    api.call("DELETE", f"/billing-addresses/{made['_id']}", status=409)


def test_another_account_sees_404_and_changes_nothing(api: Administrator, stranger: Administrator) -> None:
    own = f"/organizations/{api.tenant.organization_id}"
    key = api.call("POST", f"{own}/api-keys", {"name": "some-key", "status": "enabled"})["_id"]
    user = api.call("POST", f"{own}/users", {"email": f"{uuid.uuid4().hex}@example.com"})["_id"]
    lines = {name: BODY[name] for name in ("address_line1", "zip", "town", "country_code")}
    address = api.call("POST", "/billing-addresses", {"recipient": "R", **lines})["_id"]
    before = [api.call("GET", path) for path in (own, f"{own}/api-keys", f"{own}/users", "/billing-addresses")]
    ids = {"organization_id": str(api.tenant.organization_id), "key_id": key, "user_id": user, "address_id": address}
    theirs = {**ids, "organization_id": str(stranger.tenant.organization_id)}
    bodies: dict[str, Any] = {
        "/organizations/{organization_id}": {"name": "Mine now"},
        "/organizations/{organization_id}/enable-env": {"env": "LIVE"},
        "/organizations/{organization_id}/api-keys": {"name": "their-key", "status": "enabled"},
        "/organizations/{organization_id}/api-keys/{key_id}": {"status": "disabled"},
        "/organizations/{organization_id}/users": {"email": "x@example.com"},
        "/organizations/{organization_id}/users/{user_id}": {"role": "READ_ONLY"},
        "/billing-addresses/{address_id}": {"town": "Here"},
    }
    for route in ROUTES:
        path = route.path.removeprefix("/api/v0")
        if "{" not in path:
            continue
        body = bodies[path] if route.body is not None else None
        assert stranger.call(route.method, path.format(**ids), body, 404)["status_code"] == 404, (route.method, path)
        if "organization_id" in path and ("key_id" in path or "user_id" in path):  # below an organization of its own
            assert stranger.call(route.method, path.format(**theirs), body, 404)["status_code"] == 404, (route.method, path)
    stranger.call("GET", "/organizations/not-a-uuid", status=404)
    assert [api.call("GET", path) for path in (own, f"{own}/api-keys", f"{own}/users", "/billing-addresses")] == before


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"name": "\\u0000abc"}', b"[" * 100_000, b'{"zip": 1e9999999}', b"x" * 3_000_000]
)
def test_hostile_bodies_get_a_4xx_in_the_envelope(api: Administrator, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {api.tokens['access_token']}", "Content-Type": "application/json"}
    answer = api.http.post("/api/v0/organizations", content=raw, headers=headers)
    assert 400 <= answer.status_code < 500 and answer.json()["status_code"] == answer.status_code
