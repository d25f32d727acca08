"""Numbers that another system has given: none of them may be drawn here once more."""

import datetime as dt
import re
from typing import Final

from contor.runtime.uow import Uow
from contor.settings.numbers.masks import YEAR, YEAR_SHORT, Counter, number
from contor.settings.numbers.patterns import written_now
from contor.settings.numbers.series import EVERY_SERIES

_YEARS: Final = {YEAR: ("year", "[0-9]{4}"), YEAR_SHORT: ("short", "[0-9]{2}")}


def value_of(counter: Counter, text: str) -> tuple[int, int] | None:
    """(value, year) by which the counter writes a number; the year 0 where none stands in it. None: it never writes it. Pure."""
    seen = set[str]()
    body = "".join("([0-9])" if char == "0" else re.escape(char) for char in counter.mask).replace("([0-9])", "([0-9]+)", 1)
    body += "" if "0" in counter.mask else "([0-9]+)"
    pattern = re.compile(_affix(counter.prefix, seen) + body + _affix(counter.suffix, seen))
    if (found := pattern.fullmatch(text)) is None:
        return None
    years = {place: found.group(place) for place in pattern.groupindex.values()}
    value = int("".join(part for place, part in enumerate(found.groups(), 1) if place not in years))
    said = next(iter(years.values()), "0")
    then = int(said) + (2000 if len(said) == 2 else 0)
    if value < counter.lower_limit or counter.is_exhausted(value) or number(counter, value, dt.date(then or 2000, 1, 1)) != text:
        return None
    return value, then


def drawn_later(uow: Uow, ident: str, legal_entity: str) -> tuple[str, int] | None:
    """(counter, its next value) of one that will draw a number which another system has given; None: none will."""
    for counter in written_now(uow):
        found = value_of(counter, ident)
        if found is None:
            continue
        value, then = found
        sql = f"SELECT min(next_value) FROM {EVERY_SERIES} s WHERE counter_ident = %s AND year = %s AND legal_entity IN (%s, '')"
        drawn = uow.scalar(int, sql, (counter.ident, then if counter.reset == "NEW_YEAR" else 0, legal_entity))
        following = counter.lower_limit if drawn is None else drawn
        if value >= following:
            return counter.ident, following
    return None


def _affix(text: str, seen: set[str]) -> str:
    """As a regular expression; a year that stands in it again is the same one."""
    made = ""
    for part in re.split("|".join(f"({re.escape(year)})" for year in _YEARS), text):
        if part not in _YEARS:
            made += re.escape(part or "")
            continue
        name, digits = _YEARS[part]
        made += f"(?P={name})" if name in seen else f"(?P<{name}>{digits})"
        seen.add(name)
    return made
