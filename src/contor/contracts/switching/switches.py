"""Change an option of a contract to another one of its group, or how much of it the contract takes: when, and with which credit, the group
says."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.groups.stored import groups_by_ident, groups_of_options, known_groups
from contor.catalogue.groups.types import ChangeTiming, CreditType, ProductGroup
from contor.catalogue.products import SETUP, prices_of_options
from contor.catalogue.queries import known_plans, offered_options, options_by_ident, plan_by_ident, plans_by_id
from contor.catalogue.rules import version_at
from contor.catalogue.types import Phase, Plan
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import locked_contracts
from contor.contracts.changes import pending_of
from contor.contracts.course import phase_on, taken_on
from contor.contracts.create import stored_content
from contor.contracts.events import ContractsChanged
from contor.contracts.queries import contract_by_ident, plans_of
from contor.contracts.read import views_of
from contor.contracts.switching.offered import Choice, choices
from contor.contracts.terms import ChangeBody, OptionMapping, OptionQuantity
from contor.contracts.types import Contract, ContractView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, Quantity, replace, shape
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import days_of_groups


@shape
class OptionOf:
    contract_ident: Ident
    option_ident: Ident


@shape
class ChangeOption:
    """Another option that the contract can have instead."""

    option_ident: str
    name: str
    group_ident: str
    plan_ident: str | None
    """The plan to which the contract changes with it; not there: its own plan offers it."""
    is_upgrade: bool
    is_downgrade: bool
    change_timing: ChangeTiming
    credit_type: CreditType
    quantity_change: bool
    """Whether the quantity may be another one with it."""


@shape
class ChangeOptions:
    option_ident: str
    """What the contract has."""
    quantity: Decimal
    group_idents: tuple[str, ...]
    quantity_change: bool
    """Whether it may take another quantity of it."""
    options: tuple[ChangeOption, ...]
    has_pending_change: bool
    """A change of it is agreed and not in effect: nothing else is changed until it is, or is withdrawn."""


@shape
class Switching:
    becomes: Ident | None = None
    """The option that takes its place; left out: only the quantity changes."""
    plan_ident: Ident | None = None
    """The plan that offers it, where the contract's own does not."""
    quantity: Quantity | None = None
    """Default: as much as it has."""


@shape
class SwitchOption:
    contract_ident: Ident
    option_ident: Ident
    body: Switching


@shape
class AssignedGroup:
    group_ident: Ident | None = None
    """Left out: all groups that have the option, again."""


@shape
class AssignGroup:
    contract_ident: Ident
    option_ident: Ident
    body: AssignedGroup


@operation("contract.change_options", permission="contracts.read", reads=True)
def option_changes(uow: Uow, command: OptionOf) -> ChangeOptions:
    """What the contract can have instead of one of its options, and whether a change is under way."""
    held = _held(uow, contract_by_ident(uow, command.contract_ident), command.option_ident)
    ident, groups = command.option_ident, groups_within(uow, held.contract, command.option_ident)
    found = [*choices(groups, ident)]
    options = options_by_ident(uow, {one.member.option_ident for one in found})
    elsewhere = _plans_offering(uow, held, found)
    shown = []
    for one in found:
        other = one.member.option_ident
        plans: Sequence[str | None] = (None,) if held.offers(other) else elsewhere.get(other, ())
        shown += [
            ChangeOption(
                option_ident=other,
                name=version_at(options[other], days_of_groups(uow).today(held.contract.billing_group_ident)).content.name,
                group_ident=one.group.ident,
                plan_ident=plan,
                is_upgrade=one.is_upgrade,
                is_downgrade=one.is_downgrade,
                change_timing=one.member.change_timing,
                credit_type=one.member.credit_type,
                quantity_change=one.member.quantity_change,
            )
            for plan in plans
        ]
    return ChangeOptions(
        option_ident=ident,
        quantity=held.quantity,
        group_idents=tuple(group.ident for group in groups),
        quantity_change=_may_change_quantity(groups, ident),
        options=tuple(shown),
        has_pending_change=is_changing(uow, held.contract, ident),
    )


