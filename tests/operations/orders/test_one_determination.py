"""The same supply bears the same tax, whoever asks: a calculation, the draft of a document, an order, a contract that is billed."""

from typing import Any

import pytest
from tests.factories.desks import Desk, a_line
from tests.factories.drafts import a_row
from tests.factories.offices import D

RULES = "/v2/tax/rules"
BUSINESS = {"customerType": "B2B", "company": "Muster Handel", "vatId": "DE811907980"}
ABROAD = BUSINESS | {"vatId": "ATU12345675"}
PRIVATE = {"customerType": "B2C", "firstName": "Eva", "lastName": "Muster"}
EXEMPT = BUSINESS | {"taxExemptions": [{"code": "VATEX-EU-132", "reason": "§ 4 Nr. 21"}]}
BUILDER = BUSINESS | {"taxClassifications": [{"code": "BUILDER"}]}
SINCE = {"taxRuleVariantIdent": "v", "applicableFrom": "2020-01-01"}
DOMESTIC = {
    "ident": "builders",
    "country": "DE",
    "customerType": "B2B",
    "itemCategory": "SERVICE",
    "taxClassifications": ["BUILDER"],
    "variants": [{**SINCE, "taxRate": 0, "taxExemptionIdent": "VATEX-EU-AE"}],
}
FRENCH = {"ident": "france", "country": "FR", "customerType": "B2C", "variants": [{**SINCE, "taxRate": 20, "taxName": "TVA"}]}
SPECIAL = {"ident": "special", "vatIdPresent": True, "variants": [{**SINCE, "taxRate": "10.9"}]}


def buyer(desk: Desk, of: dict[str, Any], country: str) -> None:
    desk.call("PUT", "/v2/customers/muster-handel", {"language": "de", **of})
    address = {"addressType": "INVOICE", "zip": "1010", "city": "Ort", "street": "Weg", "streetNo": "1", "country": country}
    desk.call("PUT", "/v2/customers/muster-handel/addresses/zentrale", address)


def said(taxes: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(tax["categoryCode"], f"{tax['rate']}", tax.get("determinedBy")) for tax in taxes]


def by_calculation(desk: Desk, country: str, category: str) -> list[tuple[str, str, str | None]]:
    place = {"country": country, "postalCode": "1010", "city": "Ort"}
    item = {
        "ident": "i-1",
        "performanceLocation": place,
        "taxLocation": place,
        "productInformation": {"category": category},
        "taxDate": "2026-05-09",
        "prices": {"total": {"net": "100.00"}},
    }
    body = {"billingGroupIdent": "external", "customer": {"customerIdent": "muster-handel"}, "items": [item], "forecast": True}
    return said(desk.call("POST", "/v2/tax/calculate/documents", body)["items"][0]["taxes"])


def by_draft(desk: Desk, country: str, category: str) -> list[tuple[str, str, str | None]]:
    place = {"country": country, "postalCode": "1010", "city": "Ort"}
    row = a_row(category=category, performanceLocation=place, deliveryDate="2026-05-09") | {
        "taxDetail": {"calculationBasis": "NET"}
    }
    body = {
        "draftIdent": "d-1",
        "type": "INVOICE",
        "currency": "EUR",
        "billingGroupIdent": "external",
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": [row],
    }
    desk.call("POST", "/v2/drafts", body, 201)
    preview = desk.call("GET", "/v2/drafts/d-1/preview")
    assert preview["findings"] == []
    number = desk.call("POST", "/v2/drafts/d-1/actions/complete")["documentIdent"]
    found = of_document(desk, number)
    assert [(tax["categoryCode"], f"{tax['rate']}") for tax in preview["taxes"]] == [(tax, rate) for tax, rate, _ in found]
    return found


def of_document(desk: Desk, number: str) -> list[tuple[str, str, str | None]]:
    return said(desk.call("GET", f"/v2/documents/{number}")["items"][0]["taxDetail"]["taxes"])


