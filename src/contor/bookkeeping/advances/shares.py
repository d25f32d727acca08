"""How much of a document's tax is declared before its supply, because the money came before it. Pure.

Section 13 (1) no. 1 lit. a sentence 4 UStG (Article 65 of Directive 2006/112/EC): on what is received before the supply, tax arises in the
month of the receipt, also where tax is due by the supply. What goes back before the supply is corrected when it goes back, be it that the
payment came to nothing or that the price was reduced (section 17 (1) and (2) no. 2 UStG, UStAE 17.1 (2) and (7)); so what a credit takes
back of the supply stays declared as long as we have the money.

Nothing here is a sum of steps: what is declared before is a function of the money that was there before the month of the supply, and what
moves is the difference to what has moved so far. So parts add up, and all of the money takes all of the tax, to the cent.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.periods import month_of
from contor.kernel.money import ZERO, round_amount, split


class Amounts(NamedTuple):
    """In the ledger's currency."""

    tax: Decimal = ZERO
    base: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        return self.tax + self.base

    def plus(self, other: "Amounts") -> "Amounts":
        return Amounts(self.tax + other.tax, self.base + other.base)

    def less(self, other: "Amounts") -> "Amounts":
        return Amounts(self.tax - other.tax, self.base - other.base)

    def negated(self) -> "Amounts":
        return Amounts(-self.tax, -self.base)


class Of(NamedTuple):
    """What is declared together."""

    account: int
    rate: Decimal | None
    country: str | None
    day: dt.date
    """Of the supply."""


class Group(NamedTuple):
    """Tax of one supply."""

    of: Of
    left: Amounts
    """What the documents say of it, after credits and reductions."""
    asked: Amounts
    """... before credits."""
    moved: Amounts
    """What is declared before it so far."""
    is_supply: bool = True
    """An invoice says it; else what reduced one, or took that back, stands on the day of that."""


class Money(NamedTuple):
    """What came on a day, in the document's currency; negative: went back."""

    day: dt.date
    amount: Decimal


class Owed(NamedTuple):
    """Gross, in the document's currency and in the ledger's."""

    amount: Decimal
    in_ledger: Decimal

    def negated(self) -> "Owed":
        return Owed(-self.amount, -self.in_ledger)


class Matter(NamedTuple):
    """An invoice, what was credited of it, and what came of both."""

    currency: str
    """The ledger's."""
    left: Owed
    """What is owed in all, after credits and reductions; with it what bears no tax."""
    asked: Owed
    """... before credits."""
    groups: Sequence[Group]
    money: Sequence[Money]
    deducts: bool = False
    """Deposits: one at a rate that no row has leaves a group below zero, and is no money that comes for it."""
    changed_on: dt.date = dt.date.min
    """The last day on which something became of it: money, what reduces it, a credit."""


class Moved(NamedTuple):
    """What is declared on a day instead of that of the supply; negative: the other way."""

    day: dt.date
    of: Of
    amounts: Amounts


def moves(matter: Matter, days: Collection[dt.date]) -> list[Moved]:
    """What moves by what happened on these days, the first first."""
    return [one for at, group in enumerate(matter.groups) for one in _moves(matter, at, group, sorted(set(days)))]


def _moves(matter: Matter, at: int, group: Group, days: Sequence[dt.date]) -> Iterator[Moved]:
    if not ((group.is_supply and group.asked.tax) or group.moved.tax):
        return
    moved = group.moved
    for day in days:
        # of what happens on several days each takes its own
        later = {other for other in days if other > day}
        money = [it for it in matter.money if it.day not in later]
        wanted = _declared_before(matter, at, day, money, moved)
        if (more := wanted.less(moved)).tax:
            moved = wanted
            yield Moved(day, group.of, more)


