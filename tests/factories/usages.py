"""Usages as a client of the platform API records them."""

from decimal import Decimal
from typing import Any

from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import Office


def metered(
    office: Office,
    prices: list[dict[str, Any]],
    segment: str | None = "special",
    start: str = "2026-05-01",
    interval: dict[str, Any] = MONTH,
    billing_start: str | None = None,
    **option: Any,
) -> None:
    body = {"optionIdent": "power", "name": "Power", "type": "USAGE", "status": "FINAL", "usagePrices": prices, **option}
    office.call("POST", OPTIONS, body, 201)
    phase = {**PHASE, "billingConfig": {"billingInterval": interval}, "linkedOptions": [{"optionIdent": "power"}]}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    office.call(
        "POST",
        CONTRACTS,
        a_contract(optionQuantities=[], businessSegmentIdent=segment, startDate=start, billingStartDate=billing_start),
        201,
    )


def per_unit(price: str, **more: Any) -> dict[str, Any]:
    return {"pricingModel": "VOLUME_PRICE", "priceTiers": [{"price": price}], **more}


USAGES = "/v2/usages"
POWER = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"quantity": 100, "price": "0.17"}, {"price": "0.13"}]}]
CALLS = [
    {
        "pricingModel": "CONTINGENT",
        "priceTiers": [{"quantity": 60, "price": 20, "type": "FLAT"}, {"quantity": 60, "price": 15, "type": "FLAT"}],
    }
]


def usage(ident: str, quantity: Any = 1, day: str = "2026-05-12", **more: Any) -> dict[str, Any]:
    return {
        "usageIdent": ident,
        "contractIdent": "v-1",
        "optionIdent": "power",
        "unitQuantity": quantity,
        "startDate": f"{day}T10:00:00+02:00",
        **more,
    }


def cancel(office: Office, *idents: str) -> list[str]:
    done = office.call("POST", f"{USAGES}/actions/cancel", {"usageIdents": list(idents)}, 202)
    return [one["result"] for one in done["results"]]


VOLUME = [{"pricingModel": "VOLUME_PRICE", "priceTiers": [{"quantity": 100, "price": "1.00"}, {"price": "0.80"}]}]


def volume(office: Office, **more: Any) -> None:
    """A second contract whose units all become cheaper above a hundred."""
    water = {"optionIdent": "water", "name": "Water", "type": "USAGE", "status": "FINAL", "usePooling": True, "usagePrices": VOLUME}
    office.call("POST", OPTIONS, water, 201)
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "water"}]}
    office.call("POST", PLANS, {**PLAN, "planIdent": "wet", "phases": [phase]}, 201)
    office.call("POST", CONTRACTS, a_contract("v-2", planIdent="wet", optionQuantities=[], **more), 201)


def water(ident: str, quantity: Any, day: str = "2026-05-12") -> dict[str, Any]:
    return usage(ident, quantity, day, contractIdent="v-2", optionIdent="water")


ONE = {"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}


def recorded(office: Office, *quantities: Any, name: str = "u", **more: Any) -> None:
    """So many usages, called u-0, u-1, ..."""
    batch = [usage(f"{name}-{number}", quantity, **more) for number, quantity in enumerate(quantities)]
    office.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)


def billed_rows(office: Office) -> list[Decimal]:
    """What each billed row of usages costs, in their order; credits are negative."""
    found = office.tenant.rows(
        "SELECT kind, total FROM billable_item WHERE processing_status = 'COMPLETED' AND contract_id IS NOT NULL ORDER BY item_id"
    )
    return [-row.total if row.kind == "CREDIT" else row.total for row in found]


def billed_net(office: Office) -> Decimal:
    """All documents together."""
    return sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), Decimal(0))