@operation(
    "contract.switch",
    permission="contracts.write",
    refers=(Reference("planIdent", "plan_unknown", known_plans), Reference("becomes", "plan_option_unknown", options_by_ident)),
)
def switch(uow: Uow, command: SwitchOption) -> ContractView:
    """Change an option within its group, or its quantity, as the group says; one change at a time. With the price of a product that the
    contract never had comes its setup fee."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    held, body, ident = _held(uow, contract, command.option_ident), command.body, command.option_ident
    if is_changing(uow, contract, ident):
        message = f"A change of {ident} is agreed and not in effect: withdraw it, or wait for its day."
        raise Refused(Kind.CONFLICT, Problem("change_pending", message))
    groups = groups_within(uow, contract, ident)
    target = next((one for one in choices(groups, ident) if one.member.option_ident == body.becomes), None)
    if problems := _switch_findings(groups, ident, body, target):
        raise Refused(Kind.INVALID, *problems)
    quantity = body.quantity if body.quantity is not None else held.quantity
    if target is None:
        member = next((one for group in groups if (one := group.member(ident)) is not None), None)
        changed = ChangeBody(option_quantities=(OptionQuantity(option_ident=ident, quantity=quantity),))
    else:
        member, other = target.member, target.member.option_ident
        given = (OptionQuantity(option_ident=other, quantity=quantity), *_setting_up(uow, held, other, body.plan_ident))
        if body.plan_ident is not None:
            mapped = (OptionMapping(option_ident=ident, becomes=other),)
            changed = ChangeBody(plan_ident=body.plan_ident, option_mappings=mapped, option_quantities=given)
        else:
            gone = OptionQuantity(option_ident=ident, quantity=Decimal(0))
            changed = ChangeBody(option_quantities=(gone, *given))
    if member is not None:
        # at the end of a period nothing is billed in advance that a credit type could decide about
        credit = member.credit_type if member.change_timing == "IMMEDIATELY" else "PRO_RATA"
        changed = replace(changed, timing=member.change_timing, credit_type=credit)
    return change_contract(uow, ChangeContract(contract_ident=contract.contract_ident, body=changed))


@operation(
    "contract.assign_group", permission="contracts.write", refers=(Reference("groupIdent", "product_group_unknown", known_groups),)
)
def assign_group(uow: Uow, command: AssignGroup) -> ContractView:
    """Say within which group an option of the contract is changed, where it is in several, or in none of them any more."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    _held(uow, contract, command.option_ident)
    wanted, ident = command.body.group_ident, command.option_ident
    if wanted is not None:
        group = groups_by_ident(uow, [wanted]).get(wanted)
        if group is None:
            raise Refused(Kind.INVALID, Problem("product_group_unknown", "does not exist", "groupIdent", wanted))
        if group.member(ident) is None:
            raise Refused(Kind.INVALID, Problem("option_not_in_group", f"does not have {ident}", "groupIdent", wanted))
    groups = {option: known for option, known in contract.content.groups.items() if option != ident}
    content = replace(contract.content, groups={**groups, ident: wanted} if wanted is not None else groups)
    uow.run(
        "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(content), uow.ctx.now(), contract.contract_id),
    )
    uow.audit("contract", contract.contract_ident, {"product_group": wanted, "of": ident})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=(contract,)))
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]


def groups_within(uow: Uow, contract: Contract, option_ident: str) -> tuple[ProductGroup, ...]:
    """The enabled groups within which an option of the contract is changed: the one that was said, else all that have it."""
    said = contract.content.groups.get(option_ident)
    if said is None:
        return groups_of_options(uow, [option_ident]).get(option_ident, ())
    return tuple(group for group in groups_by_ident(uow, [said]).values() if group.enabled)


def is_changing(uow: Uow, contract: Contract, option_ident: str) -> bool:
    """Whether a change of the option, or of the plan, is agreed and not in effect."""
    return any(
        row.change.plan_ident is not None or option_ident in {one.option_ident for one in row.change.option_quantities}
        for row in pending_of(uow, contract.contract_id)
    )


# helpers in calling order


