"""NEXT_EVENT of a new subscription: the day on which it is billed next, after what its beginning bills.

Before the day on which the plan would bill again, intervals are counted from NEXT_EVENT, and the first one is a part. After it, the time
until NEXT_EVENT costs nothing. In a trial it is the day on which the trial is over.
"""

import datetime as dt
from typing import Final, NamedTuple

from contor.api.fastbill.reading import BERLIN
from contor.catalogue.types import Duration, PlanContent, TrialTerms
from contor.contracts.calendar import add, period_at
from contor.contracts.life import PostponeContract, Postponing, postpone
from contor.contracts.types import ContractView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


class FirstEvents(NamedTuple):
    """What a contract is made with, and what becomes of it when its beginning is billed."""

    trial: TrialTerms | None = None
    anchor: dt.date | None = None
    postponed_to: dt.date | None = None


NO_EVENT: Final = FirstEvents()
"""As the plan says."""


def first_events(plan: PlanContent, start: dt.date, today: dt.date, said: dt.datetime) -> FirstEvents:
    """Raises the refusal of NEXT_EVENT."""
    day = said.astimezone(BERLIN).date()
    if day == start:
        return NO_EVENT
    since = max(start, today)
    if day <= since:
        raise _refused(f"is not after {since}", day)
    if plan.trial is not None and (until := add(start, 1, plan.trial.duration)) > since:
        trial = replace(plan.trial, duration=Duration(value=(day - start).days, unit="DAY")) if day != until else None
        return FirstEvents(trial=trial)
    period = period_at(plan, start, None, since)
    if period is None or day == period.end:
        return NO_EVENT
    if day < period.end:
        return FirstEvents(anchor=day)
    if start > today:
        raise _refused(f"is after {period.end}: intervals are postponed when the subscription has begun", day)
    return FirstEvents(postponed_to=day)


def postponed(uow: Uow, made: ContractView, events: FirstEvents) -> None:
    """Once its beginning is billed."""
    if events.postponed_to is not None:
        postpone(uow, PostponeContract(contract_ident=made.contract_ident, body=Postponing(to_date=events.postponed_to)))


def _refused(message: str, day: dt.date) -> Refused:
    return Refused(Kind.INVALID, Problem("next_event", message, "next_event", day))
