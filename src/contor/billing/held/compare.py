"""Why a run comes to something else than the last one: by cause, net, tax and gross apart, and the causes add up to the difference. Pure.

Source: accounting reference 9 ("report").
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.billing.runs import BilledLine
from contor.kernel.money import ZERO, quantum, round_amount
from contor.kernel.shapes import Money, shape

Cause = Literal["NEW", "ENDED", "PERIODS", "PRORATION", "QUANTITY", "PRICE", "USAGE", "ONCE", "PARKED"]
"""NEW: a contract that the last run did not know; ENDED: one that has ended; PERIODS: more or fewer billing periods, or none in one of the
two runs because of the interval; PRORATION: another part of them; QUANTITY: another quantity; PRICE: the same for another price; USAGE:
what was used, and what partners earn; ONCE: orders, lines, credits, fees; PARKED: the customer was parked in one of the two runs."""
_USED = frozenset({"USAGE", "USAGE_CORRECTION", "RATED_USAGE", "COMMISSION"})
_REPEATED = frozenset({"RECURRING", "ALLOWANCE"})


@shape
class Difference:
    cause: Cause
    currency: str
    count: int
    """Options, lines or allowances."""
    net: Money
    tax: Money
    gross: Money


class Facts(NamedTuple):
    """Contracts that are new since the last run, and those that have ended."""

    new: frozenset[str]
    ended: frozenset[str]


class Found(NamedTuple):
    """A part of the difference of one line."""

    cause: Cause
    currency: str
    net: Decimal
    tax: Decimal


Key = tuple[str, str, str, str]


def by_key(lines: Iterable[BilledLine]) -> dict[Key, BilledLine]:
    return {(line.holder_ident, line.origin_ident, line.kind, line.currency): line for line in lines}


def differences(
    before: Mapping[Key, BilledLine], now: Mapping[Key, BilledLine], facts: Facts, *, is_parked: bool = False
) -> list[Found]:
    """Of one customer: each line that differs, with its causes and amounts. `is_parked`: in one of the two runs it is left out."""
    found: list[Found] = []
    for key in sorted(before.keys() | now.keys()):
        was, is_now = before.get(key), now.get(key)
        if was is not None and is_now is not None and key[2] in _REPEATED and key[0] not in facts.new:
            found += _causes(was, is_now)
            continue
        net, tax = _net(is_now) - _net(was), _tax(is_now) - _tax(was)
        if net or tax:
            cause = "PARKED" if is_parked else _cause(key, was is not None, is_now is not None, facts)
            found.append(Found(cause, key[3], net, tax))
    return found


def _net(line: BilledLine | None) -> Decimal:
    if line is None:
        return ZERO
    return line.total if line.net is None else line.net


def _tax(line: BilledLine | None) -> Decimal:
    return ZERO if line is None else line.tax


def _cause(key: Key, was: bool, is_now: bool, facts: Facts) -> Cause:
    holder, _, kind, _ = key
    if holder in facts.new and kind in _REPEATED | _USED:
        return "NEW"
    if holder in facts.ended and not is_now and kind in _REPEATED | _USED:
        return "ENDED"
    if kind in _USED:
        return "USAGE"
    return "PERIODS" if kind in _REPEATED else "ONCE"


def _causes(was: BilledLine, now: BilledLine) -> Iterator[Found]:
    """What a line that both runs have differs by: first the number of its periods, then the part of them, then the quantity; what is left
    is the price. Each step is taken from the rounded sum of the ones before, so they add up."""
    steps: list[tuple[Cause, Decimal]] = []
    if was.periods and now.periods and was.share and now.share:
        steps.append(("PERIODS", Decimal(now.periods) / was.periods))
        steps.append(("PRORATION", (now.share / now.periods) / (was.share / was.periods)))
    if was.quantity and now.quantity:
        steps.append(("QUANTITY", now.quantity / was.quantity))
    found: list[Found] = []
    net, tax, factor = _net(was), _tax(was), Decimal(1)
    for cause, step in steps:
        if step == 1:
            continue
        factor *= step
        reached = round_amount(_net(was) * factor, was.currency), round_amount(_tax(was) * factor, was.currency)
        found.append(Found(cause, was.currency, reached[0] - net, reached[1] - tax))
        net, tax = reached
    rest = Found("PRICE", was.currency, _net(now) - net, _tax(now) - tax)
    unit = quantum(was.currency)
    if found and abs(rest.net) <= unit and abs(rest.tax) <= unit:  # what rounding left is no change of the price
        last = found.pop()
        rest = last._replace(net=last.net + rest.net, tax=last.tax + rest.tax)
    yield from (one for one in (*found, rest) if one.net or one.tax)


def summed(found: Iterable[Found]) -> tuple[Difference, ...]:
    """The differences of all customers by cause and currency."""
    sums: dict[tuple[Cause, str], tuple[int, Decimal, Decimal]] = defaultdict(lambda: (0, ZERO, ZERO))
    for one in found:
        count, net, tax = sums[one.cause, one.currency]
        sums[one.cause, one.currency] = (count + 1, net + one.net, tax + one.tax)
    return tuple(
        Difference(cause=cause, currency=currency, count=count, net=net, tax=tax, gross=net + tax)
        for (cause, currency), (count, net, tax) in sorted(sums.items())
    )
