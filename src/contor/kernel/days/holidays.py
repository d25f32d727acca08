"""Saturdays, Sundays and public holidays: a term that ends on one ends on the next working day (section 193 BGB). Pure.

The days on which no euro moves (TARGET, as the European Central Bank says them) count everywhere; beside them the public holidays of the
country, and of its state where that is said.
"""

import datetime as dt
from functools import lru_cache

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


def next_working_day(day: dt.date, country: str, state: str | None = None) -> dt.date:
    """The day, or the first one after it that is neither a Saturday, a Sunday nor a public holiday."""
    while not is_working_day(day, country, state):
        day += _DAY
    return day


def is_working_day(day: dt.date, country: str, state: str | None = None) -> bool:
    """`country`: ISO 3166-1 alpha-2; `state`: its name in its own language, or its code of ISO 3166-2."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year, country, state)


def is_target_day(day: dt.date) -> bool:
    """Whether banks settle euros on it (TARGET, as the European Central Bank says its closing days)."""
    return day.weekday() < _SATURDAY and day not in _target(day.year)


def next_target_day(day: dt.date, further: int = 0) -> dt.date:
    """The day, or the first one after it on which TARGET is open; `further`: so many such days later."""
    while not is_target_day(day):
        day += _DAY
    for _ in range(further):
        day = next_target_day(day + _DAY)
    return day


@lru_cache(maxsize=128)
def _target(year: int) -> frozenset[dt.date]:
    from holidays import financial_holidays  # 0.4 s, and most processes never ask

    return frozenset(financial_holidays("ECB", years=year))


@lru_cache(maxsize=1024)
def _holidays(year: int, country: str, state: str | None) -> frozenset[dt.date]:
    from holidays import country_holidays, list_supported_countries  # 0.4 s, and most processes never ask

    target = _target(year)
    if country not in list_supported_countries(include_aliases=False):
        return target
    states = country_holidays(country).get_subdivision_aliases()
    said = (state or "").casefold().removeprefix(f"{country.casefold()}-")
    code = next((code for code, names in states.items() if said in {name.casefold() for name in (code, *names)}), None)
    return frozenset((*target, *country_holidays(country, subdiv=code, years=year)))
