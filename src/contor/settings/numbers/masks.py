"""Document numbers: what a counter's value looks like, and which counter a document draws from. Pure.

A number is prefix + value over the mask + suffix. The year is that of the document date, not of the clock. Two counters that can
produce the same string are refused when they are configured, for a number is unique over all series of the legal entity
(section 14 (4) no. 4 UStG; accounting reference 5).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from contor.kernel.errors import Problem

YEAR: Final = "##YEAR##"
YEAR_SHORT: Final = "##YEAR_SHORT##"
AFFIX_LIMIT: Final = 20
"""Characters of a prefix or suffix, once its year is filled in."""
MASK_LIMIT: Final = 175
_ALPHABET: Final = re.compile(r"[a-zA-Z0-9_.~-]*")

StrategyKind = Literal["EXTERNAL", "DEFAULT", "DOCUMENT_TYPE", "BILLING_GROUP", "SERVICE_COUNTRY"]
MOST_SPECIFIC_FIRST: Final[tuple[StrategyKind, ...]] = ("SERVICE_COUNTRY", "BILLING_GROUP", "DOCUMENT_TYPE", "DEFAULT")


@dataclass(frozen=True, slots=True)
class Counter:
    """How a series of numbers looks and runs.

    `mask`: its zeros are overlaid by the digits of the value from the right, other characters stand; a value with more digits
    than zeros grows at the first zero; a mask without zeros stands before the value. `reset`: NEW_YEAR begins each year of the
    document date again at the lower limit.
    """

    ident: str
    prefix: str = ""
    mask: str = ""
    suffix: str = ""
    lower_limit: int = 1
    upper_limit: int | None = None
    reset: Literal["NEW_YEAR"] | None = None

    def year(self, document_date: dt.date) -> int:
        """The year that the value is counted in; 0: it runs on over the years."""
        return document_date.year if self.reset == "NEW_YEAR" else 0

    def is_exhausted(self, value: int) -> bool:
        """Whether `value` lies beyond the upper limit."""
        return self.upper_limit is not None and value > self.upper_limit


def number(counter: Counter, value: int, document_date: dt.date) -> str:
    """The document number of `value`. Raises ValueError for a value outside the counter's limits (never drawn)."""
    if value < counter.lower_limit or counter.is_exhausted(value):
        raise ValueError(f"{value} is outside the limits of counter {counter.ident}")
    prefix, suffix, plain_zeros = _affixes(counter.prefix, counter.suffix, counter.mask, document_date.year)
    digits = str(value)
    body = digits.zfill(plain_zeros) if plain_zeros >= 0 else overlay(counter.mask, digits)
    return prefix + body + suffix


@lru_cache(maxsize=1024)
def _affixes(prefix: str, suffix: str, mask: str, year: int) -> tuple[str, str, int]:
    """Prefix and suffix of the year, and the length of a mask of zeros alone (else -1)."""
    return with_year(prefix, year), with_year(suffix, year), len(mask) if not mask.strip("0") else -1


def with_year(pattern: str, year: int) -> str:
    """A prefix or suffix with the year filled in."""
    return pattern.replace(YEAR, f"{year:04d}").replace(YEAR_SHORT, f"{year % 100:02d}")


def overlay(mask: str, digits: str) -> str:
    """The digits laid over the zeros of the mask, from the right."""
    zeros = mask.count("0")
    if not zeros:
        return mask + digits
    filled = digits.zfill(zeros)
    surplus, rest = filled[: len(filled) - zeros], iter(filled[len(filled) - zeros :])
    first = mask.index("0")
    return mask[:first] + surplus + "".join(next(rest) if char == "0" else char for char in mask[first:])


def with_affixes(counter: Counter, prefix: str | None, suffix: str | None) -> Counter:
    """The counter with another prefix or suffix, where one is given."""
    if prefix is None and suffix is None:
        return counter
    return replace(
        counter, prefix=counter.prefix if prefix is None else prefix, suffix=counter.suffix if suffix is None else suffix
    )


def counter_problems(counter: Counter) -> list[Problem]:
    """What is wrong with a counter by itself."""
    problems = []
    for name, pattern in (("prefix", counter.prefix), ("suffix", counter.suffix)):
        expanded = with_year(pattern, 2000)  # any year: all have four digits
        if len(expanded) > AFFIX_LIMIT:
            problems.append(Problem("affix_too_long", f"has more than {AFFIX_LIMIT} characters with its year", name, pattern))
        if not _ALPHABET.fullmatch(expanded):
            problems.append(Problem("affix_characters", "letters, digits and _.~- only, as in every ident", name, pattern))
    if len(counter.mask) > MASK_LIMIT:
        problems.append(Problem("mask_too_long", f"has more than {MASK_LIMIT} characters", "mask", counter.mask))
    if not _ALPHABET.fullmatch(counter.mask):
        problems.append(Problem("mask_characters", "letters, digits and _.~- only, as in every ident", "mask", counter.mask))
    if counter.lower_limit < 0:
        problems.append(Problem("lower_limit_negative", "is negative", "lowerLimit", counter.lower_limit))
    if counter.upper_limit is not None and counter.upper_limit <= counter.lower_limit:
        problems.append(Problem("upper_limit_too_low", "is not above the lower limit", "upperLimit", counter.upper_limit))
    if (
        counter.reset == "NEW_YEAR"
        and YEAR not in counter.prefix + counter.suffix
        and YEAR_SHORT not in counter.prefix + counter.suffix
    ):
        message = f"a counter that starts again each year needs {YEAR} or {YEAR_SHORT}: its numbers would repeat"
        problems.append(Problem("reset_without_year", message, "reset", counter.reset))
    return problems


