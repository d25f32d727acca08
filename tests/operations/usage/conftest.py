"""A company that measures, for all tests of usages."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import Office
from tests.factories.tenants import Tenant
from tests.factories.usages import CALLS, POWER


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    return made


@pytest.fixture
def meter(office: Office) -> Office:
    power = {"optionIdent": "power", "name": "Power", "type": "USAGE", "status": "FINAL", "quantityType": "KWH", "usePooling": True}
    calls = {"optionIdent": "calls", "name": "Calls", "type": "USAGE", "status": "FINAL", "quantityType": "MINUTE"}
    parking = {
        "optionIdent": "parking",
        "name": "Parking",
        "type": "TIME_BASED_USAGE",
        "status": "FINAL",
        "pricingGroups": [{"pricingRules": [{"timeFrom": "00:00", "timeTo": "24:00", "price": "2.00"}], "freeQuota": 30}],
    }
    for option in ({**power, "usagePrices": POWER}, {**calls, "usagePrices": CALLS}, parking):
        office.call("POST", OPTIONS, option, 201)
    linked = [{"optionIdent": ident} for ident in ("power", "calls", "parking")]
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": linked}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    office.call("POST", CONTRACTS, a_contract(optionQuantities=[]), 201)
    return office
