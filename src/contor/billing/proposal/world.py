"""What the contracts of a batch share: options, indices, allowances, terms of their billing groups."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from contor.billing.proposal.types import Sold, World
from contor.catalogue.queries import adaptation_values, options_by_ident
from contor.catalogue.types import Plan
from contor.contracts.queries import allowances_of
from contor.contracts.types import Contract, Places
from contor.documents.types import Location
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, default_site, group_terms


def world_of(uow: Uow, contracts: Collection[Contract], plans: Mapping[int, Plan], next_id: Callable[[], int]) -> World:
    """Options, indices and allowances of these contracts, and the terms of the billing groups. `plans`: by the contracts' numbers."""
    named = {link.option_ident for plan in set(plans.values()) for phase in plan.content.phases for link in phase.linked_options}
    indices = adaptation_values(uow, {c.price_adaptation_ident for c in contracts if c.price_adaptation_ident is not None})
    days, groups = days_of_groups(uow), group_terms(uow)
    return World(
        options_by_ident(uow, named), indices, days, next_id, allowances_of(uow, contracts, plans), groups, default_site(uow)
    )


class SoldRow(NamedTuple):
    """How a period of an option was proposed; the places as JSON."""

    contract_id: int
    origin_ident: str
    period_start: dt.date
    site: str | None
    tax_location: Mapping[str, str]
    performance_location: Mapping[str, str]


def as_proposed_then(uow: Uow, world: World, contracts: Collection[Contract]) -> World:
    """For periods that are computed again: neither another default site nor another place since then changes a price of theirs."""
    rows = uow.all(
        SoldRow,
        "SELECT DISTINCT contract_id, origin_ident, period_start, content ->> 'operating_site_ident' AS site,"
        " content -> 'tax_location' AS tax_location, content -> 'performance_location' AS performance_location FROM billable_item"
        " WHERE contract_id = ANY (%s) AND origin_type IN ('OPTION', 'USAGE') AND kind <> ALL (%s) AND related_item_id IS NULL",
        ([contract.contract_id for contract in contracts], ["USAGE_CORRECTION", "RATED_USAGE", "COMMISSION"]),
    )
    sold = {row[:3]: Sold(row.site, Places(Location(**row.tax_location), Location(**row.performance_location))) for row in rows}
    return world._replace(sold=sold)
