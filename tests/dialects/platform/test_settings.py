"""Billing groups and segments, operating sites, tax registrations, aggregation and output over the API."""

from typing import Any

import pytest
from tests.factories.bodies import AGGREGATION, GROUP, SITE, but
from tests.factories.tenants import Tenant

SITES = "/billing/configuration/operating-sites"
SECOND_GROUP = but(GROUP, billingGroupIdent="g-2", businessSegments=[{"segmentIdent": "t-1", "name": "T"}])
AGGREGATIONS = "/billing/configuration/aggregation"


def segments(tenant: Tenant) -> list[tuple[str, bool]]:
    listed = tenant.call("GET", "/business-segments").body["_embedded"]
    return [(row["segmentIdent"], row["default"]) for row in listed]


# --- billing groups ------------------------------------------------------------------------------------------------------------


def test_a_group_with_its_segments(tenant: Tenant) -> None:
    made = tenant.call("POST", "/billing-groups", GROUP)
    assert made.status == 201
    shown = {name: value for name, value in made.body.items() if name in GROUP}
    assert shown == {
        **GROUP,
        "businessSegments": [
            {"segmentIdent": "s-1", "name": "Shop", "billingGroupIdent": "g-1", "default": True},
            {"segmentIdent": "s-2", "name": "Fair", "description": "Trade fairs", "billingGroupIdent": "g-1", "default": False},
        ],
    }
    assert {name: made.body[name] for name in ("documentCorrectionMode", "optionPriceDetermination", "finalInvoiceMethod")} == {
        "documentCorrectionMode": "ITEM_BASED",
        "optionPriceDetermination": "TAX_LOCATION",
        "finalInvoiceMethod": "REMAINDER",
    }
    assert made.body["defaultBillingGroup"] is True
    assert tenant.call("GET", "/billing-groups/g-1").body == made.body


def test_what_is_billed_here_takes_no_numbers_from_outside(tenant: Tenant) -> None:
    wanted = [
        {"documentType": "INVOICE", "externalNumber": "FORBIDDEN"},
        {"documentType": "CREDIT_MEMO", "externalNumber": "REQUIRED"},
    ]
    body = but(GROUP, billing=None, documentNumberConfiguration=wanted)
    (error,) = tenant.call("POST", "/billing-groups", body).body["errors"]
    assert (error["fieldName"], error["rejectedValue"]) == ("documentNumberConfiguration[1].externalNumber", "REQUIRED")
    assert tenant.call("POST", "/billing-groups", but(body, documentNumberConfiguration=wanted[:1])).status == 201
    assert tenant.call("POST", "/billing-groups", but(SECOND_GROUP, documentNumberConfiguration=wanted)).status == 201


def test_one_default_segment_in_the_tenant(tenant: Tenant) -> None:
    tenant.call("POST", "/billing-groups", GROUP)
    second = tenant.call(
        "POST", "/billing-groups", but(GROUP, billingGroupIdent="g-2", businessSegments=[{"segmentIdent": "t-1", "name": "T"}])
    )
    assert second.body["defaultBillingGroup"] is False
    assert segments(tenant) == [("s-1", True), ("s-2", False), ("t-1", False)]
    moved = tenant.call("POST", "/billing-groups/g-2/business-segments/t-1/actions/set-as-default")
    assert (moved.status, moved.body["default"]) == (200, True)
    assert segments(tenant) == [("s-1", False), ("s-2", False), ("t-1", True)]
    flags = {
        row["billingGroupIdent"]: row["defaultBillingGroup"] for row in tenant.call("GET", "/billing-groups").body["_embedded"]
    }
    assert flags == {"g-1": False, "g-2": True}
    for ident in ("s-2", "s-1", "s-2"):
        assert tenant.call("POST", f"/billing-groups/g-1/business-segments/{ident}/actions/set-as-default").status == 200
    assert segments(tenant) == [("s-1", False), ("s-2", True), ("t-1", False)]


