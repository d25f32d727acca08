"""The steps of monthly recurring revenue of every customer, from the contracts, in the groups that are asked for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Final, Literal, NamedTuple

from contor.billing.proposal import world_of
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts.queries import contracts_after, contracts_by_id
from contor.contracts.recurring import Terms, stretches
from contor.contracts.types import Contract
from contor.reports.metrics.movements import Step
from contor.runtime.uow import Uow

GroupBy = Literal["none", "plan", "segment"]
AT_ONCE: Final = 2_000
"""Contracts that are read at a time."""


class Unit(NamedTuple):
    """A customer in a group: whose revenue is told apart by what moved it."""

    currency: str
    group: str
    """Ident of the plan or segment; empty: all together."""
    customer_ident: str


def series(uow: Uow, until: dt.date, by: GroupBy) -> dict[Unit, list[Step]]:
    """All steps before `until` (exclusive), from the first contract on."""
    found: dict[Unit, list[Step]] = defaultdict(list)
    last, plans = 0, dict[int, Plan]()
    while ids := contracts_after(uow, last, AT_ONCE):
        last = ids[-1]
        uow.runtime.go_on()
        contracts = contracts_by_id(uow, ids)
        _add(uow, found, contracts.values(), plans, until, by)
    return found


def _add(
    uow: Uow, found: dict[Unit, list[Step]], contracts: Collection[Contract], plans: dict[int, Plan], until: dt.date, by: GroupBy
) -> None:
    plans |= plans_by_id(uow, {contract.plan_id for contract in contracts} - set(plans))
    world = world_of(uow, contracts, {number: plans[number] for number in {it.plan_id for it in contracts}}, lambda: 0)
    for contract in contracts:
        plan = plans[contract.plan_id]
        location = world.terms_of(contract).price_place(*contract.places)
        site = contract.content.operating_site_ident or world.usual_site
        terms = Terms(
            world.options, world.indices, world.allowances.get(contract.contract_id, ()), (location.country, location.region, site)
        )
        unit = Unit(plan.content.currency, _group(contract, plan, by), contract.customer_ident)
        found[unit] += _steps(contract, plan, terms, until)


def _steps(contract: Contract, plan: Plan, terms: Terms, until: dt.date) -> list[Step]:
    steps: list[Step] = []
    before, end = None, None
    for stretch in stretches(contract, plan, terms, until):
        if before is None or stretch.amount != before:
            steps.append(Step(stretch.start, stretch.amount - (before or 0)))
        before, end = stretch.amount, stretch.end
    if before and end is not None and end < until:
        steps.append(Step(end, -before))
    return steps


def _group(contract: Contract, plan: Plan, by: GroupBy) -> str:
    if by == "plan":
        return plan.plan_ident
    return contract.business_segment_ident if by == "segment" else ""
