"""What all changes of a contract's life share: the contract under its locks, what stands against a change, how it is stored."""

import datetime as dt
from typing import NamedTuple

import msgspec

from contor.catalogue.types import Plan
from contor.contracts.calendar import Life, performance
from contor.contracts.change import locked_contracts
from contor.contracts.course import next_opening
from contor.contracts.create import stored_content
from contor.contracts.events import ContractsLifeChanged, LifeChange
from contor.contracts.queries import contract_by_ident, plans_of, proposal_instant
from contor.contracts.read import views_of
from contor.contracts.types import Contract, ContractView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields, replace
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

MOST_CHANGES = 400
"""Pauses, postponements, alignments and new beginnings that a contract takes of each: they are looked through for every period."""


class Living(NamedTuple):
    """A contract whose life changes, which nobody else changes or bills meanwhile."""

    contract: Contract
    plan: Plan
    today: dt.date

    @property
    def life(self) -> Life:
        return self.contract.life or Life()

    @property
    def reached(self) -> dt.date | None:
        """The start of the first period that is not proposed; None: it has not begun."""
        return self.contract.proposed_through


def living(uow: Uow, ident: str) -> Living:
    """Raises NOT_FOUND. A run that bills the customer is waited for (accounting reference 9, "concurrent change")."""
    (contract,) = locked_contracts(uow, [ident])
    plan = plans_of(uow, [contract])[contract.contract_id]
    return Living(contract, plan, days_of_groups(uow).today(contract.billing_group_ident))


def why_not_running(one: Living) -> list[Problem]:
    """Only a contract that runs, or will from a known day on, has intervals that can be changed."""
    contract = one.contract
    if contract.end_kind == "CANCELLED":
        return [Problem("contract_cancelled", "The contract was cancelled.")]
    if performance(contract.start_on, contract.end_on, one.today) == "ENDED":
        return [Problem("contract_ended", "The contract has ended; it can be reactivated.")]
    if contract.start_on is None:
        return [Problem("contract_pending", "The contract has no start yet: activate it.")]
    return []


def refuse(problems: list[Problem]) -> None:
    """Raises INVALID for what was said, and ILLEGAL_STATE where the contract forbids it, whatever is said."""
    if problems:
        raise Refused(Kind.INVALID if any(problem.field for problem in problems) else Kind.ILLEGAL_STATE, *problems)


def store(uow: Uow, one: Living, life: Life, what: LifeChange, **ends: object) -> ContractView:
    """The contract as it lives from now on. `ends`: the columns of its end, where they change."""
    contract = one.contract
    if max(len(life.pauses), len(life.postponements), len(life.former_ends), len(life.alignments)) > MOST_CHANGES:
        raise Refused(Kind.CONFLICT, Problem("life_too_long", f"A contract takes {MOST_CHANGES} changes of one kind."))
    content = replace(contract.content, life=life if life != Life() else None)
    changed: Contract = msgspec.structs.replace(contract, content=content, **ends)
    at = next_opening(one.plan, changed, contract.proposed_through) if contract.proposed_through is not None else None
    row: Fields = {
        "content": stored_content(content),
        "next_proposal_at": None,
        "last_modified_at": uow.ctx.now(),
        "contract_id": contract.contract_id,
        **ends,
    }
    row["next_proposal_at"] = proposal_instant(days_of_groups(uow), changed, at)
    columns = ", ".join(f"{name} = %({name})s" for name in row if name != "contract_id")
    uow.run(f"UPDATE contract SET {columns} WHERE contract_id = %(contract_id)s", row)
    uow.audit("contract", contract.contract_ident, {"life": what, "before": one.life, "after": life})
    uow.emit(ContractsLifeChanged(contract_ids=(contract.contract_id,), what=what, before=(contract,)))
    return view(uow, contract.contract_ident)


def view(uow: Uow, ident: str) -> ContractView:
    return views_of(uow, [contract_by_ident(uow, ident)])[0]
