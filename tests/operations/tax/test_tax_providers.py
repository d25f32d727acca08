"""Who determines taxes where: what a provider lacks is said when it is chosen, what it is asked with is never shown."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.avataxes import COMPANY, PASSWORD, USER
from tests.factories.bodies import GROUP
from tests.factories.tenants import Tenant

PROVIDERS = "/tax/providers"
CONFIGURATIONS = f"{PROVIDERS}/configurations"
AVALARA = f"{PROVIDERS}/AVALARA"
CREDENTIALS = {"username": USER, "password": PASSWORD}
PROPERTIES = {"properties": [{"key": "companyCode", "value": COMPANY}]}


def refused(answer: Any) -> list[tuple[str | None, str]]:
    assert answer.status == 400, answer.body
    return [(one.get("fieldName"), one["error"]) for one in answer.body["errors"]]


def equip(tenant: Tenant) -> None:
    assert tenant.call("POST", f"{AVALARA}/credentials", CREDENTIALS).status == 200
    assert tenant.call("POST", f"{AVALARA}/properties", PROPERTIES).status == 201


def test_a_provider_says_what_it_lacks_when_it_is_chosen(tenant: Tenant) -> None:
    assert [field for field, _ in refused(tenant.call("POST", f"{CONFIGURATIONS}/US", {"provider": "AVALARA"}))] == ["provider"] * 2
    tenant.call("POST", f"{AVALARA}/credentials", CREDENTIALS)
    ((field, said),) = refused(tenant.call("POST", f"{CONFIGURATIONS}/US", {"provider": "AVALARA"}))
    assert (field, said) == ("provider", "AVALARA lacks its property companyCode: POST /v2/tax/providers/AVALARA/properties")
    tenant.call("POST", f"{AVALARA}/properties", PROPERTIES)
    made = tenant.call("POST", f"{CONFIGURATIONS}/USA", {"provider": "AVALARA"})
    assert (made.status, made.body) == (200, {"country": "US", "provider": "AVALARA"})


def test_a_provider_that_is_not_built_says_so_at_once(tenant: Tenant) -> None:
    said = "FINANCE_ENABLER is not built: its taxes can be determined by NITROBOX, or by AVALARA"
    assert refused(tenant.call("POST", f"{CONFIGURATIONS}/FR", {"provider": "FINANCE_ENABLER"})) == [("provider", said)]
    assert refused(tenant.call("POST", f"{PROVIDERS}/FINANCE_ENABLER/credentials", CREDENTIALS)) == [("provider", said)]
    assert ("provider", said) in refused(tenant.call("POST", f"{PROVIDERS}/FINANCE_ENABLER/properties", PROPERTIES))
    assert refused(tenant.call("POST", "/tax/configuration", {"defaultProvider": "FINANCE_ENABLER"})) == [("defaultProvider", said)]
    assert refused(tenant.call("POST", "/tax/configuration", {"defaultProvider": "AVALARA"})) != []
    assert tenant.call("GET", "/tax/configuration").body["defaultProvider"] == "NITROBOX"
    equip(tenant)
    assert tenant.call("POST", "/tax/configuration", {"defaultProvider": "AVALARA"}).status == 200


def test_countries_and_groups_have_their_providers(tenant: Tenant) -> None:
    equip(tenant)
    tenant.call("POST", "/billing-groups", GROUP)
    put = [
        tenant.call("POST", f"{CONFIGURATIONS}/{country}", {"provider": provider, **more})
        for country, provider, more in (
            ("US", "AVALARA", {}),
            ("CA", "AVALARA", {"billingGroupIdent": "g-1"}),
            ("DE", "NITROBOX", {}),
            ("US", "NITROBOX", {"billingGroupIdent": "g-1"}),
            ("US", "AVALARA", {}),
        )
    ]
    assert [one.status for one in put] == [200] * 5
    listed = tenant.call("GET", CONFIGURATIONS).body["configurations"]
    assert listed == [
        {"country": "CA", "billingGroupIdent": "g-1", "provider": "AVALARA"},
        {"country": "DE", "provider": "NITROBOX"},
        {"country": "US", "provider": "AVALARA"},
        {"country": "US", "billingGroupIdent": "g-1", "provider": "NITROBOX"},
    ]
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/US/billing-groups/g-1").status == 204
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/US/billing-groups/g-1").status == 404
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/US/billing-groups/none").status == 404
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/DE").status == 204
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/DE").status == 404
    assert [one["country"] for one in tenant.call("GET", CONFIGURATIONS).body["configurations"]] == ["CA", "US"]
    wrong = tenant.call("POST", f"{CONFIGURATIONS}/XX", {"provider": "FINANCE_ENABLER", "billingGroupIdent": "none"})
    assert sorted(str(field) for field, _ in refused(wrong)) == ["billingGroupIdent", "country", "provider"]
    assert tenant.broken() == []


def test_what_is_in_use_stays(tenant: Tenant) -> None:
    equip(tenant)
    tenant.call("POST", f"{CONFIGURATIONS}/US", {"provider": "AVALARA"})
    for what in ("credentials", "properties"):
        answer = tenant.call("DELETE", f"{AVALARA}/{what}")
        assert (answer.status, answer.body["message"][:22]) == (409, "AVALARA determines tax")
    tenant.call("DELETE", f"{CONFIGURATIONS}/US")
    assert [tenant.call("DELETE", f"{AVALARA}/{what}").status for what in ("credentials", "properties")] == [204, 204]
    assert [tenant.call("DELETE", f"{AVALARA}/{what}").status for what in ("credentials", "properties")] == [404, 404]


def test_the_user_name_alone_is_ever_shown(tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    equip(tenant)
    made = tenant.call("POST", f"{AVALARA}/credentials", {"username": "other", "password": "new_hush"})
    assert made.body == {"provider": "AVALARA", "username": "other"}
    assert tenant.call("GET", f"{AVALARA}/credentials").body == made.body
    assert tenant.call("GET", f"{PROVIDERS}/credentials").body == {"credentials": [made.body]}
    assert tenant.call("GET", PROVIDERS).body == {
        "providers": [{"provider": "NITROBOX"}, {"provider": "AVALARA", "username": "other"}]
    }
    shown = [tenant.call("GET", path).body for path in (CONFIGURATIONS, f"{AVALARA}/properties", "/audit-entries")]
    stored = [
        tenant.rows(f"SELECT to_jsonb(t)::text FROM {table} t") for table in ("tax_provider_credential", "audit_entry", "event")
    ]
    assert "hush" not in str(shown) + str(stored) + caplog.text


def test_providers_that_need_nothing_are_given_nothing(tenant: Tenant) -> None:
    assert tenant.call("GET", PROVIDERS).body == {"providers": [{"provider": "NITROBOX"}]}
    assert [field for field, _ in refused(tenant.call("POST", f"{PROVIDERS}/NITROBOX/credentials", CREDENTIALS))] == ["provider"]
    for what in ("credentials", "properties"):
        assert tenant.call("GET", f"{AVALARA}/{what}").status == 404
        assert tenant.call("GET", f"{PROVIDERS}/NOBODY/{what}").status == 404
    assert tenant.call("PUT", f"{AVALARA}/properties", PROPERTIES).status == 404
    assert refused(tenant.call("POST", f"{AVALARA}/credentials", {"username": "", "password": "x" * 1001})) != []


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({}, ["properties"]),
        ({"companyCode": "x" * 26}, ["properties[0].value"]),
        ({"companyCode": "A", "nexus": "US-CA, CA"}, []),
        ({"companyCode": "A", "nexus": "everywhere"}, ["properties[1].value"]),
        ({"companyCode": "A", "nexus": "XX"}, ["properties[1].value"]),
        ({"companyCode": "A", "environment": "PRODUCTION"}, ["properties[1].value"]),
        ({"companyCode": "A", "environment": "SANDBOX"}, []),
        ({"companyCode": "A", "environment": "elsewhere"}, ["properties[1].value"]),
        ({"companyCode": "A", "taxCode.SERVICE": "SW052000"}, []),
        ({"companyCode": "A", "taxCode.NOTHING": "SW052000"}, ["properties[1].key"]),
        ({"companyCode": "A", "colour": "blue"}, ["properties[1].key"]),
    ],
)
def test_each_property_has_an_effect_or_is_refused(tenant: Tenant, properties: dict[str, str], found: list[str]) -> None:
    body = {"properties": [{"key": key, "value": value} for key, value in properties.items()]}
    answer = tenant.call("POST", f"{AVALARA}/properties", body)
    if found:
        assert [field for field, _ in refused(answer)] == found
        return
    assert (answer.status, answer.body) == (201, {"provider": "AVALARA", **body})
    assert tenant.call("POST", f"{AVALARA}/properties", body).status == 409
    changed = {"properties": [*body["properties"][:1]]}
    assert tenant.call("PUT", f"{AVALARA}/properties", changed).body == {"provider": "AVALARA", **changed}
    assert tenant.call("GET", f"{AVALARA}/properties").body == {"provider": "AVALARA", **changed}


def test_a_property_is_said_once(tenant: Tenant) -> None:
    body = {"properties": [{"key": "companyCode", "value": "A"}] * 2}
    assert [field for field, _ in refused(tenant.call("POST", f"{AVALARA}/properties", body))] == ["properties[1].key"]


def test_who_may_not_does_not(tenant: Tenant, new_tenant: Callable[[], Tenant]) -> None:
    equip(tenant)
    reading = ("tax.read",)
    assert tenant.call("POST", f"{AVALARA}/credentials", CREDENTIALS, permissions=reading).status == 403
    assert tenant.call("DELETE", f"{AVALARA}/properties", permissions=reading).status == 403
    assert tenant.call("POST", f"{CONFIGURATIONS}/US", {"provider": "AVALARA"}, permissions=reading).status == 403
    assert tenant.call("GET", f"{AVALARA}/credentials", permissions=("customers.read",)).status == 403
    other = new_tenant()
    assert other.call("GET", f"{AVALARA}/credentials").status == 404
    assert other.call("GET", f"{PROVIDERS}/credentials").body == {"credentials": []}
