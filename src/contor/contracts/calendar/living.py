"""The periods of a contract that has a life of its own (`life`): those of its plan, left out, moved or cut. Pure.

A contract runs in stretches, each from a start to an end that was followed by a new beginning. In a stretch the phases follow each other
as the plan says; a run of a phase is cut where a trial ends or intervals are counted anew. A period in a trial, in a postponement or in a
pause that is ignored is there all the same, and is not charged: what is used in it belongs to it.

Source: accounting reference 9 ("period", "anchor"); the rules of pauses are those of the vendors' examples: monthly from 1 January, paused
on 15 January, resumed on 15 April: the intervals of 1 February and 1 March are billed or left out, 1 April is billed in both cases. So the
interval that holds the day of the resumption counts whole: it is what the customer takes again from that day on, and without it nothing
would be charged before its end.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from contor.catalogue.types import Plan, PlanContent
from contor.contracts.calendar.life import Life, Pause
from contor.contracts.calendar.periods import add, count_until
from contor.contracts.calendar.timeline import FOREVER, BillingPeriod, Course, PhaseRun, origin_of, periods_of_run, phase_runs
from contor.contracts.calendar.timeline import billing_periods as periods_of_plan
from contor.contracts.calendar.timeline import period_at as period_of_plan

DAY = dt.timedelta(days=1)
_LATEST = dt.date(9000, 1, 1)
"""Intervals behind it are not counted: there is no calendar for them."""


class LivingRun(NamedTuple):
    """A run of a phase in a contract's life."""

    run: PhaseRun
    is_trial: bool
    """It comes before the plan's first phase begins."""
    goes_on: bool
    """It takes up the phase in which the contract ended: what is charged once was charged."""


class Piece(NamedTuple):
    """Days [start, end) of a run, on which intervals are counted from one day."""

    start: dt.date
    end: dt.date
    anchor: dt.date
    is_charged: bool


class Owing(NamedTuple):
    """What is charged once of a phase, when a run of it is over."""

    phase_ident: str | None
    """The phase of which it is not charged yet."""
    charged_from: dt.date | None = None
    """The first day of the period of that run with which it is charged."""


def living_runs(plan: PlanContent, start_on: dt.date, life: Life) -> Iterator[LivingRun]:
    """The runs of phases in the contract's life, in order, as long as someone asks."""
    ends = [(one.ended_on, one.restarts_on, one.phase_ident) for one in life.former_ends]
    begins = [(start_on, None), *((restarts_on, phase) for _, restarts_on, phase in ends)]
    stops = [*(ended_on for ended_on, _, _ in ends), FOREVER]
    for number, ((begin, phase), stop) in enumerate(zip(begins, stops, strict=True)):
        since = begin
        if not number and (since := life.terms_from(begin)) > begin:
            first = next(phase_runs(plan, begin)).phase
            yield LivingRun(PhaseRun(first, 1, begin, begin, min(since, stop), False), True, False)
        for run in phase_runs(plan, since, phase):
            if run.start >= stop:
                break
            goes_on = phase is not None and run.iteration == 1 and run.start == since
            is_last = run.is_last and stop == FOREVER  # it began again
            yield LivingRun(run._replace(end=min(run.end, stop), is_last=is_last), False, goes_on)


def contract_runs(plan: PlanContent, start_on: dt.date, life: Life | None) -> Iterator[PhaseRun]:
    """The iterations of the phases that a contract goes through, without a trial that comes before them."""
    if life is None:
        return phase_runs(plan, start_on)
    return (one.run for one in living_runs(plan, start_on, life) if not one.is_trial)


def billing_periods(
    plan: Plan,
    start_on: dt.date,
    billing_start_on: dt.date | None,
    end_on: dt.date | None,
    since: dt.date,
    until: dt.date,
    life: Life | None = None,
) -> tuple[BillingPeriod, ...]:
    """The periods that begin in [since, until), in order. `end_on` (exclusive) cuts the last one; `billing_start_on` (take-over of a
    running contract) leaves out those that began before it."""
    if life is None:
        return periods_of_plan(plan, start_on, billing_start_on, end_on, since, until)
    return _periods(plan, start_on, billing_start_on, end_on, since, until, life)


