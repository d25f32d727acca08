"""Add options that a contract left out: of usages, which are billed from now on and in the periods that run; in a trial also what is
charged once, which comes with the first interval that is charged."""

import datetime as dt
from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Plan
from contor.contracts.calendar import performance
from contor.contracts.change.change import locked_contracts
from contor.contracts.course import has_option, leg_on, phase_of_leg, with_added
from contor.contracts.create import stored_content
from contor.contracts.events import OptionsAdded
from contor.contracts.queries import contract_by_ident, plans_of
from contor.contracts.read import views_of
from contor.contracts.terms import PhaseQuantities
from contor.contracts.types import Contract, ContractView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

USAGE_TYPES = ("USAGE", "TIME_BASED_USAGE", "RATED_USAGE")


@shape
class AddedOptions:
    """As at the contract's creation; usage options, and in a trial ONETIME ones."""

    option_quantities: Annotated[tuple[PhaseQuantities, ...], Field(min_length=1, max_length=20)]


@shape
class AddOptions:
    contract_ident: str
    body: AddedOptions


@operation("contract.add_options", permission="contracts.write")
def add_options(uow: Uow, command: AddOptions) -> ContractView:
    """Enable further options, each for a phase. Periods that run already bill what is used in them; in a trial what is charged once can
    be added, too, and is charged when it ends."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    plan = plans_of(uow, [contract])[contract.contract_id]
    today = days_of_groups(uow).today(contract.billing_group_ident)
    # of the plan that holds, by the names that it has for its phases
    leg = leg_on(contract, today)
    wanted = tuple([replace(it, phase_ident=phase_of_leg(it.phase_ident, leg)) for it in command.body.option_quantities])
    addable = (*USAGE_TYPES, "ONETIME") if charges_later(contract, today) else USAGE_TYPES
    problems = _findings(uow, contract, plan, wanted, addable)
    if contract.end_kind == "CANCELLED" or performance(contract.start_on, contract.end_on, today) == "ENDED":
        problems.append(Problem("contract_ended", "The contract has ended."))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    added = {phase.phase_ident: {given.option_ident: given.quantity for given in phase.option_quantity} for phase in wanted}
    uow.run(
        "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(with_added(contract.content, added)), uow.ctx.now(), contract.contract_id),
    )
    uow.audit("contract", contract.contract_ident, {"options_added": command.body.option_quantities})
    uow.emit(OptionsAdded(contract_ids=(contract.contract_id,)))
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]


def charges_later(contract: Contract, today: dt.date) -> bool:
    """Whether it is in its trial, and no run has looked behind that: what is charged once is still to come."""
    trial, reached = contract.life.trial if contract.life is not None else None, contract.proposed_through
    return trial is not None and trial.until > today and (reached is None or reached <= trial.until)


def _findings(
    uow: Uow, contract: Contract, plan: Plan, wanted: tuple[PhaseQuantities, ...], addable: Collection[str]
) -> list[Problem]:
    """What cannot be added, each with its place."""
    offered = {phase.ident: {link.option_ident: link for link in phase.linked_options} for phase in plan.content.phases}
    options = options_by_ident(uow, {given.option_ident for phase in wanted for given in phase.option_quantity})
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for index, phase in enumerate(wanted):
        where = f"optionQuantities[{index}]"
        if phase.phase_ident not in offered:
            problems.append(Problem("phase_unknown", "names no phase of the plan", f"{where}.phaseIdent", phase.phase_ident))
            continue
        for position, given in enumerate(phase.option_quantity):
            path, ident = f"{where}.optionQuantity[{position}]", given.option_ident
            link = offered[phase.phase_ident].get(ident)
            if link is None:
                problems.append(Problem("option_unknown", "the phase does not offer it", f"{path}.optionIdent", ident))
            elif options[ident].type not in addable:
                message = "is no usage option: it is ordered when the contract is made"
                problems.append(Problem("option_not_addable", message, f"{path}.optionIdent", ident))
            elif has_option(contract, phase.phase_ident, link) or (phase.phase_ident, ident) in seen:
                problems.append(Problem("option_repeated", "the contract has it already", f"{path}.optionIdent", ident))
            if not given.quantity:
                problems.append(Problem("quantity_missing", "adds nothing", f"{path}.quantity", given.quantity))
            seen.add((phase.phase_ident, ident))
    return problems
