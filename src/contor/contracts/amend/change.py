"""Change a contract while it runs: at once, from a day in the past, or later; what is agreed for later can be withdrawn until then."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contor.catalogue.plans import mark_as_taken
from contor.catalogue.price_sites import sites_referred
from contor.catalogue.queries import known_plans
from contor.contracts import tables
from contor.contracts.amend.step import changed_by
from contor.contracts.calendar import performance, period_at
from contor.contracts.change import locked_contracts
from contor.contracts.changes import ChangeRow, changed_contracts, changes_by_id, due_changes, keep, pending_of, settle, write
from contor.contracts.create import backdating_findings
from contor.contracts.events import ContractsAmended, ContractsChanged
from contor.contracts.queries import contract_by_ident, contracts_by_id, plans_of
from contor.contracts.read import views_of
from contor.contracts.terms import ChangeBody, ChangeStatus, ContractChangeView, CreditType
from contor.contracts.types import Contract, ContractView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.answered import answered_fields
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow
from contor.settings.groups import known_segments
from contor.settings.queries import days_of_groups

CHANGES = searchable(
    tables.contract_change,
    ContractChangeView,
    ("change_id", "created_at"),
    default_sort="change_id,desc",
    places={
        "effective_date": "effective_on",
        "reason": "status_reason",
        **{
            f"change.{name}": asked
            for name, asked in answered_fields(tables.contract_change, ChangeBody, content=("body", ChangeBody)).items()
        },
    },
)


@shape
class ChangeContract:
    contract_ident: str
    body: ChangeBody


@shape
class WithdrawalBody:
    change_id: int | None = None
    """Number of the change; left out: the only one that is pending."""


@shape
class WithdrawChange:
    contract_ident: str
    body: WithdrawalBody = WithdrawalBody()


@dataclass(frozen=True, slots=True)
class ListChanges:
    contract_ident: str
    query: ListQuery


@operation(
    "contract.change",
    permission="contracts.write",
    refers=(
        Reference("planIdent", "plan_unknown", known_plans),
        Reference("businessSegmentIdent", "business_segment_unknown", known_segments),
        *sites_referred("optionPrices.", "prices"),
    ),
)
def change_contract(uow: Uow, command: ChangeContract) -> ContractView:
    """Change quantities, own prices, options, plan, addresses, payment or group: what is billed already is corrected, what was agreed
    for later waits for its day. Of two changes for one day the later counts."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    body, today = command.body, days_of_groups(uow).today(contract.billing_group_ident)
    day, problems = _day_of(uow, contract, body, today)
    number = uow.next_id()
    if day is None or problems:
        raise Refused(Kind.INVALID, *problems)
    changed, problems = changed_by(uow, contract, body, number, day)
    waiting = pending_of(uow, contract.contract_id)
    if not problems and day <= today:
        problems += _in_the_way(uow, changed.contract, waiting)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    uow.audit("contract", contract.contract_ident, {"change": body, "from": day, "number": number, "why": body.comment})
    if day > today:
        keep(uow, contract, number, day, body, "PENDING")
        replaced = [row for row in waiting if row.effective_on == day and _is_overruled(row.change, body)]
        settle(uow, [(row.change_id, "REPLACED", f"change {number} of the same day takes its place") for row in replaced])
        write(uow, [(contract, contract)])
    else:
        keep(uow, contract, number, day, body, "EFFECTIVE")
        _put_in_effect(uow, [(contract, changed.contract)], {contract.contract_id: body.credit_type} if changed.step else {})
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]


