"""Codes that no list has: refused where they are written, and where older data have them, before a document gets its number."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from starlette.testclient import TestClient
from tests.factories.bodies import ADDRESS, CUSTOMER, SITE
from tests.factories.desks import S19, Desk, a_desk, a_line
from tests.factories.tenants import Tenant

SITES = "/v2/billing/configuration/operating-sites"
ENDPOINT = {"scheme": "9958", "identifier": "4711"}


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    return a_desk(furnished, client, bearer(furnished))


def fields(answer: Any) -> list[str]:
    return [error["fieldName"] for error in answer["errors"]]


def numbers(desk: Desk) -> int:
    return desk.tenant.rows("SELECT count(*) AS n FROM document")[0].n


def reached_at(desk: Desk, address: dict[str, str] | None) -> None:
    """As a release stored it that knew no lists."""
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE customer SET electronic_address = %s", (Jsonb(address) if address else None,))


def test_master_data_and_orders_take_no_unknown_code(desk: Desk) -> None:
    refused: list[tuple[str, dict[str, Any], str]] = [
        (SITES, {**SITE, "ident": "x", "electronicAddress": ENDPOINT}, "electronicAddress.scheme"),
        (SITES, {**SITE, "ident": "x", "address": {**SITE["address"], "country": "EU"}}, "address.country"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "electronicAddress": ENDPOINT}, "electronicAddress.scheme"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "taxExemptions": [{"code": "VATEX-EU-FOO"}]}, "taxExemptions[0].code"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "taxExemptions": [{"code": "VATEX-EU-AE"}]}, "taxExemptions[0].code"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "addresses": [{**ADDRESS, "country": "EU"}]}, "addresses[0].country"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "addresses": [{**ADDRESS, "country": "UK"}]}, "addresses[0].country"),
        (SITES, {**SITE, "ident": "x", "address": {**SITE["address"], "country": "UK"}}, "address.country"),
        (
            "/v2/orders",
            {
                "orderIdent": "x",
                "debtorOrderDetails": {"debtorIdent": "muster-handel"},
                "lineItems": [a_line(taxInformation=[{"taxRate": 0, "taxCategoryCode": "E", "taxExemptionReasonCode": "hello"}])],
            },
            "lineItems[0].taxInformation[0].taxExemptionReasonCode",
        ),
    ]
    for path, body, field in refused:
        answer = desk.call("POST", path, body, 400)
        assert fields(answer) == [field], path
        assert "such as" in str(answer["errors"]) or "expected is GB" in str(answer["errors"]), answer


def test_a_reason_of_another_category_is_refused_where_it_is_agreed(desk: Desk) -> None:
    def said(category: str, code: str) -> list[dict[str, Any]]:
        return [{"taxRate": 0, "taxCategoryCode": category, "taxExemptionReasonCode": code}]

    order: dict[str, Any] = {"orderIdent": "x", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()]}
    allowance = {"ident": "a-1", "itemType": "DISCOUNT_USE", "name": "Rabatt", "rowTotalNet": "5.00", "rowTotalGross": "5.00"}
    for body, field in (
        ({**order, "lineItems": [a_line(taxInformation=said("E", "VATEX-EU-IC"))]}, "lineItems[0]"),
        ({**order, "lineItems": [a_line(), a_line("l-2", taxInformation=said("AE", "VATEX-EU-IC"))]}, "lineItems[1]"),
        ({**order, "allowances": [{**allowance, "taxInformation": said("AE", "VATEX-EU-G")}]}, "allowances[0]"),
    ):
        answer = desk.call("POST", "/v2/orders", body, 400)
        assert fields(answer) == [f"{field}.taxInformation[0].taxExemptionReasonCode"]
        assert "expected is " in answer["errors"][0]["error"]
    assert numbers(desk) == 0


def test_what_older_data_say_is_shown_and_mended(desk: Desk) -> None:
    """One old record neither hides the others nor itself."""
    exempt = [{"taxRate": 0, "taxCategoryCode": "E", "taxExemptionReasonCode": "VATEX-EU-132"}]
    desk.order("o-1", lineItems=[a_line(taxInformation=exempt)])
    (site,) = [one["ident"] for one in desk.call("GET", SITES)["_embedded"] if one["default"]]
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run(
            "UPDATE customer SET electronic_address = %s, tax_exemptions = %s", (Jsonb(ENDPOINT), Jsonb([{"code": "VATEX-EU-FOO"}]))
        )
        uow.run("UPDATE operating_site SET electronic_address = %s", (Jsonb(ENDPOINT),))
        uow.run("UPDATE line_item SET content = replace(content::text, 'VATEX-EU-132', 'VATEX-EU-FOO')::jsonb")
    assert desk.call("GET", "/v2/customers")["_embedded"] and desk.call("GET", "/v2/orders")
    customer = desk.call("GET", "/v2/customers/muster-handel")
    assert (customer["electronicAddress"], customer["taxExemptions"][0]["code"]) == (ENDPOINT, "VATEX-EU-FOO")
    assert desk.call("GET", f"{SITES}/{site}")["electronicAddress"] == ENDPOINT
    (line,) = desk.call("GET", "/v2/orders/o-1")["lineItems"]
    assert line["taxInformation"][0]["taxExemptionReasonCode"] == "VATEX-EU-FOO"
    answer = desk.call("PUT", "/v2/customers/muster-handel", customer, 400)
    assert fields(answer) == ["electronicAddress.scheme", "taxExemptions[0].code"]


def test_texts_of_blanks_alone_are_refused_and_old_ones_are_shown(desk: Desk) -> None:
    """They print as nothing, and an e-invoice would lack what it must say (BR-07, BR-25)."""
    (site,) = [one["ident"] for one in desk.call("GET", SITES)["_embedded"] if one["default"]]
    for path, body, field in (
        (SITES, {**SITE, "ident": "x", "companyName": "   "}, "companyName"),
        (SITES, {**SITE, "ident": "x", "address": {**SITE["address"], "city": "\u200b"}}, "address.city"),
        ("/v2/customers", {**CUSTOMER, "customerIdent": "x", "company": "\u00a0\u2800"}, "company"),
        (
            "/v2/customers",
            {**CUSTOMER, "customerIdent": "x", "addresses": [{**ADDRESS, "company": " \ufeff "}]},
            "addresses[0].company",
        ),
        (
            "/v2/orders",
            {"orderIdent": "x", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line(name=" ")]},
            "lineItems[0].name",
        ),
    ):
        answer = desk.call("POST", path, body, 400)
        assert fields(answer) == [field], answer
        assert "must not be of blanks alone" in str(answer["errors"])
    desk.order("o-1")
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE customer SET company = ' '")
        uow.run("UPDATE address SET company = ' ', city = ' '")
        uow.run("UPDATE operating_site SET company_name = ' ', address = jsonb_set(address, '{city}', '\" \"')")
        uow.run("UPDATE billing_group SET name = ' '")
        uow.run("UPDATE line_item SET content = replace(content::text, 'Machine', ' ')::jsonb")
    for path in (SITES, "/v2/customers", "/v2/customers/muster-handel/addresses", "/v2/billing-groups"):
        assert desk.call("GET", path)["_embedded"], path
    assert desk.call("GET", f"{SITES}/{site}")["companyName"] == " "
    assert desk.call("GET", "/v2/orders/o-1")["lineItems"][0]["name"] == " "
    desk.bill()
    assert numbers(desk) == 0
    (item,) = desk.call("GET", "/v2/billableitems/pageable")["_embedded"]
    assert item["statusReason"] == "ERROR"
    assert "name" in item["processingError"]


def test_a_document_is_refused_for_what_older_data_say(desk: Desk) -> None:
    reached_at(desk, ENDPOINT)
    desk.order("o-1", lineItems=[a_line(taxInformation=S19)])
    desk.bill()
    assert numbers(desk) == 0
    (item,) = desk.call("GET", "/v2/billableitems/pageable")["_embedded"]
    assert item["statusReason"] == "ERROR"
    assert "9958 (BT-49)" in item["processingError"]
    reached_at(desk, None)
    desk.order("o-2", lineItems=[a_line(taxInformation=S19)])
    desk.bill()
    assert numbers(desk) == 1
