"""What is due of a batch of customers: the items of every period that has begun, and those that waited."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from contor.billing.items import Holder, Item, ReceivedDeposit, as_billed, holders, item_of, open_items
from contor.billing.proposal.period_items import header_of, items_of
from contor.billing.proposal.types import Unpriced
from contor.billing.proposal.world import world_of
from contor.catalogue.types import Plan
from contor.contracts.advance import Step
from contor.contracts.course import next_period, opening_of, periods_to_propose
from contor.contracts.queries import contracts_by_id, due_contracts, plans_of, proposal_instant
from contor.contracts.types import Contract
from contor.runtime.uow import Uow
from contor.settings.queries import default_site

DAY = dt.timedelta(days=1)


class Proposal(NamedTuple):
    """New items. `steps`: by customer, how far its contracts are proposed then."""

    items: list[Item]
    steps: dict[str, list[Step]]
    broken: dict[str, str]
    """Customer: why it cannot be billed."""
    contracts: dict[int, Contract]
    plans: dict[int, Plan]


def propose(uow: Uow, customers: Sequence[str], cutoff: dt.datetime, next_id: Callable[[], int]) -> Proposal:
    """The items of every period that has begun. A contract whose option has no price breaks its customer: nothing of it moves."""
    contracts = due_contracts(uow, cutoff, customers)
    if not contracts:
        return Proposal([], {}, {}, {}, {})
    plans = plans_of(uow, contracts)
    world = world_of(uow, contracts, plans, next_id)
    items: list[Item] = []
    steps: dict[str, list[Step]] = {}
    broken: dict[str, str] = {}
    for contract in contracts:
        plan = plans[contract.contract_id]
        # a run takes what is due before its cutoff: one at midnight takes nothing of the day that begins
        until = (cutoff - dt.timedelta(microseconds=1)).astimezone(world.zone_of(contract)).date() + DAY
        periods = periods_to_propose(contract, plan, until)
        for found in items_of(contract, plan, periods, world):
            if isinstance(found, Unpriced):
                # a document without this option would be wrong, and the period could not be made good without a correction
                broken.setdefault(contract.customer_ident, f"contract {contract.contract_ident}: {found.reason}")
                break
            items.append(found)
        stood = contract.proposed_through
        assert stood is not None
        # what is withheld in a pause is not passed by: it has begun, and cannot be proposed yet
        since = until if contract.life is None else periods[-1].end if periods else stood
        following = next_period(plan, contract, since)
        reached = following.start if following is not None else periods[-1].end if periods else stood
        at = proposal_instant(world.days, contract, opening_of(following))
        steps.setdefault(contract.customer_ident, []).append((contract.contract_id, stood, reached, at))
    return Proposal(items, steps, broken, {contract.contract_id: contract for contract in contracts}, plans)


class Waiting(NamedTuple):
    """Stored items that are due, and what they are billed by."""

    items: list[Item]
    contracts: dict[int, Contract]
    plans: dict[int, Plan]
    deposits: dict[str, tuple[ReceivedDeposit, ...]]
    """By order."""


def stored_due(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> Waiting:
    """Items that wait and are due, with their contracts, plans and orders."""
    rows = open_items(uow, customers, cutoff)
    if not rows:
        return Waiting([], {}, {}, {})
    contracts = contracts_by_id(uow, {row.contract_id for row in rows if not row.of_order})
    plans = plans_of(uow, contracts.values())
    held = holders(uow, {row.contract_id for row in rows if row.of_order})
    deposits = {holder.ident: holder.deposits for holder in held.values() if holder.deposits}
    usual = default_site(uow)
    for number, contract in contracts.items():
        header = header_of(contract, plans[contract.contract_id], usual)
        held[number] = Holder(contract.contract_ident, contract.business_segment_ident, header, contract.places)
    billed = as_billed(uow, {row.related_item_id for row in rows if row.related_item_id is not None})
    items = [item_of(row, held[row.contract_id], billed.get(row.related_item_id or 0)) for row in rows]
    return Waiting(items, contracts, plans, deposits)
