"""What the contracts of a batch share: options, indices, allowances, terms of their billing groups."""

from collections.abc import Callable, Collection, Mapping

from contor.billing.proposal.period_items import World
from contor.catalogue.queries import adaptation_values, options_by_ident
from contor.catalogue.types import Plan
from contor.contracts.queries import allowances_of
from contor.contracts.types import Contract
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, group_terms


def world_of(uow: Uow, contracts: Collection[Contract], plans: Mapping[int, Plan], next_id: Callable[[], int]) -> World:
    """Options, indices and allowances of these contracts, and the terms of the billing groups."""
    named = {link.option_ident for plan in plans.values() for phase in plan.content.phases for link in phase.linked_options}
    indices = adaptation_values(uow, {c.price_adaptation_ident for c in contracts if c.price_adaptation_ident is not None})
    return World(
        options_by_ident(uow, named), indices, days_of_groups(uow), next_id, allowances_of(uow, contracts), group_terms(uow)
    )
