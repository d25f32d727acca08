"""Tax rules are stored, read, changed and written on; what cannot be a rule is refused with all that is wrong with it."""

from typing import Any

import pytest
from tests.factories.tenants import Tenant

PATH = "/tax/rules"
RULE: dict[str, Any] = {
    "taxRuleIdent": "builders",
    "country": "DE",
    "customerType": "B2B",
    "itemCategory": "SERVICE",
    "taxClassifications": ["BUILDER"],
    "variants": [{"taxRuleVariantIdent": "v-1", "applicableFrom": "2026-01-01", "taxRate": 0, "taxExemptionIdent": "VATEX-EU-AE"}],
}


def test_a_rule_is_answered_as_it_was_stored_and_can_be_sent_back(tenant: Tenant) -> None:
    made = tenant.call("POST", PATH, RULE)
    assert made.status == 201
    variant = {**RULE["variants"][0], "taxCategoryCode": "AE"}
    assert {k: v for k, v in made.body.items() if not k.endswith("At")} == {**RULE, "enabled": True, "variants": [variant]}
    assert tenant.call("GET", f"{PATH}/builders").body == made.body
    assert tenant.call("GET", f"{PATH}/builders/variants/v-1").body == variant
    again = tenant.call("PUT", f"{PATH}/builders", made.body)
    assert (again.status, again.body | {"lastModifiedAt": ""}) == (200, made.body | {"lastModifiedAt": ""})
    listed = tenant.call("GET", f"{PATH}?search=country==DE").body
    assert [row["taxRuleIdent"] for row in listed["_embedded"]] == ["builders"]
    assert tenant.call("GET", f"{PATH}?search=itemCategory==VOUCHER").body["_embedded"] == []
    assert tenant.broken() == []


def test_the_ident_may_be_left_out_or_called_ident(tenant: Tenant) -> None:
    body = {key: value for key, value in RULE.items() if key != "taxRuleIdent"}
    named = tenant.call("POST", PATH, {**body, "ident": "mine"})
    assert (named.status, named.body["taxRuleIdent"]) == (201, "mine")
    unnamed = tenant.call("POST", PATH, {**body, "country": "AT"})
    assert unnamed.status == 201
    assert len(unnamed.body["taxRuleIdent"]) == 36
    again = tenant.call("POST", PATH, {**body, "ident": "mine", "country": "FR"})
    assert (again.status, again.body["errors"][0]["error"]) == (409, "A tax rule 'mine' exists already.")


def test_the_time_line_is_written_on(tenant: Tenant) -> None:
    tenant.call("POST", PATH, RULE)
    added = tenant.call("POST", f"{PATH}/builders/variants", {"applicableFrom": "2027-01-01", "taxRate": 19, "taxName": "USt"})
    assert added.status == 201
    assert added.body["taxCategoryCode"] == "S"
    twice = tenant.call("POST", f"{PATH}/builders/variants", {"applicableFrom": "2027-01-01", "taxRate": 20})
    assert (twice.status, twice.body["errors"][0]["fieldName"]) == (400, "applicableFrom")
    same = {"taxRuleVariantIdent": "v-1", "applicableFrom": "2028-01-01", "taxRate": 20}
    assert tenant.call("POST", f"{PATH}/builders/variants", same).status == 409
    path = f"{PATH}/builders/variants/{added.body['taxRuleVariantIdent']}"
    changed = tenant.call("PUT", path, {"applicableFrom": "2027-02-01", "taxRate": 20})
    assert (changed.status, changed.body["applicableFrom"], changed.body["taxRate"]) == (200, "2027-02-01", 20)
    assert "taxName" not in changed.body
    days = [row["applicableFrom"] for row in tenant.call("GET", f"{PATH}/builders").body["variants"]]
    assert days == ["2026-01-01", "2027-02-01"]


@pytest.mark.parametrize(
    ("variant", "field"),
    [
        ({"taxRate": 0, "taxCategoryCode": "S"}, "taxRate"),
        ({"taxRate": 19, "taxCategoryCode": "AE"}, "taxRate"),
        ({"taxRate": 101}, "taxRate"),
        ({"taxRate": 0, "taxCategoryCode": "E"}, "taxExemptionIdent"),
        ({"taxRate": 0, "taxCategoryCode": "K", "taxExemptionIdent": "VATEX-EU-AE"}, "taxExemptionIdent"),
        ({"taxRate": 0, "taxCategoryCode": "E", "taxExemptionIdent": "VATEX-EU-IC"}, "taxExemptionIdent"),
        ({"taxRate": 19, "taxExemptionReason": "why"}, "taxExemptionReason"),
        ({"taxRate": 19, "taxExemptionIdent": "NO-CODE"}, "taxExemptionIdent"),
        ({"taxRate": "-1"}, "taxRate"),
        ({"taxRate": 19, "taxCode": ""}, "taxCode"),
        ({"taxRate": 19, "taxName": "x" * 256}, "taxName"),
    ],
)
def test_what_no_variant_can_say(tenant: Tenant, variant: dict[str, Any], field: str) -> None:
    refused = tenant.call("POST", PATH, RULE | {"variants": [{"applicableFrom": "2026-01-01", **variant}]})
    assert (refused.status, [found["fieldName"] for found in refused.body["errors"]]) == (400, [f"variants[0].{field}"])
    assert tenant.call("GET", f"{PATH}/builders").status == 404


