"""Whether a country has a rate of value added tax at all, where the list of its rates is complete. Pure.

A country or a day whose list is not complete is not judged: a list that lacks a rate would refuse a right invoice.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from contor.tax.rates import rates_of


def rates_on(country: str, day: dt.date) -> frozenset[Decimal] | None:
    """All rates of a country on a day: standard, reduced, super-reduced, parking, regional; None: the list is not complete."""
    found = rates_of(country, day)
    return found.all if found is not None and found.is_complete else None


def rate_problem(rate: Decimal, countries: Collection[str], days: Collection[dt.date]) -> str | None:
    """Why no supply of category S bears the rate: none of the countries has it on any of the days. None: one has it, or nobody can say,
    for the list of one is not complete."""
    known: frozenset[Decimal] = frozenset()
    for country in countries:
        for day in days:
            rates = rates_on(country, day)
            if rates is None:
                return None
            known |= rates
    if rate in known:
        return None
    listed = ", ".join(f"{one:f}" for one in sorted(known))
    return f"{' or '.join(sorted(countries))} has no such rate on {' or '.join(map(str, sorted(days)))}, only {listed}"
