"""The phases of a contract and their billing periods, from its plan and its dates. Pure, and quick: nothing is walked through that
can be counted. Pure.

Source: platform API 2.5 and 4.2, accounting reference 9. Periods are anchored at the first day of their phase (or on the calendar)
and never chained; they have no hole and no overlap.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from contor.catalogue.types import Phase, Plan, PlanContent
from contor.contracts.calendar.periods import add, boundary, count_until
from contor.kernel.shapes import shape

FOREVER = dt.date.max


class PhaseRun(NamedTuple):
    """One iteration of a phase: [start, end), `end` `FOREVER` without term."""

    phase: Phase
    iteration: int
    """From 1."""
    anchor: dt.date
    """First day of the phase's first iteration."""
    start: dt.date
    end: dt.date
    is_last: bool
    """No phase follows: the contract ends with it."""


class BillingPeriod(NamedTuple):
    """A period that is billed as a whole."""

    phase_ident: str
    start: dt.date
    end: dt.date
    whole_start: dt.date
    """The interval that the price is for; the period is a part of it where a contract begins or ends within."""
    whole_end: dt.date
    due_on: dt.date
    usage_due_on: dt.date
    delay_seconds: int
    begins_phase: bool
    """The first period of a phase's first iteration: one-time options are due."""
    is_charged: bool = True
    """False, in a trial or a pause: what is used in it is billed, what recurs is not."""
    owes_once: bool = False
    """What is charged once of its phase comes with a later period, the first one that is charged."""
    opens_on: dt.date | None = None
    """The day on which its items can be proposed; None: when it begins. `FOREVER`: nobody knows yet."""

    @property
    def is_whole(self) -> bool:
        return self.start == self.whole_start and self.end == self.whole_end

    @property
    def opens(self) -> dt.date:
        return self.opens_on or self.start


class Leg(NamedTuple):
    """A plan of several that follow each other in one contract: on [start, until)."""

    plan_ident: str
    content: PlanContent
    start: dt.date
    until: dt.date
    anchor: dt.date
    """From which the periods of its first phase are counted."""


@shape
class Course(PlanContent):
    """Plans that follow each other. What all of them share, it says itself; its phases are those of all."""

    legs: tuple[Leg, ...]


def course(last: PlanContent, legs: tuple[Leg, ...]) -> Course:
    """The plans as one; `last`: the one that holds at the end."""
    said = {entry.name: getattr(last, entry.name) for entry in dataclasses.fields(last)}
    phases = tuple([phase for leg in legs for phase in leg.content.phases])
    return Course(**{**said, "phases": phases, "initial_phase": None, "legs": legs})


def plan_on(plan: Plan, day: dt.date) -> str:
    """The ident of the plan that holds on a day."""
    legs = plan.content.legs if isinstance(plan.content, Course) else ()
    return next((leg.plan_ident for leg in legs if leg.start <= day < leg.until), plan.plan_ident)


def phase_runs(
    plan: PlanContent, start_on: dt.date, first: str | None = None, goes_on_from: dt.date | None = None
) -> Iterator[PhaseRun]:
    """The iterations of the phases in order, from the one named `first` (None: the plan's first), as long as someone asks.
    `goes_on_from`: the first phase goes on in periods that are counted from this day, and its terms end with one of them."""
    if isinstance(plan, Course):
        yield from _of_legs(plan.legs, start_on, first)
        return
    phases = {phase.ident: phase for phase in plan.phases}
    phase = phases[first or plan.initial_phase or plan.phases[0].ident]
    anchor = start = start_on
    iteration = 1
    while True:
        end = _term_end(phase, anchor, start, iteration)
        if goes_on_from is not None and end != FOREVER:
            end = _period_end(phase, goes_on_from, end)
        follows = phase.transition.type != "NONE" and end != FOREVER
        yield PhaseRun(phase, iteration, anchor, start, end, not follows)
        if not follows:
            return
        transition, start = phase.transition, end
        repeats = transition.type == "AUTO_RENEWAL" or (transition.counter is not None and iteration < transition.counter)
        if repeats or transition.to_phase is None:
            iteration += 1
        else:
            phase, anchor, iteration, goes_on_from = phases[transition.to_phase], end, 1, None


