"""From what plan, options and overrides give, and how a contract runs, to what it gives on which days. Pure.

A contract gives something on the days on which it runs: in its trial, too, not while it is paused, nor where it was cancelled. Of what its
plan and its options give of one feature the most counts; what was said of the contract alone counts before both, of several what begins
last, of those the one that was said last.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from contor.catalogue.types import Plan
from contor.contracts.calendar import FOREVER, PhaseRun, contract_runs, phase_runs, plan_on
from contor.contracts.course import terms_on
from contor.contracts.types import Contract
from contor.entitlements.types import Feature, Given, Override, Source
from contor.entitlements.values import rank

DAY = dt.timedelta(days=1)
MOST_RUNS = 60
"""Of phases that follow each other so many are looked at ahead."""
COPIED: Final = ("PLAN", "OPTION")
Copied = Mapping[tuple[Source, str], Mapping[str, str]]
"""What plan and options gave a contract when it got them, by source and its ident: feature, value."""


class Stretch(NamedTuple):
    """Days [start, end) on which a contract gives what the same plan and options do."""

    start: dt.date
    end: dt.date
    plan_ident: str
    options: frozenset[str]


class Span(NamedTuple):
    """A contract gives a value of a feature on [start, end)."""

    feature_ident: str
    given: Given
    start: dt.date
    end: dt.date


class Course(NamedTuple):
    stretches: tuple[Stretch, ...]
    known_until: dt.date | None
    """From this day on nobody has looked yet; None: all of it."""


def course_of(contract: Contract, plan: Plan, today: dt.date) -> Course:
    """The days from `today` on. `plan`: all plans of the contract as they follow each other."""
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return Course((), None)
    last = contract.end_on or FOREVER
    found, known_until = list[Stretch](), None
    for run in _runs(contract, plan):
        if run.start >= last:
            break
        if run.end <= today:
            continue
        if len(found) == MOST_RUNS:
            known_until = run.start
            break
        goes_on = run.phase.transition.type == "AUTO_RENEWAL" and run.start >= _settled_from(contract)
        start = max(run.start, today)
        end = last if goes_on else min(run.end, last)
        found += _without_pauses(contract, Stretch(start, end, plan_on(plan, start), _options(contract, run, start)))
        if goes_on:
            break
    return Course(tuple(found), known_until)


def sources_of(contract: Contract, plans: Iterable[Plan]) -> set[tuple[Source, str]]:
    """Of what a contract has something, in any phase of any of its plans."""
    found: set[tuple[Source, str]] = {("OPTION", option) for given in contract.content.quantities.values() for option in given}
    for plan in plans:
        found.add(("PLAN", plan.plan_ident))
        links = [link for phase in plan.content.phases for link in phase.linked_options]
        found |= {("OPTION", link.option_ident) for link in links if link.enable_for_all_contracts}
    return found


def spans_of(
    stretches: Iterable[Stretch], copied: Copied, overrides: Sequence[Override], features: Mapping[str, Feature]
) -> list[Span]:
    """In the order of features and days; days that follow each other with the same value of the same source are one span."""
    found: dict[str, list[Span]] = {}
    for stretch in stretches:
        for start, end in itertools.pairwise(_days_between(stretch, overrides)):
            for feature, given in _given_on(start, stretch, copied, overrides, features).items():
                spans = found.setdefault(feature, [])
                if spans and spans[-1].end == start and spans[-1].given == given:
                    spans[-1] = spans[-1]._replace(end=end)
                else:
                    spans.append(Span(feature, given, start, end))
    return [span for feature in sorted(found) for span in found[feature]]


# helpers in calling order


def _runs(contract: Contract, plan: Plan) -> Iterator[PhaseRun]:
    """With a trial that comes before the first phase: what that phase gives is tried."""
    start, life = contract.start_on, contract.life
    assert start is not None
    if life is not None and (until := life.terms_from(start)) > start:
        stop = min([until, *(one.ended_on for one in life.former_ends)])
        yield PhaseRun(next(phase_runs(plan.content, start)).phase, 1, start, start, stop, False)
    yield from contract_runs(plan.content, start, life)


def _settled_from(contract: Contract) -> dt.date:
    """From when on neither another plan nor a new beginning follows."""
    amended, life = contract.content.amended, contract.life
    days = [step.day for step in (amended.steps if amended is not None else ()) if step.leg is not None]
    days += [one.restarts_on for one in (life.former_ends if life is not None else ())]
    return max(days, default=dt.date.min)


def _options(contract: Contract, run: PhaseRun, day: dt.date) -> frozenset[str]:
    taken = terms_on(contract, day).content.quantities.get(run.phase.ident, {})
    return frozenset(taken) | {link.option_ident for link in run.phase.linked_options if link.enable_for_all_contracts}


def _without_pauses(contract: Contract, stretch: Stretch) -> Iterator[Stretch]:
    start = stretch.start
    for pause in contract.life.pauses if contract.life is not None else ():
        until = pause.until or FOREVER
        if until <= start or pause.since >= stretch.end:
            continue
        if pause.since > start:
            yield stretch._replace(start=start, end=pause.since)
        start = max(start, until)
    if start < stretch.end:
        yield stretch._replace(start=start)


def _days_between(stretch: Stretch, overrides: Iterable[Override]) -> list[dt.date]:
    days = {one.valid_from for one in overrides} | {one.valid_to + DAY for one in overrides if one.valid_to is not None}
    return [stretch.start, *sorted(day for day in days if stretch.start < day < stretch.end), stretch.end]


def _given_on(
    day: dt.date, stretch: Stretch, copied: Copied, overrides: Iterable[Override], features: Mapping[str, Feature]
) -> dict[str, Given]:
    """Feature: what the contract gives of it."""
    sources: list[tuple[Source, str]] = [("PLAN", stretch.plan_ident), *(("OPTION", ident) for ident in sorted(stretch.options))]
    found: dict[str, Given] = {}
    for source, ident in sources:
        for feature, value in copied.get((source, ident), {}).items():
            known, kind = found.get(feature), features[feature]
            if known is None or rank(kind.type, kind.choices, value) > rank(kind.type, kind.choices, known.value):
                found[feature] = Given(value, source, ident)
    said = [one for one in overrides if one.holds(day)]
    for one in sorted(said, key=lambda one: (one.valid_from, one.created_at, one.ident)):
        if one.value is None:
            found.pop(one.feature_ident, None)
        else:
            found[one.feature_ident] = Given(one.value, "OVERRIDE", one.ident)
    return found
