"""Usage options that were added to contracts: the periods that were proposed without them and are not over get their item."""

import itertools

from contor.billing.items import Item, PeriodKey, number_source, store
from contor.billing.proposal.period_items import items_of
from contor.billing.proposal.world import world_of
from contor.contracts.course import proposed_periods
from contor.contracts.events import OptionsAdded
from contor.contracts.queries import contracts_by_id, plans_of
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
