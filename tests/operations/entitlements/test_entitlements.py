"""What contracts give of features: copied when they are made, on the days on which they run, told when it changes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.contracts import CONTRACTS, TERM
from tests.factories.lives import act
from tests.factories.offices import Office
from tests.factories.tenants import Tenant

from contor.entitlements.turning import Turn, look, turn

FEATURES = "/v2/features"
SEATS = {"ident": "seats", "name": "Seats", "type": "QUANTITY", "unit": "user"}
SSO = {"ident": "sso", "name": "Single sign-on", "type": "SWITCH"}
SUPPORT = {
    "ident": "support",
    "name": "Support",
    "type": "SELECTION",
    "choices": [{"value": "mail"}, {"value": "phone", "label": "24/7"}],
}
CALLS = {"ident": "calls", "name": "API calls", "type": "RANGE", "minimum": 100, "maximum": 10000, "mayBeUnlimited": True}


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    made.plan(phase=TERM)
    return made


def feature(office: Office, body: dict[str, Any], *, active: bool = True, **plans: str) -> None:
    """A feature, and its value in plans."""
    office.call("POST", FEATURES, body, 201)
    if active:
        office.call("POST", f"{FEATURES}/{body['ident']}/actions/activate", None)
    for plan, value in plans.items():
        office.call("POST", f"{FEATURES}/{body['ident']}/plans", {"planIdent": plan, "value": value}, 201)


def given(office: Office, contract: str = "v-1", at: str = "") -> dict[str, str]:
    """Feature: value, of a contract."""
    query = f"?at={at}" if at else ""
    state = office.call("GET", f"{CONTRACTS}/{contract}/entitlements{query}")
    return {one["featureIdent"]: one["value"] for one in state["entitlements"]}


def told(office: Office) -> int:
    """How often it was told that the contract gives something else."""
    (row,) = office.tenant.rows("SELECT count(*) AS count FROM event WHERE name = 'entitlements.changed'")
    return int(row.count)


def sound(office: Office) -> None:
    assert [str(one) for one in office.tenant.broken() if one.check.startswith("entitlements.")] == []


def test_a_contract_gets_what_its_plan_gives_when_it_is_made(office: Office) -> None:
    feature(office, SEATS, basic="5")
    feature(office, SSO, active=False, basic="true")
    office.contract()
    assert given(office) == {"seats": "5"}
    office.call("PUT", f"{FEATURES}/seats/plans/basic", {"value": "7.00"})
    office.call("POST", f"{FEATURES}/sso/actions/activate", None)
    assert given(office) == {"seats": "5"}
    office.contract("v-2")
    assert given(office, "v-2") == {"seats": "7", "sso": "true"}
    state = office.call("GET", "/v2/customers/muster-handel/entitlements")
    assert [(one["featureIdent"], one["value"], one["contractIdent"]) for one in state["entitlements"]] == [
        ("seats", "7", "v-2"),
        ("sso", "true", "v-2"),
    ]
    assert office.call("GET", "/v2/customers/muster-handel/entitlements?feature=sso")["entitlements"] == [
        {
            "featureIdent": "sso",
            "name": "Single sign-on",
            "type": "SWITCH",
            "value": "true",
            "source": "PLAN",
            "sourceIdent": "basic",
            "contractIdent": "v-2",
            "validFrom": "2026-05-10T10:00:00Z",
        }
    ]
    assert (told(office), len(office.call("GET", f"{FEATURES}?search=status==ACTIVE")["_embedded"])) == (2, 2)
    sound(office)


def test_an_option_gives_more_than_the_plan_and_an_override_what_it_says(office: Office) -> None:
    feature(office, SUPPORT, basic="mail")
    feature(office, CALLS, basic="100")
    office.call("POST", OPTIONS, {**OPTION, "optionIdent": "premium", "status": "FINAL"}, 201)
    office.call("POST", "/v2/plans/basic/phases/p-1/options", {"optionIdent": "premium", "minimum": 0}, 201)
    for ident, value in (("support", "phone"), ("calls", "unlimited")):
        office.call("POST", f"{FEATURES}/{ident}/options", {"optionIdent": "premium", "value": value}, 201)
    office.contract()
    taken = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": i, "quantity": 1} for i in ("basic-fee", "premium")]}]
    office.contract("v-2", optionQuantities=taken)
    assert given(office) == {"calls": "100", "support": "mail"}
    assert given(office, "v-2") == {"calls": "unlimited", "support": "phone"}
    overrides = f"{CONTRACTS}/v-2/entitlement-overrides"
    office.call("POST", overrides, {"ident": "a", "featureIdent": "calls", "value": "500", "validFrom": "2026-05-20"}, 201)
    office.call("POST", overrides, {"ident": "b", "featureIdent": "support", "validTo": "2026-05-20"}, 201)
    assert given(office, "v-2") == {"calls": "unlimited"}
    office.clock("2026-05-20T10:00")
    assert given(office, "v-2") == {"calls": "500"}
    office.clock("2026-05-21T10:00")
    assert given(office, "v-2") == {"calls": "500", "support": "phone"}
    office.call("DELETE", f"{overrides}/a", None, 204)
    assert given(office, "v-2") == {"calls": "unlimited", "support": "phone"}
    assert given(office, "v-2", "2026-05-20T09:00:00Z") == {"calls": "500"}
    sound(office)


def test_an_option_gives_what_its_product_does_but_for_what_it_says_itself(office: Office) -> None:
    office.plan("20.00", ident="shop", option={"productIdent": "store"}, phase=TERM)
    feature(office, SEATS)
    feature(office, SSO)
    for ident, value in (("seats", "3"), ("sso", "true")):
        office.call("POST", f"{FEATURES}/{ident}/products", {"productIdent": "store", "value": value}, 201)
    office.contract("v-1", "shop")
    office.call("POST", f"{FEATURES}/seats/options", {"optionIdent": "shop-fee", "value": "8"}, 201)
    office.contract("v-2", "shop")
    assert (given(office), given(office, "v-2")) == ({"seats": "3", "sso": "true"}, {"seats": "8", "sso": "true"})
    assert office.findings("PUT", f"{FEATURES}/seats/products/store", {"value": "many"}) == ["value"]
    sound(office)


def test_what_is_changed_from_a_day_on_is_changed_then(office: Office) -> None:
    """And another plan gives what it gives then."""
    feature(office, SEATS, basic="5")
    office.plan("20.00", ident="big", phase=TERM)
    office.call("POST", f"{FEATURES}/seats/plans", {"planIdent": "big", "value": "50"}, 201)
    office.contract()
    body = {
        "planIdent": "big",
        "effectiveDate": "2026-05-10",
        "optionMappings": [{"optionIdent": "basic-fee", "becomes": "big-fee"}],
    }
    act(office, "change", body)
    assert given(office) == {"seats": "50"}
    assert given(office, at="2026-05-10T09:59:59Z") == {}
    sound(office)


def test_a_pause_an_end_and_a_new_beginning(office: Office) -> None:
    feature(office, SEATS, basic="5")
    office.contract()
    assert told(office) == 1
    act(office, "pause", {"resumeDate": "2026-06-10"})
    assert (given(office), told(office)) == ({}, 2)
    office.clock("2026-06-10T10:00")
    assert given(office) == {"seats": "5"}
    assert told(office) == 2
    look(office.tenant.runtime, office.tenant.id)
    assert told(office) == 3
    act(office, "terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    assert (given(office), told(office)) == ({"seats": "5"}, 3)
    office.clock("2026-06-21T10:00")
    assert given(office) == {}
    assert office.tenant.execute(turn, Turn()) is False
    assert told(office) == 4
    act(office, "reactivate", {})
    assert (given(office), told(office)) == ({"seats": "5"}, 5)
    for at, seats in (("05-10T09:59", {}), ("06-09T21:59", {}), ("06-09T22:00", {"seats": "5"}), ("06-20T22:00", {})):
        assert given(office, at=f"2026-{at}:00Z") == seats, at
    sound(office)


def test_a_contract_that_begins_later_gives_something_then(office: Office) -> None:
    feature(office, SEATS, basic="5")
    office.contract(startDate="2026-06-01")
    office.contract("v-2", startDate=None)
    assert (given(office), told(office)) == ({}, 0)
    office.clock("2026-06-01T10:00")
    look(office.tenant.runtime, office.tenant.id)
    assert (given(office), told(office)) == ({"seats": "5"}, 1)
    act(office, "activate", {"startDate": "2026-06-01"}, 204, ident="v-2")
    assert (given(office, "v-2"), told(office)) == ({"seats": "5"}, 2)
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1", "v-2"]}, 204)
    assert (given(office), given(office, "v-2"), told(office)) == ({}, {}, 3)
    sound(office)


def test_contracts_from_before_the_first_feature_get_it_by_an_override_alone(office: Office) -> None:
    office.contract()
    feature(office, SEATS, basic="5")
    act(office, "pause", {})
    act(office, "resume", {})
    assert given(office) == {}
    overrides = f"{CONTRACTS}/v-1/entitlement-overrides"
    office.call("POST", overrides, {"ident": "a", "featureIdent": "seats", "value": "9", "validFrom": "2026-05-01"}, 201)
    assert (given(office), given(office, at="2026-05-05T10:00:00Z")) == ({"seats": "9"}, {})
    office.call("PUT", f"{overrides}/a", {"value": "10", "validFrom": "2026-05-01"})
    assert given(office) == {"seats": "10"}
    sound(office)


WORDS = [{"value": "a"}, {"value": "1"}, {"value": "1.0"}]
ALONE = f"{CONTRACTS}/v-1/entitlement-overrides"
BACKWARDS = {"featureIdent": "nothing", "validFrom": "2026-05-02", "validTo": "2026-05-01"}
REFUSED: list[tuple[str, str, Any, list[str]]] = [
    ("POST", FEATURES, {"ident": "x", "name": "X", "type": "SELECTION"}, ["choices"]),
    ("POST", FEATURES, {"name": "X", "type": "SWITCH", "choices": [{"value": "a"}], "minimum": 1}, ["choices", "minimum"]),
    ("POST", FEATURES, {"name": "X", "type": "RANGE", "minimum": 2, "maximum": 1}, ["maximum"]),
    ("POST", FEATURES, {"name": "X", "type": "QUANTITY", "choices": WORDS}, ["choices[0].value", "choices[2].value"]),
    ("PUT", f"{FEATURES}/seats", {**SEATS, "type": "SWITCH"}, ["type"]),
    ("POST", f"{FEATURES}/seats/plans", {"planIdent": "nobody", "value": "x"}, ["planIdent", "value"]),
    ("POST", f"{FEATURES}/seats/options", {"optionIdent": "nobody", "value": "-1"}, ["optionIdent", "value"]),
    ("POST", ALONE, {"featureIdent": "sso", "value": "maybe"}, ["featureIdent", "value"]),
    ("POST", ALONE, BACKWARDS, ["featureIdent", "validTo"]),
    ("GET", f"{CONTRACTS}/v-1/entitlements?at=yesterday", None, ["at"]),
    ("GET", f"{CONTRACTS}/v-1/entitlements?at=2026-05-10T10:00:01Z", None, ["at"]),
    ("GET", "/v2/customers/muster-handel/entitlements?at=2026-05-10T10:00:00", None, ["at"]),
]


@pytest.mark.parametrize(("method", "path", "body", "fields"), REFUSED)
def test_everything_that_is_wrong_is_said(office: Office, method: str, path: str, body: Any, fields: list[str]) -> None:
    feature(office, SEATS)
    feature(office, SSO, active=False)
    office.contract()
    assert office.findings(method, path, body) == fields


def test_what_is_in_use_stays(office: Office) -> None:
    feature(office, {**SUPPORT, "description": "By whom"}, basic="phone")
    office.call("PUT", f"{FEATURES}/support", {**SUPPORT, "choices": [{"value": "mail"}]}, 409)
    office.call("DELETE", f"{FEATURES}/support", None, 409)
    office.call("POST", f"{FEATURES}/support/actions/activate", None, 400)
    office.call("POST", f"{FEATURES}/support/actions/archive", None)
    office.call("POST", f"{FEATURES}/support/actions/archive", None, 400)
    office.call("POST", f"{FEATURES}/support/plans", {"planIdent": "basic", "value": "mail"}, 400)
    office.contract()
    assert given(office) == {}
    office.call("DELETE", f"{FEATURES}/support/plans/basic", None, 204)
    office.call("DELETE", f"{FEATURES}/support", None, 204)
    for path in (f"{FEATURES}/support", f"{CONTRACTS}/v-9/entitlements", "/v2/customers/nobody/entitlements"):
        office.call("GET", path, None, 404)


def test_a_check_finds_what_nothing_gives(office: Office) -> None:
    feature(office, SEATS, basic="5")
    office.contract()
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        uow.run("UPDATE entitlement SET valid_until = %s", (dt.datetime(2026, 7, 1, tzinfo=dt.UTC),))
    assert [str(one.check) for one in office.tenant.broken()] == ["entitlements.follow_from_contracts"]


def test_a_feature_and_what_is_assigned_of_it_is_changed_and_deleted(office: Office) -> None:
    feature(office, SEATS, active=False)
    named = office.call("PUT", f"{FEATURES}/seats", {"name": "Places", "type": "QUANTITY", "unit": "place"})
    assert (named["name"], named["unit"]) == ("Places", "place")
    assert office.findings("PUT", f"{FEATURES}/seats", {"name": "Places", "type": "SWITCH"}) == ["type"]
    for kind, key in (("options", "optionIdent"), ("products", "productIdent")):
        of = f"{FEATURES}/seats/{kind}"
        office.call("POST", of, {key: "basic-fee", "value": "5"}, 201)
        assert office.call("PUT", f"{of}/basic-fee", {"value": "7.00"})["value"] == "7"
        assert office.findings("PUT", f"{of}/basic-fee", {"value": "many"}) == ["value"]
        assert [one["value"] for one in office.call("GET", of)["_embedded"]] == ["7"]
        office.call("DELETE", f"{of}/basic-fee", None, 204)
        office.call("GET", f"{of}/basic-fee", None, 404)
    office.call("POST", f"{FEATURES}/seats/actions/activate", None)
    office.contract()
    assert given(office) == {}
