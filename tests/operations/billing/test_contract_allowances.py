"""Allowances of contracts: given on the document of their option, to the cent, and taken back with it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tampering import OURS, sentences
from tests.factories.catalogue import OPTION, OPTIONS, QUARTER
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office
from tests.factories.tenants import Tenant

ALLOWANCES = f"{CONTRACTS}/v-1/allowances"
D = Decimal


def allowance(ident: str = "a-1", option: str = "basic-fee", **more: Any) -> dict[str, Any]:
    given = more if "type" in more or "amount" in more else {"amount": "2.00", **more}
    return {"ident": ident, "optionIdent": option, "name": f"Allowance {ident}", **given}


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    return made


def rows(office: Office) -> list[tuple[str, str, D]]:
    """Of all documents in their order: origin, direction, amount."""
    found = office.tenant.rows(
        "SELECT origin_ident, type, total FROM billable_item WHERE document_id IS NOT NULL ORDER BY document_id, item_id"
    )
    return [(row.origin_ident, row.type, row.total) for row in found]


def nets(office: Office) -> list[tuple[str, D]]:
    return [(kind, net) for kind, net, _, _ in office.documents()]


def settled(office: Office) -> bool:
    sql = "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b FROM journal_line GROUP BY 1"
    return all(not row.b for row in office.tenant.rows(sql))


def test_an_allowance_stands_behind_its_option(office: Office) -> None:
    office.plan("10.00")
    office.contract(quantity=2)
    made = office.call("POST", ALLOWANCES, allowance(properties=[{"key": "why", "value": "loyal"}]), 201)
    assert (made["type"], made["amount"], made.get("validFrom")) == ("AMOUNT", 2, None)
    assert office.call("GET", f"{ALLOWANCES}/a-1") == made
    assert office.call("GET", ALLOWANCES)["_embedded"] == [made]
    office.bill()
    assert rows(office) == [("basic-fee", "DEBIT", D(20)), ("a-1", "CREDIT", D(2))]
    assert office.documents() == [("INVOICE", D(18), D("3.42"), D("21.42"))]
    (number,) = [row.ident for row in office.tenant.rows("SELECT ident FROM document")]
    first, second = office.call("GET", f"/v2/documents/{number}")["items"]
    assert (second["name"], second["category"], second["debitCreditIndicator"]) == ("Allowance a-1", "DISCOUNT", "CREDIT")
    assert (first.get("description"), second["description"]) == (None, "Base fee")
    office.clock("2026-06-01T10:00")
    office.bill()
    assert nets(office) == [("INVOICE", D(18)), ("INVOICE", D(18))]


def test_percentages_and_amounts_together_are_never_more_than_the_option(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    office.call("POST", ALLOWANCES, allowance("a-1", type="PERCENTAGE", percentage="33.3"), 201)
    office.call("POST", ALLOWANCES, allowance("a-2", amount="6.50"), 201)
    office.call("POST", ALLOWANCES, allowance("a-3", amount="100"), 201)
    office.bill()
    assert rows(office) == [
        ("basic-fee", "DEBIT", D(10)),
        ("a-1", "CREDIT", D("3.33")),
        ("a-2", "CREDIT", D("6.50")),
        ("a-3", "CREDIT", D("0.17")),
    ]
    assert office.documents() == [("INVOICE", D(0), D(0), D(0))]
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert rows(office)[4:] == [
        ("basic-fee", "CREDIT", D(10)),
        ("a-1", "DEBIT", D("3.33")),
        ("a-2", "DEBIT", D("6.50")),
        ("a-3", "DEBIT", D("0.17")),
    ]
    assert settled(office)


def test_a_short_period_gets_its_part_and_gives_it_back_when_it_ends_early(office: Office) -> None:
    """The quarter of worked example 9 with 9.00 off: 45 of 90 days, then 24."""
    office.clock("2026-02-15T10:00")
    office.plan("90.00", billingInterval=QUARTER, syncBillingToBillingIntervalUnit=True)
    office.contract(startDate="2026-02-15")
    office.call("POST", ALLOWANCES, allowance(amount="9.00"), 201)
    office.bill()
    office.clock("2026-03-10T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    office.bill()
    assert rows(office) == [
        ("basic-fee", "DEBIT", D(45)),
        ("a-1", "CREDIT", D("4.50")),
        ("basic-fee", "CREDIT", D(21)),
        ("a-1", "DEBIT", D("2.10")),
    ]
    assert nets(office) == [("INVOICE", D("40.50")), ("CREDIT_MEMO", D("18.90"))]
    office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": "2026-03-01"})
    office.bill()
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert nets(office)[2:] == [("CREDIT_MEMO", D("8.10")), ("CREDIT_MEMO", D("13.50"))]
    assert settled(office)


@pytest.mark.parametrize("price", ["10.00", "1200.00"])
def test_partial_supplies_are_reduced_each(office: Office, price: str) -> None:
    """Rows of 2020 at 19 % and 16 %: each has its allowance at its own rate."""
    office.clock("2020-01-02T10:00")
    office.plan(price, billingInterval={"value": 1, "unit": "YEAR"}, partialSupply="MONTH")
    office.contract(startDate="2020-01-01")
    office.call("POST", ALLOWANCES, allowance(type="PERCENTAGE", percentage=50), 201)
    office.bill()
    (document,) = office.documents()
    assert document[1] == D(price) / 2
    if price == "1200.00":
        assert document[2] == D("105.00")
    items = office.tenant.rows("SELECT kind, count(*) AS n, sum(total) AS s FROM billable_item GROUP BY 1 ORDER BY 1")
    assert [(row.kind, row.n, row.s) for row in items] == [("ALLOWANCE", 12, D(price) / 2), ("RECURRING", 12, D(price))]
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2020-07-20"})
    office.bill()
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert settled(office)


def test_gross_prices_are_reduced_gross_and_once_means_once(office: Office) -> None:
    gross = [{"price": "11.90", "netGrossIndicator": "GROSS"}]
    office.plan(option={"type": "ONETIME", "prices": gross})
    office.contract()
    office.call("POST", ALLOWANCES, allowance(amount="1.19"), 201)
    office.bill()
    office.clock("2026-07-01T10:00")
    office.bill()
    assert office.documents() == [("INVOICE", D(9), D("1.71"), D("10.71"))]


def test_the_validity_decides_by_the_first_day_of_a_period(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    office.call("POST", ALLOWANCES, allowance("two", validFrom="2026-06-01", validTo="2026-07-01"), 201)
    office.call("POST", ALLOWANCES, allowance("none", validFrom="2026-06-02", validTo="2026-06-30"), 201)
    office.clock("2026-09-01T10:00")
    office.bill()
    starts = office.tenant.rows("SELECT origin_ident, period_start FROM billable_item WHERE kind = 'ALLOWANCE' ORDER BY 2")
    assert [(row.origin_ident, str(row.period_start)) for row in starts] == [("two", "2026-06-01"), ("two", "2026-07-01")]


def test_what_was_proposed_stays(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    office.call("POST", ALLOWANCES, allowance(), 201)
    changed = office.call("PUT", f"{ALLOWANCES}/a-1", allowance(amount="3.00"))
    assert changed["amount"] == 3
    office.bill()
    path = f"{ALLOWANCES}/a-1"
    late = {"name": "Late", "type": "PERCENTAGE", "percentage": 5, "validFrom": "2026-05-02", "validTo": "2026-05-20"}
    assert office.findings("PUT", path, allowance(**late)) == ["amount", "name", "percentage", "type", "validFrom", "validTo"]
    assert office.findings("PUT", path, allowance(amount="3.00", validTo="2026-05-30")) == ["validTo"]
    assert office.findings("POST", ALLOWANCES, allowance("a-2", validFrom="2026-05-01")) == ["validFrom"]
    ended = office.call("PUT", path, allowance(amount="3.00", validTo="2026-06-30"))
    assert ended["validTo"] == "2026-06-30"
    assert office.findings("PUT", path, allowance(amount="3.00", validTo="2026-07-30")) == ["validTo"]
    office.call("DELETE", path, status=409)
    later = office.call("POST", ALLOWANCES, allowance("a-2"), 201)
    assert later["validFrom"] == "2026-06-01"
    office.clock("2026-07-01T10:00")
    office.bill()
    assert [(origin, total) for origin, _, total in rows(office) if origin != "basic-fee"] == [
        ("a-1", D(3)),
        ("a-1", D(3)),
        ("a-2", D(2)),
        ("a-2", D(2)),
    ]


def test_what_waits_goes_with_its_allowance_or_becomes_shorter(office: Office) -> None:
    office.plan("31.00", timing="INTERVAL_END")
    office.contract()
    office.call("POST", ALLOWANCES, allowance("a-1", amount="3.10"), 201)
    office.call("POST", ALLOWANCES, allowance("a-2", amount="1.00"), 201)
    assert office.bill()["waiting"] == 3
    office.call("DELETE", f"{ALLOWANCES}/a-2", status=204)
    office.call("GET", f"{ALLOWANCES}/a-2", status=404)
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    office.clock("2026-06-01T10:00")
    office.bill()
    assert rows(office) == [("basic-fee", "DEBIT", D(20)), ("a-1", "CREDIT", D(2))]


def test_a_hundred_rows_leave_no_allowance_without_its_option(office: Office) -> None:
    office.plan("1.00", ident="small")
    for number in range(51):
        office.contract(f"v-{number:03}", "small")
        if number:
            given = allowance(option="small-fee", amount="0.60")
            office.call("POST", f"{CONTRACTS}/v-{number:03}/allowances", given, 201)
    assert office.bill()["documents"] == 2
    assert sorted(nets(office)) == [("INVOICE", D("0.40")), ("INVOICE", D("20.60"))]


def test_the_tax_is_that_of_the_option(office: Office) -> None:
    """Goods to another member state are free of tax by category K, and so is what reduces them."""
    office.plan("100.00", option={"category": "PHYSICAL_PRODUCT"})
    office.call(
        "PUT", "/v2/customers/muster-handel", {"customerType": "B2B", "company": "Muster", "vatId": "ATU12345675", "language": "de"}
    )
    office.contract(taxLocation={"country": "AT"})
    office.call("POST", ALLOWANCES, allowance(amount="10.00"), 201)
    office.bill()
    assert office.documents() == [("INVOICE", D(90), D(0), D(90))]


def test_every_finding_about_an_allowance_at_once(office: Office) -> None:
    office.plan()
    office.contract()
    wrong = allowance(option="none", type="PERCENTAGE", amount="1.00", validFrom="2026-06-02", validTo="2026-06-01")
    assert office.findings("POST", ALLOWANCES, wrong) == ["amount", "optionIdent", "percentage", "validTo"]
    assert office.findings("POST", ALLOWANCES, allowance(amount="0")) == ["amount"]
    office.call("POST", ALLOWANCES, allowance(), 201)
    office.call("POST", ALLOWANCES, allowance(), 409)
    for method, path, body in (("GET", "", None), ("POST", "", allowance()), ("GET", "/a-1", None)):
        office.call(method, f"{CONTRACTS}/none/allowances{path}", body, 404)
    office.call("POST", OPTIONS, {**OPTION, "optionIdent": "other", "status": "FINAL"}, 201)
    assert office.findings("POST", ALLOWANCES, allowance("a-2", option="other")) == ["optionIdent"]
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.call("POST", ALLOWANCES, allowance("a-2"), 400)


def test_another_tenant_and_another_scope_find_no_allowance(
    office: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    office.plan()
    office.contract()
    office.call("POST", ALLOWANCES, allowance(), 201)
    calls: list[tuple[str, str, Any]] = [
        ("GET", ALLOWANCES, None),
        ("POST", ALLOWANCES, allowance("x")),
        ("GET", f"{ALLOWANCES}/a-1", None),
        ("PUT", f"{ALLOWANCES}/a-1", allowance(amount="9.00")),
        ("DELETE", f"{ALLOWANCES}/a-1", None),
    ]
    stranger, other = bearer(new_tenant()), bearer(office.tenant, "nbx-product-management-write")
    for method, path, body in calls:
        assert office.client.request(method, path, json=body, headers=stranger).status_code == 404, path
        assert office.client.request(method, path, json=body, headers=other).status_code == 403, path
    assert office.call("GET", f"{ALLOWANCES}/a-1")["amount"] == 2


@pytest.mark.parametrize("off", [("9.99",), ("5.00", "4.90"), ("3.33", "3.33", "3.33")])
def test_an_end_that_moves_day_by_day_never_charges_a_cent(office: Office, off: tuple[str, ...]) -> None:
    """Of 10.00 less 9.99 a part of the month, each rounded alone, would cost a cent more than a longer part."""
    office.plan("10.00")
    office.contract()
    for number, amount in enumerate(off):
        office.call("POST", ALLOWANCES, allowance(f"a-{number}", amount=amount), 201)
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-29"})
    for day in range(28, 10, -1):
        office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": f"2026-05-{day}"})
        assert office.bill()["failed"] == 0
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    assert office.bill()["failed"] == 0
    assert {kind for kind, _ in nets(office)[1:]} == {"CREDIT_MEMO"} and settled(office)


def test_a_reduction_that_is_not_what_was_agreed_is_found(office: Office, database_dsn: str) -> None:
    """An allowance in its row or in the contract, a price of the contract's own, and the period of the allowance."""
    prices = [{"optionIdent": "basic-fee", "prices": [{"price": "8.00"}]}]
    office.plan("10.00")
    office.contract(planModifiers=[{"optionPrices": prices}])
    office.call("POST", ALLOWANCES, allowance(), 201)
    office.bill()
    assert rows(office) == [("basic-fee", "DEBIT", D(8)), ("a-1", "CREDIT", D(2))]
    costs = "billing.items_cost_what_their_contracts_say"
    item, cheaper = "UPDATE billable_item SET", "replace(content::text, '8.00', '7.00')::jsonb"
    for change, said in (
        (f"{item} total = 1 WHERE kind = 'ALLOWANCE' AND {OURS}", "allowance a-1 from 2026-05-01: 1.0000 stand, it costs 2.00"),
        (
            f"{item} total = 10 WHERE kind = 'RECURRING' AND {OURS}",
            "option basic-fee from 2026-05-01: 10.0000 stand, it costs 8.00",
        ),
        (f"UPDATE contract_allowance SET amount = 3 WHERE {OURS}", "allowance a-1 from 2026-05-01: 2.0000 stand, it costs 3.00"),
        (f"UPDATE contract SET content = {cheaper} WHERE {OURS}", "option basic-fee from 2026-05-01: 8.0000 stand, it costs 7.00"),
    ):
        assert said in " ".join(sentences(database_dsn, office.tenant, costs, change)), change
    moved = f"{item} period_end = period_end + 1 WHERE kind = 'ALLOWANCE' AND {OURS}"
    assert sentences(database_dsn, office.tenant, "billing.every_period_of_a_contract_has_its_items_once", moved)
