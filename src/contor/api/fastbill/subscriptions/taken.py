"""What a subscription takes: the article of its plan, add-ons, and what was used; each an option of the contract, known by its number.

An article is the plan of this ident. The plan's first option that recurs and that every contract has is the article itself; what a
contract may have besides are its add-ons.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.rules import price_at, version_at
from contor.catalogue.types import LinkedOption, Option, OptionContent, Phase, Plan, Price
from contor.contracts.course import named, priced
from contor.contracts.labels import Label
from contor.contracts.types import Contract
from contor.kernel.shapes import Fields

RECURS = ("RECURRING", "QUANTITY")
USED = ("RATED_USAGE", "USAGE")


class Offered(NamedTuple):
    """A plan with its options."""

    plan: Plan
    options: Mapping[str, Option]
    today: dt.date

    def content(self, ident: str) -> OptionContent:
        return version_at(self.options[ident], self.today).content

    def is_called(self, ident: str, number: str) -> bool:
        """Whether clients know the option by this number: its ident, or what it is called on documents."""
        return number in (ident, self.content(ident).article_number)

    def links(self, phase: Phase, *types: str) -> list[LinkedOption]:
        return [link for link in phase.linked_options if self.options[link.option_ident].type in types]

    def main(self, phase: Phase) -> str | None:
        """The article itself; None: the phase charges nothing that recurs."""
        recurring = self.links(phase, *RECURS)
        taken = next((link for link in recurring if link.minimum > 0), None) or next(iter(recurring), None)
        return taken.option_ident if taken is not None else None

    def addon(self, phase: Phase, number: str) -> str | None:
        """The option that a contract may take besides, by its number."""
        found = (link.option_ident for link in self.links(phase, "ONETIME", *RECURS) if link.minimum == 0)
        return next((ident for ident in found if self.is_called(ident, number)), None)

    def used(self, number: str) -> str | None:
        """The option of what is used, by its number."""
        idents = (link.option_ident for phase in self.plan.content.phases for link in self.links(phase, *USED))
        return next((ident for ident in idents if self.is_called(ident, number)), None)

    def price(self, ident: str, country: str | None) -> Price | None:
        return price_at(self.content(ident).prices, country, None, None)


class Reduced(NamedTuple):
    """A coupon, and from when on it reduces."""

    row: Fields
    since: dt.date | None


class Subscribed(NamedTuple):
    """A contract as clients see it."""

    contract: Contract
    course: Plan
    """All plans that it had and has, as they follow each other."""
    offered: Offered
    label: Label
    phase: Phase
    """In which it is."""
    quantities: Mapping[str, Decimal]
    """Of its phase, by option."""
    customer_id: int
    coupon: Reduced | None = None
    """The latest that was redeemed and not withdrawn."""
    upcoming: Offered | None = None
    """What it changes to, where that is agreed."""

    @property
    def called(self) -> Mapping[str, int]:
        """Its ident, and the number by which clients know it."""
        return {self.contract.contract_ident: self.contract.contract_id}

    @property
    def main(self) -> str | None:
        return self.offered.main(self.phase)

    @property
    def article(self) -> str:
        """The number of its article."""
        return self.offered.plan.plan_ident

    def number(self, ident: str) -> str:
        """By which clients know an option of it."""
        return self.article if ident == self.main else ident

    def content(self, ident: str) -> OptionContent:
        """The option as this contract calls it."""
        return named(self.contract, ident, self.offered.content(ident))

    def unit_price(self, ident: str) -> Decimal | None:
        """As the contract has it today; None: no price holds."""
        places = self.contract.places.tax_location
        where = (places.country, places.region, self.contract.content.operating_site_ident)
        found = priced(self.contract, self.offered.options[ident], self.offered.today, (), where)
        return found.unit_price if found is not None else None

    @property
    def is_paused(self) -> bool:
        life = self.contract.life
        return life is not None and life.pause_on(self.offered.today) is not None

    @property
    def is_in_trial(self) -> bool:
        life = self.contract.life
        return life is not None and life.in_trial(self.offered.today)

    def addons(self) -> list[str]:
        """What it takes besides its article, and goes on taking."""
        others = self.offered.links(self.phase, *RECURS)
        return [one.option_ident for one in others if one.option_ident != self.main and one.option_ident in self.quantities]
