"""Groups that correct whole documents: what else stands on a corrected document is billed anew, and stays what it was. Usages are found
where they are billed now, partners' commissions stay self-billed, whoever gave a credit by hand has given it."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.agencies import Agency
from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.desks import Desk
from tests.factories.offices import D, Office
from tests.factories.tenants import Tenant
from tests.factories.usages import USAGES, cancel, usage

ONE = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}]
RATED = "/v2/rated-usages"


@pytest.fixture
def network(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    """A fee, usages rated together (`power`) and one by one (`calls`), and such with their price (`sms`): all on one document."""
    desk = Desk(furnished, client, bearer(furnished))
    desk.clock("2026-05-10T10:00")
    desk.group(documentCorrectionMode="DOCUMENT_BASED")
    named = {"status": "FINAL", "name": "Use"}
    desk.call("POST", OPTIONS, {**named, "optionIdent": "fee", "type": "RECURRING", "prices": [{"price": "31.00"}]}, 201)
    desk.call("POST", OPTIONS, {**named, "optionIdent": "power", "type": "USAGE", "usePooling": True, "usagePrices": ONE}, 201)
    desk.call("POST", OPTIONS, {**named, "optionIdent": "calls", "type": "USAGE", "usagePrices": ONE}, 201)
    desk.call("POST", OPTIONS, {**named, "optionIdent": "sms", "type": "RATED_USAGE"}, 201)
    links = [{"optionIdent": ident, "minimum": 1} for ident in ("fee", "power", "calls", "sms")]
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH, "timing": "INTERVAL_END"}, "linkedOptions": links}
    desk.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}]
    for ident in ("v-1", "v-2"):
        desk.call("POST", CONTRACTS, a_contract(ident, optionQuantities=given), 201)
    return desk


def net(office: Office) -> D:
    return sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0))


def used(office: Office) -> None:
    """40 of power in two usages, 12 of calls in two, 7 of messages in two."""
    for ident, quantity, option in (("p-1", 30, "power"), ("p-2", 10, "power"), ("c-1", 8, "calls"), ("c-2", 4, "calls")):
        office.call("POST", USAGES, usage(ident, quantity, optionIdent=option), 201)
    for ident, price in (("s-1", "5.00"), ("s-2", "2.00")):
        body = {
            "ratedUsageIdent": ident,
            "contractIdent": "v-1",
            "optionIdent": "sms",
            "netPrice": price,
            "startDate": "2026-05-12T10:00:00+02:00",
        }
        office.call("POST", RATED, body, 201)
    office.clock("2026-06-01T10:00")
    office.bill()
    assert office.documents()[0][1] == 31 + 31 + 40 + 12 + 7


@pytest.mark.parametrize("times", [1, 2])
def test_usages_are_cancelled_where_they_stand_now(network: Desk, times: int) -> None:
    used(network)
    network.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    network.bill()
    assert net(network) == 31 + 20 + 40 + 12 + 7
    if times == 2:
        network.call("POST", f"{CONTRACTS}/v-2/actions/termination-adaptation", {"terminationDate": "2026-05-10"})
        network.bill()
    stands = 31 + (20 if times == 1 else 10)
    assert net(network) == stands + 40 + 12 + 7
    assert cancel(network, "c-1") == ["CREDITED"]
    network.bill()
    assert net(network) == stands + 40 + 4 + 7
    assert cancel(network, "p-2") == ["CREDITED"]
    network.bill()
    assert net(network) == stands + 30 + 4 + 7
    network.call("POST", f"{RATED}/s-2/actions/cancel")
    network.bill()
    assert net(network) == stands + 30 + 4 + 5
    network.call("POST", f"{RATED}/s-1/actions/cancel")
    assert cancel(network, "p-1", "c-2") == ["CREDITED", "CREDITED"]
    network.bill()
    assert net(network) == stands
    network.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1", "v-2"]}, 204)
    network.bill()
    assert (net(network), network.balances()) == (0, {})


def test_usages_that_are_to_be_billed_anew_when_the_contract_ends(network: Desk) -> None:
    used(network)
    network.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    network.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-30"})
    network.bill()
    assert net(network) == 30 + 20 + 40 + 12 + 7


def test_usages_are_cancelled_before_they_are_billed_anew(network: Desk) -> None:
    used(network)
    network.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    assert cancel(network, "c-1", "p-2") == ["CREDITED", "CREDITED"]
    network.call("POST", f"{RATED}/s-2/actions/cancel")
    network.bill()
    network.bill()
    assert net(network) == 31 + 20 + 30 + 4 + 5


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_what_was_given_by_hand_is_not_billed_by_a_correction(network: Desk, mode: str) -> None:
    network.group(documentCorrectionMode=mode, lateUsageBehaviour="CORRECTIVE")
    used(network)
    number = network.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-1")["_embedded"][0]["contractId"]
    items = {item["originIdent"]: item for item in network.call("GET", f"{CONTRACTS}/{number}/billableitems")}
    for option in ("power", "calls", "sms", "fee"):
        credit = {"billableItemId": items[option]["billableItemId"], "amount": "1.00"}
        network.call("POST", f"{CONTRACTS}/{number}/creditbillableitems", credit, 201)
    network.bill()
    assert net(network) == 62 + 40 + 12 + 7 - 4
    network.call("POST", USAGES, usage("late", 3, optionIdent="power"), 201)
    network.bill()
    network.bill()
    assert net(network) == 62 + 43 + 12 + 7 - 4
    network.call("POST", f"{RATED}/s-2/actions/cancel")
    network.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    network.bill()
    network.bill()
    assert net(network) == 51 + 43 + 12 + 5 - 3  # of what is taken back in part, the gift is a part


def test_a_commission_beside_a_cancelled_one_stays_self_billed(
    furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    agency = Agency(furnished, client, bearer(furnished))
    agency.clock("2026-05-10T10:00")
    body: dict[str, Any] = agency.call("GET", "/v2/billing-groups/external")
    kept = {name: body[name] for name in ("name", "localeConfiguration", "contractDocumentDateDetermination")}
    agency.call("PUT", "/v2/billing-groups/external", {**kept, "documentCorrectionMode": "DOCUMENT_BASED"})
    agency.plan("1000.00")
    agency.partner()
    agency.contract("v-1")
    agency.contract("v-2")
    agency.earning("p-1", ("v-1",))
    agency.earning("p-2", ("v-2",))
    agency.bill()
    agency.clock("2026-06-01T10:00")
    agency.bill()
    assert agency.self_billed() == [("SELF_BILLING_INVOICE", D(500), D(95), D(595))]
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["p-2"]}, 204)
    agency.bill()
    assert agency.self_billed()[1:] == [
        ("SELF_BILLING_INVOICE", D(250), D("47.50"), D("297.50")),
        ("SELF_BILLING_INVOICE_CORRECTION", D(500), D(95), D(595)),
    ]
    agency.clock("2026-07-01T10:00")
    agency.bill()
    assert agency.self_billed()[3:] == [("SELF_BILLING_INVOICE", D(250), D("47.50"), D("297.50"))]
