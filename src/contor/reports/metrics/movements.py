"""What moved monthly recurring revenue from one day to the next, customer by customer. Pure.

A customer who had none and never had any is new; who had some before and none since is reactivated; who has less is contracted, who has
none any more has churned. Of each day, and so of all days together, the parts are the change: nothing is left over.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

ZERO = Fraction(0)


class Movement(enum.StrEnum):
    NEW = "NEW"
    EXPANSION = "EXPANSION"
    REACTIVATION = "REACTIVATION"
    CONTRACTION = "CONTRACTION"
    CHURN = "CHURN"


class Step(NamedTuple):
    """From this day on an amount more, or less, by the month."""

    day: dt.date
    change: Fraction


class Parts(NamedTuple):
    """By what the revenue of a time changed; `churn` and `contraction` are below zero."""

    new: Fraction = ZERO
    expansion: Fraction = ZERO
    reactivation: Fraction = ZERO
    contraction: Fraction = ZERO
    churn: Fraction = ZERO

    def plus(self, kind: Movement, amount: Fraction) -> "Parts":
        """With an amount more of one part."""
        name = kind.value.lower()
        return self._replace(**{name: getattr(self, name) + amount})

    @property
    def change(self) -> Fraction:
        return sum(self, ZERO)


class Moved(NamedTuple):
    """A movement of one customer on one day."""

    day: dt.date
    kind: Movement
    amount: Fraction
    after: Fraction
    """What he pays from then on."""


def movements_of(steps: Iterable[Step]) -> Iterator[Moved]:
    """The movements of a customer in the order of days; several changes of a day are one."""
    by_day: dict[dt.date, Fraction] = {}
    for day, change in steps:
        by_day[day] = by_day.get(day, ZERO) + change
    before, had = ZERO, False
    for day in sorted(by_day):
        change = by_day[day]
        if not change:
            continue
        after = before + change
        yield Moved(day, _kind(before, after, had=had), change, after)
        before, had = after, had or after > 0


def _kind(before: Fraction, after: Fraction, *, had: bool) -> Movement:
    if after > before:
        if before > 0:
            return Movement.EXPANSION
        return Movement.REACTIVATION if had else Movement.NEW
    return Movement.CHURN if after <= 0 else Movement.CONTRACTION