def test_what_can_be_deleted(tenant: Tenant) -> None:
    """Neither the default segment, nor the last of its group, nor the default group; anything else goes."""
    tenant.call("POST", "/billing-groups", GROUP)
    tenant.call(
        "POST", "/billing-groups", but(GROUP, billingGroupIdent="g-2", businessSegments=[{"segmentIdent": "t-1", "name": "T"}])
    )
    refused = [
        tenant.call("DELETE", path).status
        for path in (
            "/billing-groups/g-1/business-segments/s-1",
            "/billing-groups/g-2/business-segments/t-1",
            "/billing-groups/g-1",
        )
    ]
    assert refused == [409, 409, 409]
    assert tenant.call("DELETE", "/billing-groups/g-1/business-segments/s-2").status == 204
    assert tenant.call("DELETE", "/billing-groups/g-2").status == 204
    assert segments(tenant) == [("s-1", True)]
    assert tenant.call("GET", "/billing-groups").body["page"]["totalElements"] == 1


def test_a_segment_is_added_and_replaced(tenant: Tenant) -> None:
    tenant.call("POST", "/billing-groups", GROUP)
    added = tenant.call("POST", "/billing-groups/g-1/business-segments", {"segmentIdent": "s-3", "name": "B"})
    assert (added.status, added.body) == (201, {"segmentIdent": "s-3", "name": "B", "billingGroupIdent": "g-1", "default": False})
    replaced = tenant.call("PUT", "/billing-groups/g-1/business-segments/s-3", {"name": "C", "description": "D"})
    assert (replaced.body["name"], replaced.body["description"]) == ("C", "D")
    again = tenant.call("POST", "/billing-groups/g-1/business-segments", {"segmentIdent": "s-3", "name": "B"})
    assert again.status == 409
    renamed = tenant.call("PUT", "/billing-groups/g-1/business-segments/s-3", {"segmentIdent": "s-4", "name": "C"})
    assert renamed.status == 400
    assert tenant.call("GET", "/billing-groups/g-2/business-segments/s-3").status == 404


def test_group_update_replaces_the_mutable_part(tenant: Tenant) -> None:
    tenant.call("POST", "/billing-groups", GROUP)
    body = {
        "name": "New",
        "localeConfiguration": [{"country": "AUT"}],
        "depositInvoiceCreation": "AT_ORDER_CREATION",
        "finalInvoiceMethod": "FINAL",
        "contractDocumentDateDetermination": "BILLING_PERIOD",
        "documentCorrectionMode": "DOCUMENT_BASED",
    }
    updated = tenant.call("PUT", "/billing-groups/g-1", body)
    assert updated.status == 200
    locale = [{"country": "AT", "regions": [], "defaultLanguage": "de", "fallbackLanguage": "en"}]
    assert {name: updated.body[name] for name in body} == {**body, "localeConfiguration": locale}
    assert (updated.body["billing"], updated.body["depositReceivableRelevant"]) == ("EXTERNAL_BILLING", False)
    assert [s["segmentIdent"] for s in updated.body["businessSegments"]] == ["s-1", "s-2"]
    assert tenant.call("PUT", "/billing-groups/g-1", {**body, "billing": "NBX_BILLING"}).status == 400


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"businessSegments": []}, "businessSegments"),
        ({"localeConfiguration": []}, "localeConfiguration"),
        ({"currencyRoundingOverrides": [{"currency": "JPY", "decimals": 1}]}, "currencyRoundingOverrides[0].decimals"),
        ({"currencyRoundingOverrides": [{"currency": "ABC", "decimals": 0}]}, "currencyRoundingOverrides[0].currency"),
        ({"currencyRoundingOverrides": [{"currency": "EUR", "decimals": -1}]}, "currencyRoundingOverrides[0].decimals"),
        (
            {"localeConfiguration": [{"country": "AT"}, {"country": "AUT", "defaultLanguage": "en"}]},
            "localeConfiguration[1].country",
        ),
        ({"billing": "INTERNAL"}, "billing"),
        ({"depositReceivableRelevant": "yes"}, "depositReceivableRelevant"),
    ],
)
def test_groups_that_are_refused(tenant: Tenant, change: dict[str, Any], field: str) -> None:
    answer = tenant.call("POST", "/billing-groups", {**GROUP, **change})
    assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, [field])
    assert tenant.rows("SELECT count(*) FROM billing_group")[0][0] == 0