def _of_legs(legs: Sequence[Leg], since: dt.date, first: str | None) -> Iterator[PhaseRun]:
    """From a day on, which may lie within a leg: the contract began late, or again, in the phase named."""
    for leg in legs:
        begin = max(leg.start, since)
        if begin >= leg.until:
            continue  # it is over, or another plan took its place on the same day
        named = {phase.ident for phase in leg.content.phases}
        goes_on_from = leg.anchor if begin == leg.start != leg.anchor else None
        for run in phase_runs(leg.content, begin, first if begin > leg.start and first in named else None, goes_on_from):
            if run.start >= leg.until:
                break
            is_cut = run.end >= leg.until and leg.until != FOREVER
            # a plan that goes on in the periods of the one before counts them from where that one did
            anchor = leg.anchor if run.anchor == leg.start else run.anchor
            yield run._replace(anchor=anchor, end=min(run.end, leg.until), is_last=run.is_last and not is_cut)


def _term_end(phase: Phase, anchor: dt.date, start: dt.date, iteration: int) -> dt.date:
    """With `term_sync` a term ends on the calendar boundary of its unit, and the begun unit counts."""
    duration = phase.term_duration
    if duration is None:
        return FOREVER
    if not phase.term_sync:
        return add(anchor, iteration, duration)
    # of one unit, not of the whole duration: twelve months end with a month, not with a year
    unit = type(duration)(value=1, unit=duration.unit)
    return add(boundary(start, unit), duration.value, unit)


def _period_end(phase: Phase, anchor: dt.date, day: dt.date) -> dt.date:
    """The first end of a period on or after a day."""
    interval = phase.billing_config.billing_interval
    count = count_until(anchor, day, interval)
    begun = add(anchor, count, interval)
    return begun if begun == day else add(anchor, count + 1, interval)


@lru_cache(maxsize=8192)
def _periods(
    plan: Plan, start_on: dt.date, billing_start_on: dt.date | None, end_on: dt.date | None, since: dt.date, until: dt.date
) -> tuple[BillingPeriod, ...]:
    found: list[BillingPeriod] = []
    last = min(until, end_on or FOREVER)  # phases that renew for ever end here
    for run in phase_runs(plan.content, start_on):
        if run.start >= last:
            break
        if run.end > since:
            found += periods_of_run(run, max(since, run.start), last, min(run.end, end_on or FOREVER))
    if billing_start_on is not None:
        found = [period for period in found if period.start >= billing_start_on]
    return tuple(found)


def billing_periods(
    plan: Plan, start_on: dt.date, billing_start_on: dt.date | None, end_on: dt.date | None, since: dt.date, until: dt.date
) -> tuple[BillingPeriod, ...]:
    """The periods that begin in [since, until), in order. `end_on` (exclusive) cuts the last one; `billing_start_on` (take-over of a
    running contract) leaves out those that began before it."""
    return _periods(plan, start_on, billing_start_on, end_on, since, until)


def origin_of(run: PhaseRun) -> dt.date:
    """The day from which the intervals of a run are counted."""
    config = run.phase.billing_config
    return boundary(run.start, config.billing_interval) if config.sync_billing_to_billing_interval_unit else run.anchor


def periods_of_run(run: PhaseRun, since: dt.date, until: dt.date, end: dt.date) -> Iterator[BillingPeriod]:
    """Those that begin in [since, until), cut at `end`."""
    config = run.phase.billing_config
    interval, origin = config.billing_interval, origin_of(run)
    count = count_until(origin, since, interval)
    while True:
        whole_start, whole_end = add(origin, count, interval), add(origin, count + 1, interval)
        count += 1
        start = max(whole_start, run.start)
        if start >= until or start >= end:
            return
        if start < since:  # its period began before, and is none of this search
            continue
        stop = min(whole_end, end)
        begins = start == run.start and run.iteration == 1
        held = config.enforce_billing_period_sync
        # a short first period that is held to the calendar becomes due together with the whole one behind it
        if config.timing.startswith("INTERVAL_START"):
            due = whole_end if held and start > whole_start else start
        else:
            due = whole_end if held else stop
        # what was used is known at the end alone, also where the rest is billed in advance
        usage_due = whole_end if held else stop
        delay = config.delay_in_seconds or 0
        yield BillingPeriod(run.phase.ident, start, stop, whole_start, whole_end, due, usage_due, delay, begins)


def period_at(plan: PlanContent, start_on: dt.date, end_on: dt.date | None, day: dt.date) -> BillingPeriod | None:
    """The period that a day belongs to, billed or not; None: the contract does not run on it."""
    if day < start_on or (end_on is not None and day >= end_on):
        return None
    for run in phase_runs(plan, start_on):
        if run.end > day:
            interval, origin = run.phase.billing_config.billing_interval, origin_of(run)
            since = add(origin, count_until(origin, day, interval), interval)
            return next(
                periods_of_run(run, max(since, run.start), day + dt.timedelta(days=1), min(run.end, end_on or FOREVER)), None
            )
    return None
