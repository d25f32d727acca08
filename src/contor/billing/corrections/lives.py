"""What changes in the life of a contract does to its items: those that its periods lack are made, those that wait become what they are
now, and what is billed is given back or charged further, by as much as the change makes of it.

What a change leaves as it was is not touched, whatever was decided about it by hand. The difference of a period is what it costs now
less what stands of it (accounting reference 9, "credit for early end", "backdating").
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from contor.billing.corrections.compare import Comparison, Key, compare, key_of
from contor.billing.corrections.late_usages import bill_late
from contor.billing.items import Item, number_source
from contor.billing.proposal import Unpriced, World, as_proposed_then, items_of, world_of
from contor.catalogue.types import Plan
from contor.contracts.course import proposed_periods
from contor.contracts.events import ContractsLifeChanged
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(ContractsLifeChanged)
def agree(uow: Uow, fact: ContractsLifeChanged) -> None:
    """Let what was proposed of the contracts be what their periods are now."""
    now = contracts_by_id(uow, fact.contract_ids)
    plans = plans_of(uow, now.values())
    world = world_of(uow, list(now.values()), plans, number_source(uow).__next__)
    world = as_proposed_then(uow, world, now.values())
    was, wanted = _items(fact.before, plans, world), _items(now.values(), plans, world)
    if differing := {key for key in was.keys() | wanted.keys() if not _is_same(was.get(key), wanted.get(key))}:
        comparison = Comparison(
            contracts=sorted({key.contract_id for key in differing}),
            wanted={key: _priced(wanted[key]) for key in sorted(differing & wanted.keys())},
            why="the contract has no such interval any more",
            only=differing,
            before={key: item for key in differing if isinstance(item := was.get(key), Item)},
        )
        compare(uow, comparison)
    bill_late(uow, list(now))


# helpers in calling order


def _items(contracts: Iterable[Contract], plans: Mapping[int, Plan], world: World) -> dict[Key, Item | Unpriced]:
    """The items of the periods that were proposed, as a contract has them."""
    found: dict[Key, Item | Unpriced] = {}
    for contract in contracts:
        plan = plans[contract.contract_id]
        for item in items_of(contract, plan, proposed_periods(contract, plan), world):
            if isinstance(item, Item):
                found[key_of(item)] = item
            else:
                found[Key(contract.contract_id, "OPTION", item.option_ident, dt.date.min, "RECURRING", 0)] = item
    return found


def _is_same(was: Item | Unpriced | None, now: Item | Unpriced | None) -> bool:
    if isinstance(was, Item) and isinstance(now, Item):
        return (was.period_end, was.row, was.processing_at) == (now.period_end, now.row, now.processing_at)
    return isinstance(now, Unpriced) == isinstance(was, Unpriced) and (was is None) == (now is None)


def _priced(item: Item | Unpriced) -> Item:
    if isinstance(item, Unpriced):  # a document without it would be wrong
        raise Refused(Kind.CONFLICT, Problem("price_missing", item.reason))
    return item
