"""Move the end of a trial: later, or to today."""

import datetime as dt

from contor.contracts.calendar import Trial
from contor.contracts.life.living import Living, living, refuse, store, why_not_running
from contor.contracts.types import ContractView
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)


@shape
class TrialExtension:
    last_day: dt.date
    """The last day of the trial, which is later than it was."""


@shape
class ExtendTrial:
    contract_ident: Ident
    body: TrialExtension


@shape
class EndTrial:
    contract_ident: Ident


@operation("contract.extend_trial", permission="contracts.write")
def extend_trial(uow: Uow, command: ExtendTrial) -> ContractView:
    """Let a trial that is not over end later; the first interval that is charged begins later with it."""
    one, until = living(uow, command.contract_ident), command.body.last_day + DAY
    trial, problems = _trial_of(one)
    if trial is not None and until <= trial.until:
        message = f"is not after {trial.until - DAY}, on which the trial ends already"
        problems.append(Problem("trial_not_extended", message, "lastDay", command.body.last_day))
    end_on = one.contract.end_on
    if end_on is not None and not problems and until > end_on:
        message = f"is after the contract's last day {end_on - DAY}"
        problems.append(Problem("trial_after_end", message, "lastDay", command.body.last_day))
    refuse(problems)
    assert trial is not None
    return store(uow, one, replace(one.life, trial=replace(trial, until=until)), "TRIAL")


@operation("contract.end_trial", permission="contracts.write")
def end_trial(uow: Uow, command: EndTrial) -> ContractView:
    """End the trial at once: what is charged begins today; yesterday was its last day."""
    one = living(uow, command.contract_ident)
    trial, problems = _trial_of(one)
    if trial is not None and one.contract.end_on is not None:
        problems.append(Problem("contract_terminated", "The contract ends with its trial; withdraw its termination first."))
    refuse(problems)
    assert trial is not None and one.contract.start_on is not None
    until = max(one.today, one.contract.start_on)
    # a trial without a day never was one
    made = replace(trial, until=until) if until > one.contract.start_on else None
    return store(uow, one, replace(one.life, trial=made), "TRIAL")


def _trial_of(one: Living) -> tuple[Trial | None, list[Problem]]:
    """The trial that is not over yet, or why there is none."""
    trial, problems = one.life.trial, why_not_running(one)
    if not problems and trial is None:
        problems.append(Problem("contract_without_trial", "The contract has no trial."))
    elif not problems and trial is not None and trial.until <= one.today:
        problems.append(Problem("trial_over", f"The trial was over on {trial.until - DAY}."))
    return (None if problems else trial), problems
