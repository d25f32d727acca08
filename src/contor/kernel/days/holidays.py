"""Saturdays, Sundays and public holidays: a term that ends on one ends on the next working day (section 193 BGB). Pure.

The days on which no euro moves (TARGET: New Year, Good Friday, Easter Monday, 1 May, 25 and 26 December) count everywhere; beside them the
public holidays of Germany with those of its states, and of Austria. Of other countries, and of a state that is not said, no more is known.
"""

import datetime as dt
from functools import lru_cache
from typing import Final, NamedTuple

_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
_WEDNESDAY: Final = 2


class _Holidays(NamedTuple):
    fixed: frozenset[tuple[int, int]]
    """Month and day."""
    movable: frozenset[int]
    """Days after Easter Sunday."""


class _OfStates(NamedTuple):
    states: str
    month: int
    day: int
    since: int = 1995


_GOOD_FRIDAY, _EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY, _CORPUS_CHRISTI = -2, 1, 39, 50, 60
_EVERYWHERE: Final = _Holidays(frozenset({(1, 1), (5, 1), (12, 25), (12, 26)}), frozenset({_GOOD_FRIDAY, _EASTER_MONDAY}))
_COUNTRIES: Final = {
    "DE": _Holidays(frozenset({(10, 3)}), frozenset({_ASCENSION, _WHIT_MONDAY})),
    "AT": _Holidays(
        frozenset({(1, 6), (8, 15), (10, 26), (11, 1), (12, 8)}), frozenset({_ASCENSION, _WHIT_MONDAY, _CORPUS_CHRISTI})
    ),
}
_STATES: Final = (
    _OfStates("BW BY ST", 1, 6),
    _OfStates("BE", 3, 8, 2019),
    _OfStates("MV", 3, 8, 2023),
    _OfStates("SL", 8, 15),
    _OfStates("TH", 9, 20, 2019),
    _OfStates("BB MV SN ST TH", 10, 31),
    _OfStates("HB HH NI SH", 10, 31, 2018),
    _OfStates("BW BY NW RP SL", 11, 1),
)
_WITH_CORPUS_CHRISTI: Final = frozenset(["BW", "BY", "HE", "NW", "RP", "SL"])
_WITH_REPENTANCE_DAY: Final = "SN"
_NAMES: Final = {
    "BW": "baden-württemberg baden-wuerttemberg",
    "BY": "bayern bavaria",
    "BE": "berlin",
    "BB": "brandenburg",
    "HB": "bremen",
    "HH": "hamburg",
    "HE": "hessen hesse",
    "MV": "mecklenburg-vorpommern",
    "NI": "niedersachsen lower-saxony",
    "NW": "nordrhein-westfalen north-rhine-westphalia nrw",
    "RP": "rheinland-pfalz rhineland-palatinate",
    "SL": "saarland",
    "SN": "sachsen saxony",
    "ST": "sachsen-anhalt saxony-anhalt",
    "SH": "schleswig-holstein",
    "TH": "thüringen thueringen thuringia",
}
_CODES: Final = {name: code for code, names in _NAMES.items() for name in (code.lower(), f"de-{code.lower()}", *names.split())}


def next_working_day(day: dt.date, country: str, state: str | None = None) -> dt.date:
    """The day, or the first one after it that is neither a Saturday, a Sunday nor a public holiday."""
    while not is_working_day(day, country, state):
        day += _DAY
    return day


def is_working_day(day: dt.date, country: str, state: str | None = None) -> bool:
    """`country`: ISO 3166-1 alpha-2; `state`: its name, or its code of ISO 3166-2."""
    return day.weekday() < _SATURDAY and not _is_holiday(day, country, _code(state) if country == "DE" else None)


def _code(state: str | None) -> str | None:
    return _CODES.get("-".join((state or "").lower().split()))


@lru_cache(maxsize=4096)
def _is_holiday(day: dt.date, country: str, state: str | None) -> bool:
    after_easter = (day - _easter(day.year)).days
    for it in (_EVERYWHERE, _COUNTRIES.get(country, _EVERYWHERE)):
        if (day.month, day.day) in it.fixed or after_easter in it.movable:
            return True
    if state is None:
        return False
    if any(state in it.states.split() and (it.month, it.day) == (day.month, day.day) and day.year >= it.since for it in _STATES):
        return True
    if after_easter == _CORPUS_CHRISTI:
        return state in _WITH_CORPUS_CHRISTI
    # the Wednesday before 23 November
    return (
        state == _WITH_REPENTANCE_DAY
        and day.weekday() == _WEDNESDAY
        and dt.date(day.year, 11, 16) <= day <= dt.date(day.year, 11, 22)
    )


def _easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Gauss, in the form of Lichtenberg)."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    golden = year % 19
    seed = (19 * golden + moon) % 30
    correction = (seed + golden // 11) // 29
    full_moon = 21 + seed - correction
    sunday = 7 - (year + year // 4 + sun) % 7
    return dt.date(year, 3, 1) + (full_moon + 7 - (full_moon - sunday) % 7 - 1) * _DAY
