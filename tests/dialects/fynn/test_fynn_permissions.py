"""Every route asks for its permission by fynn's name, whichever kind of key comes; a key made for fynn is good for nothing else."""

import re
from collections.abc import Callable, Iterable

import pytest
from tests.factories.fynn import Fynn

from contor.api.fynn.routes import ROUTES
from contor.organizations.access import CreateApiKey, bearer_secret, create_api_key
from contor.organizations.rights import FYNN_SCOPES, SCOPES
from contor.organizations.types import ApiKeyBody
from contor.runtime.execute import validated

GUARDED = [row for row in ROUTES if row.permission]


@pytest.fixture
def key(bare_fynn: Fynn) -> Callable[[Iterable[str]], Fynn]:
    """Makes a key with scopes; who bears it."""

    def made(scopes: Iterable[str]) -> Fynn:
        body = validated(ApiKeyBody, {"name": "some", "env": "TEST", "scopes": list(scopes)})
        found = bare_fynn.tenant.execute(create_api_key, CreateApiKey(str(bare_fynn.tenant.organization_id), body))
        return Fynn(bare_fynn.tenant, bare_fynn.http, token=bearer_secret(found.row.key, found.secret))

    return made


def path_of(path: str) -> str:
    return re.sub(r"\{\w+\}", "01890a5d-ac96-774b-bcce-b302099a8057", path)


def test_every_route_has_a_permission_and_an_operation_that_asks_for_one() -> None:
    """But what a link or a cart opens: its path is the key."""
    open_paths = [row.path for row in ROUTES if not row.permission]
    assert [path for path in open_paths if not path.startswith(("/public/", "/api/public/"))] == []
    assert {row.permission for row in GUARDED} <= FYNN_SCOPES.keys()
    assert [
        row.path for row in GUARDED if row.permission.endswith(":read") and not row.operation.reads and not row.operation.undone
    ] == []


@pytest.mark.parametrize("permission", sorted({row.permission for row in GUARDED}))
def test_all_but_one_permission(key: Callable[[Iterable[str]], Fynn], permission: str) -> None:
    """Whoever has all others is told which is missing, before anything is read of the body; who has that one alone is not refused so."""
    without, only = key(FYNN_SCOPES.keys() - {permission}), key([permission])
    for row in GUARDED:
        if row.permission != permission:
            continue
        path = path_of(row.path)
        answer = without.send(row.method, path, raw=b"{" if row.method not in ("GET", "DELETE") else None)
        assert answer.status_code == 403, f"{row.method} {row.path}: {answer.status_code}"
        assert answer.json()["message"] == f"This needs the permission {permission}."
        may = only.send(row.method, path, raw=b"{" if row.method not in ("GET", "DELETE") else None)
        assert may.status_code not in (401, 403, 500), f"{row.method} {row.path}: {may.status_code} {may.text}"


def test_scopes_of_the_platform_give_the_permissions_of_their_areas(key: Callable[[Iterable[str]], Fynn]) -> None:
    bearer = key(["nbx-organization-management-read", "nbx-customer-management-write"])
    me = bearer.call("GET", "/users/me")
    assert set(me["permissions"]) == {
        *("customer:read", "customer:write", "customer-settings:read", "customer-settings:write"),
        *("role:read", "tenant:read", "user:read"),
    }
    assert bearer.send("GET", "/notifications").status_code == 403
    payments = key(["nbx-payment-management-read"])
    papers = key(["nbx-document-management-write"])
    refused = papers.send("POST", path_of("/invoices/{id}/refund"), {})
    assert (refused.status_code, refused.json()["message"]) == (403, "This needs the right to change payments.")
    assert [payments.send("GET", path).status_code for path in ("/payment-methods", "/payment/transactions")] == [200, 200]


def test_a_permission_lies_in_the_area_of_what_it_allows() -> None:
    """What an invoice is paid by and whether it is dunned is more than its area: a key of the platform needs both."""
    also = {"/invoices/{id}", "/invoices/{id}/payments", "/invoices/{id}/payment-method", "/invoices/{id}/refund"}
    assert [
        (row.method, row.path)
        for row in GUARDED
        if FYNN_SCOPES[row.permission] != row.operation.permission and row.path not in also
    ] == []


def test_a_key_of_fynn_is_none_elsewhere(key: Callable[[Iterable[str]], Fynn]) -> None:
    """Neither in the platform API nor, beside scopes of it, for more than was said here."""
    bearer = key(["user:read", *SCOPES])
    assert bearer.call("GET", "/users/me")["permissions"] == ["user:read"]
    assert bearer.send("GET", "/notifications").json()["message"] == "This needs the permission notification:read."
    alone = key(["user:read"])
    name, _, secret = alone.token.removeprefix("api_").rpartition(".")
    form = {"grant_type": "client_credentials"}
    token = alone.http.post(f"http://testserver/{alone.tenant.realm}/oauth2/token", data=form, auth=(name, secret))
    held = token.json().get("access_token", "")
    refused = alone.http.get("http://testserver/v2/customers", headers={"Authorization": f"Bearer {held}"})
    assert refused.status_code in (401, 403)


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer api_", "Bearer api_x.y", "Bearer x", "Basic eDp5", "api_\0", "Bearer api_" + "x" * 5000]
)
def test_whoever_has_no_key_is_told_nothing_else(bare_fynn: Fynn, given: str) -> None:
    answer = bare_fynn.http.get("/users/me", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_bare_key_without_a_scheme(bare_fynn: Fynn) -> None:
    """Older pages of fynn say that the header's value is the key."""
    token = bare_fynn.headers["Authorization"].removeprefix("Bearer ")
    assert bare_fynn.http.get("/users/me", headers={"Authorization": token}).status_code == 200


def test_a_key_that_is_disabled_is_none_at_once(bare_fynn: Fynn) -> None:
    from contor.organizations.access import UpdateApiKey, update_api_key
    from contor.organizations.types import ApiKeyPatch

    number = bare_fynn.call("GET", "/users/me")["id"]
    command = UpdateApiKey(str(bare_fynn.tenant.organization_id), number, ApiKeyPatch(status="disabled"))
    bare_fynn.tenant.execute(update_api_key, command)
    assert bare_fynn.send("GET", "/users/me").status_code == 401
