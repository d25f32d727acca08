"""Change what is agreed in a contract that has no start yet: it is a draft, of which nothing was billed."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.catalogue.plans import mark_as_taken
from contor.catalogue.price_sites import sites_referred
from contor.catalogue.queries import known_plans, plan_by_ident, plans_by_id
from contor.catalogue.types import Plan, TrialTerms
from contor.contracts.change import locked_contracts
from contor.contracts.course import own_name_findings
from contor.contracts.create import own_price_findings, quantities_of, stored_content, terms_findings
from contor.contracts.events import ContractsChanged
from contor.contracts.queries import contract_by_ident
from contor.contracts.read import views_of
from contor.contracts.terms import Intended, OptionQuantity, PhaseQuantities, PlanModifier
from contor.contracts.types import Contract, ContractBody, ContractContent, ContractView, OwnNames
from contor.customers.places import address_findings
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, Until, replace, shape
from contor.runtime.uow import Uow


@shape
class IntendedDays:
    """What the contract takes when it is activated, unless other days are said then."""

    start_date: dt.date | None = None
    billing_start_date: dt.date | None = None
    end_date: Until = None
    """The last day."""


@shape
class Redrafting:
    """What is not said stays."""

    plan_ident: Ident | None = None
    option_quantities: Annotated[tuple[PhaseQuantities, ...], Field(max_length=20)] | None = None
    """All of them."""
    plan_modifiers: Annotated[tuple[PlanModifier, ...], Field(max_length=50)] | None = None
    own_names: OwnNames | None = None
    trial: TrialTerms | None = None
    no_trial: bool = False
    """Without a trial."""
    shipping_address_ident: Ident | None = None
    intended: IntendedDays | None = None
    """All of them."""


@shape
class RedraftContract:
    contract_ident: Ident
    body: Redrafting


@operation(
    "contract.redraft",
    permission="contracts.write",
    refers=(
        Reference("planIdent", "plan_unknown", known_plans),
        *sites_referred("planModifiers.optionPrices.", "prices"),
    ),
)
def redraft(uow: Uow, command: RedraftContract) -> ContractView:
    """Agree other options, another plan, own prices, names or another trial, before the contract is activated."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    if contract.start_on is not None or contract.end_kind is not None:
        message = "The contract has begun: it is changed, not written anew." if contract.start_on else "The contract is over."
        raise Refused(Kind.CONFLICT, Problem("contract_started", message))
    before = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    said = command.body
    plan = before if said.plan_ident is None else plan_by_ident(uow, said.plan_ident)
    if problems := _findings(uow, contract, before, plan, said):
        raise Refused(Kind.INVALID, *problems)
    assert plan is not None
    content = _content(contract.content, plan, said)
    uow.run(
        "UPDATE contract SET content = %s, plan_id = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(content), plan.plan_id, uow.ctx.now(), contract.contract_id),
    )
    if plan.plan_id != before.plan_id:
        mark_as_taken(uow, plan.plan_id)
    uow.audit("contract", contract.contract_ident, {"redrafted": said, "before": contract.content})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=(contract,)))
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]


# helpers in calling order


def _findings(uow: Uow, contract: Contract, before: Plan, plan: Plan | None, said: Redrafting) -> list[Problem]:
    if plan is None:
        return [Problem("plan_unknown", "does not exist", "planIdent", said.plan_ident)]
    problems = []
    if plan.plan_id != before.plan_id:
        if plan.content.lifecycle_status == "RETIRED":
            problems.append(Problem("plan_retired", "The plan takes no new contracts.", "planIdent", plan.plan_ident))
        if plan.content.individual_plan and plan.has_contracts:
            message = "The plan is made for one contract, which exists."
            problems.append(Problem("plan_individual", message, "planIdent", plan.plan_ident))
    problems += address_findings(uow, contract.customer_ident, None, said.shipping_address_ident)
    if said.intended is not None:
        problems += _days(said.intended)
    quantities = said.option_quantities
    content = contract.content
    whole = ContractBody(
        contract_ident=contract.contract_ident,
        plan_ident=plan.plan_ident,
        debtor_ident=contract.customer_ident,
        invoice_address_ident=content.invoice_address_ident,
        option_quantities=quantities if quantities is not None else _said(content.quantities),
        trial=said.trial,
        no_trial=said.no_trial,
        plan_modifiers=said.plan_modifiers if said.plan_modifiers is not None else content.plan_modifiers,
    )
    offered = {link.option_ident for phase in plan.content.phases for link in phase.linked_options}
    own = own_name_findings(said.own_names, offered) if said.own_names is not None else []
    return problems + terms_findings(uow, whole, plan) + own_price_findings(uow, whole.plan_modifiers) + own


def _days(days: IntendedDays) -> list[Problem]:
    problems, first = [], days.start_date
    if days.billing_start_date is not None and (first is None or days.billing_start_date < first):
        message = "is not on or after the start of the contract"
        problems.append(Problem("billing_start_before_start", message, "intended.billingStartDate", days.billing_start_date))
    if first is not None and days.end_date is not None and days.end_date < first:
        problems.append(Problem("end_before_start", f"The contract begins on {first}.", "intended.endDate", days.end_date))
    return problems


def _said(quantities: Mapping[str, Mapping[str, Decimal]]) -> tuple[PhaseQuantities, ...]:
    return tuple(
        PhaseQuantities(
            phase_ident=phase,
            option_quantity=tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in given.items()),
        )
        for phase, given in quantities.items()
    )


def _content(content: ContractContent, plan: Plan, said: Redrafting) -> ContractContent:
    names = said.own_names if said.own_names is not None else content.own_names
    offered = {link.option_ident for phase in plan.content.phases for link in phase.linked_options}
    days = said.intended
    return replace(
        content,
        shipping_address_ident=said.shipping_address_ident or content.shipping_address_ident,
        intended=content.intended
        if days is None
        else Intended(start_on=days.start_date, billing_start_on=days.billing_start_date, last_day=days.end_date),
        quantities=quantities_of(said.option_quantities) if said.option_quantities is not None else content.quantities,
        plan_modifiers=said.plan_modifiers if said.plan_modifiers is not None else content.plan_modifiers,
        own_names=tuple(one for one in names if one.option_ident in offered),
        agreed_trial=None if said.no_trial else said.trial or content.agreed_trial,
    )
