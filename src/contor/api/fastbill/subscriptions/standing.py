"""How a subscription stands today: its status in the words of clients, and the days of its events.

An event is the beginning of an interval that is billed. A subscription ends at the beginning of a day: the day after the contract's last.
"""

import datetime as dt
from typing import Literal, NamedTuple

from contor.api.fastbill.reading import BERLIN
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.contracts.calendar import FOREVER, contract_runs, performance
from contor.contracts.course import proposed_periods, until_charged

Status = Literal["active", "inactive", "trial", "canceled", "closed"]
SECOND = dt.timedelta(seconds=1)


class Standing(NamedTuple):
    status: Status
    next_event: dt.date | None
    last_event: dt.date | None
    cancelled_on: dt.date | None
    """On which it is over."""
    expires_on: dt.date | None
    """On which its term ends, renewed or not."""


def standing_of(one: Subscribed) -> Standing:
    contract, plan, today = one.contract, one.course, one.offered.today
    billed = [period for period in proposed_periods(contract, plan) if period.is_charged]
    return Standing(
        status=_status(one),
        next_event=_next_event(one),
        last_event=billed[-1].start if billed else None,
        cancelled_on=contract.end_on,
        expires_on=contract.end_on or _term_end(one, today),
    )


def discounted(one: Subscribed) -> int:
    """How many intervals its coupon has reduced."""
    if one.coupon is None:
        return 0
    row, since = one.coupon.row, one.coupon.since or dt.date.min
    billed = [period for period in proposed_periods(one.contract, one.course) if period.start >= since and period.is_charged]
    most = 1 if row["duration"] == "ONCE" else len(billed)
    if row["duration"] == "LIMITED" and row["period"]["unit"] == "EVENT":
        most = row["period"]["value"]
    return min(len(billed), most)


def last_day(end: dt.datetime) -> dt.date:
    """The last day of what ends at an instant: midnight is the end of the day before."""
    return (end - SECOND).astimezone(BERLIN).date()


def _next_event(one: Subscribed) -> dt.date | None:
    """None: nothing more comes, or nobody knows when."""
    contract, plan, since = one.contract, one.course, one.contract.proposed_through
    periods = until_charged(plan, contract, since) if since is not None else ()
    return periods[-1].start if periods else None


def _status(one: Subscribed) -> Status:
    contract, today = one.contract, one.offered.today
    performing = performance(contract.start_on, contract.end_on, today)
    if performing == "ENDED":
        return "closed"
    if performing == "PENDING_START":
        return "inactive"
    if contract.end_on is not None:
        return "canceled"
    return "inactive" if one.is_paused else "trial" if one.is_in_trial else "active"


def _term_end(one: Subscribed, today: dt.date) -> dt.date | None:
    """None: there is no term."""
    contract = one.contract
    if contract.start_on is None:
        return None
    if contract.life is not None and contract.life.in_trial(today) and contract.life.trial is not None:
        return contract.life.trial.until
    for run in contract_runs(one.course.content, contract.start_on, contract.life):
        if run.end > today or run.is_last:
            return run.end if run.end != FOREVER else None
    return None
