"""A company that sells products at prices, some of them by events; through operations of the core."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import Office

from contor.catalogue.measures import MEASUREMENTS
from contor.catalogue.products import MAIN, PRICES, PRODUCTS, Agreed, composed_plan, quantities_of
from contor.runtime.execute import validated
from contor.runtime.resource import Resource, Written
from contor.usage.measured import CountAgain, EventBatch, EventsTaken, RecordEvents, count_again, record_events

TIERS: Sequence[dict[str, Any]] = ({"up_to": 10, "price": 10}, {"up_to": 50, "price": 8}, {"price": 6})
"""Of the worked example: 60 units cost 480 by tiers, 360 by volume."""
STEPS: Sequence[dict[str, Any]] = ({"up_to": 10, "price": 50}, {"up_to": 50, "price": 150}, {"price": 300})


def made(office: Office, things: Resource, **body: Any) -> Any:
    return office.tenant.execute(things.create, Written((), validated(things.creation, body)))


def measured(office: Office, code: str = "calls", **more: Any) -> None:
    """A metered measurement and its product, both of this name."""
    body = {"code": code, "kind": "METERED", "property": "n", "event_name": "call", **more}
    made(office, MEASUREMENTS, **body)
    made(office, PRODUCTS, ident=code, name="Calls", measurement_code=code)


def priced(office: Office, ident: str, product: str, **more: Any) -> None:
    made(office, PRICES, ident=ident, product_ident=product, **{"interval": {"value": 1, "unit": "MONTH"}, **more})


def subscribed(office: Office, ident: str, prices: Sequence[tuple[str, Any]], **more: Any) -> int:
    """A contract of prices with their quantities, from 1 May 2026."""
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        plan = composed_plan(uow, "Subscription", [price for price, _ in prices], Agreed(), None)
        quantities = quantities_of(uow, [(price, Decimal(quantity)) for price, quantity in prices])
    given = [{"optionIdent": option, "quantity": str(quantity)} for option, quantity in quantities.items()]
    taken = [{"phaseIdent": MAIN, "optionQuantity": given}]
    body = a_contract(ident, planIdent=plan.plan_ident, optionQuantities=taken, **{"startDate": "2026-05-01", **more})
    return int(office.call("POST", CONTRACTS, body, 201)["contractId"])


def event(ident: str, n: Any = 1, at: str = "2026-05-12T10:00:00+00:00", **more: Any) -> dict[str, Any]:
    properties = {"n": n, **more.pop("properties", {})}
    return {
        "transaction_id": ident,
        "event_name": "call",
        "customer": "muster-handel",
        "timestamp": at,
        "properties": properties,
        **more,
    }


def told(office: Office, *events: dict[str, Any]) -> EventsTaken:
    batch = validated(EventBatch, {"events": list(events)})
    taken: EventsTaken = office.tenant.execute(record_events, RecordEvents(body=batch))
    return taken


def counted_again(office: Office) -> None:
    """What a worker does with periods whose events came late."""
    rows = office.tenant.rows("SELECT contract_id, option_ident, period_start FROM usage_count ORDER BY 1, 2, 3")
    for row in rows:
        command = CountAgain(contract_id=row.contract_id, option_ident=row.option_ident, period_start=row.period_start)
        office.tenant.execute(count_again, command)


def usages(office: Office) -> list[tuple[str, Decimal]]:
    """Status and quantity of what was made of events."""
    rows = office.tenant.rows("SELECT status, quantity FROM usage WHERE counted_for IS NOT NULL ORDER BY usage_id")
    return [(row.status, row.quantity) for row in rows]


def day(number: int) -> str:
    return dt.datetime(2026, 5, number, 10, tzinfo=dt.UTC).isoformat()
