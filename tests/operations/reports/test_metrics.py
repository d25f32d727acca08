"""Monthly recurring revenue of contracts, exact by day, and how many of those who began stay."""

import csv
import io
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.customers import another_customer
from tests.factories.reported import Reported
from tests.factories.tenants import Tenant

D = Decimal
PARTS = ("start", "new", "expansion", "reactivation", "contraction", "churn", "end")


@pytest.fixture
def shop(company: Reported) -> Reported:
    """Plans: basic at 10.00 a month, yearly at 100.00 a year, weekly at 7.00 a week."""
    company.turn("2026-01-01")
    company.call("POST", OPTIONS, {**OPTION, "status": "FINAL"}, 201)
    company.call("POST", PLANS, PLAN, 201)
    for ident, price, unit in (("yearly", "100.00", "YEAR"), ("weekly", "7.00", "WEEK")):
        option = {**OPTION, "optionIdent": ident, "prices": [{"price": price}], "status": "FINAL"}
        company.call("POST", OPTIONS, option, 201)
        billing = {"billingInterval": {"value": 1, "unit": unit}}
        phase = {**PHASE, "billingConfig": billing, "linkedOptions": [{"optionIdent": ident}]}
        company.call("POST", PLANS, {**PLAN, "planIdent": ident, "phases": [phase]}, 201)
    another_customer(company)
    return company


def agree(shop: Reported, ident: str, start: str, plan: str = "basic", quantity: int = 1, customer: str = "muster-handel") -> None:
    option = "base" if plan == "basic" else plan
    quantities = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": option, "quantity": quantity}]}]
    body = a_contract(ident, planIdent=plan, startDate=start, debtorIdent=customer, optionQuantities=quantities)
    shop.call("POST", CONTRACTS, body, 201)


def end(shop: Reported, ident: str, last: str) -> None:
    shop.turn(last)
    shop.call("POST", f"{CONTRACTS}/{ident}/actions/terminate-extraordinarily", {"terminationDate": last})


def ask(shop: Reported, **query: str) -> list[Any]:
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return list(shop.call("GET", f"/v2/metrics/mrr?{told}")["rows"])


def amounts(row: Any) -> list[str]:
    return [f"{D(str(row[name])):.2f}" for name in PARTS]


