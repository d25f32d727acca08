"""A company that bills its contracts by the clock, through the platform API."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.factories.catalogue import MONTH, OPTION, OPTIONS, PHASE, PLAN, PLANS, Shop
from tests.factories.contracts import CONTRACTS, a_contract

from contor.commands.billing import store

RUN = "/v2/billingrun"
_OF_PLAN = ("currency", "dayCount", "partialSupply", "phase", "trial")
D = Decimal


class Office(Shop):
    """A company that bills its contracts by the clock."""

    def clock(self, text: str) -> None:
        self.tenant.turn_clock(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))

    def plan(self, price: str = "10.00", *, ident: str = "basic", option: dict[str, Any] | None = None, **more: Any) -> None:
        config = {name: more.pop(name) for name in list(more) if name not in _OF_PLAN}
        named = f"{ident}-fee"
        body = {**OPTION, "optionIdent": named, "status": "FINAL", "prices": [{"price": price}], **(option or {})}
        self.call("POST", OPTIONS, body, 201)
        billing = {"billingInterval": MONTH, **config}
        phase = {**PHASE, "billingConfig": billing, "linkedOptions": [{"optionIdent": named}], **more.pop("phase", {})}
        self.call("POST", PLANS, {**PLAN, "planIdent": ident, "phases": [phase], **more}, 201)

    def contract(self, ident: str = "v-1", plan: str = "basic", quantity: int = 1, **more: Any) -> int:
        given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": f"{plan}-fee", "quantity": quantity}]}]
        body = a_contract(ident, **{"planIdent": plan, "optionQuantities": given, **more})
        return int(self.call("POST", CONTRACTS, body, 201)["contractId"])

    def bill(self) -> Any:
        report = self.call("POST", RUN, {})
        assert (found := self.tenant.unsound()) == [], found
        return report

    def rates(self, *given: tuple[str, str, str]) -> None:
        """Exchange rates, each as (currency, day or month, units for a euro)."""
        for currency, when, rate in given:
            head = f"currency,month,rate\n{currency},{when},{rate}\n" if len(when) == 7 else f"Date,{currency}\n{when},{rate}\n"
            store(self.tenant.runtime, self.tenant.realm, head.encode(), dt.date(2020, 1, 1))

    def documents(self) -> list[tuple[str, D, D, D]]:
        rows = self.tenant.rows("SELECT document_type, net, tax, gross FROM document ORDER BY id")
        return [(row.document_type, row.net, row.tax, row.gross) for row in rows]

    def items(self) -> list[tuple[str, str, str, D]]:
        rows = self.tenant.rows(
            "SELECT kind, processing_status, period_start, total FROM billable_item ORDER BY period_start, item_id"
        )
        return [(row.kind, row.processing_status, str(row.period_start), row.total) for row in rows]


GROUP = "/v2/billing-groups/external"


def group(office: Office, **more: Any) -> None:
    body = office.call("GET", GROUP)
    for name in ("businessSegments", "defaultBillingGroup", "createdAt", "lastModifiedAt", "id", "splittingConfig"):
        body.pop(name, None)
    office.call("PUT", GROUP, {**body, **more})


GROUPS = "/v2/billing-groups"


def a_group(office: Office, **more: Any) -> None:
    """A second group with the segment `special`."""
    body = {
        "billingGroupIdent": "special",
        "name": "Special",
        "localeConfiguration": [{"country": "DE"}],
        "businessSegments": [{"segmentIdent": "special", "name": "Special"}],
        **more,
    }
    office.call("POST", GROUPS, body, 201)
