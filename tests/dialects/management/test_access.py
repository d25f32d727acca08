"""Keys with scopes, people with roles, LIVE from the outside, invitations that are accepted: what is given, and what cannot be taken."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.administrators import PASSWORD, Administrator, an_email
from tests.factories.tenants import Tenant

from contor.api.management.routes import ROUTES

READ, WRITE = "nbx-document-management-read", "nbx-document-management-write"


def claims(tokens: dict[str, Any]) -> Any:
    return tokens["access_token_claims"]


def client_token(api: Administrator, realm: str, key: dict[str, Any], scope: str = "") -> Any:
    basic = base64.b64encode(f"{key['key']}:{key['secret']}".encode()).decode()
    form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
    return api.http.post(f"/{realm}/oauth2/token", data=form, headers={"Authorization": f"Basic {basic}"})


# --- LIVE


def test_live_is_enabled_keyed_and_entered(api: Administrator) -> None:
    key, boss = {"name": "till", "env": "LIVE"}, api.person()
    assert api.call("POST", f"{api.own}/api-keys", key, 400)["code"] == "E_ENVIRONMENT_NOT_ENABLED"
    api.call("POST", f"{api.own}/enable-env", {"env": "LIVE"})
    realms = api.call("GET", api.own)["_realms"]
    assert list(realms) == ["TEST", "LIVE"] and realms["TEST"] == api.tenant.realm
    # the secret of a key of TEST goes to many hands
    assert "keys of LIVE" in api.call("POST", f"{api.own}/api-keys", key, 403)["message"]
    made = boss.call("POST", f"{api.own}/api-keys", key)
    assert (made["_envs"], made["_realm"], made["key"][:5]) == (["LIVE"], realms["LIVE"], "live_")
    live = Administrator(api.http, api.tenant, made["key"], made["secret"])
    assert claims(live.tokens)["env"] == "LIVE"
    refreshed = api.auth({"refresh_token": live.tokens["refresh_token"]}).json()
    assert claims(refreshed)["env"] == "LIVE"
    assert client_token(api, realms["LIVE"], made).status_code == 200
    assert client_token(api, realms["TEST"], made).status_code == 401
    # without a word, as the caller's token
    assert live.call("POST", f"{api.own}/api-keys", {"name": "next"})["_envs"] == ["LIVE"]
    assert api.call("POST", f"{api.own}/api-keys", {"name": "next"})["_envs"] == ["TEST"]
    for method, body in (("PATCH", {"status": "disabled"}), ("DELETE", None)):
        api.call(method, f"{api.own}/api-keys/{made['_id']}", body, 403)
    live.call("PATCH", f"{api.own}/api-keys/{made['_id']}", {"status": "enabled"})
    assert api.call("GET", "/organizations?env=live&type=organization")["count"] == 1


def test_a_key_of_test_reaches_live_through_nobody(api: Administrator) -> None:
    """It neither invites somebody who could make keys of LIVE, nor gives a member the rights to, nor sends one away."""
    boss = api.person()
    number = api.invite(role="READ_ONLY")["_id"]
    boss.call("POST", f"{api.own}/enable-env", {"env": "LIVE"})
    user = f"{api.own}/users/{number}"
    invitation = {"email": an_email(), "role": "ADMINISTRATOR"}
    calls = (("POST", f"{api.own}/users", invitation), ("PATCH", user, {"role": "ADMINISTRATOR"}), ("DELETE", user, None))
    for method, path, body in calls:
        assert "TEST" in api.call(method, path, body, 403)["message"]
    key = boss.call("POST", f"{api.own}/api-keys", {"name": "till", "env": "LIVE"})
    live = Administrator(api.http, api.tenant, key["key"], key["secret"])
    for caller in (live, boss):
        caller.call("POST", f"{api.own}/users", invitation)


def test_an_invitation_is_replaced_by_who_could_give_it(api: Administrator) -> None:
    """Somebody with fewer rights neither takes rights from who was invited with more nor changes the names."""
    clerk = api.person(role="CUSTOM", scopes=["nbx-organization-management-write", READ])
    made = api.invite(first_name="A", role="ADMINISTRATOR")
    for role in ({"role": "CUSTOM", "scopes": [READ]}, {"role": "ADMINISTRATOR"}):
        answer = clerk.call("POST", f"{api.own}/users", {"email": made["email"], "first_name": "B", **role}, 403)
        assert "rights" in answer["message"]
    (waiting,) = [one for one in api.call("GET", f"{api.own}/users")["data"] if one["_id"] == made["_id"]]
    assert (waiting["first_name"], waiting["role"]) == ("A", "ADMINISTRATOR")
    own = {"email": an_email(), "role": "CUSTOM", "scopes": [READ]}
    for name in ("C", "D"):
        assert clerk.call("POST", f"{api.own}/users", {**own, "first_name": name})["first_name"] == name


def test_a_person_chooses_the_environment(api: Administrator) -> None:
    email = api.invite()["email"]
    assert api.join(email, password=PASSWORD).status_code == 200
    login = {"email": email, "password": PASSWORD}
    assert claims(api.auth(login).json())["env"] == "TEST"
    assert api.auth({**login, "env": "LIVE"}).status_code == 401
    api.call("POST", f"{api.own}/enable-env", {"env": "LIVE"})
    assert claims(api.auth({**login, "env": "LIVE"}).json())["env"] == "LIVE"


# --- scopes of keys


def test_a_key_does_what_its_scopes_say(api: Administrator) -> None:
    made = api.call("POST", f"{api.own}/api-keys", {"name": "reader", "scopes": [READ]})
    assert made["scopes"] == [READ]
    reader = Administrator(api.http, api.tenant, made["key"], made["secret"])
    assert reader.call("GET", api.own, status=403)["code"] == "E_ACCESS_DENIED"
    token = client_token(api, api.tenant.realm, made).json()
    assert token["scope"] == READ
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert api.http.get("/v2/documents", headers=headers).status_code == 200
    assert api.http.post("/v2/documents/invoices", json={}, headers=headers).status_code == 403
    beyond = client_token(api, api.tenant.realm, made, f"{READ} {WRITE}")
    assert (beyond.status_code, beyond.json()["error"]) == (400, "invalid_scope")
    assert "code" in api.call("POST", f"{api.own}/api-keys", {"name": "wrong", "scopes": ["everything"]}, 400)


def test_nobody_gives_more_than_he_has(api: Administrator) -> None:
    scopes = ["nbx-organization-management-write", READ]
    made = api.call("POST", f"{api.own}/api-keys", {"name": "keeper", "scopes": scopes})
    keeper = Administrator(api.http, api.tenant, made["key"], made["secret"])
    assert keeper.call("POST", f"{api.own}/api-keys", {"name": "more", "scopes": [WRITE]}, 403)["code"] == "E_ACCESS_DENIED"
    # all that its maker may, and no more
    again = keeper.call("POST", f"{api.own}/api-keys", {"name": "same"})
    assert set(again["scopes"]) == {*scopes, "nbx-organization-management-read"}
    keeper.call("POST", f"{api.own}/users", {"email": an_email()}, 403)
    keeper.call("POST", f"{api.own}/users", {"email": an_email(), "role": "BILLING"}, 403)
    custom = keeper.call("POST", f"{api.own}/users", {"email": an_email(), "role": "CUSTOM", "scopes": [READ]})
    assert (custom["role"], custom["scopes"], custom["status"]) == ("CUSTOM", [READ], "invited")
    boss = api.invite()
    for method, body in (("PATCH", {"role": "CUSTOM", "scopes": [READ]}), ("DELETE", None)):
        keeper.call(method, f"{api.own}/users/{boss['_id']}", body, 403)


# --- roles of people


def test_a_role_counts_and_is_changed(api: Administrator) -> None:
    clerk = api.person(role="SUPPORT")
    clerk.call("GET", api.own, status=403)
    user = api.call("GET", f"{api.own}/users?order_by=email")["data"][0]
    assert (user["role"], user["status"]) == ("SUPPORT", "active")
    changed = api.call("PATCH", f"{api.own}/users/{user['_id']}", {"role": "READ_ONLY"})
    assert changed["role"] == "READ_ONLY"
    # the right that was given meanwhile, by the refresh token of before
    refreshed = clerk.auth({"refresh_token": clerk.tokens["refresh_token"]})
    assert refreshed.status_code == 200
    clerk.tokens = clerk.auth({"email": user["email"], "password": PASSWORD}).json()
    assert clerk.call("GET", api.own)["_id"] == str(api.tenant.organization_id)
    clerk.call("PATCH", api.own, {"display_name": "x"}, 403)
    for body in ({"role": "CUSTOM"}, {"role": "BILLING", "scopes": [READ]}, {"role": "KING"}):
        api.call("PATCH", f"{api.own}/users/{user['_id']}", body, 400)


def test_a_right_that_was_taken_is_not_refreshed(api: Administrator) -> None:
    boss = api.person()
    user = api.call("GET", f"{api.own}/users")["data"][0]
    boss.call("PATCH", api.own, {"display_name": "Before"})
    boss.call("PATCH", f"{api.own}/users/{user['_id']}", {"role": "READ_ONLY"}, 400)  # not from oneself
    api.call("PATCH", f"{api.own}/users/{user['_id']}", {"role": "READ_ONLY"})
    boss.tokens = boss.auth({"refresh_token": boss.tokens["refresh_token"]}).json()
    boss.call("PATCH", api.own, {"display_name": "After"}, 403)
    boss.call("GET", api.own)


# --- invitations


def test_an_invitation_shows_what_was_sent_and_joins_nobody(api: Administrator, stranger: Administrator) -> None:
    """Another organization learns nothing of the person, and the person is nobody's member without having accepted."""
    email = api.invite(first_name="Kim", last_name="Secret-Alias")["email"]
    assert api.join(email, password=PASSWORD, first_name="Kim", last_name="Own").status_code == 200
    assert api.call("GET", f"{api.own}/users")["data"][0]["last_name"] == "Own"
    other = stranger.invite(email=email, first_name="K.")
    assert (other["first_name"], other.get("last_name"), other["status"]) == ("K.", None, "invited")
    listed = stranger.call("GET", f"{stranger.own}/users?email={email.upper()}")["data"]
    assert [(one["first_name"], one.get("last_name")) for one in listed] == [("K.", None)]
    theirs = str(stranger.tenant.organization_id)
    login = {"email": email, "password": PASSWORD}
    assert claims(api.auth(login).json())["organization_id"] == str(api.tenant.organization_id)
    assert api.auth({**login, "organization_id": theirs}).status_code == 401
    # who has a password needs no other one to accept
    assert stranger.join(email).status_code == 200
    assert stranger.call("GET", f"{stranger.own}/users")["data"][0]["last_name"] == "Own"
    assert claims(api.auth({**login, "organization_id": theirs}).json())["organization_id"] == theirs
    assert claims(api.auth(login).json())["organization_id"] == str(api.tenant.organization_id)


