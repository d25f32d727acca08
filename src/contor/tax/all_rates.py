"""Every rate of value added tax that a country has, where the list is complete: standard, reduced, super-reduced, parking, regional. Pure.

Source: European Commission, "Taxes in Europe" database and "VAT rates applied in the Member States of the European Union" (tables I, III,
IV, VII), as of November 2026; and per country
Germany: sections 12, 24, 28 UStG (2026: what section 24 had and what its Annex 5 gives);
Austria: section 10 UStG (Jungholz and Mittelberg 19 %, from July 2026 on 4.9 % on basic food), section 28 (52) (5 % in the pandemic);
France: Articles 278 to 281 nonies, 296 (overseas), 297 (Corsica) CGI;
Portugal: Article 18 CIVA, Ofício Circulado 25045/2024 (Azores since July 2021, Madeira since October 2024);
Greece: Article 26 of the VAT code and circular E.2113/2025 (islands: 24 is 17, 13 is 9, 6 is 4, 4 is 3);
Poland: Articles 41, 114, 115, 146ef of the VAT act (flat rates of taxis and farmers included).
A country or a day that is not here is not judged: a list that lacks a rate would refuse a right invoice.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Final

_D = dt.date


def _rates(text: str) -> frozenset[Decimal]:
    return frozenset(map(Decimal, text.split()))


COMPLETE: Final[dict[str, tuple[tuple[dt.date, frozenset[Decimal]], ...]]] = {
    "AT": (
        (_D(2016, 1, 1), _rates("20 13 10 19")),
        (_D(2020, 7, 1), _rates("20 13 10 19 5")),
        (_D(2022, 1, 1), _rates("20 13 10 19")),
        (_D(2026, 7, 1), _rates("20 13 10 19 4.9")),
    ),
    "BE": ((_D(2000, 1, 1), _rates("21 12 6")),),
    "BG": ((_D(2011, 4, 1), _rates("20 9")),),
    "CY": ((_D(2023, 7, 1), _rates("19 9 5 3")),),
    "CZ": ((_D(2015, 1, 1), _rates("21 15 10")), (_D(2024, 1, 1), _rates("21 12"))),
    "DE": (
        (_D(2007, 1, 1), _rates("19 7 10.7 5.5")),
        (_D(2020, 7, 1), _rates("16 5 10.7 5.5")),
        (_D(2021, 1, 1), _rates("19 7 10.7 5.5")),
        (_D(2022, 1, 1), _rates("19 7 9.5 5.5")),
        (_D(2023, 1, 1), _rates("19 7 9 5.5")),
        (_D(2024, 12, 6), _rates("19 7 8.4 5.5")),
        (_D(2025, 1, 1), _rates("19 7 7.8 5.5")),
        (_D(2026, 1, 1), _rates("19 7 7.8 6.1 5.5")),
    ),
    "DK": ((_D(1992, 1, 1), _rates("25")),),
    "FI": (
        (_D(2013, 1, 1), _rates("24 14 10")),
        (_D(2024, 9, 1), _rates("25.5 14 10")),
        (_D(2026, 1, 1), _rates("25.5 13.5 10")),
    ),
    "FR": ((_D(2014, 1, 1), _rates("20 10 5.5 2.1 8.5 1.75 1.05 13 0.9")),),
    "GR": ((_D(2026, 1, 1), _rates("24 13 6 4 17 9 3")),),
    "HR": ((_D(2014, 1, 1), _rates("25 13 5")),),
    "LU": (
        (_D(2015, 1, 1), _rates("17 14 8 3")),
        (_D(2023, 1, 1), _rates("16 13 7 3")),
        (_D(2024, 1, 1), _rates("17 14 8 3")),
    ),
    "LV": ((_D(2018, 1, 1), _rates("21 12 5")),),
    "MT": ((_D(2011, 1, 1), _rates("18 7 5")), (_D(2024, 1, 1), _rates("18 12 7 5"))),
    "NL": ((_D(2019, 1, 1), _rates("21 9")),),
    "PL": ((_D(2011, 1, 1), _rates("23 8 5 7 4")),),
    "PT": (
        (_D(2021, 7, 1), _rates("23 13 6 22 12 5 16 9 4")),
        (_D(2024, 10, 1), _rates("23 13 6 22 12 16 9 4")),
    ),
    "SE": ((_D(1996, 1, 1), _rates("25 12 6")),),
    "SK": ((_D(2025, 1, 1), _rates("23 19 5")),),
}
"""Per country, the rates from each day on."""


def rates_on(country: str, day: dt.date) -> frozenset[Decimal] | None:
    """All rates of a country on a day; None: the list is not complete."""
    found = None
    for since, rates in COMPLETE.get(country, ()):
        if since > day:
            break
        found = rates
    return found


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