class _Held(NamedTuple):
    """An option as a contract has it today."""

    contract: Contract
    plan: Plan
    phase: Phase
    quantity: Decimal

    def offers(self, option_ident: str) -> bool:
        return any(link.option_ident == option_ident for link in self.phase.linked_options)


def _held(uow: Uow, contract: Contract, option_ident: str) -> _Held:
    """Raises NOT_FOUND where the contract does not have the option today."""
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    today = days_of_groups(uow).today(contract.billing_group_ident)
    phase = phase_on(contract, plans_of(uow, [contract])[contract.contract_id], plan, today)
    quantity = taken_on(contract, phase, today).get(option_ident)
    if quantity is None:
        raise not_found("option_of_contract", option_ident, "ident")
    return _Held(contract, plan, phase, quantity)


def _setting_up(uow: Uow, held: _Held, option_ident: str, plan_ident: str | None) -> tuple[OptionQuantity, ...]:
    """The setup fee of a price that a contract changes to, which is charged once for each product. `plan_ident`: of another plan."""
    agreed = held.contract.content.amended
    quantities = [held.contract.content.quantities]
    if agreed is not None:
        legs = [step.leg.quantities for step in agreed.steps if step.leg is not None]
        quantities += [agreed.quantities, *legs, *(step.quantities for step in agreed.steps)]
    known = prices_of_options(uow, {option_ident, *(ident for one in quantities for given in one.values() for ident in given)})
    price = known.pop(option_ident, None)
    if price is None or price.setup_fee is None or price.product_ident in {one.product_ident for one in known.values()}:
        return ()
    plan = plan_by_ident(uow, plan_ident) if plan_ident is not None else None
    phases = (held.phase,) if plan is None else plan.content.phases
    ident = f"{option_ident}{SETUP}"
    is_offered = any(link.option_ident == ident for phase in phases for link in phase.linked_options)
    return (OptionQuantity(option_ident=ident, quantity=Decimal(1)),) if is_offered else ()


def _plans_offering(uow: Uow, held: _Held, found: Collection[Choice]) -> dict[str, list[str]]:
    """The plans to which the contract can change, by the option that they offer: as its own, but perhaps by another interval."""
    wanted = {one.member.option_ident: one for one in found if not held.offers(one.member.option_ident)}
    links = offered_options(uow, wanted)
    plans, mine = plans_by_id(uow, {link.plan_id for link in links}), held.plan.content
    offering: dict[str, list[str]] = {}
    for link in links:
        plan = plans[link.plan_id]
        other = plan.content
        if other.lifecycle_status == "RETIRED" or other.individual_plan or other.currency != mine.currency:
            continue
        if (other.type, other.day_count, other.partial_supply) != (mine.type, mine.day_count, mine.partial_supply):
            continue
        first = plan.phase(other.initial_phase or other.phases[0].ident)
        interval = held.phase.billing_config.billing_interval
        if wanted[link.option_ident].group.same_interval_only and first.billing_config.billing_interval != interval:
            continue
        offering.setdefault(link.option_ident, []).append(plan.plan_ident)
    return offering


def _may_change_quantity(groups: Sequence[ProductGroup], option_ident: str) -> bool:
    """What is in no group is free."""
    return all(member.quantity_change for group in groups if (member := group.member(option_ident)) is not None)


def _switch_findings(groups: Sequence[ProductGroup], ident: str, body: Switching, target: Choice | None) -> list[Problem]:
    problems = []
    if body.becomes is not None and target is None:
        message = f"is in no product group together with {ident}" if body.becomes != ident else "is what the contract has"
        problems.append(Problem("option_not_in_group", message, "becomes", body.becomes))
    if body.becomes is None and body.quantity is None:
        problems.append(Problem("change_empty", "say what takes its place, or how much", "becomes"))
    if body.plan_ident is not None and body.becomes is None:
        problems.append(Problem("plan_not_expected", "is said with the option that takes its place", "planIdent", body.plan_ident))
    may = target.member.quantity_change if target is not None else _may_change_quantity(groups, ident)
    if body.quantity is not None and not may:
        problems.append(Problem("quantity_fixed", "is not changed, as its product group says", "quantity", body.quantity))
    return problems