# --- collisions --------------------------------------------------------------------------------------------------------------

_DIGIT: Final = "#"  # not of the alphabet, so no literal is taken for it
"""One digit, whichever."""
_DIGITS: Final = "*"
"""Any number of further digits."""


def can_collide(one: Counter, other: Counter) -> bool:
    """Whether two counters can produce the same string.

    Exact for series of one pattern (then only their limits tell them apart); otherwise every digit of year and value counts as
    possible, so a few harmless pairs are taken for dangerous, never the other way round.
    """
    first, second = _pattern(one), _pattern(other)
    if (one.prefix, one.mask, one.suffix) == (other.prefix, other.mask, other.suffix):
        # one pattern, so equal values are equal numbers: they meet unless one ends before the other begins
        low = max(one.lower_limit, other.lower_limit)
        return all(counter.upper_limit is None or counter.upper_limit >= low for counter in (one, other))
    return _intersect(first, second)


def _pattern(counter: Counter) -> str:
    """The strings of a counter: literal characters, `#` a digit, `*` further digits."""
    zeros = counter.mask.count("0")
    most = None if counter.upper_limit is None else len(str(counter.upper_limit))
    if not zeros:
        body = counter.mask + _DIGIT + _DIGITS
    else:
        body = counter.mask.replace("0", _DIGIT)
        if most is None or most > zeros:
            body = body.replace(_DIGIT, _DIGITS + _DIGIT, 1)
    prefix, suffix = (part.replace(YEAR, _DIGIT * 4).replace(YEAR_SHORT, _DIGIT * 2) for part in (counter.prefix, counter.suffix))
    return prefix + body + suffix


def _intersect(one: str, other: str) -> bool:
    """Whether a string matches both patterns: reachability over pairs of positions."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        pair = waiting.pop()
        if pair in seen:
            continue
        seen.add(pair)
        i, j = pair
        if i == len(one) and j == len(other):
            return True
        waiting += _next(one, i, other, j)
    return False


def _next(one: str, i: int, other: str, j: int) -> list[tuple[int, int]]:
    """The pairs of positions after these: a `*` may be left, or takes a digit and stays."""
    a, b = one[i : i + 1], other[j : j + 1]
    steps = []
    if a == _DIGITS:
        steps.append((i + 1, j))
    if b == _DIGITS:
        steps.append((i, j + 1))
    if not a or not b:
        return steps
    digits = (_DIGIT, _DIGITS)
    meet = a == b or (a in digits and (b in digits or b.isdigit())) or (b in digits and a.isdigit())
    if meet and not (a == b == _DIGITS):  # two stars that both stay lead nowhere new
        steps.append((i if a == _DIGITS else i + 1, j if b == _DIGITS else j + 1))
    return steps


# --- which counter -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strategy:
    """Documents of this key draw from this counter. `key`: the billing group, document type or service country; None: DEFAULT.

    A billing group's strategy may be for one document type only; it then goes before the group's other one. `prefix`, `suffix`: with
    which its numbers are written; None: as the counter writes them.
    """

    ident: str
    kind: StrategyKind
    counter_ident: str
    key: str | None = None
    document_type: str | None = None
    prefix: str | None = None
    suffix: str | None = None

    def writing(self, counter: Counter) -> Counter:
        """Its counter, as it writes the numbers of this strategy."""
        return with_affixes(counter, self.prefix, self.suffix)


@dataclass(frozen=True, slots=True)
class Series:
    """A counter that numbers are drawn from, and for which of the tenant's companies: each counts by itself; the first is ''."""

    counter: Counter
    legal_entity: str = ""

    @property
    def counter_ident(self) -> str:
        return self.counter.ident

    def year(self, document_date: dt.date) -> int:
        return self.counter.year(document_date)


def up_to(active: StrategyKind, strategies: Iterable[Strategy]) -> list[Strategy]:
    """The strategies of the active kind and of every less specific one. EXTERNAL leaves all: a group may still demand our numbers."""
    kinds = MOST_SPECIFIC_FIRST[MOST_SPECIFIC_FIRST.index(active) :] if active in MOST_SPECIFIC_FIRST else MOST_SPECIFIC_FIRST
    return [strategy for strategy in strategies if strategy.kind in kinds]


def resolve(
    strategies: Iterable[Strategy], *, document_type: str, billing_group: str, service_country: str | None
) -> Strategy | None:
    """The most specific strategy for a document: service country, billing group, document type, default; None: there is none."""
    keys: Mapping[str, str | None] = {
        "SERVICE_COUNTRY": service_country,
        "BILLING_GROUP": billing_group,
        "DOCUMENT_TYPE": document_type,
        "DEFAULT": None,
    }
    best: tuple[int, int] | None = None
    found = None
    for strategy in strategies:
        if strategy.kind not in keys or strategy.key != keys[strategy.kind]:
            continue
        # a document without service country must not fit a strategy without key
        if strategy.kind != "DEFAULT" and strategy.key is None:
            continue
        if strategy.document_type not in (None, document_type):
            continue
        rank = (MOST_SPECIFIC_FIRST.index(strategy.kind), 0 if strategy.document_type else 1)
        if best is None or rank < best:
            best, found = rank, strategy
    return found


def number_rule(
    active: StrategyKind | None, override: Literal["REQUIRED", "FORBIDDEN"] | None, strategy: Strategy | None
) -> Literal["PLATFORM", "EXTERNAL"] | None:
    """Who gives the number: the billing group's override for the document type, else the tenant's active kind of strategy.

    None: the platform should, but no strategy says from which counter.
    """
    if override == "REQUIRED" or (override is None and active == "EXTERNAL"):
        return "EXTERNAL"
    return "PLATFORM" if strategy is not None else None
