"""Overdue rules are the levels of dunning: one counts from when something became overdue, the other from the letter before."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.api.fynn.dunning.answers import RuleType
from contor.dunning.rules import DunningConfiguration, Level
from contor.kernel.money import exponent
from contor.kernel.shapes import replace

CURRENCY: Final = "EUR"
"""Of fees."""
DEFAULT_TERM: Final = 7


def kind_of(level: Level, place: int) -> RuleType:
    """`place`: from 1."""
    kind = level.kind or ("REMINDER" if place == 1 else "DUNNING")
    return "reminder" if kind == "REMINDER" else "dunning"


def days_overdue(levels: Sequence[Level], place: int) -> int:
    """After the invoice, or the term of the letter before, was over."""
    before = previous(levels, place)
    return levels[place - 1].days_after - (before.days_to_pay if before is not None else 0)


def previous(levels: Sequence[Level], place: int) -> Level | None:
    """The level before, of those that are enabled."""
    return next((level for level in reversed(levels[: place - 1]) if level.enabled), None)


def counted_anew(configuration: DunningConfiguration, overdue: Sequence[int]) -> DunningConfiguration:
    """The same with the days of each level as its rule says them, from when what is before was overdue."""
    made: list[Level] = []
    for place, (level, days) in enumerate(zip(configuration.levels, overdue, strict=True), 1):
        before = previous(made, place)
        made.append(replace(level, days_after=days + (before.days_to_pay if before is not None else 0)))
    return replace(configuration, levels=tuple(made), first_level_from="DUE_DATE")


def in_cents(fee: Decimal) -> int | None:
    return int(fee.scaleb(exponent(CURRENCY))) if fee else None


def of_cents(cents: int | None) -> Decimal:
    return Decimal(cents or 0).scaleb(-exponent(CURRENCY))
