"""Contracts through the platform API: from creation to their end."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS, Shop
from tests.factories.contracts import CONTRACTS, TERM, a_contract
from tests.factories.tenants import Tenant

NOON = dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC)


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Shop:
    shop = Shop(furnished, client, bearer(furnished))
    furnished.turn_clock(NOON)
    shop.call("POST", OPTIONS, {**OPTION, "status": "FINAL"}, 201)
    shop.call("POST", PLANS, {**PLAN, "phases": [{**PHASE, **TERM}]}, 201)
    return shop


def stored(office: Shop, ident: str = "v-1") -> Any:
    sql = "SELECT proposed_through, next_proposal_at, end_on, end_kind FROM contract WHERE contract_ident = %s"
    (row,) = office.tenant.rows(sql, (ident,))
    at = row.next_proposal_at.isoformat() if row.next_proposal_at else None
    return str(row.proposed_through), at, str(row.end_on) if row.end_on else None, row.end_kind


def test_a_contract_is_created_read_and_listed(office: Shop) -> None:
    made = office.call("POST", CONTRACTS, a_contract(), 201)
    assert (made["status"]["performanceStatus"], made["language"], made["date"]) == ("RUNNING", "de", "2026-05-10")
    assert (made["billingGroupIdent"], made["taxLocation"]) == ("external", {"country": "DE"})
    assert office.call("GET", f"{CONTRACTS}/{made['contractId']}") == made
    office.call("POST", CONTRACTS, a_contract(), 409)
    page = office.call("GET", f"{CONTRACTS}/pageable?slimResponse=false&search=contractIdent==v-1")
    assert (page["page"]["totalElements"], page["_embedded"]) == (1, [made])
    assert office.call("GET", CONTRACTS) == [made]
    terms = office.call("GET", f"{CONTRACTS}/v-1/terms")
    assert (terms["planIdent"], terms["modifiedPlan"]) == ("basic", False)
    assert stored(office) == ("2026-05-01", "2026-04-30T22:00:00+00:00", None, None)


def test_a_pending_contract_begins_when_it_is_activated(office: Shop) -> None:
    body = {name: value for name, value in a_contract().items() if name != "startDate"}
    made = office.call("POST", CONTRACTS, body, 201)
    assert made["status"]["performanceStatus"] == "PENDING_START"
    assert stored(office)[:2] == ("None", None)
    wrong = {"startDate": "2026-06-01", "billingStartDate": "2026-05-01"}
    assert office.findings("POST", f"{CONTRACTS}/v-1/actions/activate", wrong) == ["billingStartDate"]
    office.call("POST", f"{CONTRACTS}/v-1/actions/activate", {"startDate": "2026-03-15", "billingStartDate": "2026-05-01"}, 204)
    assert stored(office)[:2] == ("2026-03-15", "2026-05-14T22:00:00+00:00")  # the next full period
    office.call("POST", f"{CONTRACTS}/v-1/actions/activate", {"startDate": "2026-06-01"}, 400)


TYPO = {"startDate": "2007-01-01"}


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        (TYPO, 400),
        ({**TYPO, "allowBackdating": True}, 201),
        ({**TYPO, "billingStartDate": "2026-05-10"}, 201),
        ({**TYPO, "billingStartDate": "2024-05-09"}, 201),  # billed from the first full period on: 1 June
        ({**TYPO, "billingStartDate": "2024-05-01"}, 400),
        ({"startDate": "2024-05-10"}, 201),
        ({"startDate": "2024-05-09"}, 400),
    ],
)
def test_what_would_be_billed_lies_at_most_two_years_back(office: Shop, dates: dict[str, Any], status: int) -> None:
    answer = office.call("POST", CONTRACTS, {**a_contract(), **dates}, status)
    pending = {name: value for name, value in a_contract("v-2").items() if name != "startDate"}
    office.call("POST", CONTRACTS, pending, 201)
    office.call("POST", f"{CONTRACTS}/v-2/actions/activate", dates, 204 if status == 201 else 400)
    if status == 400:
        assert [error["fieldName"] for error in answer["errors"]] == ["startDate"]
        assert "24 months" in str(answer) and "allowBackdating" in str(answer)


def test_the_tenant_says_how_far_back_is_taken_and_ends_keep_to_it(office: Shop) -> None:
    office.call("POST", CONTRACTS, {**a_contract(), "startDate": "2026-01-01"}, 201)
    office.call("PATCH", "/v2/tenant-settings", {"backdatingLimitMonths": 3})
    office.call("POST", CONTRACTS, {**a_contract("v-2"), "startDate": "2026-02-09"}, 400)
    office.call("POST", CONTRACTS, {**a_contract("v-2"), "startDate": "2026-02-10"}, 201)
    end = {"terminationDate": "2026-01-20"}
    ending = f"{CONTRACTS}/v-1/actions/terminate-extraordinarily"
    assert office.findings("POST", ending, end) == ["terminationDate"]
    office.call("POST", ending, {**end, "allowBackdating": True})


@pytest.mark.parametrize(("ending", "status"), [("terminate", 200), ("terminate-extraordinarily", 200), ("cancel", 204)])
def test_a_pending_contract_that_was_ended_is_not_activated(office: Shop, ending: str, status: int) -> None:
    body = {name: value for name, value in a_contract().items() if name != "startDate"}
    office.call("POST", CONTRACTS, body, 201)
    if ending == "cancel":
        office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, status)
    else:
        office.call("POST", f"{CONTRACTS}/v-1/actions/{ending}", {}, status)
    before = stored(office)
    answer = office.call("POST", f"{CONTRACTS}/v-1/actions/activate", {"startDate": "2026-06-01"}, 409)
    assert "cannot be activated" in str(answer)
    assert stored(office) == before


def test_every_finding_at_once_and_nothing_is_stored(office: Shop) -> None:
    wrong = a_contract(
        debtorIdent="nobody",
        businessSegmentIdent="none",
        contractPriceAdaptation="none",
        operatingSiteIdent="none",
        billingStartDate="2026-04-01",
        optionQuantities=[{"phaseIdent": "p-2"}, {"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "x"}]}],
    )
    assert office.findings("POST", CONTRACTS, wrong) == [
        "billingStartDate",
        "businessSegmentIdent",
        "contractPriceAdaptation",
        "debtorIdent",
        "operatingSiteIdent",
        "optionQuantities",
        "optionQuantities[0].phaseIdent",
        "optionQuantities[1].optionQuantity[0].optionIdent",
    ]
    assert office.findings("POST", CONTRACTS, a_contract(planIdent="none")) == ["planIdent"]
    assert office.findings("POST", CONTRACTS, a_contract(invoiceAddressIdent="none")) == ["invoiceAddressIdent"]
    few = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "base", "quantity": 0}]}]
    assert office.findings("POST", CONTRACTS, a_contract(optionQuantities=few)) == [
        "optionQuantities[0].optionQuantity[0].quantity"
    ]
    assert office.tenant.rows("SELECT 1 FROM contract") == []
    (plan,) = office.tenant.rows("SELECT plan_id, has_contracts FROM plan")
    assert not plan.has_contracts
    office.call("POST", CONTRACTS, a_contract(), 201)
    changed = {**PLAN, "phases": [PHASE]}
    assert office.findings("PUT", f"{PLANS}/{plan.plan_id}", changed) == ["phases"]
    office.call("DELETE", f"{PLANS}/{plan.plan_id}", status=409)


def test_an_ordinary_termination_falls_on_the_end_of_the_term(office: Shop) -> None:
    office.call("POST", CONTRACTS, a_contract(), 201)
    ended = office.call("POST", f"{CONTRACTS}/v-1/actions/terminate", {"reason": "moved away"})
    assert (ended["endDate"], ended["noticeDate"], ended["reason"]) == ("2027-04-30", "2026-05-10", "moved away")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate", {}, 400)
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {}, 400)
    later = {"terminationDate": "2027-05-01"}
    assert office.findings("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", later) == ["terminationDate"]
    earlier = office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": "2026-12-24"})
    assert (earlier["endDate"], earlier["status"]["performanceStatus"]) == ("2026-12-24", "RUNNING")
    assert stored(office)[2:] == ("2026-12-25", "ADAPTED")


def test_an_extraordinary_termination_ends_with_the_day(office: Shop) -> None:
    office.call("POST", CONTRACTS, a_contract(), 201)
    ended = office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    assert (ended["endDate"], ended["status"]["performanceStatus"]) == ("2026-05-10", "RUNNING")
    office.tenant.turn_clock(NOON + dt.timedelta(days=1))
    assert office.call("GET", f"{CONTRACTS}/{ended['contractId']}")["status"]["performanceStatus"] == "ENDED"
    office.call("POST", CONTRACTS, a_contract("v-2", startDate="2026-06-01"), 201)
    too_early = {"terminationDate": "2026-05-20"}
    office.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", too_early, 400)


def test_batches_are_all_or_nothing(office: Shop) -> None:
    for ident in ("v-1", "v-2", "v-3"):
        office.call("POST", CONTRACTS, a_contract(ident), 201)
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    assert stored(office)[1:] == (None, "2026-05-01", "CANCELLED")
    assert office.findings("POST", f"{CONTRACTS}/actions/terminate", {"idents": ["v-2", "v-1"]}) == ["idents[1]"]
    office.call("POST", f"{CONTRACTS}/actions/terminate", {"idents": ["v-2", "none"]}, 404)
    assert stored(office, "v-2")[2] is None
    office.call("POST", f"{CONTRACTS}/actions/terminate", {"idents": ["v-2", "v-3"]}, 204)
    assert stored(office, "v-3")[2:] == ("2027-05-01", "ORDINARY")
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 400)


def test_prices_of_its_own(office: Shop) -> None:
    prices = [{"optionIdent": "base", "prices": [{"price": "8.00"}]}]
    made = office.call("POST", CONTRACTS, a_contract(planModifiers=[{"optionPrices": prices}]), 201)
    assert office.call("GET", f"{CONTRACTS}/v-1/terms")["modifiedPlan"] is True
    path = f"{CONTRACTS}/{made['contractId']}"
    unknown = [{"optionPrices": [{"optionIdent": "x", "prices": [{"price": 1}]}]}]
    assert office.findings("PATCH", path, {"planModifiers": unknown, "invoiceAddressIdent": "none"}) == [
        "invoiceAddressIdent",
        "planModifiers",  # prices of the first period are taken away
        "planModifiers[0].effectiveFrom",
        "planModifiers[0].optionPrices[0].optionIdent",
    ]
    later = [{"optionPrices": prices}, {"optionPrices": prices, "effectiveFrom": "2026-09-01"}]
    changed = office.call("PATCH", path, {"planModifiers": later, "language": "en"})
    assert (len(changed["planModifiers"]), changed["language"], changed["debtorIdent"]) == (2, "en", "muster-handel")


def test_another_tenant_and_another_scope_find_nothing(
    office: Shop, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    number = office.call("POST", CONTRACTS, a_contract(), 201)["contractId"]
    before = office.tenant.rows("SELECT * FROM contract")
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{CONTRACTS}/{number}", None),
        ("PATCH", f"{CONTRACTS}/{number}", {}),
        ("GET", f"{CONTRACTS}/v-1/terms", None),
        ("POST", f"{CONTRACTS}/v-1/actions/activate", {"startDate": "2026-06-01"}),
        ("POST", f"{CONTRACTS}/v-1/actions/terminate", {}),
        ("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {}),
        ("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {}),
        ("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}),
        ("POST", f"{CONTRACTS}/actions/terminate", {"idents": ["v-1"]}),
        ("POST", f"{CONTRACTS}/actions/terminate-extraordinarily", {"idents": ["v-1"]}),
    ]
    stranger, other = bearer(new_tenant()), bearer(office.tenant, "nbx-product-management-write")
    for method, path, body in calls:
        assert office.client.request(method, path, json=body, headers=stranger).status_code == 404, path
        assert office.client.request(method, path, json=body, headers=other).status_code == 403, path
    assert office.tenant.rows("SELECT * FROM contract") == before