def by_order(desk: Desk, category: str) -> list[tuple[str, str, str | None]]:
    desk.order(lineItems=[a_line(category=category)])
    desk.bill()
    (item,) = desk.call("GET", "/v2/orders/o-1/billableitems")
    assert item["taxInformationSource"] == "NITROBOX"
    return of_document(desk, desk.idents("INVOICE")[-1])


def by_contract(desk: Desk, category: str) -> list[tuple[str, str, str | None]]:
    desk.plan("100.00", option={"category": category})
    desk.contract(startDate="2026-05-01")
    desk.bill()
    return of_document(desk, desk.idents("INVOICE")[-1])


@pytest.mark.parametrize("category", ["SERVICE", "PHYSICAL_PRODUCT"])
@pytest.mark.parametrize(
    ("of", "country", "rules", "expected"),
    [
        (BUSINESS, "DE", [], {"SERVICE": ("S", "19", None), "PHYSICAL_PRODUCT": ("S", "19", None)}),
        (BUILDER, "DE", [DOMESTIC], {"SERVICE": ("AE", "0", "builders/v"), "PHYSICAL_PRODUCT": ("S", "19", None)}),
        (ABROAD, "AT", [], {"SERVICE": ("AE", "0", None), "PHYSICAL_PRODUCT": ("K", "0", None)}),
        (ABROAD, "AT", [DOMESTIC, FRENCH], {"SERVICE": ("AE", "0", None), "PHYSICAL_PRODUCT": ("K", "0", None)}),
        (PRIVATE, "FR", [], {"SERVICE": ("S", "19", None), "PHYSICAL_PRODUCT": ("S", "19", None)}),
        (PRIVATE, "FR", [FRENCH], {"SERVICE": ("S", "20", "france/v"), "PHYSICAL_PRODUCT": ("S", "20", "france/v")}),
        (BUSINESS, "CH", [], {"SERVICE": ("O", "0", None), "PHYSICAL_PRODUCT": ("G", "0", None)}),
        (EXEMPT, "DE", [SPECIAL], {"SERVICE": ("E", "0", None), "PHYSICAL_PRODUCT": ("E", "0", None)}),
        (BUSINESS, "DE", [SPECIAL], {"SERVICE": ("S", "10.9", "special/v"), "PHYSICAL_PRODUCT": ("S", "10.9", "special/v")}),
    ],
)
def test_the_same_supply_bears_the_same_tax_whoever_asks(
    desk: Desk, of: dict[str, Any], country: str, rules: list[dict[str, Any]], expected: dict[str, Any], category: str
) -> None:
    buyer(desk, of, country)
    for rule in rules:
        desk.call("POST", RULES, rule, 201)
    wanted = [expected[category]]
    assert by_calculation(desk, country, category) == wanted
    assert by_draft(desk, country, category) == wanted
    assert by_order(desk, category) == wanted
    assert by_contract(desk, category) == wanted
    assert desk.tenant.unsound() == []


