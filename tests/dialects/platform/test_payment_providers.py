"""Payment providers and settlement sources over the API: what is asked with stays secret, what would have no effect is refused."""

from typing import Any

import pytest
from tests.factories.bodies import but
from tests.factories.payers import MERCHANT, stock
from tests.factories.tenants import Tenant

PROVIDERS = "/payment-providers"
SOURCES = f"{PROVIDERS}/7/settlement-sources"
STRIPE: dict[str, Any] = {
    "id": 7,
    "name": "STRIPE",
    "credentials": [{"name": "apiKey", "value": "sk_test_hush"}, {"name": "webhookSecret", "value": "whsec_hush"}],
}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMd2bHG6U10Fp+x6IRLPxFII3NdJD2ImJWVYEUaLMLZE"
SFTP: dict[str, Any] = {
    "ident": "files",
    "type": "SFTP",
    "format": "CAMT",
    "schedule": "DAILY",
    "host": "sftp.bank.example",
    "port": 2222,
    "directory": "/out",
    "userName": "elbe",
    "hostKey": KEY,
    "credentials": [{"name": "password", "value": "pw_hush"}],
}


def refused(answer: Any) -> list[str]:
    assert answer.status == 400, answer.body
    return sorted(error["fieldName"] for error in answer.body["errors"])


def test_a_provider_is_registered_and_its_credentials_are_never_told(tenant: Tenant) -> None:
    made = tenant.call("POST", PROVIDERS, STRIPE)
    assert (made.status, made.body["id"], made.body["credentialNames"]) == (201, 7, ["apiKey", "webhookSecret"])
    assert made.body["capabilities"]["methods"] == ["DIRECT_DEBIT", "CREDIT_CARD"]
    tenant.call("POST", SOURCES, SFTP)
    tenant.call("PUT", f"{PROVIDERS}/7", {"credentials": [{**one, "value": "new_hush"} for one in STRIPE["credentials"]]})
    answers = [tenant.call("GET", path).body for path in (PROVIDERS, f"{PROVIDERS}/7", f"{SOURCES}/files", "/audit-entries")]
    stored = [
        tenant.rows(f"SELECT to_jsonb(t)::text FROM {table} t")
        for table in ("payment_provider", "settlement_source", "audit_entry")
    ]
    assert "hush" not in str(answers) + str(stored)
    assert tenant.call("POST", PROVIDERS, STRIPE).status == 409
    drawn = tenant.call("POST", PROVIDERS, {"name": "ADYEN"}).body
    assert drawn["capabilities"] == {"methods": [], "currencies": [], "refunds": False, "partialRefunds": False, "payouts": False}
    assert tenant.call("GET", f"{PROVIDERS}/{drawn['id']}").body == drawn
    assert tenant.broken() == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"credentials": []}, ["credentials", "credentials"]),
        ({"credentials": STRIPE["credentials"][:1]}, ["credentials"]),
        ({"credentials": [*STRIPE["credentials"], {"name": "password", "value": "x"}]}, ["credentials[2].name"]),
        ({"credentials": [*STRIPE["credentials"], STRIPE["credentials"][0]]}, ["credentials[2].name"]),
        ({"name": "SEPA_FILE"}, ["credentials[0].name", "credentials[1].name"]),
        ({"name": "BANK_OF_NOWHERE"}, ["name"]),
    ],
)
def test_credentials_are_those_that_the_provider_is_asked_with(tenant: Tenant, change: dict[str, Any], found: list[str]) -> None:
    assert refused(tenant.call("POST", PROVIDERS, {**STRIPE, **change})) == found


def test_a_simulated_provider_serves_test_environments_alone(tenant: Tenant) -> None:
    assert tenant.call("POST", PROVIDERS, {"name": "SIMULATED"}).status == 201
    assert refused(tenant.live().call("POST", PROVIDERS, {"name": "SIMULATED"})) == ["name"]


def test_a_provider_in_use_is_not_deleted(tenant: Tenant) -> None:
    tenant.call("POST", PROVIDERS, {"id": 1, "name": "SEPA_FILE"})
    stock(tenant)
    assert tenant.call("DELETE", f"{PROVIDERS}/1").status == 409  # our account is kept at it
    tenant.call("PUT", "/merchant-payment-gateways/main", {"name": "Main"})
    assert tenant.call("DELETE", f"/merchant-payment-accounts/{MERCHANT['ident']}").status == 204
    assert tenant.call("POST", f"{PROVIDERS}/1/settlement-sources", SFTP).status == 201
    assert tenant.call("DELETE", f"{PROVIDERS}/1").status == 409  # files come from it
    assert tenant.call("DELETE", f"{PROVIDERS}/1/settlement-sources/files").status == 204
    assert tenant.call("DELETE", f"{PROVIDERS}/1").status == 204
    assert tenant.call("GET", f"{PROVIDERS}/1").status == 404
    assert tenant.call("GET", f"{PROVIDERS}/one").status == 404


