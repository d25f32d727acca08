"""Let the next interval of a contract come at once, or later."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from contor.contracts.calendar import FOREVER, BillingPeriod, Postponement, contract_runs
from contor.contracts.course import until_charged
from contor.contracts.events import IntervalsAdvanced
from contor.contracts.life.ends import begin_again
from contor.contracts.life.living import Living, living, refuse, store, view, why_not_running
from contor.contracts.types import ContractView
from contor.customers.standing import closed_findings
from contor.kernel.context import add_months
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)
MOST_MONTHS = 120
"""How far an interval can be moved."""


@shape
class RenewContract:
    contract_ident: Ident


@shape
class Postponing:
    """Exactly one of the two."""

    to_date: dt.date | None = None
    """When the next interval begins instead."""
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    """The next such month after the one in which it would begin: on the same day of the month, or on its last one."""


@shape
class PostponeContract:
    contract_ident: Ident
    body: Postponing


@operation("contract.renew", permission="contracts.write")
def renew(uow: Uow, command: RenewContract) -> ContractView:
    """Bill the next interval at once, before it begins, where the plan bills in advance; the calendar stays as it is. A contract whose plan
    goes no further is prolonged: the phase that ran last is repeated from its end, or from today where that lies further back."""
    one = living(uow, command.contract_ident)
    problems = why_not_running(one) or _why_not_moved(one)
    if not problems and one.contract.start_on is not None and one.reached is not None and _next(one) is None:
        refuse(closed_findings(uow, one.contract.customer_ident, "debtorIdent"))
        return _prolonged(uow, one)
    following = _next(one) if not problems else None
    if following is not None and following.start <= one.today:
        problems.append(Problem("interval_due", f"The interval from {following.start} on is due already; the next run bills it."))
    refuse(problems)
    uow.audit("contract", one.contract.contract_ident, {"renewed": following.start if following is not None else None})
    uow.emit(IntervalsAdvanced(contract_ids=(one.contract.contract_id,)))
    return view(uow, one.contract.contract_ident)


@operation("contract.postpone", permission="contracts.write")
def postpone(uow: Uow, command: PostponeContract) -> ContractView:
    """Let the next interval begin later: the time between is not charged, what is used in it is, and intervals are counted from the new
    day on. Terms and notice periods stay as they were agreed: only billing moves. An interval that is postponed is moved once more, also
    back, as long as the time before it is not billed; back to its own day it is as if it had not been postponed."""
    one, body = living(uow, command.contract_ident), command.body
    problems = why_not_running(one) or _why_not_moved(one)
    following = _next(one) if not problems else None
    if (body.to_date is None) == (body.month is None):
        problems.append(Problem("postponement_unclear", "say toDate or month, one of the two", "toDate"))
    if following is None and not problems:
        problems.append(Problem("contract_without_interval", "No interval of the contract follows."))
    refuse(problems)
    assert following is not None
    pending = next((moved for moved in one.life.postponements if moved.until == following.start), None)
    since = pending.since if pending is not None else following.start
    # what is proposed of the time that was postponed stays without charge
    earliest = max(since, one.reached or since)
    to_date = body.to_date or _same_day(following.start, body.month or following.start.month)
    if to_date < earliest or (to_date == since and pending is None):
        message = f"is not after {earliest if pending is None else earliest - DAY}"
        problems.append(Problem("postponement_not_later", message, "toDate", to_date))
    elif to_date > add_months(since, MOST_MONTHS):
        message = f"is more than {MOST_MONTHS} months after {since}"
        problems.append(Problem("postponement_too_far", message, "toDate", to_date))
    refuse(problems)
    kept = tuple(moved for moved in one.life.postponements if moved is not pending)
    moves = (*kept, Postponement(since=since, until=to_date)) if to_date > since else kept
    return store(uow, one, replace(one.life, postponements=moves), "POSTPONED")


# helpers in calling order


def _why_not_moved(one: Living) -> list[Problem]:
    """Intervals are moved where one is known to come."""
    if one.contract.end_on is not None:
        return [Problem("contract_terminated", "The contract is terminated; withdraw the termination first.")]
    if one.life.pauses and (one.life.pauses[-1].until is None or one.life.pauses[-1].until > one.today):
        return [Problem("contract_paused", "The contract is paused; resume it first.")]
    if one.life.in_trial(one.today):
        return [Problem("contract_in_trial", "The contract is in its trial; extend it, or end it.")]
    return []


def _next(one: Living) -> BillingPeriod | None:
    """The first period that is charged of those that are not proposed."""
    periods = until_charged(one.plan, one.contract, one.reached) if one.reached is not None else ()
    return periods[-1] if periods else None


def _prolonged(uow: Uow, one: Living) -> ContractView:
    """Another term of the phase that was the last."""
    contract = one.contract
    assert contract.start_on is not None
    ended_on = next(run.end for run in contract_runs(one.plan.content, contract.start_on, contract.life) if run.is_last)
    assert ended_on != FOREVER  # else an interval would follow
    begin_again(uow, one, ended_on, max(ended_on, one.today))
    again = living(uow, contract.contract_ident)
    following = _next(again)
    if following is not None and following.start > again.today:
        uow.emit(IntervalsAdvanced(contract_ids=(contract.contract_id,)))
    return view(uow, contract.contract_ident)


def _same_day(day: dt.date, month: int) -> dt.date:
    return add_months(day, (month - day.month - 1) % 12 + 1)
