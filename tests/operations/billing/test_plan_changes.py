"""A contract changes to another plan: its periods go on or begin anew, and what was billed in advance is given back to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.changed import change, papers, rows_of_last
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office
from tests.factories.usages import POWER, USAGES, metered, usage

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}
MAPPED = [{"optionIdent": "basic-fee", "becomes": "pro-fee"}]


@pytest.fixture
def shop(office: Office) -> Office:
    """Plans basic, pro and yearly, and a contract of the first since April 2026, which is billed."""
    office.plan("30.00")
    office.plan("60.00", ident="pro")
    office.plan("365.00", ident="yearly", billingInterval=YEAR)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=1)
    office.bill()
    return office


def test_the_same_interval_goes_on(shop: Office) -> None:
    shop.clock("2026-04-16T10:00")
    made = change(shop, planIdent="pro", optionMappings=MAPPED)
    assert (made["planIdent"], made["optionQuantities"]) == (
        "pro",
        [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "pro-fee", "quantity": 1}]}],
    )
    shop.bill()
    assert papers(shop)[1:] == [("INVOICE", D(15))]
    assert rows_of_last(shop) == [(D(-15), "2026-04-16"), (D(30), "2026-04-16")]
    shop.clock("2026-05-01T10:00")
    shop.bill()
    assert papers(shop)[2:] == [("INVOICE", D(60))]


def test_another_interval_begins_a_period_on_the_day(shop: Office) -> None:
    shop.clock("2026-04-16T10:00")
    change(shop, planIdent="yearly", optionMappings=[{"optionIdent": "basic-fee", "becomes": "yearly-fee"}])
    shop.bill()
    assert papers(shop)[1:] == [("INVOICE", D(350))]
    shop.clock("2026-05-01T10:00")
    shop.bill()
    shop.clock("2027-04-15T10:00")
    shop.bill()
    assert len(papers(shop)) == 2
    shop.clock("2027-04-16T10:00")
    shop.bill()
    assert papers(shop)[2:] == [("INVOICE", D(365))]


def test_from_a_year_to_months(shop: Office) -> None:
    shop.contract("v-2", "yearly", startDate="2026-04-01")
    shop.bill()
    shop.clock("2026-04-16T10:00")
    change(shop, ident="v-2", planIdent="basic", optionMappings=[{"optionIdent": "yearly-fee", "becomes": "basic-fee"}])
    shop.bill()
    # 350 of the year are given back, the month from 16 April costs 30
    assert papers(shop)[2:] == [("CREDIT_MEMO", D(-320))]
    for day in ("2026-05-01T10:00", "2026-05-16T10:00"):
        shop.clock(day)
        shop.bill()
    assert papers(shop)[3:] == [("INVOICE", D(30)), ("INVOICE", D(30))]


def test_at_the_end_of_the_period_nothing_is_given_back(shop: Office) -> None:
    made = change(
        shop, planIdent="yearly", timing="END_OF_PERIOD", optionMappings=[{"optionIdent": "basic-fee", "becomes": "yearly-fee"}]
    )
    assert (made["planIdent"], made["hasPendingChange"]) == ("basic", True)
    shop.clock("2026-05-01T10:00")
    shop.bill()
    assert papers(shop)[1:] == [("INVOICE", D(365))]
    (made,) = shop.call("GET", f"{CONTRACTS}?search=planIdent==yearly")
    assert made["hasPendingChange"] is False


def test_backdated_over_two_months_and_changed_again(shop: Office) -> None:
    for day in ("2026-05-01T10:00", "2026-06-01T10:00"):
        shop.clock(day)
        shop.bill()
    shop.clock("2026-06-10T10:00")
    change(shop, planIdent="pro", effectiveDate="2026-04-16", optionMappings=MAPPED)
    shop.bill()
    assert papers(shop)[3:] == [("INVOICE", D(75))]
    change(shop, optionQuantities=[{"optionIdent": "pro-fee", "quantity": 2}], effectiveDate="2026-06-16")
    shop.clock("2026-06-16T10:00")
    shop.bill()
    assert papers(shop)[4:] == [("INVOICE", D(30))]
    change(shop, planIdent="basic", optionMappings=[{"optionIdent": "pro-fee", "becomes": "basic-fee"}])
    shop.bill()
    assert papers(shop)[5:] == [("CREDIT_MEMO", D(-30))]  # two of 30.00 for 15 days less than one of 60.00, twice
    assert sum(net for _, net in papers(shop)) == D(15) + 30 + 60 + 30 + 30


def test_what_the_new_plan_lacks_is_said(shop: Office) -> None:
    answer = change(shop, 400, planIdent="pro")
    assert [(it["fieldName"], it["rejectedValue"]) for it in answer["errors"]] == [
        ("planIdent", "basic-fee"),
        ("optionQuantities", "pro-fee"),
    ]
    assert change(shop, 400, planIdent="nowhere")["errors"][0]["fieldName"] == "planIdent"
    shop.plan("1.00", ident="dollars", currency="USD")
    assert "that takes a new contract" in str(change(shop, 400, planIdent="dollars", optionMappings=[{"optionIdent": "basic-fee"}]))


def test_a_setup_fee_is_charged_again_only_when_asked_for(shop: Office) -> None:
    shop.call(
        "POST",
        OPTIONS,
        {**OPTION, "optionIdent": "setup", "type": "ONETIME", "status": "FINAL", "prices": [{"price": "99.00"}]},
        201,
    )
    links = {"linkedOptions": [{"optionIdent": "plus-fee"}, {"optionIdent": "setup", "minimum": 1}]}
    shop.plan("60.00", ident="plus", phase=links)
    shop.contract("v-2", startDate="2026-04-01")
    shop.bill()
    shop.clock("2026-04-16T10:00")
    mapped = [{"optionIdent": "basic-fee", "becomes": "plus-fee"}]
    change(shop, planIdent="plus", optionMappings=mapped)
    change(shop, ident="v-2", planIdent="plus", optionMappings=mapped, optionQuantities=[{"optionIdent": "setup", "quantity": 1}])
    shop.bill()
    assert sorted(net for _, net in papers(shop)[2:]) in ([D(15), D(114)], [D(129)])


@pytest.mark.parametrize("body", [{"planIdent": "pro", "optionMappings": MAPPED}, {"optionQuantities": []}])
def test_ended_and_cancelled_contracts_do_not_change(shop: Office, body: Any) -> None:
    shop.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-04-10"})
    shop.clock("2026-04-16T10:00")
    assert "has ended" in str(change(shop, 400, **body))
    shop.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    assert "was cancelled" in str(change(shop, 400, **body))


def test_what_was_used_keeps_its_place(office: Office) -> None:
    """Usages of the old plan are billed with its last period; from the day of the other plan on it has none."""
    metered(office, POWER, segment=None)
    office.plan("60.00", ident="pro")
    office.call("POST", USAGES, usage("u-1", 10, "2026-05-09"), 201)
    office.clock("2026-05-16T10:00")
    pro = {"planIdent": "pro", "optionQuantities": [{"optionIdent": "pro-fee", "quantity": 1}]}
    assert "when it was used" in str(change(office, 409, **pro, effectiveDate="2026-05-08"))
    change(office, **pro)
    assert "does not have the option" in str(office.call("POST", USAGES, usage("u-2", 1, "2026-05-16"), 400))
    office.call("POST", USAGES, usage("u-3", 10, "2026-05-15"), 201)
    office.bill()
    assert papers(office) == [("INVOICE", D("34.37"))]  # 16 of 31 days of 60.00, 20 units of 0.17
    office.clock("2026-06-01T10:00")
    office.bill()
    assert papers(office)[1:] == [("INVOICE", D(60))]


def test_a_usage_option_comes_and_goes(office: Office) -> None:
    usages = {"optionIdent": "power", "name": "Power", "type": "USAGE", "status": "FINAL", "usagePrices": POWER}
    office.call("POST", OPTIONS, usages, 201)
    office.plan("30.00", phase={"linkedOptions": [{"optionIdent": "basic-fee"}, {"optionIdent": "power", "minimum": 0}]})
    office.clock("2026-05-01T10:00")
    office.contract()
    office.bill()
    assert "is no usage option" in str(office.call("POST", USAGES, usage("u-0"), 400))
    office.clock("2026-05-10T10:00")
    change(office, optionQuantities=[{"optionIdent": "power", "quantity": 1}])
    office.clock("2026-05-20T10:00")
    assert "does not have the option" in str(office.call("POST", USAGES, usage("u-1", 1, "2026-05-09"), 400))
    office.call("POST", USAGES, usage("u-2", 100, "2026-05-12"), 201)
    change(office, optionQuantities=[{"optionIdent": "power", "quantity": 0}])
    assert "does not have the option" in str(office.call("POST", USAGES, usage("u-3", 1, "2026-05-20"), 400))
    office.call("POST", USAGES, usage("u-4", 10, "2026-05-19"), 201)
    office.bill()
    office.clock("2026-06-01T10:00")
    office.bill()
    assert papers(office)[1:] == [("INVOICE", D("48.70"))]  # 30.00, 110 units of 0.17
    office.clock("2026-07-01T10:00")
    office.bill()
    assert papers(office)[2:] == [("INVOICE", D(30))]
