"""Items are found and sorted by the reason that they answer: what holds them up, and the moment, decide it."""

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, TRADE_IN, Desk, a_deposit, a_desk, a_line
from tests.factories.offices import Office

ITEMS = "/v2/billableitems/pageable"


@pytest.fixture
def desk(office: Office) -> Desk:
    return a_desk(office.tenant, office.client, office.headers)


def reasons(desk: Desk, query: str = "") -> dict[str, str | None]:
    return {one["billableItemIdent"]: one.get("statusReason") for one in desk.call("GET", f"{ITEMS}?size=100{query}")["_embedded"]}


def agree(desk: Desk, *expected: str) -> None:
    """What a search finds is what answers that reason."""
    known = reasons(desk)
    assert {str(reason).partition(":")[0] for reason in known.values()} == set(expected)
    for reason in {value for value in known.values() if value is not None}:
        wanted = {ident for ident, value in known.items() if value == reason}
        assert reasons(desk, f"&search=statusReason=='{reason}'").keys() == wanted
        others = reasons(desk, f"&search=statusReason!='{reason}'")
        assert not others.keys() & wanted
    up = [value for value in reasons(desk, "&sort=statusReason").values() if value is not None]
    assert up == sorted(up)


def test_items_are_found_by_the_reason_that_they_answer(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", depositReceivableRelevant=True)
    later = {"processingConfig": {"type": "AT_DATE", "date": "2026-06-01"}}
    held = {"processingConfig": {"type": "ON_HOLD"}}
    desk.order(
        lineItems=[a_line(), a_line("l-2", **later), a_line("l-3", **held)], allowances=[{**TRADE_IN, "itemType": "TRADE_IN"}]
    )
    desk.order("o-2", agreedDeposits=[a_deposit("d-1", "59.50")])
    agree(desk, "DUE", "NOT_DUE_YET", "ON_HOLD", "WAITS_FOR_INVOICE", "DEPOSIT_EXPECTED")
    desk.clock("2026-06-02T10:00")
    agree(desk, "DUE", "ON_HOLD", "WAITS_FOR_INVOICE", "DEPOSIT_EXPECTED")
    desk.call("PATCH", "/v2/tenant-settings", {"activeBillingRun": False})
    agree(desk, "BILLING_PAUSED", "ON_HOLD", "DEPOSIT_EXPECTED")
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run(
            "INSERT INTO billing_parking (tenant_id, customer_ident, reason, parked_at)"
            " SELECT tenant_id, customer_ident, 'it is odd', created_at FROM customer"
        )
    agree(desk, "CUSTOMER_PARKED", "ON_HOLD", "DEPOSIT_EXPECTED")
    assert len(reasons(desk, "&search=statusReason==CUSTOMER_PARKED*")) == 4
    number = desk.call("GET", f"{ORDERS}/o-1/billableitems?search=statusReason==ON_HOLD")
    assert [one["originIdent"] for one in number] == ["l-3"]


def test_items_of_contracts_too(desk: Desk) -> None:
    desk.plan("10.00", timing="INTERVAL_END")
    number = desk.contract()
    desk.bill()
    agree(desk, "NOT_DUE_YET")
    found = desk.call("GET", f"{CONTRACTS}/{number}/billableitems?search=statusReason==NOT_DUE_YET")
    assert len(found) == 1
