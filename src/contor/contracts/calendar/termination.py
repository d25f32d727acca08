"""When a contract ends: ordinarily on the end of a term after the notice period, extraordinarily on a day, or earlier than agreed.
Pure.

Ends are exclusive: a contract that is terminated to 10 March ends with that day, on [.., 11 March) (accounting reference 9).
"""

import datetime as dt
from typing import Literal

from contor.catalogue.types import Duration, PendingContractTerms, PlanContent
from contor.contracts.calendar.life import Life
from contor.contracts.calendar.living import contract_runs
from contor.contracts.calendar.periods import add
from contor.contracts.calendar.timeline import FOREVER
from contor.kernel.context import add_months
from contor.kernel.errors import Problem

Performance = Literal["PENDING_START", "RUNNING", "ENDED"]
DAY = dt.timedelta(days=1)
MOST_TERMS = 10_000


def performance(start_on: dt.date | None, end_on: dt.date | None, today: dt.date) -> Performance:
    """What the contract does today."""
    # the end is exclusive; what ends before it would begin, as a cancelled contract does, has ended on every day
    if end_on is not None and (end_on <= today or (start_on is not None and end_on <= start_on)):
        return "ENDED"
    if start_on is None or start_on > today:
        return "PENDING_START"
    return "RUNNING"


def ordinary_end(plan: PlanContent, start_on: dt.date, notice_on: dt.date, life: Life | None = None) -> dt.date:
    """The first end of a term for which the notice comes in time; a phase without term ends after its notice period. The day of the
    notice does not count, and the last day is served in full (sections 187 (1), 188 (2) BGB). Who gives notice in a trial is bound to no
    term: the contract ends with the trial."""
    if life is not None and life.trial is not None and life.in_trial(notice_on):
        return life.trial.until
    for number, run in enumerate(contract_runs(plan, start_on, life)):
        notice = run.phase.notice_period
        earliest = _last_day(notice_on, notice) + DAY
        if run.end == FOREVER:
            return max(earliest, run.start)  # notice may come before the contract begins
        if run.end >= earliest:
            return run.end
        if run.is_last or number > MOST_TERMS:
            return run.end
    raise AssertionError("a plan without phases was not refused")


def pending_end(terms: PendingContractTerms, notice_on: dt.date) -> dt.date:
    """A contract that has not begun ends at the end of the month, after its notice period."""
    return add_months(_last_day(notice_on, terms.notice_period).replace(day=1), 1)


def _last_day(notice_on: dt.date, period: Duration | None) -> dt.date:
    """Of the notice period; without one it is the day of the notice."""
    return notice_on if period is None else add(notice_on, 1, period)


def extraordinary_end(termination_on: dt.date | None, today: dt.date) -> dt.date:
    """With the end of that day (default: today)."""
    return (termination_on or today) + dt.timedelta(days=1)


def why_not_activatable(end_kind: str | None) -> list[Problem]:
    """A contract that was ended before it began does not begin any more."""
    if end_kind is None:
        return []
    was = "cancelled" if end_kind == "CANCELLED" else "terminated"
    return [Problem(f"contract_{was}", f"The contract was {was} before it began; it cannot be activated.")]


def why_not_terminable(end_kind: str | None, performing: Performance) -> list[Problem]:
    """A contract is terminated once."""
    if end_kind == "CANCELLED":
        return [Problem("contract_cancelled", "The contract was cancelled.")]
    if end_kind is not None:
        return [Problem("contract_already_terminated", "The contract was terminated already; its end can be adapted.")]
    if performing == "ENDED":
        return [Problem("contract_ended", "The contract has ended.")]
    return []


def why_not_adaptable(end_kind: str | None, end_on: dt.date | None, start_on: dt.date | None, wanted: dt.date) -> list[Problem]:
    """Only the end of a terminated contract moves, and only to an earlier day."""
    if end_kind in (None, "CANCELLED") or end_on is None:
        return [Problem("contract_not_terminated", "Only the end of a terminated contract can be adapted.")]
    shown = wanted - dt.timedelta(days=1)
    if wanted > end_on:
        message = f"The contract ends on {end_on - dt.timedelta(days=1)}; an adaptation only shortens."
        return [Problem("end_not_earlier", message, "terminationDate", shown)]
    if start_on is not None and wanted < start_on:
        return [Problem("end_before_start", f"The contract begins on {start_on}.", "terminationDate", shown)]
    return []
