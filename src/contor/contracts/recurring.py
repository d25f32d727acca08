"""What a contract earns each month as long as it goes on: its recurring options less its allowances, from day to day. Pure.

What one interval costs counts on each of its days, as so many months as the interval has, whatever part of it is billed and when. Options
that recur at an agreed quantity are in it (types RECURRING and QUANTITY); what happens once, what is used and commissions are not.
A price that includes tax counts with it. Nothing is rounded.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import Duration, Option, Plan
from contor.contracts.calendar import billing_periods
from contor.contracts.modifiers import priced
from contor.contracts.types import Allowance, Contract

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
    """From the first day of the contract until the day (exclusive), in order and without holes; those of one amount may follow each other."""
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return
    for period in billing_periods(plan, contract.start_on, None, contract.end_on, contract.start_on, until):
        months = months_of(plan.phase(period.phase_ident).billing_config.billing_interval)
        amount = _of_period(contract, plan, terms, period.phase_ident, period.start)
        yield Stretch(period.start, min(period.end, until), amount / months)


def _of_period(contract: Contract, plan: Plan, terms: Terms, phase_ident: str, start: dt.date) -> Fraction:
    """What a whole interval costs that begins on the day."""
    quantities = contract.content.quantities.get(phase_ident, {})
    values = terms.indices.get(contract.price_adaptation_ident or "", ())
    total = Fraction(0)
    for link in plan.phase(phase_ident).linked_options:
        option, quantity = terms.options[link.option_ident], quantities.get(link.option_ident)
        if quantity is None or option.type not in RECURRING:
            continue
        found = priced(contract, option, start, values, terms.place)
        if found is None or found.content.invoicing_agreement_type == "SELF_BILLING":
            continue
        price = Fraction(found.unit_price) * Fraction(quantity)
        if found.content.debit_credit_indicator == "CREDIT":
            total -= price
            continue
        total += price - _given(terms.allowances, option.option_ident, start, price)
    return total


def _given(allowances: Sequence[Allowance], option_ident: str, start: dt.date, price: Fraction) -> Fraction:
    """What allowances take off the price of an interval: never more than all of it."""
    given = Fraction(0)
    for one in allowances:
        if one.holds(option_ident, start):
            wanted = price * Fraction(one.percentage) / 100 if one.percentage is not None else Fraction(one.amount or Decimal(0))
            given += min(wanted, price - given)
    return given
