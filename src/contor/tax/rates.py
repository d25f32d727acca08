"""The rates of value added tax of a country on a day, out of the one table. Pure.

The day is that on which the supply is completed (section 27 (1) UStG).
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from contor.kernel.places import EU_COUNTRIES
from contor.tax.history import KINDS, RATES, RateKind, Rates

__all__ = ["HISTORY", "KINDS", "RateKind", "Rates", "first_change", "rate_of", "rates_of"]

HISTORY: Final[dict[str, tuple[Rates, ...]]] = {country: entries for country, entries in RATES.items() if country in EU_COUNTRIES}
"""Of each member state, the oldest first."""


def rates_of(country: str, day: dt.date, region: str | None = None) -> Rates | None:
    """The rates of `country` (ISO 3166-1 alpha-2; XI: goods in Northern Ireland) for a supply completed on `day`, of `region` (ISO 3166-2,
    `Territory.rate_region`) where it has its own; None outside the Union or before its history."""
    own = _on(RATES.get(region, ()), day) if region is not None else None
    return own or _on(HISTORY.get(country) or RATES.get(country, ()), day)


def rate_of(country: str, day: dt.date, kind: RateKind = "STANDARD", region: str | None = None) -> Decimal | None:
    """One of them; None also where the country has no such rate."""
    found = rates_of(country, day, region)
    return None if found is None else found.of(kind)


def first_change() -> dt.date:
    """The first day on which a rate of the history took the place of another."""
    return min(
        now.applicable_from for entries in HISTORY.values() for before, now in pairwise(entries) if before.kinds != now.kinds
    )


def _on(entries: Sequence[Rates], day: dt.date) -> Rates | None:
    found = None
    for entry in entries:
        if entry.applicable_from > day:
            break
        found = entry
    return found
