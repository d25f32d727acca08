"""The table of rates beside what others publish. Pure.

Source: package `duty27-eu-vat` (standard rates since 2016); package `eu-vat-rates-data` (all rates of the day of its data, from "Taxes in
Europe"). Both are packages of others that are asked where they are installed; nothing of them is part of the table.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.tax.rates import HISTORY, rate_of, rates_of

DAY = dt.timedelta(days=1)
_REGIONAL: Final[Mapping[str, Collection[str]]] = {
    "AT": ("19",),
    "FR": ("0.9", "1.05", "8.5", "13"),
    "GR": ("17",),
    "PT": ("16", "22"),
}
"""What is called reduced there and holds in a part of the country only: of no kind here, but among its rates."""
_NOT_THERE: Final = {"IE": Decimal("4.8")}
"""Super-reduced rates that the package leaves out: livestock (section 46 (1) (d) VATCA 2010)."""


class Published(NamedTuple):
    """The rates of a country, as that package has them."""

    standard: float
    reduced: tuple[float, ...]
    super_reduced: float | None
    parking: float | None
    """None also where it is among the reduced ones."""


class Compared(NamedTuple):
    rates: int
    """So many were compared."""
    differences: tuple[str, ...]


def with_standard_rates(
    theirs: Callable[[str, dt.date], Decimal], changes: Mapping[str, Collection[dt.date]], last: dt.date
) -> Compared:
    """Standard rates on every day on which the table or the other one (`changes`, by country; the first is its beginning) has another
    one, on the day before, and on the `last` day of its data."""
    found, differences = 0, []
    for country, entries in sorted(HISTORY.items()):
        known = {*changes[country], *(entry.applicable_from for entry in entries)}
        first = min(changes[country])
        for day in sorted({max(day, first) for change in known for day in (change - DAY, change) if day <= last} | {last}):
            found += 1
            if (ours := rate_of(country, day)) != (their := theirs(country, day)):
                differences.append(f"{country} on {day}: the standard rate is {ours}, there it is {their}")
    return Compared(found, tuple(differences))


def with_all_rates(theirs: Mapping[str, Published], day: dt.date) -> Compared:
    """All rates of one day. What is called super-reduced there beside a reduced rate of the same height is that reduced one."""
    found, differences = 0, []
    for country in sorted(HISTORY):
        ours = rates_of(country, day)
        if ours is None or country not in theirs:
            differences.append(f"{country} on {day}: there are no rates to compare")
            continue
        said = theirs[country]
        reduced = {_exact(rate) for rate in said.reduced}
        lowest = None if said.super_reduced is None else _exact(said.super_reduced)
        regional = {Decimal(rate) for rate in _REGIONAL.get(country, ())}
        beside = {
            "standard": (ours.standard, _exact(said.standard)),
            "reduced": ({ours.reduced, ours.second_reduced} - {None, ours.standard}, reduced - regional),
            "super-reduced": (ours.super_reduced, _NOT_THERE.get(country) if lowest is None or lowest in reduced else lowest),
            "regional": (regional & ours.all, regional & reduced),
        }
        if said.parking is not None:
            beside["parking"] = (ours.parking, _exact(said.parking))
        found += len(beside)
        differences += [
            f"{country} on {day}: {name} is {_said(own)}, there it is {_said(other)}"
            for name, (own, other) in beside.items()
            if own != other
        ]
    return Compared(found, tuple(differences))


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _said(rates: object) -> str:
    return ", ".join(map(str, sorted(rates))) if isinstance(rates, Collection) and rates else str(rates or "none")
