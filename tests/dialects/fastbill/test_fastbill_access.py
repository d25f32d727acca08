"""Who may call: an e-mail and a key that belong together, for as long as they do, and as much as the plan allows."""

import base64
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.administrators import PASSWORD, Administrator
from tests.factories.fastbill import URL, XML_CODEC, Account, unlimited
from tests.factories.tenants import Tenant, a_tenant

from contor.api.codec import JSON
from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.serve import build_named
from contor.organizations.access import CreateApiKey, UpdateApiKey, create_api_key, pair_secret, update_api_key
from contor.organizations.environments import ChoosePlan, choose_plan
from contor.organizations.organizations import UpdateOrganization, update_organization
from contor.organizations.types import ApiKeyBody, ApiKeyPatch, OrganizationPatch
from contor.runtime.execute import Runtime

LIST = {"SERVICE": "customer.get"}


def basic(email: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{email}:{secret}".encode()).decode()}


def asked(http: TestClient, headers: dict[str, str]) -> Any:
    return http.post(URL, content=JSON.write(LIST), headers={**headers, "Content-Type": "application/json"})


def refused_alike(http: TestClient, headers: dict[str, str]) -> None:
    answer = asked(http, headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="FastBill API"'
    assert JSON.read(answer.content) == {"REQUEST": {"SERVICE": ""}, "RESPONSE": {"ERRORS": ["Invalid credentials"]}}


def test_wrong_credentials_are_refused_in_one_way(bare: Account, fastbill: TestClient) -> None:
    """Neither the words nor the envelope tell what was wrong."""
    key, secret = bare.tenant.api_key, bare.tenant.api_secret
    for email, text in (
        (bare.email, "wrong"),
        (bare.email, f"{key}.{secret}x"),
        (bare.email, f"{key}{secret}"),
        (bare.email, f"nobody.{secret}"),
        ("somebody@else.example", bare.secret),
        (bare.email + "\0", bare.secret),
        (bare.email, bare.secret + "x" * 5_000),
    ):
        refused_alike(fastbill, basic(email, text))
    assert asked(fastbill, basic(bare.email.upper(), bare.secret)).status_code == 200


def test_credentials_are_asked_for(fastbill: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic %%%"}, basic("", "")):
        answer = asked(fastbill, headers)
        assert answer.status_code == 401
        assert JSON.read(answer.content)["RESPONSE"] == {  # type: ignore[index]
            "ERRORS": ["Basic credentials are required: the e-mail of the account, and its API key."]
        }


def test_in_xml_the_refusal_is_xml(fastbill: TestClient) -> None:
    body = b"<FBAPI><SERVICE>customer.get</SERVICE></FBAPI>"
    answer = fastbill.post(URL, content=body, headers={"Content-Type": "application/xml"})
    assert answer.status_code == 401 and answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert XML_CODEC.read(answer.content)["RESPONSE"]["ERRORS"]  # type: ignore[index]


def test_a_member_is_known_by_his_own_email_once_he_accepted(bare: Account, client: TestClient) -> None:
    administrator = Administrator(client, bare.tenant)
    person = administrator.invite()
    mine = basic(person["email"], bare.secret)
    refused_alike(client, mine)
    assert administrator.join(person["email"], password=PASSWORD).status_code == 200
    assert asked(client, mine).status_code == 200
    administrator.call("DELETE", f"{administrator.own}/users/{person['_id']}")
    refused_alike(client, mine)


def owner(tenant: Tenant) -> Any:
    return dataclasses.replace(tenant.caller(), tenant_id=None)


def test_a_key_that_is_disabled_ends_at_once(bare: Account, fastbill: TestClient) -> None:
    tenant = bare.tenant
    made = tenant.runtime.execute(
        create_api_key, CreateApiKey(str(tenant.organization_id), ApiKeyBody(name="second")), owner(tenant)
    )
    mine = basic(bare.email, pair_secret(made.row.key, made.secret))
    assert asked(fastbill, mine).status_code == 200
    for status, expected in (("disabled", 401), ("enabled", 200)):
        change = UpdateApiKey(str(tenant.organization_id), str(made.row.id), ApiKeyPatch(status=status))  # type: ignore[arg-type]
        tenant.runtime.execute(update_api_key, change, owner(tenant))
        assert asked(fastbill, mine).status_code == expected


def test_an_email_that_is_no_longer_the_organizations_ends_at_once(bare: Account, fastbill: TestClient) -> None:
    tenant = bare.tenant
    assert asked(fastbill, bare.headers).status_code == 200
    change = UpdateOrganization(str(tenant.organization_id), OrganizationPatch(email="new@test.example"))
    tenant.runtime.execute(update_organization, change, owner(tenant))
    refused_alike(fastbill, bare.headers)
    assert asked(fastbill, basic("new@test.example", bare.secret)).status_code == 200


def test_an_add_on_acts_for_the_user_whom_it_names(bare: Account, fastbill: TestClient, new_tenant: Callable[[], Tenant]) -> None:
    add_on = Account(unlimited(new_tenant()), fastbill)
    user = {"X-Username": bare.email, "X-Password": bare.secret}
    bare.call("customer.create", {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster Handel GmbH"})
    answer = JSON.read(asked(fastbill, {**add_on.headers, **user}).content)
    assert [one["ORGANIZATION"] for one in answer["RESPONSE"]["CUSTOMERS"]] == ["Muster Handel GmbH"]  # type: ignore[index]
    refused_alike(fastbill, {**add_on.headers, **user, "X-Password": "wrong.wrong"})
    refused_alike(fastbill, {**add_on.headers, "X-Username": bare.email})
    refused_alike(fastbill, {**basic(add_on.email, "wrong.wrong"), **user})


def test_an_add_on_may_do_no_more_than_its_own_key(bare: Account, fastbill: TestClient, new_tenant: Callable[[], Tenant]) -> None:
    other = new_tenant()
    body = ApiKeyBody(name="reader", scopes=("nbx-customer-management-read",))
    made = other.runtime.execute(create_api_key, CreateApiKey(str(other.organization_id), body), owner(other))
    add_on = basic(f"{other.realm}@test.example", pair_secret(made.row.key, made.secret))
    headers = {**add_on, "X-Username": bare.email, "X-Password": bare.secret}
    assert "CUSTOMERS" in JSON.read(asked(fastbill, headers).content)["RESPONSE"]  # type: ignore[operator,index]
    create = {"SERVICE": "customer.create", "DATA": {"CUSTOMER_TYPE": "business", "ORGANIZATION": "X"}}
    answer = JSON.read(fastbill.post(URL, content=JSON.write(create), headers=headers).content)
    assert answer["RESPONSE"] == {"ERRORS": ["This needs the right to change customers."]}  # type: ignore[index]


def test_a_key_does_what_its_scopes_allow(bare: Account, fastbill: TestClient) -> None:
    tenant = bare.tenant
    body = ApiKeyBody(name="reader", scopes=("nbx-product-management-read",))
    made = tenant.runtime.execute(create_api_key, CreateApiKey(str(tenant.organization_id), body), owner(tenant))
    answer = asked(fastbill, basic(bare.email, pair_secret(made.row.key, made.secret)))
    assert answer.status_code == 200
    assert JSON.read(answer.content)["RESPONSE"] == {"ERRORS": ["This needs the right to read customers."]}  # type: ignore[index]


@pytest.fixture
def counting(runtime: Runtime) -> TestClient:
    """An application of its own, which has counted nothing yet."""
    return TestClient(build_named(FASTBILL, SERVICES, runtime), raise_server_exceptions=False)


def test_the_plan_says_how_much_may_be_asked(runtime: Runtime, counting: TestClient) -> None:
    tenant = a_tenant(runtime)
    account = Account(tenant, counting)
    runtime.execute(choose_plan, ChoosePlan(tenant.realm, "SOLO"), owner(tenant))
    first = asked(counting, account.headers)
    assert first.headers["X-RateLimit-Limit"] == "50" and first.headers["X-RateLimit-Remaining"] == "49"
    assert [asked(counting, account.headers).status_code for _ in range(49)] == [200] * 49
    over = asked(counting, account.headers)
    assert over.status_code == 429 and 0 < int(over.headers["Retry-After"]) <= 3_600
    assert JSON.read(over.content)["RESPONSE"]["ERRORS"][0].startswith("Too many requests: 50 within 3600 s")  # type: ignore[index]
    runtime.execute(choose_plan, ChoosePlan(tenant.realm, "UNLIMITED"), owner(tenant))
    assert asked(counting, account.headers).status_code == 200


def test_five_hundred_a_minute_are_allowed_by_default(runtime: Runtime, counting: TestClient) -> None:
    assert asked(counting, Account(a_tenant(runtime), counting).headers).headers["X-RateLimit-Limit"] == "500"


def test_who_guesses_too_often_has_to_wait(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "config", dataclasses.replace(runtime.config, login_tries=12))
    guessing = TestClient(build_named(FASTBILL, SERVICES, runtime), raise_server_exceptions=False)
    account = Account(a_tenant(runtime), guessing)
    codes = [asked(guessing, basic(account.email, "a.b")).status_code for _ in range(4)]
    assert codes[0] == 401 and codes[-1] == 429
    assert asked(guessing, account.headers).status_code == 429
