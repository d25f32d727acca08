"""Pause a contract, and let it go on: intervals that begin while it is paused are not charged, or later."""

import datetime as dt

from contor.contracts.calendar import MissedPeriods, Pause, PausedUsages, billing_periods
from contor.contracts.create import backdating_findings
from contor.contracts.life.living import Living, living, refuse, store, why_not_running
from contor.contracts.types import ContractView
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Text255, replace, shape
from contor.runtime.uow import Uow


@shape
class Pausing:
    from_date: dt.date | None = None
    """Default: today. In the past within the tenant's limit: what was billed by now, or is due, stays all the same."""
    resume_date: dt.date | None = None
    """The day on which it goes on by itself; without it, when someone resumes it."""
    missed_periods: MissedPeriods = "IGNORE"
    """What becomes then of the intervals that began meanwhile; a resumption by hand says so itself."""
    usages: PausedUsages = "BILLED"
    """BILLED: what is used meanwhile is billed at the end of its interval, as ever. WITHHELD: when the contract goes on."""
    reason: Text255 | None = None
    allow_backdating: bool = False
    """From before the tenant's limit, too."""


@shape
class PauseContract:
    contract_ident: Ident
    body: Pausing = Pausing()


@shape
class Resumption:
    resume_date: dt.date | None = None
    """The day on which it goes on; default: today. On the pause's first day or before it, the pause is as if it had not been."""
    missed_periods: MissedPeriods = "IGNORE"
    """BILL_MISSED: the intervals that began meanwhile are billed. IGNORE: they are not, but for the one that holds the day."""
    allow_backdating: bool = False


@shape
class ResumeContract:
    contract_ident: Ident
    body: Resumption = Resumption()


@operation("contract.pause", permission="contracts.write")
def pause(uow: Uow, command: PauseContract) -> ContractView:
    """Charge no intervals that begin from a day on; what was billed before, or is due, stays."""
    one, body = living(uow, command.contract_ident), command.body
    since = body.from_date or one.today
    problems = why_not_running(one) or _pause_findings(one, since, body.resume_date)
    refuse(problems + backdating_findings(uow, since, body.allow_backdating, "fromDate"))
    made = Pause(
        since=since,
        counts_from=_counts_from(one, since),
        until=body.resume_date,
        missed=body.missed_periods,
        usages=body.usages,
        reason=body.reason,
    )
    return store(uow, one, replace(one.life, pauses=(*one.life.pauses, made)), "PAUSED")


@operation("contract.resume", permission="contracts.write")
def resume(uow: Uow, command: ResumeContract) -> ContractView:
    """Let a paused contract go on from a day, or a pause that is to come not come; one with a known end may go on earlier or later."""
    one, body = living(uow, command.contract_ident), command.body
    until = body.resume_date or one.today
    problems, last = why_not_running(one), one.life.pauses[-1] if one.life.pauses else None
    if not problems and (last is None or (last.until is not None and last.until <= one.today)):
        problems.append(Problem("contract_not_paused", "The contract is not paused, nor is a pause to come."))
    refuse(problems + backdating_findings(uow, until, body.allow_backdating, "resumeDate"))
    assert last is not None
    before = one.life.pauses[:-1]
    went = () if until <= last.since else (replace(last, until=until, missed=body.missed_periods),)
    return store(uow, one, replace(one.life, pauses=(*before, *went)), "RESUMED")


# helpers in calling order


def _counts_from(one: Living, since: dt.date) -> dt.date:
    """From which intervals on nothing is charged: those that are proposed stay, for they are billed, but for what is billed at the end of
    its interval and is not due yet."""
    start, reached = one.contract.start_on, one.reached
    assert start is not None and reached is not None
    if since >= reached:
        return since
    dates = one.contract.billing_start_on, one.contract.end_on
    proposed = billing_periods(one.plan, start, *dates, since, reached, one.contract.life)
    stays = [
        period.end
        for period in proposed
        if period.due_on <= one.today or one.plan.phase(period.phase_ident).billing_config.timing.startswith("INTERVAL_START")
    ]
    return max(stays, default=since)


def _pause_findings(one: Living, since: dt.date, until: dt.date | None) -> list[Problem]:
    contract, problems = one.contract, list[Problem]()
    assert contract.start_on is not None
    last = one.life.pauses[-1] if one.life.pauses else None
    if last is not None and last.until is None:
        problems.append(Problem("contract_paused", f"The contract is paused from {last.since} on; it can be resumed."))
    elif last is not None and last.until is not None and since < last.until:
        message = f"The contract is paused from {last.since} until it goes on on {last.until}."
        problems.append(Problem("contract_paused", message, "fromDate", since))
    if since < contract.start_on:
        message = f"is before the contract begins on {contract.start_on}"
        problems.append(Problem("pause_before_start", message, "fromDate", since))
    if contract.end_on is not None and since >= contract.end_on:
        problems.append(Problem("pause_after_end", f"is after the contract's last day {contract.end_on - DAY}", "fromDate", since))
    if until is not None and until <= since:
        problems.append(Problem("pause_ends_before_it_begins", f"is not after {since}", "resumeDate", until))
    return problems


DAY = dt.timedelta(days=1)
