"""Contracts, plans and options as billing reads them: what the pure rules of proposing work on."""

import datetime as dt
from decimal import Decimal
from typing import Any

from contor.catalogue.types import Option, OptionContent, OptionVersion, Plan, PlanContent
from contor.contracts.types import Contract, ContractContent
from contor.documents.types import Location
from contor.runtime.execute import validated


def a_contract(quantities: dict[str, str] | None = None, **values: Any) -> Contract:
    """Contract v-1, from 1 January 2026 on, with these options of phase p-1."""
    ordered = {ident: Decimal(quantity) for ident, quantity in (quantities or {}).items()}
    content = ContractContent(
        invoice_address_ident="home",
        quantities={"p-1": ordered},
        language="en",
        tax_location=Location(country="DE"),
        performance_location=Location(country="DE"),
        **values.pop("content", {}),
    )
    fields: dict[str, Any] = {
        "contract_id": 1,
        "contract_ident": "v-1",
        "customer_ident": "c-1",
        "plan_id": 1,
        "business_segment_ident": "segment",
        "billing_group_ident": "group",
        "signed_on": dt.date(2026, 1, 1),
        "start_on": dt.date(2026, 1, 1),
        "billing_start_on": None,
        "end_on": None,
        "end_kind": None,
        "notice_on": None,
        "reason": None,
        "price_adaptation_ident": None,
        "proposed_through": None,
        "country": "DE",
        "content": content,
    }
    return Contract(**{**fields, **values})


def an_option(ident: str = "fee", kind: str = "RECURRING", price: str = "10", **content: Any) -> Option:
    """An option that costs so much for an interval, everywhere."""
    body = {"name": ident, "prices": [{"price": price}] if kind in ("RECURRING", "ONETIME", "QUANTITY") else [], **content}
    version = OptionVersion(valid_from=None, content=validated(OptionContent, body))
    return Option(option_id=1, option_ident=ident, type=kind, status="ACTIVE", versions=(version,))  # type: ignore[arg-type]


def an_agreed_plan(*linked: dict[str, Any], value: int = 1, unit: str = "MONTH", **more: Any) -> Plan:
    """A plan of one endless phase p-1, billed every interval, with these options."""
    phase = {
        "ident": "p-1",
        "name": "Phase",
        "billing_config": {"billing_interval": {"value": value, "unit": unit}, **more.pop("config", {})},
        "linked_options": list(linked),
    }
    return Plan(plan_id=1, plan_ident="plan", content=validated(PlanContent, {"name": "Plan", "phases": [phase], **more}))
