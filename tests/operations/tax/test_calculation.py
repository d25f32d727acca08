"""The taxes of documents that are not issued: the same as those of the documents, foreseen or kept."""

import datetime as dt
from typing import Any

import pytest
from tests.factories.tenants import Tenant

from contor.commands.demo import CUSTOMER, GROUP, SITE

PATH = "/tax/calculate/documents"
GERMANY = {"country": "DE"}


def an_item(ident: str = "i-1", net: str = "100.00", basis: str = "NET", **more: Any) -> dict[str, Any]:
    product = {"category": "SERVICE"} | more.pop("product", {})
    taxes = {"calculationBasis": basis, **({"taxes": more.pop("taxes")} if "taxes" in more else {})}
    fixed = {"ident": ident, "performanceLocation": GERMANY, "taxLocation": GERMANY, "taxDate": "2026-05-31", "taxDetail": taxes}
    return {**fixed, "productInformation": product, "prices": {"total": {basis.lower(): net}}, **more}


def a_body(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    fixed = {"billingGroupIdent": GROUP, "customer": {"customerIdent": CUSTOMER}, "forecast": True}
    return {**fixed, "items": list(items) or [an_item()], **more}


def test_a_forecast_leaves_no_trace(furnished: Tenant) -> None:
    tables = "audit_entry", "event", "tax_calculation", "tax_rule_use"
    counts = [furnished.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]
    answer = furnished.call("POST", PATH, a_body())
    assert answer.status == 200
    assert answer.body["forecast"] is True
    assert answer.body["totals"] == {"net": 100, "tax": 19, "gross": 119}
    assert [furnished.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables] == counts


def test_each_item_says_its_tax_both_sides_and_who_said_so(furnished: Tenant) -> None:
    own = [{"rate": 7, "categoryCode": "S", "name": "USt"}]
    items = an_item("a", "29.97", product={"name": "Hosting", "quantity": 3}), an_item("b", "10.00", taxes=own)
    found = furnished.call("POST", PATH, a_body(*items)).body
    first, second = found["items"]
    assert f"{first['prices']['unit']['net']:.2f}" == "9.99"
    amounts = [[f"{item['prices']['total'][side]:.2f}" for side in ("net", "tax", "gross")] for item in (first, second)]
    assert amounts == [["29.97", "5.69", "35.66"], ["10.00", "0.70", "10.70"]]
    assert [(it["taxInformationSource"], it["cumulatedTaxRate"]) for it in (first, second)] == [
        ("NITROBOX", 19),
        ("CUSTOMER_PROVIDED", 7),
    ]
    assert (first["name"], first["operatingSite"]) == ("Hosting", SITE)
    assert [(tax["rate"], f"{tax['base']:.2f}", f"{tax['amount']:.2f}") for tax in found["taxes"]] == [
        (19, "29.97", "5.69"),
        (7, "10.00", "0.70"),
    ]


def test_the_agreed_gross_is_kept(furnished: Tenant) -> None:
    found = furnished.call("POST", PATH, a_body(an_item("a", "29.97", "GROSS"), an_item("b", "9.99", "GROSS"))).body
    assert [f"{found['totals'][side]:.2f}" for side in ("net", "tax", "gross")] == ["33.58", "6.38", "39.96"]
    assert [item["calculationBasis"] for item in found["items"]] == ["GROSS", "GROSS"]


def test_what_is_kept_is_answered_again_whatever_was_stored_since(furnished: Tenant) -> None:
    body = a_body(forecast=False, requestId="basket 1", properties=[{"key": "shop", "value": "7"}])
    first = furnished.call("POST", PATH, body)
    assert first.status == 200
    rule = {"country": "DE", "variants": [{"applicableFrom": "2020-01-01", "taxRate": 7}]}
    assert furnished.call("POST", "/tax/rules", rule).status == 201
    assert furnished.call("POST", PATH, body).body == first.body
    assert furnished.call("GET", "/tax/calculations/basket%201").body == first.body
    anew = furnished.call("POST", PATH, body | {"requestId": "basket 2"}).body
    assert (first.body["totals"]["tax"], anew["totals"]["tax"]) == (19, 7)
    other = furnished.call("POST", PATH, body | {"items": [an_item(net="1.00")]})
    assert (other.status, other.body["errors"][0]["fieldName"]) == (409, "requestId")
    assert furnished.rows("SELECT count(*) FROM tax_calculation")[0][0] == 2
    trail = furnished.rows("SELECT operation, subject_ident FROM audit_entry WHERE operation LIKE 'tax_calculation.%' ORDER BY id")
    assert [tuple(row) for row in trail] == [("tax_calculation.create", "basket 1"), ("tax_calculation.create", "basket 2")]
    assert furnished.broken() == []


def test_many_are_calculated_at_once_or_none(furnished: Tenant) -> None:
    good = a_body(forecast=False, requestId="one")
    bad = a_body(an_item("x", taxes=[{"rate": 18}]), forecast=False, customer={"customerIdent": "nobody"})
    refused = furnished.call("POST", f"{PATH}/batch", {"documents": [good, bad]})
    assert refused.status == 400
    fields = [found["fieldName"] for found in refused.body["errors"]]
    assert fields == [
        "documents[1].requestId",
        "documents[1].customer.customerIdent",
        "documents[1].items[0].taxDetail.taxes[0].rate",
    ]
    assert furnished.call("GET", "/tax/calculations/one").status == 404
    both = furnished.call("POST", f"{PATH}/batch", {"documents": [good, a_body(), good]})
    assert (both.status, len(both.body["documents"])) == (200, 3)
    assert both.body["documents"][0] == both.body["documents"][2] == furnished.call("GET", "/tax/calculations/one").body


STRANGER = {"customerType": "B2B", "vatId": "ATU62500000"}
AUSTRIA = {"taxLocation": {"country": "AT"}, "performanceLocation": {"country": "AT"}}


@pytest.mark.parametrize(("result", "category", "tax"), [(None, "AE", 0), ("VALID", "AE", 0), ("INVALID", "S", 19)])
def test_what_is_known_of_the_vat_id_counts(furnished: Tenant, result: str | None, category: str, tax: int) -> None:
    known = {"vatIdValidationResult": result} if result else {}
    found = furnished.call("POST", PATH, a_body(an_item(**AUSTRIA), customer=STRANGER, **known)).body
    assert (found["taxes"][0]["categoryCode"], found["totals"]["tax"]) == (category, tax)


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2020-06-30", 19), ("2020-07-01", 16), ("2020-12-31", 16), ("2021-01-01", 19), ("2026-05-31", 19)],
)
def test_each_supply_bears_the_rate_of_the_day_on_which_it_is_completed(furnished: Tenant, day: str, rate: int) -> None:
    found = furnished.call("POST", PATH, a_body(an_item(taxDate=day))).body
    assert (found["items"][0]["cumulatedTaxRate"], found["totals"]["tax"]) == (rate, rate)