def _declared_before(matter: Matter, at: int, day: dt.date, money: Sequence[Money], moved: Amounts) -> Amounts:
    group = matter.groups[at]
    supplied = month_of(group.of.day)
    if month_of(day) < supplied:
        return taxed_by(matter, sum((it.amount for it in money if month_of(it.day) < supplied), ZERO))[at]
    # after the supply only that goes back which is not owed any more: it was credited before, and is paid out only now
    size = _taken_off if group.asked.tax < 0 and not matter.deducts else _tax
    if size(moved) <= max(ZERO, size(group.left)):
        return moved
    kept = taxed_by(matter, sum((it.amount for it in money), ZERO))[at]
    return min(moved, max(group.left, kept, Amounts(), key=size), key=size)


def _tax(amounts: Amounts) -> Decimal:
    return amounts.tax


def _taken_off(amounts: Amounts) -> Decimal:
    """Of what lessens the supply: a row that is given back."""
    return -amounts.tax


def taxed_by(matter: Matter, money: Decimal) -> list[Amounts]:
    """What of each group `money` pays: its part of what is left, and beyond that of what was credited and not paid back."""
    if matter.asked.amount < 0 and not matter.deducts:  # more is given back than supplied: what pays is what we pay back
        return [part.negated() for part in taxed_by(_mirrored(matter), -money)]
    left, asked = matter.left, matter.asked
    of_left = [group.left for group in matter.groups]
    if matter.deducts and money < 0:  # of the deposits went back what is not owed
        return _gone_back(matter, of_left, money)
    if money < left.amount or asked.amount <= left.amount:
        return _portion(matter, of_left, money, left)
    owed = max(ZERO, left.amount)
    paid = of_left if owed else [Amounts()] * len(of_left)
    credited = [group.asked.less(part) for group, part in zip(matter.groups, paid, strict=True)]
    whole = Owed(asked.amount - owed, asked.in_ledger - (left.in_ledger if owed else ZERO))
    kept = _portion(matter, credited, min(money, asked.amount) - owed, whole)
    return [part.plus(more) for part, more in zip(paid, kept, strict=True)]


def _mirrored(matter: Matter) -> Matter:
    groups = [it._replace(left=it.left.negated(), asked=it.asked.negated(), moved=it.moved.negated()) for it in matter.groups]
    return matter._replace(left=matter.left.negated(), asked=matter.asked.negated(), groups=groups)


def _gone_back(matter: Matter, of_left: Sequence[Amounts], money: Decimal) -> list[Amounts]:
    """What of the deposits' tax is corrected because they were paid back before the supply (section 17 (2) no. 2 UStG)."""
    left = matter.left
    if left.amount >= 0:
        return [Amounts()] * len(of_left)
    turned = [Amounts(-it.tax, -it.base) for it in of_left]
    back = _portion(matter, turned, min(-money, -left.amount), Owed(-left.amount, -left.in_ledger))
    return [Amounts(-it.tax, -it.base) for it in back]


def _portion(matter: Matter, groups: Sequence[Amounts], part: Decimal, whole: Owed) -> list[Amounts]:
    """What `part` of the whole is of each group: by gross, what bears no tax among them; largest remainder. A deposit of another rate
    stays taxed as it was, and what it pays of the supply is taxed with that (section 27 (1) sentence 3 UStG)."""
    if part <= 0 or whole.amount <= 0:
        return [Amounts()] * len(groups)
    currency, below = matter.currency, [matter.deducts and group.gross < 0 for group in groups]
    if part >= whole.amount and not any(below):
        return list(groups)
    weights = [ZERO if is_below else group.gross for is_below, group in zip(below, groups, strict=True)]
    weights.append(whole.in_ledger - sum((group.gross for group in groups), ZERO))
    paid = split(round_amount(whole.in_ledger * min(part, whole.amount) / whole.amount, currency), weights, currency)
    found = []
    for gross, group in zip(paid[:-1], groups, strict=True):
        tax = round_amount(gross * group.tax / group.gross, currency) if group.gross else ZERO
        found.append(Amounts(tax, gross - tax))
    return found
