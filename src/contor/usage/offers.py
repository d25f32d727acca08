"""The usage options of contracts, and the phases in which they have them."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import LinkedOption, Plan, PlanContent
from contor.contracts.calendar import BillingPeriod, period_at
from contor.contracts.course import has_option, has_option_in, terms_on
from contor.contracts.types import Contract
from contor.runtime.uow import Uow

RECORDED = ("USAGE", "TIME_BASED_USAGE")


class Offer(NamedTuple):
    """A usage option of a contract."""

    type: str
    plan: PlanContent
    phases: Mapping[str, LinkedOption]
    """Those in which the contract has it, or had it before it was changed."""

    def period_without(self, contract: Contract, used_on: dt.date) -> BillingPeriod | None:
        """The period of a day in which the contract does not have the option: no item of it would bill what is used then."""
        is_changed = contract.content.amended is not None
        if contract.start_on is None or (len(self.phases) == len(self.plan.phases) and not is_changed):
            return None
        period = period_at(self.plan, contract.start_on, contract.end_on, used_on, contract.life)
        if period is None:
            return None
        link = self.phases.get(period.phase_ident)
        had = link is not None and (not is_changed or has_option(terms_on(contract, used_on), period.phase_ident, link))
        return None if had else period


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
        phases: dict[str, dict[str, LinkedOption]] = {}
        for phase, link in linked[plans[contract.contract_id]]:
            if link.option_ident in types and has_option_in(contract, phase, link, dt.date.min, dt.date.max):
                phases.setdefault(link.option_ident, {})[phase] = link
        plan = plans[contract.contract_id].content
        found[ident] = {option: Offer(types[option], plan, links) for option, links in phases.items()}
    return found