def test_a_rule_that_is_stored_today_changes_nothing_of_yesterday(desk: Desk) -> None:
    """What is issued keeps its tax, its credit takes that back, and what is calculated of the credit says so."""
    buyer(desk, BUSINESS, "DE")
    desk.order(lineItems=[a_line("l-1", "100.00"), a_line("l-2", "50.00")])
    desk.bill()
    (number,) = desk.idents("INVOICE")
    before = desk.call("GET", f"/v2/documents/{number}")
    desk.call("POST", RULES, SPECIAL | {"ident": "today"}, 201)
    assert desk.call("GET", f"/v2/documents/{number}") | {"labels": []} == before | {"labels": []}
    row = before["items"][1]["ident"]
    item = {
        "ident": row,
        "performanceLocation": {"country": "DE"},
        "taxLocation": {"country": "DE"},
        "productInformation": {"category": "PHYSICAL_PRODUCT"},
        "taxDate": "2026-05-09",
        "prices": {"total": {"net": "50.00"}},
    }
    body = {"billingGroupIdent": "external", "customer": {"customerIdent": "muster-handel"}, "items": [item], "forecast": True}
    anew = desk.call("POST", "/v2/tax/calculate/documents", body)
    assert (D(str(anew["totals"]["tax"])), said(anew["items"][0]["taxes"])) == (D("5.45"), [("S", "10.9", "today/v")])
    credit = desk.call("POST", "/v2/tax/calculate/documents", {**body, "type": "CREDIT_MEMO", "referencedDocumentNumber": number})
    assert (D(str(credit["totals"]["tax"])), said(credit["items"][0]["taxes"])) == (D("9.50"), [("S", "19", None)])
    desk.call("POST", "/v2/orders/o-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    desk.bill()
    (memo,) = desk.idents("CREDIT_MEMO")
    found = desk.call("GET", f"/v2/documents/{memo}")
    assert (D(str(found["totals"]["tax"])), of_document(desk, memo)) == (D("9.50"), [("S", "19", None)])


def test_what_decided_something_stays_what_it_was(desk: Desk) -> None:
    buyer(desk, BUSINESS, "DE")
    line = {"ident": "line", "country": "DE", "variants": [{**SINCE, "taxRate": "10.9"}]}
    desk.call("POST", RULES, line, 201)
    desk.order(lineItems=[a_line()])
    desk.bill()
    variant = f"{RULES}/line/variants/v"
    used = desk.call("GET", variant)
    assert (used["usedFrom"], used["usedUntil"]) == ("2026-05-09", "2026-05-09")
    desk.call("PUT", variant, {"applicableFrom": "2020-01-01", "taxRate": 5}, 409)
    desk.call("POST", f"{RULES}/line/variants", {"applicableFrom": "2026-05-09", "taxRate": 5}, 409)
    desk.call("POST", f"{RULES}/line/variants", {"applicableFrom": "2026-05-10", "taxRate": 5}, 201)
    assert of_document(desk, desk.idents("INVOICE")[0]) == [("S", "10.9", "line/v")]
    desk.order("o-2", lineItems=[a_line(deliveryDate="2026-05-10"), a_line("l-2")])
    desk.bill()
    document = desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[-1]}")
    assert [said(item["taxDetail"]["taxes"])[0][1] for item in document["items"]] == ["10.9", "5"]


def test_the_gate_takes_the_rate_of_a_rule_and_names_what_the_rule_says_else(desk: Desk) -> None:
    buyer(desk, BUSINESS, "DE")
    row = a_row(rate=3, deliveryDate="2026-05-09")
    body = {
        "requestId": "r-1",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "paymentCollection": {"collect": False},
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": [row],
    }
    refused = desk.call("POST", "/v2/documents/invoices", body, 400)
    assert [found["fieldName"] for found in refused["errors"]] == ["items[0].taxDetail.taxes[0].rate"]
    desk.call("POST", RULES, {"ident": "three", "country": "DE", "variants": [{**SINCE, "taxRate": 3}]}, 201)
    desk.call("POST", "/v2/documents/invoices", body, 202)
    for named, wrong in (("three/v", None), ("three/w", "is no tax rule"), ("other/v", "is no tax rule")):
        named_row = a_row(rate=3, deliveryDate="2026-05-09")
        named_row["taxDetail"]["taxes"][0]["determinedBy"] = named
        answer = desk.call(
            "POST", "/v2/documents/invoices", {**body, "requestId": named, "items": [named_row]}, 400 if wrong else 202
        )
        assert wrong is None or answer["errors"][0]["error"].startswith(wrong)
    other_rate = a_row(rate=19, deliveryDate="2026-05-09")
    other_rate["taxDetail"]["taxes"][0]["determinedBy"] = "three/v"
    refused = desk.call("POST", "/v2/documents/invoices", {**body, "requestId": "r-9", "items": [other_rate]}, 400)
    assert [found["error"] for found in refused["errors"]] == ["says 3 %, category S, not 19 %, category S"]
    too_early = a_row(rate=3, deliveryDate="2019-12-31")
    too_early["taxDetail"]["taxes"][0]["determinedBy"] = "three/v"
    refused = desk.call("POST", "/v2/documents/invoices", {**body, "requestId": "r-8", "items": [too_early]}, 400)
    assert [found["fieldName"] for found in refused["errors"]] == ["items[0].taxDetail.taxes[0].determinedBy"]
