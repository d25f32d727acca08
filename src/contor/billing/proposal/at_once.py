"""What is proposed at once, before a run comes to it: usages of options that were added, for the periods that were proposed without them
and are not over; and the next interval of a contract, of which what is billed in advance is due now."""

import datetime as dt
import itertools

from contor.billing.items import Item, PeriodKey, number_source, store
from contor.billing.proposal.period_items import items_of
from contor.billing.proposal.types import Unpriced
from contor.billing.proposal.world import world_of
from contor.contracts.advance import advance
from contor.contracts.calendar import instant
from contor.contracts.course import next_period, opening_of, proposed_periods, until_charged
from contor.contracts.events import IntervalsAdvanced, OptionsAdded
from contor.contracts.queries import contracts_by_id, plans_of, proposal_instant
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(OptionsAdded)
def propose_added(uow: Uow, fact: OptionsAdded) -> None:
    """Items of usages that the running periods lack."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    uow.lock("billing", [contract.customer_ident for contract in contracts.values()])
    contracts = contracts_by_id(uow, fact.contract_ids)  # as they stand now that no run can move them
    plans = plans_of(uow, contracts.values())
    world = world_of(uow, list(contracts.values()), plans, number_source(uow).__next__)
    sql = "SELECT contract_id, origin_ident, period_start FROM billable_item WHERE contract_id = ANY (%s) AND kind = 'USAGE'"
    known = set(uow.all(PeriodKey, sql, (list(contracts),)))
    found = itertools.chain.from_iterable(
        items_of(contract, plan, tuple(p for p in proposed_periods(contract, plan) if p.end > uow.ctx.today()), world)
        for contract in contracts.values()
        for plan in [plans[contract.contract_id]]
    )
    wanted = [item for item in found if isinstance(item, Item) and item.kind == "USAGE"]
    store(uow, [item for item in wanted if PeriodKey(item.contract_id, item.origin_ident, item.period_start) not in known], {})


@on(IntervalsAdvanced)
def propose_next(uow: Uow, fact: IntervalsAdvanced) -> None:
    """Items of each contract up to its next period that is charged; the caller holds the locks of their customers. What is used in periods
    before that one which cost nothing, such as those that were postponed, is due when it always is."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    plans = plans_of(uow, contracts.values())
    world, new = world_of(uow, list(contracts.values()), plans, number_source(uow).__next__), list[Item]()
    steps = []
    for contract in contracts.values():
        plan, stood = plans[contract.contract_id], contract.proposed_through
        assert stood is not None
        periods = until_charged(plan, contract, stood)
        assert periods
        period = periods[-1]
        now = instant(world.days.today(contract.billing_group_ident), world.zone_of(contract))
        in_advance = plan.phase(period.phase_ident).billing_config.timing.startswith("INTERVAL_START")
        for found in items_of(contract, plan, periods, world):
            if isinstance(found, Unpriced):
                raise Refused(Kind.CONFLICT, Problem("price_missing", found.reason))
            is_due = in_advance and found.kind in ("RECURRING", "ONETIME", "ALLOWANCE")
            new.append(found._replace(processing_at=min(found.processing_at, now)) if is_due else found)
        following = next_period(plan, contract, period.end)
        reached: dt.date = following.start if following is not None else period.end
        steps.append((contract.contract_id, stood, reached, proposal_instant(world.days, contract, opening_of(following))))
    store(uow, new, {})
    advance(uow, steps)