def test_an_invitation_can_be_changed_and_taken_back(api: Administrator) -> None:
    made = api.invite(first_name="A", role="BILLING")
    again = api.invite(email=made["email"], first_name="B", role="SUPPORT")
    assert (again["_id"], again["first_name"], again["role"]) == (made["_id"], "B", "SUPPORT")
    assert api.call("GET", f"{api.own}/users")["count"] == 1
    api.call("DELETE", f"{api.own}/users/{made['_id']}")
    assert api.call("GET", f"{api.own}/users")["count"] == 0
    member = api.person(role="SUPPORT")
    user = api.call("GET", f"{api.own}/users")["data"][0]
    assert api.invite(email=user["email"], first_name="Other", role="BILLING")["role"] == "SUPPORT"
    assert member.tokens


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "Einladung annehmen"),
        ("en-GB", "Accept the invitation"),
        ("", "Accept"),
        ("fr,de;q=0.2", "Einladung"),
    ],
)
def test_the_page_speaks_german_and_english(api: Administrator, asked: str, title: str) -> None:
    from contor.commands.inviting import invitation

    link, _ = invitation(api.tenant.runtime, {"email": api.invite(first_name='"><b>')["email"]}, str(api.tenant.organization_id))
    page = api.http.get("/account/password", params={"token": link.split("token=")[1]}, headers={"Accept-Language": asked})
    assert page.status_code == 200 and f"<h1>{title}" in page.text and "<b>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    used = api.http.post("/account/password", data={"token": "nothing"}, headers={"Accept-Language": asked})
    assert used.status_code == 400 and ("Link" if "de" in asked else "link") in used.text