def test_groups_are_listed_newest_first_in_the_older_words(tenant: Tenant) -> None:
    for number in range(3):
        tenant.call("POST", "/billing-groups", but(GROUP, billingGroupIdent=f"g-{number}", businessSegments=[{"name": "S"}]))

    def idents(**parameters: str) -> list[str]:
        return [row["billingGroupIdent"] for row in tenant.call("GET", "/billing-groups", params=parameters).body["_embedded"]]

    assert idents() == ["g-2", "g-1", "g-0"]
    assert idents(pageNumber="1", pageSize="2") == ["g-0"]
    assert idents(orderBy="billingGroupId", direction="ASC") == ["g-0", "g-1", "g-2"]
    assert idents(search="billingGroupIdent==g-1") == ["g-1"]
    assert tenant.call("GET", "/billing-groups").body["page"]["size"] == 100


def test_the_five_switches_of_splitting(tenant: Tenant) -> None:
    tenant.call("POST", "/billing-groups", GROUP)
    path = "/billing-groups/g-1/splitting-config"
    answer = tenant.call("PUT", path, {"contract": True, "serviceBillingPeriod": True})
    assert answer.status == 200
    switches = {name: value for name, value in answer.body.items() if name != "mandatoryFields"}
    assert switches == {
        "businessCase": False,
        "businessSegment": False,
        "contract": True,
        "performanceLocation": False,
        "serviceBillingPeriod": True,
    }
    assert tenant.call("PUT", path, answer.body).status == 200
    assert tenant.call("PUT", path, {"mandatoryFields": []}).status == 400
    assert tenant.call("GET", "/billing-groups/g-1").body["splittingConfig"] == answer.body


# --- operating sites -----------------------------------------------------------------------------------------------------------


def test_a_site_as_documents_need_it(tenant: Tenant) -> None:
    made = tenant.call("POST", SITES, SITE)
    assert made.status == 201
    assert {name: made.body[name] for name in SITE} == SITE
    assert made.body["default"] is True
    assert tenant.call("GET", f"{SITES}/hh").body == made.body


def defaults(tenant: Tenant) -> list[str]:
    listed = tenant.call("GET", SITES, params={"search": "default==true"}).body["_embedded"]
    return [row["ident"] for row in listed]


def test_exactly_one_default_site(tenant: Tenant) -> None:
    for ident in ("a", "b", "c"):
        tenant.call("POST", SITES, but(SITE, ident=ident))
    assert defaults(tenant) == ["a"]
    assert tenant.call("POST", f"{SITES}/b/actions/set-as-default").body["default"] is True
    assert defaults(tenant) == ["b"]
    assert [tenant.call("POST", f"{SITES}/{ident}/actions/set-as-default").status for ident in ("a", "a", "c", "b")] == [200] * 4
    assert defaults(tenant) == ["b"]
    tenant.call("PUT", f"{SITES}/c", but(SITE, ident=None, default=True))
    assert defaults(tenant) == ["c"]
    tenant.call("POST", SITES, but(SITE, ident="d", default=True))
    assert defaults(tenant) == ["d"]
    assert tenant.call("PUT", f"{SITES}/d", but(SITE, ident=None, default=False)).body["default"] is True


def test_deleting_sites(tenant: Tenant) -> None:
    for ident in ("a", "b", "c"):
        tenant.call("POST", SITES, but(SITE, ident=ident))
    tenant.call("POST", f"{SITES}/c/tax-registrations", [{"country": "AT", "vatId": "ATU13585627"}])
    tenant.call("POST", AGGREGATIONS, {**AGGREGATION, "operatingSiteIdent": "b"})
    assert [tenant.call("DELETE", f"{SITES}/{ident}").status for ident in ("a", "b", "c", "c")] == [409, 409, 204, 404]
    assert [row["ident"] for row in tenant.call("GET", SITES).body["_embedded"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bankAccounts": [{"iban": "DE02120300000000202052"}]}, "bankAccounts[0].iban"),
        ({"bankAccounts": [{"iban": "DE02120300000000202051", "bic": "NOPE"}]}, "bankAccounts[0].bic"),
        ({"electronicAddress": {"scheme": "mail", "identifier": "x"}}, "electronicAddress.scheme"),
        ({"address": {"country": "XX"}}, "address.country"),
        ({"vatId": "136695976"}, "vatId"),
        ({"taxationMode": "MIXED"}, "taxationMode"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"companyName": ""}, "companyName"),
    ],
)
def test_sites_that_are_refused(tenant: Tenant, change: dict[str, Any], field: str) -> None:
    answer = tenant.call("POST", SITES, {**SITE, **change})
    assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, [field])


