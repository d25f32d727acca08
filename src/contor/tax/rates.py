"""The rates of value added tax in the European Union, each with the day from which it is valid. Pure.

Source: section 12 UStG and section 28 (1) to (3) UStG (16 % and 5 % from 1 July to 31 December 2020); European Commission, "Taxes in
Europe" database, standard and main reduced rates as of 2026. Countries without a reduced rate have the standard one.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal, NamedTuple

RateKind = Literal["STANDARD", "REDUCED"]


class Rates(NamedTuple):
    """Percent, valid from a day until the next entry."""

    applicable_from: dt.date
    standard: Decimal
    reduced: Decimal


def _since(year: int, month: int, standard: str, reduced: str) -> Rates:
    return Rates(dt.date(year, month, 1), Decimal(standard), Decimal(reduced))


HISTORY: Final[dict[str, tuple[Rates, ...]]] = {
    "AT": (_since(1984, 1, "20", "10"),),
    "BE": (_since(1996, 1, "21", "6"),),
    "BG": (_since(2011, 4, "20", "9"),),
    "CY": (_since(2014, 1, "19", "9"),),
    "CZ": (_since(2013, 1, "21", "15"), _since(2024, 1, "21", "12")),
    "DE": (_since(2007, 1, "19", "7"), _since(2020, 7, "16", "5"), _since(2021, 1, "19", "7")),
    "DK": (_since(1992, 1, "25", "25"),),
    "EE": (_since(2009, 7, "20", "9"), _since(2024, 1, "22", "9"), _since(2025, 7, "24", "9")),
    "ES": (_since(2012, 9, "21", "10"),),
    "FI": (_since(2013, 1, "24", "14"), Rates(dt.date(2024, 9, 1), Decimal("25.5"), Decimal(14)), _since(2026, 1, "25.5", "13.5")),
    "FR": (_since(2014, 1, "20", "5.5"),),
    "GR": (_since(2016, 6, "24", "13"),),
    "HR": (_since(2012, 3, "25", "13"),),
    "HU": (_since(2012, 1, "27", "18"),),
    "IE": (_since(2012, 1, "23", "13.5"), Rates(dt.date(2020, 9, 1), Decimal(21), Decimal("13.5")), _since(2021, 3, "23", "13.5")),
    "IT": (_since(2013, 10, "22", "10"),),
    "LT": (_since(2009, 9, "21", "9"), _since(2026, 1, "21", "12")),
    "LU": (_since(2015, 1, "17", "8"), _since(2023, 1, "16", "7"), _since(2024, 1, "17", "8")),
    "LV": (_since(2012, 7, "21", "12"),),
    "MT": (_since(2004, 1, "18", "5"),),
    "NL": (_since(2012, 10, "21", "6"), _since(2019, 1, "21", "9")),
    "PL": (_since(2011, 1, "23", "8"),),
    "PT": (_since(2011, 1, "23", "6"),),
    "RO": (_since(2017, 1, "19", "9"), _since(2025, 8, "21", "11")),
    "SE": (_since(1996, 1, "25", "12"),),
    "SI": (_since(2013, 7, "22", "9.5"),),
    "SK": (_since(2011, 1, "20", "10"), _since(2025, 1, "23", "19")),
}


def rates_of(country: str, day: dt.date) -> Rates | None:
    """The rates of `country` (ISO 3166-1 alpha-2) for a supply completed on `day`; None outside the Union or before its history."""
    found = None
    for entry in HISTORY.get(country, ()):
        if entry.applicable_from > day:
            break
        found = entry
    return found


def rate_of(country: str, day: dt.date, kind: RateKind = "STANDARD") -> Decimal | None:
    """One of them."""
    found = rates_of(country, day)
    return None if found is None else found.standard if kind == "STANDARD" else found.reduced


def first_change() -> dt.date:
    """The first day on which a rate of the history took the place of another."""
    return min(entry.applicable_from for entries in HISTORY.values() for entry in entries[1:])