@pytest.mark.parametrize(
    ("country", "day", "before", "since"),
    [
        ("NL", "2019-01-01", "21", "21"),
        ("IE", "2020-09-01", "23", "21"),
        ("IE", "2021-03-01", "21", "23"),
        ("LU", "2023-01-01", "17", "16"),
        ("LU", "2024-01-01", "16", "17"),
        ("EE", "2024-01-01", "20", "22"),
        ("EE", "2025-07-01", "22", "24"),
        ("FI", "2024-09-01", "24", "25.5"),
        ("SK", "2025-01-01", "20", "23"),
        ("RO", "2025-08-01", "19", "21"),
    ],
)
def test_each_change_of_a_rate_counts_from_its_day(furnished: Tenant, country: str, day: str, before: str, since: str) -> None:
    first = dt.date.fromisoformat(day)
    place = {"taxLocation": {"country": country}, "product": {"category": "PHYSICAL_PRODUCT", "taxScheme": "OSS"}}
    items = [an_item(f"i-{n}", taxDate=str(first + dt.timedelta(days=n - 1)), **place) for n in range(2)]
    found = furnished.call("POST", PATH, a_body(*items, customer={"customerType": "B2C"})).body
    assert [f"{item['cumulatedTaxRate']}" for item in found["items"]] == [before, since]


@pytest.mark.parametrize(("net", "rates"), [("10000.00", ["19"]), ("10000.01", ["20"])])
def test_what_crosses_the_threshold_of_distance_sales_is_taxed_where_it_goes(furnished: Tenant, net: str, rates: list[str]) -> None:
    france = {"taxLocation": {"country": "FR"}, "product": {"category": "PHYSICAL_PRODUCT"}}
    item = an_item(net=net, **france)
    found = furnished.call("POST", PATH, a_body(item, customer={"customerType": "B2C"}, type="ORDER")).body
    assert [f"{tax['rate']}" for tax in found["taxes"]] == rates


