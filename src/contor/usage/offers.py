"""The usage options of contracts, and the phases in which they have them."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Plan, PlanContent
from contor.contracts.calendar import BillingPeriod, period_at
from contor.contracts.course import has_option
from contor.contracts.types import Contract
from contor.runtime.uow import Uow

RECORDED = ("USAGE", "TIME_BASED_USAGE")


class Offer(NamedTuple):
    """A usage option of a contract."""

    type: str
    plan: PlanContent
    phases: frozenset[str]
    """Those in which the contract has it."""

    def period_without(self, contract: Contract, used_on: dt.date) -> BillingPeriod | None:
        """The period of a day in which the contract does not have the option: no item of it would bill what is used then."""
        if contract.start_on is None or len(self.phases) == len(self.plan.phases):
            return None
        period = period_at(self.plan, contract.start_on, contract.end_on, used_on)
        return None if period is None or period.phase_ident in self.phases else period


Offered = Mapping[str, Mapping[str, Offer]]
"""By the idents of contract and option."""


def offered_by(uow: Uow, contracts: Mapping[str, Contract], plans: Mapping[int, Plan]) -> Offered:
    """The usage options that each contract has, in whatever phase. `plans`: by the contracts' numbers."""
    linked = {
        plan: [(phase.ident, link) for phase in plan.content.phases for link in phase.linked_options]
        for plan in set(plans.values())
    }
    options = options_by_ident(uow, {link.option_ident for links in linked.values() for _, link in links})
    types: dict[str, str] = {ident: option.type for ident, option in options.items() if option.type in RECORDED}
    found: dict[str, dict[str, Offer]] = {}
    for ident, contract in contracts.items():
        phases: dict[str, set[str]] = {}
        for phase, link in linked[plans[contract.contract_id]]:
            if link.option_ident in types and has_option(contract, phase, link):
                phases.setdefault(link.option_ident, set()).add(phase)
        plan = plans[contract.contract_id].content
        found[ident] = {option: Offer(types[option], plan, frozenset(names)) for option, names in phases.items()}
    return found
