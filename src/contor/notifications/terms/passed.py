"""Which contracts went on for another term, and which came to their end, within some days. Pure."""

import datetime as dt

from contor.catalogue.types import PlanContent
from contor.contracts.calendar import contract_runs
from contor.contracts.types import Contract


def has_renewed(contract: Contract, plan: PlanContent, after: dt.date, through: dt.date) -> bool:
    """Whether a further term of a phase began in (after, through]."""
    end = contract.end_on or dt.date.max
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return False
    for run in contract_runs(plan, contract.start_on, contract.life):
        if run.start > through or run.start >= end:
            return False
        if run.iteration > 1 and run.start > after:
            return True
    return False


def tells_of_trial(contract: Contract, notice_days: int, after: dt.date, through: dt.date) -> bool:
    """Whether the day on which the end of a trial is told is in (after, through], and the trial is not over. One that is shorter than that
    is told of on the day after the contract's first."""
    life, start = contract.life, contract.start_on
    if start is None or life is None or life.trial is None or contract.end_kind == "CANCELLED":
        return False
    until = min(life.trial.until, contract.end_on or dt.date.max)
    told_on = max(until - dt.timedelta(days=notice_days), start + dt.timedelta(days=1))
    return after < told_on <= through < until


def has_tried(contract: Contract, after: dt.date, through: dt.date) -> bool:
    """Whether the first day behind the trial is in (after, through], and the contract goes on."""
    life = contract.life
    if contract.start_on is None or life is None or life.trial is None or contract.end_kind == "CANCELLED":
        return False
    return after < life.trial.until <= through and (contract.end_on is None or life.trial.until < contract.end_on)


def has_expired(contract: Contract, plan: PlanContent, after: dt.date, through: dt.date) -> bool:
    """Whether the first day without the contract is in (after, through]: by notice, or because its plan goes no further."""
    if contract.start_on is None or contract.end_kind == "CANCELLED":
        return False
    end = contract.end_on
    for run in contract_runs(plan, contract.start_on, contract.life):
        if run.start > through or (end is not None and run.start >= end):
            break
        if run.is_last:
            end = run.end if end is None else min(end, run.end)
    return end is not None and after < end <= through
