"""Product groups: what a contract changes to, when, and with which credit; and drafts of contracts, which change as a whole."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, YEAR, a_contract
from tests.factories.lives import act, billed, days, papers
from tests.factories.offices import Office

D = Decimal
GROUPS = "/v2/product-groups"
MONTHLY = {"billingInterval": {"value": 1, "unit": "MONTH"}}


def an_option(office: Office, ident: str, price: str, kind: str = "QUANTITY") -> None:
    body = {**OPTION, "optionIdent": ident, "name": ident, "type": kind, "status": "FINAL", "prices": [{"price": price}]}
    office.call("POST", OPTIONS, body, 201)


def a_plan(office: Office, ident: str, *options: str, config: Any = MONTHLY) -> None:
    links = [{"optionIdent": one, "minimum": 0} for one in options]
    phase = {**PHASE, "billingConfig": config, "linkedOptions": links}
    office.call("POST", PLANS, {**PLAN, "planIdent": ident, "phases": [phase]}, 201)


def a_house(office: Office) -> None:
    """Basic 30.00, pro 60.00, max 90.00 a month in one plan; pro also by the year, in another."""
    office.clock("2027-04-01T10:00")
    for ident, price in (("basic", "30.00"), ("pro", "60.00"), ("max", "90.00"), ("pro-year", "600.00"), ("storage", "5.00")):
        an_option(office, ident, price)
    a_plan(office, "monthly", "basic", "pro", "max", "storage")
    a_plan(office, "yearly", "pro-year", config={"billingInterval": YEAR})
    given = [
        {
            "phaseIdent": "p-1",
            "optionQuantity": [{"optionIdent": "basic", "quantity": 1}, {"optionIdent": "storage", "quantity": 2}],
        }
    ]
    office.call("POST", CONTRACTS, a_contract(planIdent="monthly", optionQuantities=given, startDate="2027-04-01"), 201)
    office.bill()


def a_group(office: Office, ident: str = "editions", status: int = 201, **more: Any) -> Any:
    members = [
        {"optionIdent": "basic", "position": 1, "changeTiming": "END_OF_PERIOD", "creditType": "NONE"},
        {"optionIdent": "pro", "position": 2},
        {"optionIdent": "max", "position": 3, "creditType": "NONE", "quantityChange": False},
        {"optionIdent": "pro-year", "position": 2},
    ]
    return office.call("POST", GROUPS, {"ident": ident, "name": "Editions", "members": members, **more}, status)


def switch(office: Office, option: str, status: int = 200, **body: Any) -> Any:
    return office.call("POST", f"{CONTRACTS}/v-1/options/{option}/actions/switch", body, status)


def options(office: Office, option: str, status: int = 200) -> Any:
    return office.call("GET", f"{CONTRACTS}/v-1/options/{option}/change-options", status=status)


def test_the_options_of_an_item_say_direction_time_credit_and_plan(office: Office) -> None:
    a_house(office)
    a_group(office)
    said = options(office, "pro", 404)
    assert "pro" in str(said)
    said = options(office, "basic")
    assert (said["optionIdent"], said["quantity"], said["groupIdents"], said["hasPendingChange"]) == (
        "basic",
        1,
        ["editions"],
        False,
    )
    names = ("optionIdent", "planIdent", "isUpgrade", "isDowngrade", "changeTiming", "creditType", "quantityChange")
    assert [tuple(one.get(name) for name in names) for one in said["options"]] == [
        ("pro", None, True, False, "IMMEDIATELY", "PRO_RATA", True),
        ("pro-year", "yearly", True, False, "IMMEDIATELY", "PRO_RATA", True),
        ("max", None, True, False, "IMMEDIATELY", "NONE", False),
    ]
    office.call("PUT", f"{GROUPS}/editions", {"name": "Editions", "sameIntervalOnly": True, "members": _members(office)})
    assert [one["optionIdent"] for one in options(office, "basic")["options"]] == ["pro", "max"]
    office.call("PUT", f"{GROUPS}/editions", {"name": "Editions", "enabled": False, "members": _members(office)})
    assert options(office, "basic")["options"] == []


def _members(office: Office) -> Any:
    return office.call("GET", f"{GROUPS}/editions")["members"]


@pytest.mark.parametrize(
    ("becomes", "expected"),
    [
        # 16 April: 15 of 30 days
        ("pro", [("2027-04-16", "2027-04-16", "2027-04-30", D("-15.00")), ("2027-04-16", "2027-04-16", "2027-04-30", D("30.00"))]),
        ("max", [("2027-04-16", "2027-04-16", "2027-04-30", D("45.00"))]),
    ],
)
def test_s1_a_change_upward_is_charged_at_once_with_the_credit_of_its_group(office: Office, becomes: str, expected: Any) -> None:
    a_house(office)
    a_group(office)
    office.clock("2027-04-16T10:00")
    view = switch(office, "basic", becomes=becomes)
    quantities = {one["optionIdent"]: one["quantity"] for one in view["optionQuantities"][0]["optionQuantity"]}
    assert quantities == {becomes: 1, "storage": 2}
    office.bill()
    assert sorted(billed(office, "2027-04-02")) == sorted(expected)


def test_a_change_to_a_lower_member_waits_for_the_end_of_the_period_and_blocks_others(office: Office) -> None:
    a_house(office)
    a_group(office)
    office.clock("2027-04-10T10:00")
    switch(office, "basic", becomes="pro")
    office.bill()
    view = switch(office, "pro", becomes="basic")
    assert view["hasPendingChange"] and options(office, "pro")["hasPendingChange"]
    refused = switch(office, "pro", 409, becomes="max")
    assert "agreed and not in effect" in str(refused)
    assert not options(office, "storage")["hasPendingChange"]
    switch(office, "storage", quantity=3)  # of another option
    act(office, "withdraw-change", {})
    switch(office, "pro", becomes="basic")
    days(office, "2027-05-01")
    # 3.50: a third unit of storage for 21 of 30 days of April
    assert papers(office)[-1] == ("2027-05-01", "INVOICE", D("48.50"))


def test_a_change_without_credit_keeps_what_a_former_one_gives_back(office: Office) -> None:
    """Of another option, on no document yet: 1 unit of storage less for 21 of 30 days; then basic to max, which gives nothing back."""
    a_house(office)
    a_group(office)
    office.clock("2027-04-10T10:00")
    switch(office, "storage", quantity=1)
    switch(office, "basic", becomes="max")
    office.bill()
    assert papers(office)[-1] == ("2027-04-10", "INVOICE", D("59.50"))  # 63.00 - 3.50
    days(office, "2027-05-01")
    assert papers(office)[-1] == ("2027-05-01", "INVOICE", D("95.00"))


def test_a_change_to_another_plan_takes_its_interval(office: Office) -> None:
    a_house(office)
    a_group(office)
    office.call("POST", f"{CONTRACTS}/v-1/actions/change", {"optionQuantities": [{"optionIdent": "storage", "quantity": 0}]})
    office.bill()
    office.clock("2027-04-16T10:00")
    switch(office, "basic", becomes="pro-year", planIdent="yearly")
    office.bill()
    assert papers(office)[-1] == ("2027-04-16", "INVOICE", D("585.00"))


def test_what_the_group_does_not_allow_is_refused(office: Office) -> None:
    a_house(office)
    a_group(office)
    for body, field in (
        ({"becomes": "storage"}, "becomes"),
        ({"becomes": "basic"}, "becomes"),
        ({}, "becomes"),
        ({"becomes": "max", "quantity": 2}, "quantity"),
        ({"quantity": 2, "planIdent": "yearly"}, "planIdent"),
    ):
        assert switch(office, "basic", 400, **body)["errors"][0]["fieldName"] == field
    switch(office, "nothing", 404, becomes="pro")
    refused = a_group(office, "broken", 400, members=[{"optionIdent": "pro"}, {"optionIdent": "pro"}])
    assert [one["fieldName"] for one in refused["errors"]] == ["members[1].optionIdent"]
    refused = a_group(
        office, "broken", 400, members=[{"optionIdent": "pro", "changeTiming": "END_OF_PERIOD", "creditType": "FULL"}]
    )
    assert [one["fieldName"] for one in refused["errors"]] == ["members[0].creditType"]


def test_an_option_in_two_groups_is_changed_within_the_one_that_is_said(office: Office) -> None:
    a_house(office)
    a_group(office)
    a_group(office, "others", members=[{"optionIdent": "basic", "position": 5}, {"optionIdent": "max", "position": 1}])
    assert options(office, "basic")["groupIdents"] == ["editions", "others"]
    office.call("PUT", f"{CONTRACTS}/v-1/options/basic/product-group", {"groupIdent": "others"})
    said = options(office, "basic")
    assert [(one["optionIdent"], one["isDowngrade"]) for one in said["options"]] == [("max", True)]
    office.call("PUT", f"{CONTRACTS}/v-1/options/storage/product-group", {"groupIdent": "others"}, 400)
    office.call("PUT", f"{CONTRACTS}/v-1/options/basic/product-group", {})
    assert options(office, "basic")["groupIdents"] == ["editions", "others"]
    office.call("DELETE", f"{GROUPS}/others", None, 204)
    assert options(office, "basic")["groupIdents"] == ["editions"]


def test_a_draft_is_written_anew_until_it_begins(office: Office) -> None:
    a_house(office)
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic", "quantity": 1}]}]
    office.call("POST", CONTRACTS, a_contract("v-2", planIdent="monthly", optionQuantities=given, startDate=None), 201)
    pro = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "pro", "quantity": 2}]}]
    trial = {"duration": {"value": 7, "unit": "DAY"}}
    view = act(office, "redraft", {"optionQuantities": pro, "trial": trial}, ident="v-2")
    assert view["optionQuantities"] == pro
    refused = act(
        office, "redraft", {"optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "none"}]}]}, 400, "v-2"
    )
    assert refused["errors"][0]["fieldName"] == "optionQuantities[0].optionQuantity[0].optionIdent"
    yearly = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "pro-year", "quantity": 1}]}]
    assert act(office, "redraft", {"planIdent": "yearly", "optionQuantities": yearly}, ident="v-2")["planIdent"] == "yearly"
    act(office, "activate", {"startDate": "2027-04-02"}, 204, "v-2")
    act(office, "redraft", {"noTrial": True}, 409, "v-2")
    days(office, "2027-04-02", "2027-04-08")
    assert billed(office, "2027-04-02") == []
    days(office, "2027-04-09")
    assert billed(office, "2027-04-02") == [("2027-04-09", "2027-04-09", "2028-04-08", D("600.00"))]