def test_vat_number_of_a_site_counts_in_live(tenant: Tenant) -> None:
    live = tenant.live()
    assert live.call("POST", SITES, but(SITE, vatId="DE123456789")).status == 400
    assert live.call("POST", SITES, SITE).status == 201


def test_tax_registrations_come_and_go_together(tenant: Tenant) -> None:
    path = f"{SITES}/hh/tax-registrations"
    tenant.call("POST", SITES, SITE)
    body = [
        {"ident": "at", "country": "AUT", "vatId": "ATU13585627", "validFrom": "2026-01-01"},
        {"ident": "oss", "country": "DE", "taxNumber": "OSS-1", "scheme": "OSS"},
    ]
    made = tenant.call("POST", path, body)
    assert made.status == 201
    assert [(row["ident"], row["country"], row["scheme"]) for row in made.body] == [("at", "AT", "DEFAULT"), ("oss", "DE", "OSS")]
    assert tenant.call("POST", path, [{"ident": "new", "country": "FR"}, body[0]]).status == 409
    assert tenant.call("DELETE", path, {"idents": ["oss", "none"]}).status == 404
    assert [row["ident"] for row in tenant.call("GET", path).body["_embedded"]] == ["at", "oss"]
    assert tenant.call("DELETE", path, {"idents": ["oss"]}).status == 204
    assert [row["ident"] for row in tenant.call("GET", path).body["_embedded"]] == ["at"]


# --- aggregation, output ---------------------------------------------------------------------------------------------------------


def test_aggregation_configurations(tenant: Tenant) -> None:
    """One for each document type and site; a site that does not exist is none."""
    made = tenant.call("POST", AGGREGATIONS, AGGREGATION)
    assert (made.status, {name: made.body[name] for name in AGGREGATION}) == (201, AGGREGATION)
    assert tenant.call("POST", AGGREGATIONS, but(AGGREGATION, aggregationConfigurationIdent="b")).status == 409
    assert (
        tenant.call(
            "POST", AGGREGATIONS, {**AGGREGATION, "aggregationConfigurationIdent": "c", "operatingSiteIdent": "none"}
        ).status
        == 400
    )
    assert (
        tenant.call("POST", AGGREGATIONS, {**AGGREGATION, "aggregationConfigurationIdent": "d", "aggregationStrategies": []}).status
        == 400
    )
    changed = tenant.call("PUT", f"{AGGREGATIONS}/agg", {"invoiceType": "CREDIT_MEMO", "aggregationStrategies": ["BY_TAX_CODE"]})
    assert (changed.status, changed.body["aggregationStrategies"]) == (200, ["BY_TAX_CODE"])
    assert tenant.call("DELETE", f"{AGGREGATIONS}/agg").status == 204
    assert tenant.call("GET", f"{AGGREGATIONS}/agg").status == 404


def test_output_configuration(tenant: Tenant) -> None:
    path = "/document-output/configuration"
    switched = {
        "pdf": True,
        "cii": True,
        "ubl": False,
        "attachOrderFiles": True,
        "attachContractFiles": False,
        "embedAttachments": True,
    }
    answer = tenant.call("PUT", path, switched)
    assert (answer.status, answer.body) == (200, switched)
    assert tenant.call("GET", path).body == switched


def test_what_changes_is_in_the_audit_trail(tenant: Tenant) -> None:
    tenant.call("POST", SITES, SITE)
    tenant.call("PUT", f"{SITES}/hh", but(SITE, ident=None, companyName="Neu GmbH"))
    rows = tenant.rows("SELECT operation, subject_kind, subject_ident, actor, change FROM audit_entry ORDER BY id")
    assert [row[:4] for row in rows] == [
        ("operating_site.create", "operating_site", "hh", tenant.actor),
        ("operating_site.update", "operating_site", "hh", tenant.actor),
    ]
    assert rows[1].change["before"]["company_name"] == "Elbe GmbH"
    assert rows[1].change["after"]["company_name"] == "Neu GmbH"