def test_what_moved_it_is_told_month_by_month(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-15", quantity=3)  # 30.00
    agree(shop, "v-2", "2026-02-10", "yearly", customer="zweite")  # 8.33
    agree(shop, "v-3", "2026-02-20", quantity=2)  # 20.00 more
    end(shop, "v-3", "2026-03-31")
    end(shop, "v-1", "2026-04-14")
    agree(shop, "v-4", "2026-06-01")  # 10.00, back again
    rows = {row["firstDay"]: row for row in ask(shop, **{"from": "2026-01-01", "to": "2026-06-30"})}
    assert {day: amounts(row) for day, row in rows.items()} == {
        "2026-01-01": ["0.00", "30.00", "0.00", "0.00", "0.00", "0.00", "30.00"],
        "2026-02-01": ["30.00", "8.33", "20.00", "0.00", "0.00", "0.00", "58.33"],
        "2026-03-01": ["58.33", "0.00", "0.00", "0.00", "0.00", "0.00", "58.33"],
        "2026-04-01": ["58.33", "0.00", "0.00", "0.00", "-20.00", "-30.00", "8.33"],
        "2026-05-01": ["8.33", "0.00", "0.00", "0.00", "0.00", "0.00", "8.33"],
        "2026-06-01": ["8.33", "0.00", "0.00", "10.00", "0.00", "0.00", "18.33"],
    }
    assert (rows["2026-02-01"]["customers"], rows["2026-02-01"]["arpa"]) == (2, 29.17)


def test_days_add_up_to_their_month(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-15", "weekly", quantity=3)
    agree(shop, "v-2", "2026-01-20", "yearly", customer="zweite")
    end(shop, "v-1", "2026-01-28")
    days = ask(shop, **{"from": "2026-01-01", "to": "2026-01-31", "interval": "DAY"})
    (month,) = ask(shop, **{"from": "2026-01-01", "to": "2026-01-31"})
    for row in [*days, month]:
        start, *parts, last = (D(str(row[name])) for name in PARTS)
        assert start + sum(parts) == last
    assert {row["firstDay"]: row["end"] for row in days}["2026-01-15"] == 91.25  # 21.00 a week: 21 x 365 / 84
    assert D(str(days[-1]["end"])) == D(str(month["end"])) == D("8.33")
    for before, after in itertools.pairwise(days):
        assert before["end"] == after["start"]


def test_an_allowance_and_a_price_of_ones_own_count_from_their_period_on(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-10", quantity=4)
    prices = [{"optionIdent": "base", "prices": [{"price": "15.00"}]}]
    (row,) = shop.tenant.rows("SELECT contract_id FROM contract")
    shop.call(
        "PATCH", f"{CONTRACTS}/{row.contract_id}", {"planModifiers": [{"optionPrices": prices, "effectiveFrom": "2026-03-01"}]}
    )
    allowance = {
        "ident": "a-1",
        "optionIdent": "base",
        "name": "Nachlass",
        "type": "AMOUNT",
        "amount": "12.00",
        "validFrom": "2026-04-10",
    }
    shop.call("POST", f"{CONTRACTS}/v-1/allowances", allowance, 201)
    steps = [
        row for row in ask(shop, **{"from": "2026-01-01", "to": "2026-05-31", "interval": "DAY"}) if row["start"] != row["end"]
    ]
    assert [(row["firstDay"], D(str(row["end"]))) for row in steps] == [
        ("2026-01-10", D("40.00")),
        ("2026-03-10", D("60.00")),
        ("2026-04-10", D("48.00")),
    ]


def test_groups_have_their_own_movements(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-15", quantity=3)
    agree(shop, "v-2", "2026-02-10", "yearly")
    by_plan = ask(shop, **{"from": "2026-02-01", "to": "2026-02-28", "groupBy": "plan"})
    assert [(row["group"], *amounts(row)) for row in by_plan] == [
        ("basic", "30.00", "0.00", "0.00", "0.00", "0.00", "0.00", "30.00"),
        ("yearly", "0.00", "8.33", "0.00", "0.00", "0.00", "0.00", "8.33"),
    ]
    (segment,) = ask(shop, **{"from": "2026-02-01", "to": "2026-02-28", "groupBy": "segment"})
    assert amounts(segment) == ["30.00", "0.00", "8.33", "0.00", "0.00", "0.00", "38.33"]


def test_cohorts_are_those_who_began_in_a_month(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-15", quantity=3)
    agree(shop, "v-2", "2026-01-20", customer="zweite")
    end(shop, "v-2", "2026-02-19")
    rows = shop.call("GET", "/v2/metrics/cohorts?from=2026-01-01&to=2026-03-31")["rows"]
    assert [(it["month"], it["customers"], it["retained"], D(str(it["retention"])), D(str(it["mrr"]))) for it in rows] == [
        ("2026-01", 2, 2, D(100), D("40.00")),
        ("2026-02", 2, 1, D(50), D("30.00")),
        ("2026-03", 2, 1, D(50), D("30.00")),
    ]


def test_metrics_are_reports_too(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-15", quantity=3)
    shop.turn("2026-02-15")
    text = shop.content(shop.report("MRR", "2026-01")).decode("utf-8-sig")
    rows = [(it["Grouped by"], it["Group"], it["New"], it["End"]) for it in csv.DictReader(io.StringIO(text))]
    assert rows[:2] == [("none", "", "30.00", "30.00"), ("plan", "basic", "30.00", "30.00")]
    (cohort,) = shop.read("COHORTS", "2026-01")
    assert (cohort["Cohort"], cohort["Customers"], cohort["Monthly revenue"]) == ("2026-01", "1", "30.00")


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("from=2026-02-30", ["from"]),
        ("from=x&to=y", ["from", "to"]),
        ("from=2026-02-01&to=2026-01-01", ["to"]),
        ("from=0001-01-01&to=2026-01-01", ["from"]),
        ("groupBy=customer", ["groupBy"]),
        ("interval=YEAR", ["interval"]),
        ("interval=WEEK&groupBy=customer&from=x", ["groupBy", "interval", "from"]),
        ("from=2024-01-01&to=2026-01-01&interval=DAY", ["to"]),
        ("since=2026-01-01", ["since"]),
    ],
)
def test_what_is_asked_wrongly_is_refused_by_name(shop: Reported, query: str, fields: list[str]) -> None:
    refused = shop.call("GET", f"/v2/metrics/mrr?{query}", status=400)
    assert [it["fieldName"] for it in refused["errors"]] == fields


def test_other_tenants_and_other_rights_see_none(
    shop: Reported, new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    agree(shop, "v-1", "2026-01-15")
    stranger = bearer(new_tenant())
    assert client.get("/v2/metrics/mrr?from=2026-01-01&to=2026-01-31", headers=stranger).json()["rows"] == []
    assert client.get("/v2/metrics/cohorts?from=2026-01-01&to=2026-01-31", headers=stranger).json()["rows"] == []
    reader = bearer(shop.tenant, "nbx-customer-management-read")
    assert client.get("/v2/metrics/mrr", headers=reader).status_code == 403


def test_a_contract_that_changes_earns_otherwise_from_the_day_on(shop: Reported) -> None:
    agree(shop, "v-1", "2026-01-01")
    shop.turn("2026-01-16")
    shop.call("POST", f"{CONTRACTS}/v-1/actions/change", {"optionQuantities": [{"optionIdent": "base", "quantity": 3}]})
    shop.turn("2026-02-11")
    yearly = {"planIdent": "yearly", "optionMappings": [{"optionIdent": "base", "becomes": "yearly"}]}
    shop.call("POST", f"{CONTRACTS}/v-1/actions/change", {**yearly, "optionQuantities": [{"optionIdent": "yearly", "quantity": 6}]})
    period = {"from": "2026-01-01", "to": "2026-02-28"}
    assert [amounts(row) for row in ask(shop, **period)] == [
        ["0.00", "10.00", "20.00", "0.00", "0.00", "0.00", "30.00"],
        ["30.00", "0.00", "20.00", "0.00", "0.00", "0.00", "50.00"],  # 600.00 a year
    ]
    rows = ask(shop, **period, groupBy="plan")
    assert [(row["group"], amounts(row)) for row in rows if row["firstDay"] == "2026-02-01"] == [
        ("basic", ["30.00", "0.00", "0.00", "0.00", "0.00", "-30.00", "0.00"]),
        ("yearly", ["0.00", "50.00", "0.00", "0.00", "0.00", "0.00", "50.00"]),
    ]
