"""The steps of monthly recurring revenue of every customer, from the contracts, in the groups that are asked for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Final, Literal, NamedTuple

from contor.billing.proposal import world_of
from contor.catalogue.types import Plan
from contor.contracts.calendar import plan_on
from contor.contracts.queries import contracts_after, contracts_by_id, plans_of
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


Series = dict[Unit, list[Step]]


def series(uow: Uow, until: dt.date, groupings: Collection[GroupBy]) -> dict[GroupBy, Series]:
    """All steps before `until` (exclusive), from the first contract on, in each of the groupings."""
    found: dict[GroupBy, Series] = {by: defaultdict(list) for by in groupings}
    last = 0
    while ids := contracts_after(uow, last, AT_ONCE):
        last = ids[-1]
        uow.runtime.go_on()
        contracts = contracts_by_id(uow, ids)
        _add(uow, found, contracts.values(), until)
    return found


def _add(uow: Uow, found: dict[GroupBy, Series], contracts: Collection[Contract], until: dt.date) -> None:
    plans = plans_of(uow, contracts)
    world = world_of(uow, contracts, plans, lambda: 0)
    for contract in contracts:
        plan = plans[contract.contract_id]
        location = world.terms_of(contract).price_place(*contract.places)
        site = contract.content.operating_site_ident or world.usual_site
        terms = Terms(
            world.options, world.indices, world.allowances.get(contract.contract_id, ()), (location.country, location.region, site)
        )
        by_plan = _steps(contract, plan, terms, until)
        for by, units in found.items():
            for ident, steps in by_plan.items():
                units[Unit(plan.content.currency, _group(contract, ident, by), contract.customer_ident)] += steps


def _steps(contract: Contract, plan: Plan, terms: Terms, until: dt.date) -> dict[str, list[Step]]:
    """By plan: one that had several leaves one for the other."""
    found: dict[str, list[Step]] = {}
    before, end, ident = None, None, ""
    for stretch in stretches(contract, plan, terms, until):
        named = plan_on(plan, stretch.start)
        if ident and named != ident and before:
            found[ident].append(Step(stretch.start, -before))
            before = None
        if before is None or stretch.amount != before:
            found.setdefault(named, []).append(Step(stretch.start, stretch.amount - (before or 0)))
        before, end, ident = stretch.amount, stretch.end, named
    if before and end is not None and end < until:
        found[ident].append(Step(end, -before))
    return found


def _group(contract: Contract, plan_ident: str, by: GroupBy) -> str:
    if by == "plan":
        return plan_ident
    return contract.business_segment_ident if by == "segment" else ""
