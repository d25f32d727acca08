"""What a change of a contract does to its items: each is compared with what it would be for the contract as it is now. What waits becomes
that, what was billed in advance is given back as far as it is not used, what the new terms cost beyond it is billed.

The credit is what was billed less what the used part costs, and the parts of an interval are computed each from the whole, unsplit interval
(accounting reference 9, "proration on changes"); what a change gives back beside that is said by its credit type.
"""

from collections.abc import Mapping, Sequence

from contor.billing.corrections.compare import Comparison, Key, compare, key_of
from contor.billing.items import Item, number_source
from contor.billing.proposal import Unpriced, as_proposed_then, items_of, world_of
from contor.contracts.course import proposed_periods
from contor.contracts.events import ContractsAmended
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.terms import CreditType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(ContractsAmended)
def amend_items(uow: Uow, fact: ContractsAmended) -> None:
    """What is charged and what is given back stand on one document."""
    compare_again(uow, fact.contract_ids, "the contract was changed before it was billed", dict(fact.credit_types))


def compare_again(uow: Uow, ids: Sequence[int], why: str, credit_types: Mapping[int, CreditType] | None = None) -> None:
    """Bring the items of all periods that were proposed to what the contracts say now. `why`: an item that waited is dropped;
    `credit_types`: of contracts that were changed, by which their credits stand beside what is charged instead."""
    wanted = _wanted(uow, ids, is_refused=credit_types is not None)
    compare(uow, Comparison(contracts=ids, wanted=wanted, why=why, credit_types=credit_types))


# helpers in calling order


def _wanted(uow: Uow, ids: Sequence[int], *, is_refused: bool) -> dict[Key, Item]:
    """The items of the periods that were proposed, as the contracts say now. `is_refused`: where no price holds for one."""
    contracts = contracts_by_id(uow, ids)
    plans = plans_of(uow, contracts.values())
    world = world_of(uow, list(contracts.values()), plans, number_source(uow).__next__)
    world = as_proposed_then(uow, world, contracts.values())
    found: dict[Key, Item] = {}
    problems: list[Problem] = []
    for contract in contracts.values():
        plan = plans[contract.contract_id]
        for item in items_of(contract, plan, proposed_periods(contract, plan), world):
            if isinstance(item, Unpriced):
                problems.append(Problem("price_missing", f"contract {contract.contract_ident}: {item.reason}", "optionQuantities"))
                continue
            found[key_of(item)] = item
    if problems and is_refused:
        raise Refused(Kind.INVALID, *problems)
    return found
