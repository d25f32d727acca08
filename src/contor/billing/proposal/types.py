"""What periods become items with: what a batch shares, and what is ordered in a period. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.proposal.reductions import Shares
from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import LinkedOption, Option
from contor.contracts.types import Allowance, Contract, Places
from contor.settings.groups import USUAL, Days, GroupTerms


class Unpriced(NamedTuple):
    """An option for which no price holds: the configuration is broken, nothing of the contract is billed."""

    contract: Contract
    option_ident: str
    reason: str


class Sold(NamedTuple):
    """Which site sold a period of an option, and where: by these its price was chosen."""

    site: str | None
    places: Places


class Ordered(NamedTuple):
    """An option that is ordered, in a period or a stretch of one."""

    order: int
    """Of the option in its phase."""
    link: LinkedOption
    quantity: Decimal
    shares: Shares
    """Its parts of amounts off the sum."""
    begun: dt.date
    """When the period began: what holds in all of it was chosen then."""
    interval: dt.date
    """When the interval began that it belongs to: by this day allowances hold."""


class World(NamedTuple):
    """What all contracts of a batch share."""

    options: Mapping[str, Option]
    indices: Mapping[str, IndexValues]
    days: Days
    next_id: Callable[[], int]
    allowances: Mapping[int, Sequence[Allowance]] = MappingProxyType({})
    """By contract."""
    groups: Mapping[str, GroupTerms] = MappingProxyType({})
    """By billing group."""
    usual_site: str | None = None
    """The default site, which sells what names no other."""
    sold: Mapping[tuple[int, str, dt.date], "Sold"] = MappingProxyType({})
    """By contract, option and start of the period: how it was proposed, where periods are computed again."""

    def site_of(self, contract: Contract, option_ident: str, period_start: dt.date) -> str | None:
        """Whose prices hold: those of the site that sells."""
        key = contract.contract_id, option_ident, period_start
        return contract.content.operating_site_ident or (self.sold[key].site if key in self.sold else self.usual_site)

    def places_of(self, contract: Contract, option_ident: str, period_start: dt.date) -> Places:
        """Where the prices hold."""
        key = contract.contract_id, option_ident, period_start
        return self.sold[key].places if key in self.sold else contract.places

    def terms_of(self, contract: Contract) -> GroupTerms:
        return self.groups.get(contract.billing_group_ident, USUAL)

    def zone_of(self, contract: Contract) -> ZoneInfo:
        return self.days.zone(contract.billing_group_ident)