def test_everything_that_is_wrong_is_said_at_once(tenant: Tenant) -> None:
    day = {"applicableFrom": "2026-01-01", "taxRate": 19}
    body = {"region": "Hessen", "operatingSiteIdent": "nowhere", "variants": [day, day | {"taxRate": 0, "taxCategoryCode": "E"}]}
    refused = tenant.call("POST", PATH, body)
    assert refused.status == 400
    fields = ["operatingSiteIdent", "region", "variants[1].applicableFrom", "variants[1].taxExemptionIdent"]
    assert [found["fieldName"] for found in refused.body["errors"]] == fields
    assert tenant.call("POST", PATH, {"country": "DE", "variants": []}).status == 400
    assert tenant.call("POST", PATH, {"country": "DE"}).status == 400


SAME = {"country": "DE", "variants": [{"applicableFrom": "2026-01-01", "taxRate": 19}]}


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ({}, {}, True),
        ({}, {"country": "AT"}, False),
        ({}, {"customerType": "B2B"}, False),
        ({"customerType": "B2B"}, {"customerType": "B2C"}, False),
        ({"vatIdPresent": True}, {"vatIdPresent": False}, False),
        ({"vatIdPresent": False}, {"vatIdPresent": False}, True),
        ({"region": "Tirol", "country": "AT"}, {"region": "TIROL", "country": "AT"}, True),
        ({"taxClassifications": ["A", "B"]}, {"taxClassifications": ["B", "C"]}, True),
        ({"taxClassifications": ["A", "B"]}, {"taxClassifications": ["C"]}, False),
        ({"taxScheme": "OSS"}, {"taxScheme": "OSS", "enabled": False}, False),
        ({"productTaxCode": "REDUCED"}, {"productTaxCode": "STANDARD"}, False),
        ({"itemCategory": "SERVICE"}, {"productTaxCode": "STANDARD"}, False),
        ({"country": "FR"}, {"country": "MC"}, True),  # the law of France holds in Monaco
    ],
)
def test_two_rules_of_equal_rank_are_refused_when_stored(
    tenant: Tenant, first: dict[str, Any], second: dict[str, Any], meet: bool
) -> None:
    assert tenant.call("POST", PATH, SAME | first | {"ident": "a"}).status == 201
    answer = tenant.call("POST", PATH, SAME | second | {"ident": "b"})
    assert answer.status == (400 if meet else 201)
    if meet:
        assert answer.body["errors"][0]["error"].startswith("asks for the same as a:")
    elif second.get("enabled") is False:
        assert tenant.call("PUT", f"{PATH}/b", {"country": "DE", **first}).status == 400
    assert tenant.broken() == []


def test_a_rule_that_is_changed_may_not_meet_another(tenant: Tenant) -> None:
    tenant.call("POST", PATH, SAME | {"ident": "a"})
    tenant.call("POST", PATH, SAME | {"ident": "b", "country": "AT"})
    refused = tenant.call("PUT", f"{PATH}/b", {"country": "DE"})
    assert refused.status == 400
    assert tenant.call("GET", f"{PATH}/b").body["country"] == "AT"
    assert tenant.call("PUT", f"{PATH}/b", {"country": "DE", "customerType": "b2c"}).body["customerType"] == "B2C"


def test_others_neither_see_nor_change_rules(tenant: Tenant, new_tenant: Any) -> None:
    tenant.call("POST", PATH, RULE)
    other = new_tenant()
    assert other.call("GET", PATH).body["_embedded"] == []
    variant = {"applicableFrom": "2027-01-01", "taxRate": 19}
    for method, path, body in (
        ("GET", "builders", None),
        ("PUT", "builders", {"country": "AT"}),
        ("POST", "builders/variants", variant),
        ("GET", "builders/variants/v-1", None),
        ("PUT", "builders/variants/v-1", variant),
    ):
        assert other.call(method, f"{PATH}/{path}", body).status == 404
    for method, path, body in (("POST", PATH, RULE), ("PUT", f"{PATH}/builders", {"country": "AT"})):
        assert tenant.call(method, path, body, permissions=("tax.read",)).status == 403
    assert tenant.call("GET", PATH, permissions=("documents.write",)).status == 403
    assert tenant.call("GET", f"{PATH}/builders/variants/v-9").status == 404
