"""How a subscription stands today: its status in the words of clients, and the days of its events. Pure.

An event is the beginning of an interval that is billed. A subscription ends at the beginning of a day: the day after the contract's last.
"""

import datetime as dt
from typing import Literal, NamedTuple

from contor.api.fastbill.reading import BERLIN
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.contracts.calendar import performance
from contor.contracts.calendar.timeline import FOREVER, phase_runs
from contor.contracts.queries import next_start, proposed_periods

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
    contract, plan, today = one.contract, one.offered.plan, one.offered.today
    reached = contract.proposed_through
    following = next_start(plan, contract, reached) if reached is not None else None
    proposed = proposed_periods(contract, plan)
    return Standing(
        status=_status(one),
        next_event=following,
        last_event=proposed[-1].start if proposed else None,
        cancelled_on=contract.end_on,
        expires_on=contract.end_on or _term_end(one, today),
    )


def last_day(end: dt.datetime) -> dt.date:
    """The last day of what ends at an instant: midnight is the end of the day before."""
    return (end - SECOND).astimezone(BERLIN).date()


def _status(one: Subscribed) -> Status:
    contract, today = one.contract, one.offered.today
    performing = performance(contract.start_on, contract.end_on, today)
    if performing == "ENDED":
        return "closed"
    if performing == "PENDING_START":
        return "inactive"
    return "canceled" if contract.end_on is not None else "active"


def _term_end(one: Subscribed, today: dt.date) -> dt.date | None:
    """None: there is no term."""
    start = one.contract.start_on
    if start is None:
        return None
    for run in phase_runs(one.offered.plan.content, start):
        if run.end > today or run.is_last:
            return run.end if run.end != FOREVER else None
    return None
