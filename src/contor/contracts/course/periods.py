"""The periods of a contract that are proposed, and those that come next; when an allowance ends that is for a number of them. Pure."""

import datetime as dt

from contor.catalogue.types import Plan
from contor.contracts.calendar import FOREVER, BillingPeriod, Life, add, billing_periods, period_at
from contor.contracts.types import Allowance, Contract

MOST_FREE = 4000
"""Periods without charge that are looked through for the next one that is charged: ten years of days."""


def periods_to_propose(contract: Contract, plan: Plan, until: dt.date) -> tuple[BillingPeriod, ...]:
    """The periods that begin, and can be proposed, before `until` and are not proposed yet."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return ()
    life = contract.life
    found = billing_periods(plan, start, contract.billing_start_on, contract.end_on, reached, until, life)
    # what is withheld in a pause opens later than it begins
    return found if life is None else tuple(period for period in found if period.opens < until)


def proposed_periods(contract: Contract, plan: Plan) -> tuple[BillingPeriod, ...]:
    """The periods that have been proposed, as far as the contract has them still."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return ()
    return billing_periods(plan, start, contract.billing_start_on, contract.end_on, start, reached, contract.life)


def next_period(plan: Plan, contract: Contract, since: dt.date) -> BillingPeriod | None:
    """The first period that begins on or after `since`; None: none comes any more."""
    if contract.start_on is None:
        return None
    return _first_period(plan, contract.start_on, contract.billing_start_on, contract.end_on, since, contract.life)


def is_charged_on(plan: Plan, contract: Contract, day: dt.date) -> bool:
    """Whether what a contract orders on a day is billed by the period of that day, or of its first one: not in a trial, in a pause, and
    before its billing begins."""
    start = contract.start_on
    if start is None:
        return False
    day = max(day, start)
    period = period_at(plan.content, start, contract.end_on, day, contract.life)
    return period is not None and period.is_charged and period.start >= (contract.billing_start_on or start)


def until_charged(plan: Plan, contract: Contract, since: dt.date) -> tuple[BillingPeriod, ...]:
    """The periods that begin on or after `since`, up to the first one that is charged; that one is the last. Empty: none comes, or nobody
    knows when."""
    found: list[BillingPeriod] = []
    pauses = contract.life.pauses if contract.life is not None else ()
    while len(found) < MOST_FREE and (period := next_period(plan, contract, since)) is not None:
        found.append(period)
        if period.is_charged:
            return tuple(found)
        if any(pause.until is None and pause.counts_from <= period.start for pause in pauses):
            return ()
        since = period.end
    return ()


def next_start(plan: Plan, contract: Contract, since: dt.date) -> dt.date | None:
    """When the first period on or after `since` begins; None: none comes any more."""
    found = next_period(plan, contract, since)
    return found.start if found else None


def next_opening(plan: Plan, contract: Contract, since: dt.date) -> dt.date | None:
    """The day on which that period can be proposed; None: none comes, or nobody knows when."""
    return opening_of(next_period(plan, contract, since))


def opening_of(period: BillingPeriod | None) -> dt.date | None:
    """The day on which a period can be proposed; None: nobody knows yet."""
    return None if period is None or period.opens == FOREVER else period.opens


def first_start(plan: Plan, start_on: dt.date, billing_start_on: dt.date | None, life: Life | None = None) -> dt.date | None:
    """When the first period begins that is billed of a contract with these dates."""
    found = _first_period(plan, start_on, billing_start_on, None, start_on, life)
    return found.start if found else None


def interval_start(contract: Contract, period: BillingPeriod) -> dt.date:
    """The first day of the interval that a period belongs to: an earlier one than its own where another plan went on in it."""
    amended, start = contract.content.amended, contract.start_on
    is_leg = amended is not None and any(step.leg is not None and step.day == period.start for step in amended.steps)
    return max(period.whole_start, start) if is_leg and start is not None else period.start


def ending(contract: Contract, plan: Plan, allowance: Allowance) -> Allowance:
    """The allowance with its last day, where it is for a number of intervals: the first one of the last of those that are billed from its
    first day on. Intervals that are not billed are not counted, and one in which the plan was changed, and went on, is counted once."""
    start = contract.start_on
    if allowance.intervals is None or start is None:
        return allowance
    since, wanted = max(allowance.valid_from or start, contract.billing_start_on or start, start), allowance.intervals
    for longer in (1, 2, 4, 8):  # what a pause leaves out is looked for behind it
        # so many intervals of the longest phase hold as many periods, whichever phases they are of
        until = max(add(since, longer * (wanted + 1), phase.billing_config.billing_interval) for phase in plan.content.phases)
        found = billing_periods(plan, start, contract.billing_start_on, contract.end_on, since, until, contract.life)
        last_of = {(period.whole_start, period.whole_end): period.start for period in found if period.is_charged}
        if len(last_of) > wanted or contract.life is None:  # one more, for the last one may have further parts behind it
            break
    if len(last_of) < wanted:
        return allowance
    last = list(last_of.values())[wanted - 1]
    return allowance._replace(valid_to=last if allowance.valid_to is None else min(last, allowance.valid_to))


# helpers in calling order


def _first_period(
    plan: Plan,
    start_on: dt.date,
    billing_start_on: dt.date | None,
    end_on: dt.date | None,
    since: dt.date,
    life: Life | None,
) -> BillingPeriod | None:
    begin = max(since, billing_start_on or since)
    if end_on is not None and begin >= end_on:
        return None
    # periods leave no hole but where a contract had ended: the next begins within one interval, so two are sure to hold it
    late = max([begin, *(one.restarts_on for one in life.former_ends)]) if life is not None else begin
    longest = max((add(late, 2, phase.billing_config.billing_interval) for phase in plan.content.phases), default=late)
    found = billing_periods(plan, start_on, billing_start_on, end_on, begin, longest, life)
    return found[0] if found else None
