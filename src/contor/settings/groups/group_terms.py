"""What billing groups say about the prices of what they bill: where a price holds, and to what it is rounded (platform API, 2.2).

Pure.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from contor.kernel.money import quantum, unit_of
from contor.settings.stored import RoundingFields

Place = TypeVar("Place")


class GroupTerms(NamedTuple):
    by_performance_location: bool = False
    """`optionPriceDetermination`: the place of performance decides which price of an option holds. The tax is always that of the
    place of taxation."""
    units: Mapping[str, Decimal] = MappingProxyType({})
    """`currencyRoundingOverrides`: the smallest amount of a row, by currency; where there is none it is the currency's own."""

    def price_place(self, tax: Place, performance: Place) -> Place:
        """Which of the two places decides the price of an option."""
        return performance if self.by_performance_location else tax


USUAL: Final = GroupTerms()


def units_of(overrides: Iterable[RoundingFields]) -> dict[str, Decimal]:
    """The smallest amounts by currency; an override that changes nothing is none."""
    found = {override["currency"]: unit_of(override["decimals"]) for override in overrides}
    return {currency: unit for currency, unit in found.items() if unit != quantum(currency)}
