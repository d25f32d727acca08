"""Usages that the next item of their option does not take: those that come late where the period is corrected, those after the last
item, those that are cancelled after they were billed. Each leads to an item of their own period that is due at once; by it the run
rates the period again and bills or credits the difference (accounting reference 9, "late usage").
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.billing.items import BusinessCase, Item, PeriodKey, give_back, number_source, store, with_successors
from contor.billing.proposal import World, as_proposed_then, header_of, item_to_price, world_of
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Plan
from contor.contracts.calendar import BillingPeriod, contract_runs, instant, period_at
from contor.contracts.course import has_option, next_start
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, late_usages
from contor.usage.events import UsagesCameLate, UsagesTakenBack
from contor.usage.queries import billed_places, open_days


class State(NamedTuple):
    """The items of a period's usages."""

    contract_id: int
    origin_ident: str
    period_start: dt.date
    sequence: int
    """The highest one."""
    waits: bool
    """An item that takes usages is not billed yet."""
    carries_until: dt.date | None
    """A regular item is not billed yet: it takes what was used before this day, also in former periods."""
    is_billed: bool
    is_corrected: bool
    """A correction, of late or of cancelled usages, is not billed yet."""


@on(UsagesCameLate)
def correct_late(uow: Uow, fact: UsagesCameLate) -> None:
    """At the end of the transaction, because it waits for whoever bills these customers."""
    uow.finish(lambda: bill_late(uow, fact.contract_ids))


def bill_late(uow: Uow, contract_ids: Sequence[int]) -> None:
    """An item, due when the period is over, for each period with open usages that nothing else will bill."""
    contracts = contracts_by_id(uow, contract_ids)
    uow.lock("billing", {contract.customer_ident for contract in contracts.values()})
    days = open_days(uow, contracts)
    if not days:
        return
    plans = plans_of(uow, contracts.values())
    states, rules, calendar = _states(uow, contract_ids), late_usages(uow), days_of_groups(uow)
    carried: dict[tuple[int, str], dt.date] = {}
    for of_period in states.values():
        if of_period.carries_until is not None:
            place = of_period.contract_id, of_period.origin_ident
            carried[place] = max(carried.get(place, dt.date.min), of_period.carries_until)
    wanted: dict[PeriodKey, BillingPeriod] = {}
    for number, option, used_on in days:
        contract = contracts[number]
        if contract.start_on is None or contract.end_kind == "CANCELLED":
            continue
        plan = plans[contract.contract_id]
        period = period_at(plan.content, contract.start_on, contract.end_on, used_on, contract.life)
        if period is None:
            continue
        key, today = PeriodKey(number, option, period.start), calendar.today(contract.billing_group_ident)
        state, runs = states.get(key), period.end > today
        if key in wanted or (state is not None and state.waits):
            continue  # an item of the period takes them, now or when it is over
        # nothing is carried over into a contract that has ended (accounting reference 9, "late usage")
        ended = contract.end_on is not None and contract.end_on <= today
        corrects = (ended or rules[contract.billing_group_ident].behaviour == "CORRECTIVE") and not runs
        is_billed = state is not None and state.is_billed
        takes_it = carried.get((number, option), dt.date.min) > used_on or _is_proposed_again(contract, plan, option, used_on)
        if (corrects and is_billed) or not takes_it:
            wanted[key] = period
    _add(uow, wanted, states, contracts, plans, "CORRECTION_CREATION")


@on(UsagesTakenBack)
def take_back(uow: Uow, fact: UsagesTakenBack) -> None:
    """What usages cost that were billed and are cancelled now: one that stands for itself is credited; those that were rated together
    with others, or under one cap, let their period be rated again. The caller holds the locks of their customers."""
    usages = billed_places(uow, fact.usage_ids)
    items = with_successors(uow, {row.item_id for row in usages})
    contracts = contracts_by_id(uow, {row.contract_id for row in usages})
    plans = plans_of(uow, contracts.values())
    options = options_by_ident(uow, {row.option_ident for row in usages})
    wanted: dict[PeriodKey, BillingPeriod] = {}
    for row in usages:
        contract, stored = contracts[row.contract_id], items[row.item_id]
        if contract.end_kind == "CANCELLED":
            continue  # everything was given back
        assert contract.start_on is not None
        content = plans[contract.contract_id].content
        used = period_at(content, contract.start_on, None, row.used_on, contract.life)
        assert used is not None
        option = version_at(options[row.option_ident], used.start).content
        if not option.use_pooling and option.usage_cap is None and option.usage_minimum is None:
            for item in stored:
                give_back(uow, item, item.left, None)
            continue
        first = stored[0].row
        # what was carried over is rated with the period in which it was used; that one ends where its contract did
        period = used._replace(end=first.period_end) if first.period_start == used.start else used
        wanted[PeriodKey(row.contract_id, row.option_ident, period.start)] = period
    states = _states(uow, list(contracts))
    wanted = {key: period for key, period in wanted.items() if key not in states or not states[key].is_corrected}
    _add(uow, wanted, states, contracts, plans, "CORRECTION_CANCELLATION")