def test_a_source_is_kept_and_changed(tenant: Tenant) -> None:
    tenant.call("POST", PROVIDERS, {"id": 7, "name": "COMMERZBANK"})
    made = tenant.call("POST", SOURCES, SFTP)
    shown = {**but(SFTP, credentials=None), "credentialNames": ["password"], "paymentProviderId": 7}
    assert (made.status, {name: made.body[name] for name in shown}) == (201, shown)
    again = tenant.call("PUT", f"{SOURCES}/files", made.body)
    assert but(again.body, lastModifiedAt=None) == but(made.body, lastModifiedAt=None)
    changed = tenant.call("PUT", f"{SOURCES}/files", {**SFTP, "credentials": [{"name": "privateKey", "value": "-----BEGIN"}]})
    assert changed.body["credentialNames"] == ["privateKey"]
    assert tenant.call("PUT", f"{SOURCES}/files", but(SFTP, credentials=None, schedule="MANUAL")).body["credentialNames"] == [
        "privateKey"
    ]
    assert tenant.call("POST", SOURCES, SFTP).status == 409
    upload = tenant.call("PUT", f"{SOURCES}/files", {"type": "UPLOAD", "format": "MT940"})
    assert upload.body["credentialNames"] == []
    assert refused(tenant.call("PUT", f"{SOURCES}/files", but(SFTP, credentials=None))) == ["credentials"]
    assert tenant.call("GET", f"{SOURCES}/none").status == 404
    assert tenant.call("POST", f"{PROVIDERS}/8/settlement-sources", SFTP).status == 404
    assert tenant.broken() == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"type": "SFTP", "format": "CAMT"}, ["credentials", "host", "hostKey", "userName"]),
        ({**SFTP, "hostKey": "anything"}, ["hostKey"]),
        *(
            ({**SFTP, "host": host}, ["host"])
            for host in ("a b", "127.0.0.1:22", "a.example:22", "..", "a..b", ".", "a.b:", ":::", "1:2")
        ),
        *(({**SFTP, name: "elbe\nx"}, [name]) for name in ("userName", "directory")),
        ({**SFTP, "credentials": [{"name": "apiKey", "value": "x"}]}, ["credentials", "credentials[0].name"]),
        ({"type": "UPLOAD", "format": "CAMT", "schedule": "DAILY"}, ["schedule"]),
        ({"type": "UPLOAD", "format": "CAMT", "host": "x", "port": 23}, ["host", "port"]),
        ({"type": "UPLOAD", "format": "CAMT", "remove": True}, ["remove"]),
        ({"type": "UPLOAD", "format": "CAMT", "directory": "x"}, ["directory"]),
        ({"type": "API", "format": "STRIPE_BALANCE_TRANSACTIONS", "schedule": "HOURLY"}, ["type"]),
        *(({"type": "DIRECTORY", "format": "CAMT", "directory": name}, ["directory"]) for name in (None, "a/b", "..", "done")),
        ({"type": "DIRECTORY", "format": "CAMT", "directory": "x", "credentials": SFTP["credentials"]}, ["credentials[0].name"]),
        ({**SFTP, "merchantPaymentAccountIdent": "none"}, ["merchantPaymentAccountIdent"]),
    ],
)
def test_what_would_have_no_effect_is_refused(tenant: Tenant, body: dict[str, Any], found: list[str]) -> None:
    tenant.call("POST", PROVIDERS, {"id": 7, "name": "COMMERZBANK"})
    assert refused(tenant.call("POST", SOURCES, body)) == found


@pytest.mark.parametrize(
    "host", ["sftp.bank.example", "sftp.bank.example.", "bank_1", "10.0.0.1", "2001:db8::7", "::ffff:10.0.0.1"]
)
def test_a_host_is_a_name_or_an_address(tenant: Tenant, host: str) -> None:
    tenant.call("POST", PROVIDERS, {"id": 7, "name": "COMMERZBANK"})
    assert tenant.call("POST", SOURCES, {**SFTP, "host": host}).body["host"] == host


def test_what_is_wrong_says_what_is_expected(tenant: Tenant) -> None:
    tenant.call("POST", PROVIDERS, {"id": 7, "name": "COMMERZBANK"})

    def said(**change: Any) -> str:
        return str(tenant.call("POST", SOURCES, {**SFTP, **change}).body["message"])

    assert said(host="127.0.0.1:22") == "host must be an address or a host's name, without a port"
    assert said(userName="a\nb") == "userName must be a text of one line"
    assert said(credentials=[]) == "credentials lack password or privateKey"


def test_the_sources_of_a_provider_are_listed(tenant: Tenant) -> None:
    for number in (7, 8):
        tenant.call("POST", PROVIDERS, {"id": number, "name": "COMMERZBANK"})
        assert tenant.call("POST", f"{PROVIDERS}/{number}/settlement-sources", {**SFTP, "ident": f"of-{number}"}).status == 201
    listed = tenant.call("GET", SOURCES).body["_embedded"]
    assert listed == [tenant.call("GET", f"{SOURCES}/of-7").body]
    assert "hush" not in str(listed)
    assert tenant.call("GET", f"{PROVIDERS}/9/settlement-sources").status == 404
