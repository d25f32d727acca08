"""Overcome an end: withdraw a termination before it takes effect, or let an ended contract begin again."""

import datetime as dt

from contor.contracts.calendar import FormerEnd, performance, period_at
from contor.contracts.create import backdating_findings
from contor.contracts.life.living import Living, living, refuse, store
from contor.contracts.types import ContractView
from contor.customers.standing import closed_findings
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)
_NO_END = {"end_on": None, "end_kind": None, "notice_on": None, "reason": None}


@shape
class WithdrawTermination:
    contract_ident: Ident


@shape
class Reactivation:
    restart_date: dt.date | None = None
    """The first day of the new interval; default: today. Not before the first day after the end."""
    allow_backdating: bool = False


@shape
class ReactivateContract:
    contract_ident: Ident
    body: Reactivation = Reactivation()


@operation("contract.withdraw_termination", permission="contracts.write")
def withdraw_termination(uow: Uow, command: WithdrawTermination) -> ContractView:
    """Take a termination back until its last day is over: the contract goes on as if none had been given. What was credited for the time
    behind its end is charged again by a document; a credit that is not issued yet is not issued any more."""
    one = living(uow, command.contract_ident)
    contract, problems = one.contract, list[Problem]()
    if contract.end_kind is None:
        problems.append(Problem("contract_not_terminated", "The contract was not terminated."))
    elif contract.end_kind == "CANCELLED":
        problems.append(Problem("contract_cancelled", "The contract was cancelled: it is as if it had never been."))
    elif performance(contract.start_on, contract.end_on, one.today) == "ENDED":
        problems.append(Problem("contract_ended", "The termination has taken effect; the contract can be reactivated."))
    refuse(problems)
    return store(uow, one, one.life, "TERMINATION_WITHDRAWN", **_NO_END)


@operation("contract.reactivate", permission="contracts.write")
def reactivate(uow: Uow, command: ReactivateContract) -> ContractView:
    """Let an ended contract begin again under its ident: intervals are counted anew from that day, in the phase in which it ended, and
    what is charged once is not charged again. Its former end stays visible."""
    one, body = living(uow, command.contract_ident), command.body
    contract, day = one.contract, body.restart_date or one.today
    problems = why_not_overcome(one) or closed_findings(uow, contract.customer_ident, "debtorIdent")
    if not problems and contract.end_on is not None and day < contract.end_on:
        message = f"is not after the contract's last day {contract.end_on - DAY}"
        problems.append(Problem("restart_before_end", message, "restartDate", day))
    refuse(problems + backdating_findings(uow, day, body.allow_backdating, "restartDate"))
    assert contract.end_on is not None
    return begin_again(uow, one, contract.end_on, day)


def why_not_overcome(one: Living) -> list[Problem]:
    """Only a contract that began, and ended by notice, begins again."""
    contract = one.contract
    if contract.end_kind == "CANCELLED":
        return [Problem("contract_cancelled", "The contract was cancelled: it is as if it had never been.")]
    if contract.start_on is None:
        return [Problem("contract_pending", "The contract had no start: make a new one.")]
    if contract.end_on is None or performance(contract.start_on, contract.end_on, one.today) != "ENDED":
        hint = "; its termination can be withdrawn" if contract.end_on is not None else ""
        return [Problem("contract_not_ended", f"The contract has not ended{hint}.")]
    return []


def begin_again(uow: Uow, one: Living, ended_on: dt.date, day: dt.date) -> ContractView:
    """The contract ended on `ended_on` (exclusive) and goes on from a day."""
    contract, life = one.contract, one.life
    assert contract.start_on is not None
    # a beginning that lies behind the end never came: the contract ended where it had ended before
    undone = [past.ended_on for past in life.former_ends if past.restarts_on >= ended_on]
    ended_on = min([ended_on, *undone])
    last = period_at(one.plan.content, contract.start_on, ended_on, ended_on - DAY, contract.life)
    end = FormerEnd(
        ended_on=ended_on,
        restarts_on=day,
        phase_ident=last.phase_ident if last is not None else None,
        end_kind=contract.end_kind,
        notice_on=contract.notice_on,
        reason=contract.reason,
    )
    # what ran at the end is over with it
    trial = replace(life.trial, until=min(life.trial.until, ended_on)) if life.trial is not None else None
    pauses = tuple(replace(held, until=min(held.until or ended_on, ended_on)) for held in life.pauses if held.since < ended_on)
    moved = tuple(replace(past, until=min(past.until, ended_on)) for past in life.postponements if past.since < ended_on)
    former = (*(past for past in life.former_ends if past.restarts_on < ended_on), end)
    changed = replace(life, trial=trial, pauses=pauses, postponements=moved, former_ends=former)
    return store(uow, one, changed, "REACTIVATED" if contract.end_kind else "PROLONGED", **_NO_END)
