"""What a contract earns each month as long as it goes on: its recurring options less its allowances, from day to day. Pure.

What one interval costs counts on each of its days, as so many months as the interval has, whatever part of it is billed and when. Options
that recur at an agreed quantity are in it (types RECURRING and QUANTITY); what happens once, what is used and commissions are not.
A price that includes tax counts with it. Nothing is rounded.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import Duration, Option, Phase, Plan
from contor.contracts.calendar import PhaseRun, add, billing_periods, contract_runs, period_at, spans_without_charge
from contor.contracts.course import interval_start, priced, quantities_on, terms_on
from contor.contracts.terms import Amended
from contor.contracts.types import Allowance, Contract

DAY: Final = dt.timedelta(days=1)
RECURRING: Final = ("RECURRING", "QUANTITY")
_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
_PER_YEAR: Final = {"DAY": Fraction(365), "WEEK": Fraction(365, 7)}
"""Intervals of a year, where an interval is no whole number of months."""


class Terms(NamedTuple):
    """What prices are chosen by, beside the contract and its plan."""

    options: Mapping[str, Option]
    indices: Mapping[str, IndexValues]
    allowances: Sequence[Allowance]
    place: tuple[str, str | None, str | None]
    """Country, region and the site that sells."""


class Stretch(NamedTuple):
    """Days [start, end) on which a contract earns the same by the month."""

    start: dt.date
    end: dt.date
    amount: Fraction


def months_of(interval: Duration) -> Fraction:
    """How many months an interval is: 1/12 of a year of 365 days is one, where it is one of days or weeks."""
    if interval.unit in _MONTHS:
        return Fraction(_MONTHS[interval.unit] * interval.value)
    return interval.value * 12 / _PER_YEAR[interval.unit]


def stretches(contract: Contract, plan: Plan, terms: Terms, until: dt.date) -> Iterator[Stretch]:
    """From the first day of the contract until the day (exclusive), in order and without holes; those of one amount may follow each other.

    A price counts from the first period on that begins on or after its day, so nothing is looked at between the days on which something
    can change. In a trial, a pause that is ignored, and between an end and a new beginning it earns nothing.
    """
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return
    found = _charged(contract, plan, terms, until)
    if contract.life is None:
        yield from found
        return
    last = min(until, contract.end_on or until)
    free = spans_without_charge(plan, contract.start_on, contract.end_on, last, contract.life)
    yield from _without(found, [(start, min(end, last)) for start, end in free])


def _charged(contract: Contract, plan: Plan, terms: Terms, until: dt.date) -> Iterator[Stretch]:
    """As if all of its periods were charged."""
    runs = list(_runs(contract, plan, until))
    if not runs:
        return
    days = {run.start for run in runs} | set(_changes(contract, plan, terms, until))
    ordered = [*sorted(days), min(until, contract.end_on or until, runs[-1].end)]
    at = 0
    for day, following in itertools.pairwise(ordered):
        while at + 1 < len(runs) and runs[at + 1].start <= day:
            at += 1
        phase = runs[at].phase
        amount = _of_period(contract, terms, phase, day, _begun(contract, plan, day))
        yield Stretch(day, following, amount / months_of(phase.billing_config.billing_interval))


def _without(found: Iterable[Stretch], free: Sequence[tuple[dt.date, dt.date]]) -> Iterator[Stretch]:
    """The stretches, with nothing on the days [start, end) of `free`."""
    rows = list(found)
    cuts = {day for one in rows for day in (one.start, one.end)} | {day for span in free for day in span}
    for start, end in itertools.pairwise(sorted(cuts)):
        is_free = any(since <= start < until for since, until in free)
        amount = next((one.amount for one in rows if one.start <= start < one.end and not is_free), Fraction(0))
        yield Stretch(start, end, amount)


def _runs(contract: Contract, plan: Plan, until: dt.date) -> Iterator[PhaseRun]:
    """The phases of the contract in order, one that repeats once for all: its `end` is that of its last iteration."""
    assert contract.start_on is not None
    last = min(until, contract.end_on or until)
    held: PhaseRun | None = None
    for run in contract_runs(plan.content, contract.start_on, contract.life):
        if run.start >= last:
            break
        if held is not None and held.phase.ident == run.phase.ident:
            held = held._replace(end=run.end)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held


def _changes(contract: Contract, plan: Plan, terms: Terms, until: dt.date) -> Iterator[dt.date]:
    """The first days of periods from which on something costs another amount, as far as that can be."""
    assert contract.start_on is not None
    amended = contract.content.amended
    if amended is not None:  # a change counts on its day, wherever that lies in its period
        yield from {step.day for step in amended.steps if contract.start_on < step.day < until}
    agreed = [contract.content.quantities, *([] if amended is None else [quantities_on(amended, day) for day in _days(amended)])]
    named = {ident for quantities in agreed for given in quantities.values() for ident in given}
    said = {version.valid_from for ident in named if ident in terms.options for version in terms.options[ident].versions}
    said |= {modifier.effective_from for modifier in contract.content.plan_modifiers}
    said |= {day for day, _ in terms.indices.get(contract.price_adaptation_ident or "", ())}
    for one in terms.allowances:
        said |= {one.valid_from, None if one.valid_to is None else one.valid_to + DAY}
    for day in said:
        start = _period_from(plan, contract, day) if day is not None and contract.start_on < day < until else None
        if start is not None and start < until:
            yield start


def _days(amended: Amended) -> Iterator[dt.date]:
    """On which it is otherwise than before."""
    yield dt.date.min
    yield from (step.day for step in amended.steps)


def _period_from(plan: Plan, contract: Contract, day: dt.date) -> dt.date | None:
    """When the first period begins on or after the day; None: none does any more."""
    assert contract.start_on is not None
    # periods leave no hole: the next begins within one interval, so two are sure to hold it
    longest = max(add(day, 2, phase.billing_config.billing_interval) for phase in plan.content.phases)
    found = billing_periods(plan, contract.start_on, None, contract.end_on, day, longest, contract.life)
    return found[0].start if found else None


def _begun(contract: Contract, plan: Plan, day: dt.date) -> tuple[dt.date, dt.date]:
    """When the period began from whose first day on a price holds on the day; and its interval, by whose first day allowances hold."""
    assert contract.start_on is not None
    if contract.content.amended is None:
        return day, day
    period = period_at(plan.content, contract.start_on, None, day, contract.life)
    return (period.start, interval_start(contract, period)) if period is not None else (day, day)


def _of_period(contract: Contract, terms: Terms, phase: Phase, day: dt.date, begun: tuple[dt.date, dt.date]) -> Fraction:
    """What a whole interval costs by the terms of the day; `begun`: when its period and its interval did."""
    start, interval = begun
    quantities = terms_on(contract, day).content.quantities.get(phase.ident, {})
    values = terms.indices.get(contract.price_adaptation_ident or "", ())
    total = Fraction(0)
    prices: dict[str, tuple[Fraction, Fraction]] = {}
    for link in phase.linked_options:
        option, quantity = terms.options[link.option_ident], quantities.get(link.option_ident)
        if quantity is None or option.type not in RECURRING:
            continue
        found = priced(contract, option, start, values, terms.place, day)
        if found is None or found.content.invoicing_agreement_type == "SELF_BILLING":
            continue
        price = Fraction(found.amount(quantity))
        if found.content.debit_credit_indicator == "CREDIT":
            total -= price
            continue
        total += price
        prices[option.option_ident] = (price, Fraction(quantity))
    return (
        total - sum((_given(terms.allowances, ident, interval, prices) for ident in prices), Fraction(0))
        if terms.allowances
        else total
    )


def _given(
    allowances: Sequence[Allowance], option_ident: str, start: dt.date, prices: Mapping[str, tuple[Fraction, Fraction]]
) -> Fraction:
    """What allowances take off the price of an interval: never more than all of it. `prices`: of each option, and for how many units."""
    price, quantity = prices[option_ident]
    given = Fraction(0)
    for one in allowances:
        if one.holds(option_ident, start):
            wanted = Fraction(one.amount or Decimal(0))
            if one.percentage is not None:
                wanted = price * Fraction(one.percentage) / 100
            elif one.amount_on == "UNIT_PRICE":
                wanted *= quantity
            elif one.shared is not None:
                sharing = {
                    other.option_ident
                    for other in allowances
                    if other.shared == one.shared and other.holds(other.option_ident, start)
                }
                whole = sum((cost for ident, (cost, _) in prices.items() if ident in sharing), Fraction(0))
                wanted = min(wanted, whole) * price / whole if whole else Fraction(0)
            given += min(wanted, price - given)
    return given