@operation("contract.withdraw_change", permission="contracts.write")
def withdraw_change(uow: Uow, command: WithdrawChange) -> ContractView:
    """A change that is not in effect is as if it had never been agreed."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    waiting, number = pending_of(uow, contract.contract_id), command.body.change_id
    if number is None:
        if len(waiting) != 1:
            message = "no change is pending" if not waiting else f"{len(waiting)} changes are pending: say which"
            raise Refused(Kind.CONFLICT, Problem("change_not_single", message, "changeId"))
        number = waiting[0].change_id
    if number not in {row.change_id for row in waiting}:
        raise Refused(Kind.CONFLICT, _why_not_withdrawable(uow, contract, number))
    settle(uow, [(number, "WITHDRAWN", None)])
    write(uow, [(contract, contract)])
    uow.audit("contract", contract.contract_ident, {"change_withdrawn": number})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=()))
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]


@operation("contract.list_changes", permission="contracts.read", reads=True)
def list_changes(uow: Uow, command: ListChanges) -> Page:
    """All changes of a contract, also those that were withdrawn or replaced."""
    contract_by_ident(uow, command.contract_ident)
    scope = {"contract_ident": command.contract_ident}
    return listed_by_key(
        uow, tables.contract_change, command.query, CHANGES, "change_id", lambda ids: changes_by_id(uow, ids), scope
    )


def take_effect(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> None:
    """Put changes of the contracts of these customers in effect whose day has come. The caller has locked the customers."""
    due = due_changes(uow, customers, cutoff)
    if not due:
        return
    before = contracts_by_id(uow, {row.contract_id for row in due}, lock=True)
    now, ends = dict(before), list[tuple[int, ChangeStatus, str | None]]()
    credits: dict[int, CreditType] = {}
    for row in due:
        contract, body = now[row.contract_id], row.change
        if contract.end_on is not None and contract.end_on <= row.effective_on:
            ends.append((row.change_id, "FAILED", "the contract ended before"))
            continue
        changed, problems = changed_by(uow, contract, body, row.change_id, row.effective_on)
        if problems:
            ends.append((row.change_id, "FAILED", "; ".join(f"{it.field}: {it.message}" for it in problems)[:1000]))
            continue
        ends.append((row.change_id, "EFFECTIVE", None))
        now[row.contract_id] = changed.contract
        if changed.step is not None:
            credits[row.contract_id] = body.credit_type
    settle(uow, ends)
    for row, (_, status, reason) in zip(due, ends, strict=True):
        said = {"change_in_effect": row.change_id} if status == "EFFECTIVE" else {"change_failed": row.change_id, "why": reason}
        uow.audit("contract", now[row.contract_id].contract_ident, said)
    _put_in_effect(uow, [(before[number], contract) for number, contract in now.items()], credits)


# helpers in calling order


def _day_of(uow: Uow, contract: Contract, body: ChangeBody, today: dt.date) -> tuple[dt.date | None, list[Problem]]:
    """The first day of the change, and why it cannot be changed then."""
    problems: list[Problem] = []
    if contract.end_kind == "CANCELLED":
        return None, [Problem("contract_cancelled", "The contract was cancelled.")]
    if performance(contract.start_on, contract.end_on, today) == "ENDED":
        return None, [Problem("contract_ended", "The contract has ended.")]
    if contract.start_on is None:
        return None, [Problem("contract_pending", "The contract has not begun: it can be changed once it is activated.")]
    plan = plans_of(uow, [contract])[contract.contract_id].content
    if body.effective_date is not None:
        day = body.effective_date
        if body.timing == "END_OF_PERIOD":
            problems.append(Problem("timing_unclear", "is not said where effectiveDate is", "timing", body.timing))
    elif body.timing == "END_OF_PERIOD":
        period = period_at(plan, contract.start_on, contract.end_on, max(today, contract.start_on), contract.life)
        day = contract.start_on if today < contract.start_on else period.end if period is not None else today
    else:
        day = max(today, contract.start_on)
    if day < contract.start_on:
        message = f"is before the contract begins ({contract.start_on})"
        problems.append(Problem("change_before_start", message, "effectiveDate", day))
    if contract.end_on is not None and day >= contract.end_on:
        message = f"is behind the end of the contract ({contract.end_on - dt.timedelta(days=1)})"
        problems.append(Problem("change_behind_end", message, "effectiveDate", day))
    return day, problems + backdating_findings(uow, day, body.allow_backdating, "effectiveDate")


def _in_the_way(uow: Uow, contract: Contract, waiting: Sequence[ChangeRow]) -> list[Problem]:
    """What is agreed for later must still be possible."""
    for row in waiting:
        _, problems = changed_by(uow, contract, row.change, row.change_id, row.effective_on)
        if problems:
            message = f"change {row.change_id} of {row.effective_on} would not be possible any more: {problems[0].message}"
            return [Problem("pending_change_impossible", message, problems[0].field, row.change_id)]
    return []


def _is_overruled(earlier: ChangeBody, later: ChangeBody) -> bool:
    """Whether the later of two changes for one day says something else of all that the earlier says."""
    if (
        later.plan_ident is None
        and (earlier.plan_ident is not None or earlier.option_quantities)
        and not _quantities(earlier) <= _quantities(later)
    ):
        return False
    names = ("invoice_address_ident", "shipping_address_ident", "business_segment_ident", "payment_information", "payment_term")
    if any(getattr(earlier, name) is not None and getattr(later, name) is None for name in names):
        return False
    return {it.option_ident for it in earlier.option_prices} <= {it.option_ident for it in later.option_prices}


def _quantities(body: ChangeBody) -> set[str]:
    """Of what it says how much; a plan is something of its own."""
    return {it.option_ident for it in body.option_quantities} | (
        {f"plan {body.plan_ident}"} if body.plan_ident is not None else set()
    )


def _why_not_withdrawable(uow: Uow, contract: Contract, number: int) -> Problem:
    found = changes_by_id(uow, [number]).get(number)
    if found is None or contract.contract_ident not in changed_contracts(uow, [number]):
        return Problem("change_unknown", "is no change of the contract", "changeId", number)
    if found.status == "EFFECTIVE":
        message = f"is in effect since {found.effective_date}: agree another change that says what is to be from now on"
        return Problem("change_in_effect", message, "changeId", number)
    return Problem("change_settled", f"is not pending: it is {found.status}", "changeId", number)


def _put_in_effect(uow: Uow, contracts: Sequence[tuple[Contract, Contract]], credits: dict[int, CreditType]) -> None:
    """`credits`: of those whose terms are others from a day on, what their latest change gives back."""
    write(uow, contracts)
    for before, after in contracts:
        if before.plan_id != after.plan_id:
            mark_as_taken(uow, after.plan_id)
    changed = tuple(after.contract_id for _, after in contracts)
    uow.emit(ContractsChanged(contract_ids=changed, before=tuple(before for before, _ in contracts)))
    if credits:
        uow.emit(ContractsAmended(contract_ids=tuple(credits), credit_types=tuple(credits.items())))