@lru_cache(maxsize=8192)
def _periods(
    plan: Plan,
    start_on: dt.date,
    billing_start_on: dt.date | None,
    end_on: dt.date | None,
    since: dt.date,
    until: dt.date,
    life: Life,
) -> tuple[BillingPeriod, ...]:
    found: list[BillingPeriod] = []
    last, end = min(until, end_on or FOREVER), end_on or FOREVER
    owing = Owing(None)
    for one in _billed_runs(plan.content, start_on, life, last):
        if one.run.start >= last:
            break
        owing = _owing(owing.phase_ident, one, plan.content, life, last, end)
        if one.run.end > since:
            found += _of_run(one, plan.content, life, since, last, end, owing)
    if billing_start_on is not None:
        found = [period for period in found if period.start >= billing_start_on]
    return tuple(found)


def period_at(
    plan: PlanContent, start_on: dt.date, end_on: dt.date | None, day: dt.date, life: Life | None = None
) -> BillingPeriod | None:
    """The period that a day belongs to, billed or not; None: the contract does not run on it."""
    if life is None:
        return period_of_plan(plan, start_on, end_on, day)
    if day < start_on or (end_on is not None and day >= end_on):
        return None
    owing, end = Owing(None), end_on or FOREVER
    for one in _billed_runs(plan, start_on, life, day + DAY):
        if one.run.start > day:
            return None
        owing = _owing(owing.phase_ident, one, plan, life, day + DAY, end)
        if one.run.end > day:
            piece = next(piece for piece in _pieces(one, life) if piece.start <= day < piece.end)
            interval = one.run.phase.billing_config.billing_interval
            origin = origin_of(one.run._replace(start=piece.start, anchor=piece.anchor))
            begin = max(piece.start, add(origin, count_until(origin, day, interval), interval))
            return next(_of_run(one, plan, life, begin, day + DAY, end, owing), None)
    return None


def spans_without_charge(
    plan: Plan, start_on: dt.date, end_on: dt.date | None, until: dt.date, life: Life
) -> list[tuple[dt.date, dt.date]]:
    """Days [start, end) before `until` on which the contract earns nothing: of periods that are not charged, and between an end and a new
    beginning. In order; those that touch are one."""
    free = [(one.start, one.end) for one in _periods(plan, start_on, None, end_on, start_on, until, life) if not one.is_charged]
    free += [(one.ended_on, one.restarts_on) for one in life.former_ends if one.ended_on < until]
    found: list[tuple[dt.date, dt.date]] = []
    for start, end in sorted(free):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return found


# helpers in calling order


def _billed_runs(plan: PlanContent, start_on: dt.date, life: Life, until: dt.date) -> Iterator[LivingRun]:
    """As periods before `until` are made of them. Where intervals are counted from a day of their own, a term that is renewed ends within
    an interval, which goes on: renewals are no reason for two bills of one interval. Ends of terms stay where they are."""
    runs = living_runs(plan, start_on, life)
    if life.anchor_on is None and not life.postponements and not life.alignments:
        yield from runs
        return
    before: LivingRun | None = None
    for one in runs:
        if before is not None:
            # a period that begins before `until` ends within an interval behind it
            reached = before.run.end > add(min(until, _LATEST), 1, before.run.phase.billing_config.billing_interval)
            if not reached and _renews(before.run, one.run):
                before = before._replace(run=before.run._replace(end=one.run.end, is_last=one.run.is_last))
                continue
            yield before
        before = one
    if before is not None:
        yield before


def _renews(former: PhaseRun, run: PhaseRun) -> bool:
    return (run.phase.ident, run.anchor, run.start) == (former.phase.ident, former.anchor, former.end) and run.iteration > 1


def _owing(owed: str | None, one: LivingRun, plan: PlanContent, life: Life, last: dt.date, end: dt.date) -> Owing:
    """What a run owes of what is charged once, and from which day before `last` it is charged; `owed`: what the runs before it left."""
    owed = one.run.phase.ident if one.run.iteration == 1 and not one.goes_on else owed
    if owed != one.run.phase.ident:
        return Owing(None)
    periods = _of_run(one, plan, life, one.run.start, last, end, Owing(None))
    charged_from = next((period.start for period in periods if period.is_charged), None)
    return Owing(owed if charged_from is None else None, charged_from)


