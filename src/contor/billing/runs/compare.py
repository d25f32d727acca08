"""Why a run comes to something else than the last one: by cause, and the causes add up to the difference. Pure.

Source: accounting reference 9 ("report").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.billing.runs.outcome import BilledLine
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape

Cause = Literal["NEW", "ENDED", "PRICE", "USAGE", "DUE", "ONCE"]
"""NEW: a contract that the last run did not know; ENDED: one that has ended; PRICE: the same period costs another amount; USAGE: what was
used, and what partners earn; DUE: billed in only one of the two runs because of its interval; ONCE: orders, lines, credits."""
_USED = frozenset({"USAGE", "USAGE_CORRECTION", "RATED_USAGE", "COMMISSION"})
_REPEATED = frozenset({"RECURRING"})


@shape
class Difference:
    cause: Cause
    currency: str
    count: int
    """Options, lines or allowances."""
    amount: Decimal
    """On their agreed sides."""


class Facts(NamedTuple):
    """Contracts that are new since the last run, and those that have ended."""

    new: frozenset[str]
    ended: frozenset[str]


Key = tuple[str, str, str, str]


def by_key(lines: Iterable[BilledLine]) -> dict[Key, Decimal]:
    return {(line.holder_ident, line.origin_ident, line.kind, line.currency): line.total for line in lines}


def differences(before: Mapping[Key, Decimal], now: Mapping[Key, Decimal], facts: Facts) -> list[tuple[Cause, str, Decimal]]:
    """Of one customer: each line that differs, with its cause, currency and amount."""
    found: list[tuple[Cause, str, Decimal]] = []
    for key in before.keys() | now.keys():
        amount = now.get(key, ZERO) - before.get(key, ZERO)
        if amount:
            found.append((_cause(key, key in before, key in now, facts), key[3], amount))
    return found


def _cause(key: Key, was: bool, is_now: bool, facts: Facts) -> Cause:
    holder, _, kind, _ = key
    if holder in facts.new and kind in _REPEATED | _USED:
        return "NEW"
    if kind in _USED:
        return "ENDED" if holder in facts.ended and not is_now else "USAGE"
    if kind not in _REPEATED and kind != "ALLOWANCE":
        return "ONCE"
    if was and is_now:
        return "PRICE"
    return "ENDED" if holder in facts.ended and not is_now else "DUE"


def summed(found: Iterable[tuple[Cause, str, Decimal]]) -> tuple[Difference, ...]:
    """The differences of all customers by cause and currency."""
    sums: dict[tuple[Cause, str], tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    for cause, currency, amount in found:
        count, total = sums[cause, currency]
        sums[cause, currency] = (count + 1, total + amount)
    return tuple(
        Difference(cause=cause, currency=currency, count=count, amount=amount)
        for (cause, currency), (count, amount) in sorted(sums.items())
    )