def test_a_deposit_bears_the_rate_of_its_own_day(furnished: Tenant) -> None:
    item = an_item(taxDate="2021-03-01")
    for kind, rate in (("DEPOSIT_INVOICE", 16), ("INVOICE", 19)):
        found = furnished.call("POST", PATH, a_body(item, type=kind, documentDateTime="2020-11-01T12:00:00Z")).body
        assert (found["items"][0]["cumulatedTaxRate"], found["documentDate"]) == (rate, "2020-11-01")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"forecast": False}, ["requestId"]),
        ({"forecast": False, "requestId": "r", "type": "ORDER"}, ["forecast"]),
        ({"billingGroupIdent": "none"}, ["billingGroupIdent"]),
        ({"customer": {"customerIdent": "none"}}, ["customer.customerIdent"]),
        ({"customer": {"customerIdent": CUSTOMER, "invoiceAddressIdent": "none"}}, ["customer.invoiceAddressIdent"]),
        ({"customer": {"customerIdent": CUSTOMER, "customerType": "B2C"}}, ["customer.customerType"]),
        ({"customer": {"country": "DE", "smallBusiness": True}}, ["customer.country", "customer.smallBusiness"]),
        ({"customer": {"invoiceAddressIdent": "a-1"}}, ["customer.invoiceAddressIdent"]),
        ({"customer": {}, "type": "SELF_BILLING_INVOICE"}, ["customer.country"]),
        ({"referencedDocumentNumber": "RE-1"}, ["referencedDocumentNumber"]),
        ({"referencedDocumentNumber": "RE-1", "type": "CREDIT_MEMO"}, ["referencedDocumentNumber"]),
        ({"items": [an_item(operatingSite="none")]}, ["items[0].operatingSite"]),
        ({"items": [an_item(taxInformationSource="CUSTOMER_PROVIDED")]}, ["items[0].taxDetail.taxes"]),
        ({"items": [an_item(taxInformationSource="NITROBOX", taxes=[{"rate": 19}])]}, ["items[0].taxDetail.taxes"]),
        ({"items": [an_item(taxes=[{"rate": 19}], taxExemption={"code": "VATEX-EU-132"})]}, ["items[0].taxExemption"]),
        ({"items": [an_item(taxes=[{"rate": 18}])]}, ["items[0].taxDetail.taxes[0].rate"]),
        ({"items": [an_item(taxes=[{"rate": 19, "determinedBy": "a/b"}])]}, ["items[0].taxDetail.taxes[0].determinedBy"]),
        ({"items": [an_item(product={"taxCode": "EXEMPT"})]}, ["items[0].productInformation.taxCode"]),
        ({"items": [an_item(), an_item()]}, ["items[1].ident"]),
        ({"items": [an_item(net="1.001")]}, ["items[0].prices.total.net"]),
        ({"items": [an_item() | {"prices": {"total": {"gross": "1.00"}}}]}, ["items[0].prices.total.net"]),
        ({"items": [an_item("a"), an_item("b", **AUSTRIA)]}, ["items[1].taxLocation"]),
        ({"items": []}, ["items"]),
    ],
)
def test_what_cannot_be_calculated_says_why(furnished: Tenant, changes: dict[str, Any], fields: list[str]) -> None:
    refused = furnished.call("POST", PATH, a_body() | changes)
    assert (refused.status, [found["fieldName"] for found in refused.body["errors"]]) == (400, fields)


def test_an_order_may_become_several_documents(furnished: Tenant) -> None:
    found = furnished.call("POST", PATH, a_body(an_item("a"), an_item("b", **AUSTRIA), customer=STRANGER, type="ORDER"))
    assert (found.status, [tax["categoryCode"] for tax in found.body["taxes"]]) == (200, ["S", "AE"])


@pytest.mark.parametrize(
    ("partner", "category", "tax"),
    [
        ({"country": "DE"}, "S", 19),
        ({"country": "DE", "smallBusiness": True}, "E", 0),
        ({"country": "FR"}, "AE", 0),
        ({"customerIdent": CUSTOMER}, "S", 19),
    ],
)
def test_the_partners_status_decides_what_it_supplies(furnished: Tenant, partner: Any, category: str, tax: int) -> None:
    rule = {"country": "DE", "variants": [{"applicableFrom": "2020-01-01", "taxRate": 7}]}
    furnished.call("POST", "/tax/rules", rule)  # for what is supplied by the tenant itself
    found = furnished.call("POST", PATH, a_body(customer=partner, type="SELF_BILLING_INVOICE"))
    assert found.status == 200
    assert (found.body["taxes"][0]["categoryCode"], found.body["totals"]["tax"]) == (category, tax)


def test_others_neither_see_nor_use_a_request_id(furnished: Tenant, new_tenant: Any) -> None:
    furnished.call("POST", PATH, a_body(forecast=False, requestId="r-1"))
    assert new_tenant().call("GET", "/tax/calculations/r-1").status == 404
    assert furnished.call("POST", PATH, a_body(), permissions=("tax.read",)).status == 403
    assert furnished.call("GET", "/tax/calculations/r-1", permissions=("documents.read",)).status == 403


def test_many_are_kept_as_each_alone(furnished: Tenant) -> None:
    """More than are inserted in one parameter."""
    documents = [a_body(an_item(net=f"{n}.00"), forecast=False, requestId=f"r-{n}") for n in range(1, 61)]
    answers = furnished.call("POST", f"{PATH}/batch", {"documents": documents}).body["documents"]
    assert [f"{answer['totals']['net']:.2f}" for answer in answers] == [f"{n}.00" for n in range(1, 61)]
    again = furnished.call("POST", f"{PATH}/batch", {"documents": documents[::-1]}).body["documents"]
    assert again == answers[::-1]
    assert furnished.call("GET", "/tax/calculations/r-60").body == answers[-1]
    assert furnished.call("POST", f"{PATH}/batch", {"documents": [a_body()] * 501}).status == 400