def _of_run(
    one: LivingRun, plan: PlanContent, life: Life, since: dt.date, last: dt.date, end: dt.date, owing: Owing
) -> Iterator[BillingPeriod]:
    run = one.run
    for piece in _pieces(one, life):
        if piece.start >= last:
            return
        if piece.end <= since:
            continue
        part = run._replace(start=piece.start, end=piece.end, anchor=piece.anchor)
        for period in periods_of_run(part, max(since, piece.start), last, min(piece.end, end)):
            # what is charged once is charged with the first interval that is charged at all, be it behind a trial or a pause
            begins = period.start == owing.charged_from
            owes = owing.phase_ident is not None or period.start < (owing.charged_from or period.start)
            lasts = _interval(period, plan, life, end)
            found = period._replace(begins_phase=begins, owes_once=owes, is_charged=piece.is_charged)
            yield _paused(found, lasts, life, end)


def _pieces(one: LivingRun, life: Life) -> Iterator[Piece]:
    run, trial = one.run, life.trial
    cuts = {run.start, run.end, *(day for moved in life.postponements for day in (moved.since, moved.until))}
    # the first interval behind a trial that is anchored at the start is charged by its days
    cuts |= {trial.until} if trial is not None else set()
    cuts |= {one.since for one in life.alignments}
    for start, end in itertools.pairwise(sorted(day for day in cuts if run.start <= day <= run.end)):
        is_free = one.is_trial or life.in_trial(start) or any(p.since <= start < p.until for p in life.postponements)
        yield Piece(start, end, _anchor(run, start, life), not is_free)


def _anchor(run: PhaseRun, start: dt.date, life: Life) -> dt.date:
    """The day from which intervals are counted: the one that was agreed last, be it by a postponement, or where the phase began."""
    anchor, ended = life.anchor_on or run.anchor, {one.ended_on for one in life.former_ends}
    is_agreed, since = life.anchor_on is not None, dt.date.min
    for aligned in life.alignments:
        if aligned.since <= start:
            anchor, is_agreed, since = aligned.anchor_on, True, aligned.since
    for one in life.postponements:
        # one that was cut by an end moved nothing that came after
        if since < one.until <= start and one.until not in ended and (is_agreed or one.until > anchor):
            anchor = one.until
    return anchor


def _interval(period: BillingPeriod, plan: PlanContent, life: Life, end: dt.date) -> tuple[dt.date, dt.date]:
    """The days [start, end) of the interval that a period is of: several plans may have followed each other in it."""
    start, stop = period.start, period.end
    if not isinstance(plan, Course):
        return start, stop
    ends = {day for one in life.postponements for day in (one.since, one.until)}
    ends |= {day for past in life.former_ends for day in (past.ended_on, past.restarts_on)}
    ends |= {life.trial.until} if life.trial is not None else set()
    ends |= {one.since for one in life.alignments}
    legs = [leg for leg in plan.legs if leg.start < leg.until]
    changes = {leg.start for leg in legs if leg.anchor != leg.start} - ends
    ends |= {leg.start for leg in legs}
    while start in changes and start > period.whole_start:
        start = max([period.whole_start, *(day for day in ends if day < start)])
    while stop in changes and stop < period.whole_end:
        stop = min([period.whole_end, end, *(day for day in ends if day > stop)])
    return start, stop


def _paused(period: BillingPeriod, interval: tuple[dt.date, dt.date], life: Life, end: dt.date) -> BillingPeriod:
    """The period as the pause leaves it in which its interval begins. A pause ends with its contract at the latest: what was withheld is
    billed then."""
    begun, over = interval
    pause = next((one for one in life.pauses if _takes(one, begun)), None)
    if pause is None:
        return period
    withholds, until = pause.usages == "WITHHELD", min(pause.until or FOREVER, end)
    if until == FOREVER:
        return period._replace(is_charged=False, opens_on=FOREVER if withholds else None)
    # one that is not charged as missed is, where it begins before that day and holds it: all of it, whatever plans it is of
    is_charged = period.is_charged and ((pause.missed == "BILL_MISSED" and until == pause.until) or until < over)
    return period._replace(
        is_charged=is_charged,
        begins_phase=is_charged and period.begins_phase,
        opens_on=until if withholds else None,
        due_on=max(period.due_on, until),
        usage_due_on=max(period.usage_due_on, until) if withholds else period.usage_due_on,
    )


def _takes(pause: Pause, begun: dt.date) -> bool:
    return pause.counts_from <= begun and (pause.until is None or begun < pause.until)
