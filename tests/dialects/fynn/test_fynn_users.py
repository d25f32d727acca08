"""A user who is locked is shut out of everything at once, and let in again as before."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn

from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.organizations.access import authenticate, caller_of
from contor.organizations.access.authenticate import Authenticate
from contor.organizations.types import RefreshCredentials, UserCredentials


def logged_in(fynn: Fynn, email: str) -> Any:
    credentials = UserCredentials(email=email, password="ein gutes Passwort", organization_id=fynn.tenant.organization_id)
    return fynn.tenant.runtime.execute(authenticate, Authenticate(credentials), Caller("anyone", "login"))


def test_a_locked_user_is_shut_out_at_once(bare_fynn: Fynn) -> None:
    email = f"anna@{bare_fynn.tenant.realm}.example"
    user = bare_fynn.call("POST", "/users", {"email": email, "role": "accounting"})["id"]
    bare_fynn.accept(email)
    runtime, tokens = bare_fynn.tenant.runtime, logged_in(bare_fynn, email)
    assert caller_of(runtime, tokens.access_token, "r").actor == f"user:{user}"
    bare_fynn.call("PUT", f"/users/{user}/lock")
    for _ in range(2):  # whoever is locked twice is locked
        assert bare_fynn.call("PUT", f"/users/{user}/lock")["status"] == "locked"
    with pytest.raises(Refused):
        caller_of(runtime, tokens.access_token, "r")
    with pytest.raises(Refused):
        logged_in(bare_fynn, email)
    refresh = RefreshCredentials(refresh_token=tokens.refresh_token)
    with pytest.raises(Refused):
        runtime.execute(authenticate, Authenticate(refresh), Caller("anyone", "refresh"))
    assert bare_fynn.call("PUT", f"/users/{user}/unlock")["status"] == "active"
    assert caller_of(runtime, logged_in(bare_fynn, email).access_token, "r").actor == f"user:{user}"


def test_who_may_less_locks_nobody_who_may_more(bare_fynn: Fynn) -> None:
    """A key of users' rights alone does not reach an administrator."""
    from contor.organizations.access import CreateApiKey, bearer_secret, create_api_key
    from contor.organizations.types import ApiKeyBody
    from contor.runtime.execute import validated

    email = f"bert@{bare_fynn.tenant.realm}.example"
    user = bare_fynn.call("POST", "/users", {"email": email, "role": "administrator"})["id"]
    bare_fynn.accept(email)
    body = validated(ApiKeyBody, {"name": "users", "env": "TEST", "scopes": ["user:write"]})
    made = bare_fynn.tenant.execute(create_api_key, CreateApiKey(str(bare_fynn.tenant.organization_id), body))
    weaker = Fynn(bare_fynn.tenant, bare_fynn.http, token=bearer_secret(made.row.key, made.secret))
    refused = weaker.send("PUT", f"/users/{user}/lock")
    assert (refused.status_code, bare_fynn.call("GET", f"/users/{user}")["status"]) == (403, "active")
    assert weaker.send("POST", "/users", {"email": "c@test.example", "role": "administrator"}).status_code == 403
