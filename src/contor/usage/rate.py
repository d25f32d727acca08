"""Rate the usages of a billing period: together where they are pooled and taxed at one place and at the same rates, else one by one.
Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.catalogue.pricing import Rated, nothing_of, rated
from contor.catalogue.rules import price_at
from contor.catalogue.types import OptionContent, PricingGroup, UsagePrice
from contor.documents.types import Location
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.tax.rates import Rates, rates_of
from contor.usage.pricing import by_the_clock
from contor.usage.types import Usage

Key = tuple[int, str]
"""Contract, option."""
Place = tuple[Location, Location | None, Rates | None]
"""Where something is taxed; where it is performed, if that decides the price; and at which rates, if the day of use decides them."""


def rates_then(content: OptionContent, place: Location, day: dt.date | None) -> Rates | None:
    """The rates of the day on which something was used, where usages are taxed by their own day."""
    if day is None or content.usage_tax_date != "USAGE_DATE":
        return None
    return rates_of(alpha2(place.country) or place.country, day)


class RatedUsages(NamedTuple):
    """One row of a document, and the usages that it bills."""

    rated: Rated
    price: UsagePrice | PricingGroup
    tax_location: Location
    usages: tuple[Usage, ...]
    performance_location: Location | None = None
    """Where it decides the price; None: the place of taxation does."""
    rates: "Rates | None" = None
    """Those of the days of use, where they decide the tax."""

    @property
    def place(self) -> "Place":
        return self.tax_location, self.performance_location, self.rates


def rate(
    content: OptionContent,
    usages: Iterable[Usage],
    home: Location,
    site: str | None,
    zone: ZoneInfo,
    performed: Location | None = None,
    *,
    is_whole: bool = True,
) -> list[RatedUsages] | str:
    """The rows of a period's usages; or why they cannot be priced. `home`: the contract's place of taxation, where a usage names none;
    `performed`: its place of performance, where that decides the price. Usages of two such places, or of days with other rates, have rows
    of their own. `is_whole`: they are all of the period; where there is none, the option may be charged all the same."""
    groups: list[tuple[Place, list[Usage]]] = []
    for usage in usages:
        there = performed
        if performed is not None and usage.performance_location:
            there = Location(**usage.performance_location)
        taxed = Location(**usage.tax_location) if usage.tax_location else home
        place = (taxed, there, rates_then(content, taxed, usage.used_on))
        if content.use_pooling:
            same = next((members for known, members in groups if known == place), None)
            if same is not None:
                same.append(usage)
                continue
        groups.append((place, [usage]))
    if not groups and is_whole and (content.charge_without_usage or content.usage_minimum):
        groups.append(((home, performed, None), []))
    rows: list[RatedUsages] = []
    for place, members in groups:
        found = _priced(content, place, members, site, zone)
        if isinstance(found, str):
            return found
        rows.append(found)
    return rows


def within(cap: Decimal, costs: Sequence[Decimal], stood: Sequence[Decimal]) -> list[Decimal]:
    """What each row costs of a period that costs no more than `cap`: what stands for it already as far as that is right (`stood`), then in
    their order what is left for them. The last one takes less. All are rounded, so that the sum is the cap."""
    left, parts = cap, []
    for cost, before in zip(costs, stood, strict=True):
        parts.append(min(cost, before, left))
        left -= parts[-1]
    for position, cost in enumerate(costs):
        more = min(cost - parts[position], left)
        parts[position] += more
        left -= more
    return parts


def at_least(whole: Decimal, costs: Sequence[Decimal], stood: Sequence[Decimal]) -> list[Decimal]:
    """What each row costs of a period that costs `whole`, where that may be more than its rows do: for it costs a minimum, which stood
    for some of them before the others came. What stands stays as far as it can; of what is left the last row, which came last, takes first
    what it costs, and the first row what no other does. The sum is `whole`."""
    raised = [max(cost, before) for cost, before in zip(costs, stood, strict=True)]
    raised[0] += max(whole - sum(raised, ZERO), ZERO)
    kept = within(whole, stood, stood)
    left = whole - sum(kept, ZERO)
    for position in reversed(range(len(raised))):
        more = min(raised[position] - kept[position], left)
        kept[position] += more
        left -= more
    return kept


def _priced(content: OptionContent, place: Place, members: list[Usage], site: str | None, zone: ZoneInfo) -> RatedUsages | str:
    taxed, performed, rates = place
    holds = performed or taxed
    where = (holds.country, holds.region, site)
    price = price_at(content.usage_prices, *where) if content.usage_prices else price_at(content.pricing_groups, *where)
    if price is None:
        return f"no price of {content.name} holds in {holds.country}"
    if isinstance(price, PricingGroup):
        (usage,) = members  # what is priced by the clock is not pooled (`pooling_not_expected`)
        assert usage.ended_at is not None
        found = by_the_clock(price, usage.started_at, usage.ended_at, zone)
    else:
        quantities = [usage.quantity for usage in members]
        # of nothing that was used at least the minimum of the period is charged, which whoever knows the period adds
        found = rated(price, sum(quantities, ZERO), quantities) if members or content.charge_without_usage else nothing_of(price)
    return RatedUsages(found, price, taxed, tuple(members), performed, rates)
