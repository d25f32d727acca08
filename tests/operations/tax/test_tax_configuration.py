"""How taxes are determined is said for the tenant, and for a billing group instead."""

from tests.factories.tenants import Tenant

from contor.tax.configuration import configurations

PATH = "/tax/configuration"
DEFAULTS = {
    "defaultProvider": "NITROBOX",
    "vatIdValidation": False,
    "providerDownBehaviour": "ISSUE_WITH_LAST_PROOF",
    "maxProofAgeInHours": 24,
}


def test_what_the_tenant_does_not_say_stays_and_null_is_the_default(tenant: Tenant) -> None:
    assert tenant.call("GET", PATH).body == DEFAULTS
    said = tenant.call("POST", PATH, {"vatIdValidation": True, "maxProofAgeInHours": 6})
    assert (said.status, said.body) == (200, DEFAULTS | {"vatIdValidation": True, "maxProofAgeInHours": 6})
    again = tenant.call("POST", PATH, {"providerDownBehaviour": "HOLD", "maxProofAgeInHours": None})
    assert again.body == DEFAULTS | {"vatIdValidation": True, "providerDownBehaviour": "HOLD"}
    assert tenant.call("GET", PATH).body == again.body


def test_a_group_overrides_its_tenant_in_what_it_says(furnished: Tenant) -> None:
    tenant = furnished
    groups = [group["billingGroupIdent"] for group in tenant.call("GET", "/billing-groups").body["_embedded"]]
    path = f"{PATH}/billing-groups/{groups[0]}"
    assert tenant.call("GET", path).body == {"billingGroupIdent": groups[0], "effective": DEFAULTS}
    said = tenant.call("POST", path, {"vatIdValidation": True})
    expected = {"billingGroupIdent": groups[0], "vatIdValidation": True, "effective": DEFAULTS | {"vatIdValidation": True}}
    assert (said.status, said.body) == (200, expected)
    tenant.call("POST", PATH, {"providerDownBehaviour": "TAX_AS_B2C"})
    expected["effective"] |= {"providerDownBehaviour": "TAX_AS_B2C"}
    assert tenant.call("GET", path).body == expected
    assert "vatIdValidation" not in tenant.call("POST", path, {}).body


def test_a_batch_reads_all_of_it_at_once(furnished: Tenant) -> None:
    tenant = furnished
    group = tenant.call("GET", "/billing-groups").body["_embedded"][0]["billingGroupIdent"]
    tenant.call("POST", PATH, {"vatIdValidation": True})
    tenant.call("POST", f"{PATH}/billing-groups/{group}", {"providerDownBehaviour": "HOLD"})

    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        found = configurations(uow)
    held = [(it.vat_id_validation, it.provider_down_behaviour) for it in map(found.of, (group, "another", None))]
    assert held == [(True, "HOLD"), (True, "ISSUE_WITH_LAST_PROOF"), (True, "ISSUE_WITH_LAST_PROOF")]


def test_what_no_configuration_can_be(tenant: Tenant) -> None:
    wrong = {"defaultProvider": "NOBODY", "vatIdValidation": "yes", "maxProofAgeInHours": 0, "providerDownBehaviour": "WAIT"}
    refused = tenant.call("POST", PATH, wrong)
    assert (refused.status, {found["fieldName"] for found in refused.body["errors"]}) == (400, set(wrong))
    assert tenant.call("GET", PATH).body == DEFAULTS


def test_a_group_that_does_not_exist_has_none(tenant: Tenant) -> None:
    for method, body in (("GET", None), ("POST", {"vatIdValidation": True})):
        assert tenant.call(method, f"{PATH}/billing-groups/nowhere", body).status == 404