def test_the_command_line_invites_to_a_role_of_its_own(api: Administrator) -> None:
    from contor.commands.inviting import invitation

    email = an_email()
    person = {"email": email, "role": "CUSTOM", "scopes": [READ]}
    invitation(api.tenant.runtime, person, str(api.tenant.organization_id))
    (found,) = [one for one in api.call("GET", f"{api.own}/users")["data"] if one["email"] == email]
    assert (found["role"], found["scopes"]) == ("CUSTOM", [READ])


# --- a request that comes twice


def test_every_write_is_done_once_under_its_key(api: Administrator) -> None:
    """The same answer, secrets included, and one effect; another request under the key is refused. Nothing of it can be read."""
    address = {"recipient": "R", "address_line1": "Weg 1", "zip": "1", "town": "T", "country_code": "DEU"}
    organization = {**address, "name": "Filiale", "managed_by_organization_id": str(api.tenant.organization_id)}
    del organization["recipient"]
    member = an_email()
    made = {
        path: api.call("POST", path, body)["_id"]
        for path, body in {
            "/organizations": organization,
            "/billing-addresses": address,
            f"{api.own}/api-keys": {"name": "one"},
            f"{api.own}/users": {"email": member},
        }.items()
    }
    api.join(member, password="ein gutes Passwort", first_name="A", last_name="B")
    writes: list[tuple[str, str, Any]] = [
        ("POST", "/organizations", organization),
        ("POST", "/billing-addresses", address),
        ("POST", f"{api.own}/api-keys", {"name": "two"}),
        ("POST", f"{api.own}/users", {"email": an_email()}),
        *[(m, f"/organizations/{made['/organizations']}", {"display_name": m}) for m in ("PATCH", "PUT")],
        *[(m, f"/billing-addresses/{made['/billing-addresses']}", {"town": m}) for m in ("PATCH", "PUT")],
        *[(m, f"{api.own}/api-keys/{made[f'{api.own}/api-keys']}", {"metadata": {"m": m}}) for m in ("PATCH", "PUT")],
        ("PATCH", f"{api.own}/users/{made[f'{api.own}/users']}", {"role": "BILLING"}),
        *[("POST", f"{api.own}/users/{made[f'{api.own}/users']}/{verb}", None) for verb in ("lock", "unlock")],
        ("DELETE", f"{api.own}/users/{made[f'{api.own}/users']}", None),
        ("DELETE", f"{api.own}/api-keys/{made[f'{api.own}/api-keys']}", None),
        ("DELETE", f"/billing-addresses/{made['/billing-addresses']}", None),
        ("DELETE", f"/organizations/{made['/organizations']}", None),
        ("POST", f"{api.own}/enable-env", {"env": "LIVE"}),  # last: then this key changes no members any more
    ]
    taken = [(method, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{}", path)) for method, path, _ in writes]
    # A login writes nothing that is named: what it gives out is asked for anew.
    every = [
        (row.method, row.path.removeprefix("/api/v0")) for row in ROUTES if not row.operation.reads and row.path != "/api/v0/auth"
    ]
    assert sorted(taken) == sorted((method, re.sub(r"\{\w+\}", "{}", path)) for method, path in every)
    for number, (method, path, body) in enumerate(writes):
        key = {"Idempotency-Key": f"k-{number}"}
        first, second = api.send(method, path, body, **key), api.send(method, path, body, **key)
        assert first.status_code == 200, (method, path, first.text)
        assert (second.status_code, second.text) == (200, first.text), (method, path)
        if path.endswith("/api-keys"):
            secret = first.json()["secret"]
    clash = api.send("POST", f"{api.own}/api-keys", {"name": "other"}, **{"Idempotency-Key": "k-2"})
    assert (clash.status_code, clash.json()["code"]) == (409, "E_IDEMPOTENCY_KEY_REUSED")
    assert api.call("GET", f"{api.own}/api-keys?order_by=name&order=desc")["data"][0]["name"] == "two"
    assert api.call("GET", "/organizations?type=MANAGED_ORGANIZATION")["count"] == 1
    with api.tenant.runtime.transaction(api.tenant.caller(), directory=True, reads=True) as uow:
        assert secret not in str(uow.records("SELECT * FROM directory.idempotency_key"))


def test_keys_of_two_organizations_are_apart(api: Administrator, stranger: Administrator) -> None:
    key = {"Idempotency-Key": "same"}
    mine = api.send("POST", f"{api.own}/api-keys", {"name": "mine"}, **key).json()
    theirs = stranger.send("POST", f"{stranger.own}/api-keys", {"name": "mine"}, **key).json()
    assert mine["_id"] != theirs["_id"] and mine["secret"] != theirs["secret"]


# --- references and forms


def test_nothing_names_what_is_not_there(api: Administrator) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    lines = {"address_line1": "Weg 1", "zip": "1", "town": "T", "country_code": "DEU"}
    finding = api.call("PATCH", api.own, {"contact_person_id": nobody}, 400)
    assert finding["message"] == "contact_person_id: No such user."
    finding = api.call("POST", "/billing-addresses", {"recipient": "R", **lines, "billing_contact_id": nobody}, 400)
    assert finding["message"] == "billing_contact_id: No such user."
    person = api.invite()["_id"]
    address = api.call("POST", "/billing-addresses", {"recipient": "R", **lines, "billing_contact_id": person})
    api.call("PATCH", api.own, {"contact_person_id": person, "billing_address_id": address["_id"]})
    in_use = api.call("DELETE", f"{api.own}/users/{person}", status=409)
    assert "contact_person_id of Test GmbH" in in_use["message"] and "billing_contact_id of R" in in_use["message"]
    assert "Test GmbH" in api.call("DELETE", f"/billing-addresses/{address['_id']}", status=409)["message"]
    payer = api.call("POST", "/organizations", {"name": "Payer", **lines})["_id"]
    child = {"name": "Child", **lines, "billing_options": {"bill_to_organization": payer}}
    made = api.call("POST", "/organizations", child)["_id"]
    refused = api.call("DELETE", f"/organizations/{payer}", status=409)
    assert made in refused["message"] and "bill_to_organization of Child" in refused["message"]
    api.call("DELETE", f"/organizations/{made}")
    api.call("DELETE", f"/organizations/{payer}")


def test_live_below_a_manager_without_live(api: Administrator) -> None:
    lines = {"address_line1": "Weg 1", "zip": "1", "town": "T", "country_code": "DEU"}
    own = str(api.tenant.organization_id)
    manager = api.call("POST", "/organizations", {"name": "Manager", **lines, "managed_by_organization_id": own})["_id"]
    boss = api.person()
    api.call("POST", f"{api.own}/enable-env", {"env": "LIVE"})
    key = boss.call("POST", f"{api.own}/api-keys", {"name": "live-key", "env": "LIVE"})
    live = Administrator(api.http, api.tenant, key["key"], key["secret"])
    child = {"name": "Child", **lines, "managed_by_organization_id": manager}
    assert live.call("POST", "/organizations", child, 400)["code"] == "E_ENVIRONMENT_OF_MAIN_MISSING"
    live.call("POST", f"/organizations/{manager}/enable-env", {"env": "LIVE"})
    assert live.call("POST", "/organizations", child)["_envs"] == ["TEST", "LIVE"]


def test_who_created_is_the_person_behind_the_key(api: Administrator) -> None:
    lines = {"address_line1": "Weg 1", "zip": "1", "town": "T", "country_code": "DEU"}
    assert "created_by_user" not in api.call("POST", "/organizations", {"name": "First", **lines})  # nobody is behind the first key
    person = api.person()
    number = api.call("GET", f"{api.own}/users")["data"][0]["_id"]
    key = person.call("POST", f"{api.own}/api-keys", {"name": "persons"})
    assert key["created_by_user"] == number
    made = Administrator(api.http, api.tenant, key["key"], key["secret"]).call(
        "POST", "/organizations", {"name": "Second", **lines}
    )
    assert made["created_by_user"] == number


@pytest.mark.parametrize(
    ("email", "right"),
    [
        ("kim@example.com", True),
        ("kim.o'neil+x@sub.example.co.uk", True),
        ("käthe@müller.example", True),
        ("kim@@example.com", False),
        ("kim..x@example.com", False),
        (".kim@example.com", False),
        ("kim@example..com", False),
        ("kim@-example.com", False),
        ("kim@example", False),
        ("kim example@example.com", False),
        ("kim@exa_mple.com", False),
    ],
)
def test_emails(api: Administrator, email: str, right: bool) -> None:
    api.call("POST", f"{api.own}/users", {"email": email}, 200 if right else 400)


def test_an_empty_array_is_an_empty_map(api: Administrator) -> None:
    assert api.call("POST", f"{api.own}/api-keys", {"name": "empty", "metadata": []})["metadata"] == {}
    api.call("POST", f"{api.own}/api-keys", {"name": "empty", "metadata": [1]}, 400)


# --- the trail


def test_the_trail_is_read_by_who_may(
    api: Administrator, bearer: Callable[..., dict[str, str]], new_tenant: Callable[[], Tenant]
) -> None:
    api.call("POST", f"{api.own}/api-keys", {"name": "traced"})
    (entry,) = api.call("GET", f"{api.own}/audit-entries?operation=API_KEY.create&order=desc")["data"]
    assert entry["change"]["created"] == "traced" and entry["actor"].startswith("key:")
    headers = bearer(api.tenant)
    body = {"customerIdent": "c-9", "customerType": "B2B", "company": "K"}
    assert api.http.post("/v2/customers", json=body, headers=headers).status_code == 201
    search = {"search": "subjectKind==customer;operation==customer.create*", "sort": "at,desc"}
    found = api.http.get("/v2/audit-entries", params=search, headers=headers).json()["_embedded"]
    assert [(one["subjectIdent"], one["actor"][:4]) for one in found] == [("c-9", "key:")]
    assert found[0]["change"]
    other = new_tenant()
    assert api.http.get("/v2/audit-entries", params=search, headers=bearer(other)).json()["_embedded"] == []
    assert api.http.get("/v2/audit-entries", headers=bearer(other, READ)).status_code == 403
    assert (
        api.call("GET", f"/organizations/{other.organization_id}/audit-entries", status=404)["code"] == "E_ORGANIZATION_NOT_FOUND"
    )