# helpers in calling order


def _states(uow: Uow, contract_ids: Sequence[int]) -> dict[PeriodKey, State]:
    rows = uow.all(
        State,
        "SELECT contract_id, origin_ident, period_start, max(sequence) AS sequence,"
        " bool_or(processing_status NOT IN ('COMPLETED', 'TERMINATED') AND (kind, business_case) IN"
        " (('USAGE', 'PURCHASE'), ('USAGE_CORRECTION', 'CORRECTION_CREATION'))) AS waits,"
        " max(period_end) FILTER (WHERE processing_status NOT IN ('COMPLETED', 'TERMINATED')"
        " AND kind = 'USAGE' AND business_case = 'PURCHASE') AS carries_until,"
        " bool_or(processing_status = 'COMPLETED') AS is_billed,"
        " bool_or(processing_status NOT IN ('COMPLETED', 'TERMINATED') AND kind = 'USAGE_CORRECTION') AS is_corrected"
        " FROM billable_item WHERE contract_id = ANY (%s) AND kind IN ('USAGE', 'USAGE_CORRECTION') GROUP BY 1, 2, 3",
        (list(contract_ids),),
    )
    return {PeriodKey(state.contract_id, state.origin_ident, state.period_start): state for state in rows}


def _is_proposed_again(contract: Contract, plan: Plan, option: str, used_on: dt.date) -> bool:
    """Whether an item of the option will be proposed for the period of a day or a later one: it takes what is carried over."""
    assert contract.start_on is not None and contract.proposed_through is not None
    following = next_start(plan, contract, contract.proposed_through)
    if following is None:
        return False
    seen: set[str] = set()
    for run in contract_runs(plan.content, contract.start_on, contract.life):
        if contract.end_on is not None and run.start >= contract.end_on:
            return False
        if run.end <= max(following, used_on):
            continue
        if any(link.option_ident == option and has_option(contract, run.phase.ident, link) for link in run.phase.linked_options):
            return True
        if run.phase.transition.type == "AUTO_RENEWAL" or (run.iteration == 1 and run.phase.ident in seen):
            return False
        seen.add(run.phase.ident)
    return False


def _add(
    uow: Uow,
    wanted: Mapping[PeriodKey, BillingPeriod],
    states: Mapping[PeriodKey, State],
    contracts: Mapping[int, Contract],
    plans: Mapping[int, Plan],
    business_case: BusinessCase,
) -> None:
    """Items without amount, due at once or when their period is over: the run rates what they are for."""
    if not wanted:
        return
    world = world_of(uow, list(contracts.values()), plans, number_source(uow).__next__)
    world = as_proposed_then(uow, world, contracts.values())
    items = []
    for (number, option, start), period in wanted.items():
        contract = contracts[number]
        state = states.get(PeriodKey(number, option, start))
        item = _item(contract, plans[contract.contract_id], period, option, world)
        sequence = state.sequence + 1 if state else 0
        today = world.days.today(contract.billing_group_ident)
        due = instant(max(today, period.end), world.zone_of(contract))
        items.append(item._replace(kind="USAGE_CORRECTION", sequence=sequence, business_case=business_case, processing_at=due))
    store(uow, items, {})
    for (number, _, _), period in wanted.items():
        uow.audit("contract", contracts[number].contract_ident, {"usages_rated_again": period.start})


def _item(contract: Contract, plan: Plan, period: BillingPeriod, option: str, world: World) -> Item:
    phases = sorted(plan.content.phases, key=lambda phase: phase.ident != period.phase_ident)
    places = [(order, link) for phase in phases for order, link in enumerate(phase.linked_options) if link.option_ident == option]
    header = header_of(contract, plan, world.site_of(contract, option, period.start))
    return item_to_price(contract, plan, header, period, places[0], world)
