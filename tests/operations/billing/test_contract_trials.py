"""Trials: nothing recurring is charged until a day; then the first interval begins, or what is left of it is charged by its days."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.lives import act, billed, days
from tests.factories.offices import Office
from tests.factories.usages import POWER, USAGES, metered, usage

D = Decimal
FORTNIGHT = {"value": 14, "unit": "DAY"}


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("END", [("2027-02-03", "2027-02-03", "2027-03-02", D(31)), ("2027-03-03", "2027-03-03", "2027-04-02", D(31))]),
        ("START", [("2027-02-03", "2027-02-03", "2027-02-19", D(17)), ("2027-02-20", "2027-02-20", "2027-03-19", D(31))]),
    ],
)
@pytest.mark.parametrize("said_by", ["contract", "plan"])
def test_s9_a_trial_of_14_days_from_20_january(office: Office, anchor: str, expected: Any, said_by: str) -> None:
    office.clock("2027-01-20T10:00")
    trial = {"trial": {"duration": FORTNIGHT, "anchor": anchor}}
    office.plan("31.00", **(trial if said_by == "plan" else {}))
    office.contract(startDate="2027-01-20", **(trial if said_by == "contract" else {}))
    view = office.call("GET", CONTRACTS)[0]
    assert view["status"] == {"performanceStatus": "RUNNING", "condition": "TRIAL", "conditionUntil": "2027-02-02"}
    days(office, "2027-01-20", "2027-02-02", "2027-02-03", "2027-02-20", "2027-03-03")
    assert billed(office) == expected


def test_a_trial_is_extended_and_ended(office: Office) -> None:
    office.clock("2027-01-20T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-01-20", trial={"duration": FORTNIGHT})
    office.bill()
    act(office, "extend-trial", {"lastDay": "2027-02-28"})
    days(office, "2027-02-03", "2027-02-20", "2027-02-25")
    assert billed(office) == []
    act(office, "end-trial")
    office.bill()
    assert billed(office) == [("2027-02-25", "2027-02-25", "2027-03-24", D(31))]
    days(office, "2027-03-24", "2027-03-25")
    assert billed(office)[1:] == [("2027-03-25", "2027-03-25", "2027-04-24", D(31))]


def test_a_trial_that_ends_on_its_first_day_never_was(office: Office) -> None:
    office.clock("2027-01-20T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-01-20", trial={"duration": FORTNIGHT})
    office.bill()
    act(office, "end-trial")
    days(office, "2027-01-20", "2027-02-20")
    assert [start for _, start, _, _ in billed(office)] == ["2027-01-20", "2027-02-20"]


def test_who_gives_notice_in_a_trial_owes_nothing(office: Office) -> None:
    office.clock("2027-01-20T10:00")
    office.plan("31.00", phase={"termDuration": {"value": 1, "unit": "YEAR"}, "transition": {"type": "AUTO_RENEWAL"}})
    office.contract(startDate="2027-01-20", trial={"duration": FORTNIGHT})
    office.bill()
    assert act(office, "terminate", {})["endDate"] == "2027-02-02"
    days(office, "2027-02-03", "2027-03-03")
    assert billed(office) == []


def test_a_contract_begins_without_the_trial_of_its_plan_or_with_another(office: Office) -> None:
    office.clock("2027-01-20T10:00")
    office.plan("31.00", trial={"duration": FORTNIGHT})
    office.contract("v-1", startDate="2027-01-20", noTrial=True)
    office.contract("v-2", startDate="2027-01-20", trial={"duration": {"value": 1, "unit": "DAY"}})
    days(office, "2027-01-20", "2027-01-21", "2027-02-03")
    assert [row[:2] for row in billed(office)] == [("2027-01-20", "2027-01-20"), ("2027-01-21", "2027-01-21")]


@pytest.mark.parametrize(("usages", "cost"), [("CHARGED", D("1.70")), ("FREE", D(0))])
def test_what_is_used_in_a_trial_is_charged_or_free_and_what_follows_is_charged(office: Office, usages: str, cost: D) -> None:
    office.clock("2027-01-20T10:00")
    metered(office, POWER, None, "2027-01-20")
    trial = {"duration": FORTNIGHT, "usages": usages}
    office.call("POST", CONTRACTS, a_contract("t-1", optionQuantities=[], startDate="2027-01-20", trial=trial), 201)
    office.bill()
    office.clock("2027-02-06T10:00")
    used = [usage("u-1", 10, "2027-01-25", contractIdent="t-1"), usage("u-2", 10, "2027-02-05", contractIdent="t-1")]
    office.call("POST", f"{USAGES}/actions/batch", {"usages": used}, 201)
    days(office, "2027-02-07", "2027-03-03")
    found = office.tenant.rows(
        "SELECT period_start::text AS start, total FROM billable_item WHERE holder_ident = 't-1' AND kind = 'USAGE'"
        " AND processing_status = 'COMPLETED' ORDER BY period_start"
    )
    assert [(row.start, row.total) for row in found] == [("2027-01-20", cost), ("2027-02-03", D("1.70"))]
    assert office.tenant.rows("SELECT usage_ident FROM usage WHERE item_id IS NULL") == []


def test_changes_of_a_trial_are_previewed_and_said_why(office: Office) -> None:
    office.clock("2027-01-20T10:00")
    office.plan("31.00")
    office.contract(startDate="2027-01-20", trial={"duration": FORTNIGHT})
    office.bill()

    def shown(**change: Any) -> list[tuple[str, float]]:
        told = act(office, "preview", {"change": change} if change else {})
        return [(one["documentDate"], one["totals"]["net"]) for one in (*told["now"], *told["next"])]

    assert shown() == [("2027-02-03", 31)]
    assert shown(extendTrial={"lastDay": "2027-02-09"}) == [("2027-02-10", 31)]
    assert shown(endTrial=True) == [("2027-01-20", 31), ("2027-02-20", 31)]
    assert shown(pause={"resumeDate": "2027-03-10"}) == [("2027-03-10", 31)]
    assert shown(terminate={}) == []
    assert office.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["reasons"] == [
        {"code": "IN_TRIAL", "text": "the contract is in its trial until 2027-02-02"}
    ]
    view = office.call("GET", CONTRACTS)[0]
    assert (view["trial"], view["pauses"]) == ({"lastDay": "2027-02-02", "anchor": "END", "usages": "CHARGED"}, [])
    for body in ({"lastDay": "2027-02-02"}, {"lastDay": "2027-01-30"}):
        (found,) = office.call("POST", f"{CONTRACTS}/v-1/actions/extend-trial", body, 400)["errors"]
        assert found["error"] == "is not after 2027-02-02, on which the trial ends already"
    office.clock("2027-02-03T10:00")
    for action, sent in (("extend-trial", {"lastDay": "2027-03-01"}), ("end-trial", None)):
        (found,) = office.call("POST", f"{CONTRACTS}/v-1/actions/{action}", sent, 400)["errors"]
        assert found["error"] == "The trial was over on 2027-02-02."
