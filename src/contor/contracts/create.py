"""Create a contract from a plan: with a start it begins to be billed, without one it is pending until it is activated."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.catalogue.coupons.queries import known_coupons
from contor.catalogue.plans import mark_as_taken
from contor.catalogue.price_rules import price_findings
from contor.catalogue.price_sites import site_findings, sites_referred
from contor.catalogue.queries import known_adaptations, known_plans, options_by_ident, plan_by_ident
from contor.catalogue.types import Plan
from contor.contracts import tables
from contor.contracts.beginning import anchor_of_others, beginning_findings, first_life
from contor.contracts.coupons import Wanted, coupon_findings, redeem, reducible
from contor.contracts.course import first_start, next_start, own_name_findings, own_prices
from contor.contracts.events import ContractsCreated, ContractsStarted
from contor.contracts.queries import contract_by_ident, contracts_by_ident_unlocked, proposal_instant
from contor.contracts.read import views_of
from contor.contracts.relations import relate, relation_findings
from contor.contracts.terms import PhaseQuantities, PlanModifier
from contor.contracts.types import Contract, ContractBody, ContractContent, ContractView
from contor.customers.places import address_findings
from contor.customers.queries import home_at, known_customers
from contor.customers.standing import new_debtor_named
from contor.kernel.context import add_months
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import replace, shape
from contor.payments.customer_accounts import payment_account_findings
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.exchange import source_findings
from contor.settings.groups import SegmentTerms, known_segments, segment_by_ident
from contor.settings.queries import days_of_groups, known_sites, language_in, tenant_settings


@shape
class CreateContract:
    body: ContractBody


REFERS = (
    Reference("debtorIdent", "customer_unknown", known_customers),
    Reference("planIdent", "plan_unknown", known_plans),
    Reference("businessSegmentIdent", "business_segment_unknown", known_segments),
    Reference("operatingSiteIdent", "operating_site_unknown", known_sites),
    Reference("contractPriceAdaptation", "price_adaptation_unknown", known_adaptations),
    Reference("relatedContracts.contractIdent", "contract_unknown", contracts_by_ident_unlocked),
    Reference("coupons", "coupon_unknown", known_coupons),
    *sites_referred("planModifiers.optionPrices.", "prices"),
)


@operation("contract.create", permission="contracts.write", refers=REFERS)
def create_contract(uow: Uow, command: CreateContract) -> ContractView:
    """Accept a contract, or say everything that is wrong with it."""
    plan = plan_by_ident(uow, command.body.plan_ident)
    debtor, problems = new_debtor_named(uow, command.body.debtor_ident, command.body.debtor_id)
    body = replace(command.body, debtor_ident=debtor, debtor_id=None)
    segment = _segment(uow, body, plan)
    if problems := [*_references(uow, body, plan, segment, debtor), *problems, *terms_findings(uow, body, plan)]:
        raise Refused(Kind.INVALID, *problems)
    assert plan is not None and segment is not None
    if uow.scalar(int, "SELECT 1 FROM contract WHERE contract_ident = %s", (body.contract_ident,)):
        message = f"A contract {body.contract_ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("contract_exists", message, "contractIdent", body.contract_ident))
    number, now = uow.next_id(), uow.ctx.now()
    content = _content(uow, body, segment, debtor, plan)
    row = {
        "contract_id": number,
        "contract_ident": body.contract_ident,
        "customer_ident": debtor,
        "plan_id": plan.plan_id,
        "business_segment_ident": segment.segment_ident,
        "billing_group_ident": segment.billing_group_ident,
        "signed_on": body.date or uow.ctx.today(),
        "price_adaptation_ident": body.contract_price_adaptation,
        "content": content,
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.contract, [row])
    if not mark_as_taken(uow, plan.plan_id) and plan.content.individual_plan:
        raise Refused(Kind.CONFLICT, _individual(body.plan_ident))  # another contract was made of it at the same moment
    uow.audit("contract", body.contract_ident, {"created": body})
    uow.emit(ContractsCreated(contract_ids=(number,)))
    contract = contract_by_ident(uow, body.contract_ident)
    if body.start_date is not None:
        start(uow, contract, plan, body.start_date, body.billing_start_date)
        contract = contract_by_ident(uow, body.contract_ident)
    # after the start: a relation counts from the period that runs
    relate(uow, contract, plan, body.related_contracts)
    if body.coupons:
        redeem(uow, contract, plan, body.coupons)
        contract = contract_by_ident(uow, body.contract_ident)
    return views_of(uow, [contract])[0]


def backdating_findings(uow: Uow, first: dt.date | None, is_allowed: bool, field: str) -> list[Problem]:
    """What would be billed, or given back, from a day on that lies further back than the tenant takes (accounting reference 9)."""
    months = tenant_settings(uow).backdating_limit_months
    oldest = add_months(uow.ctx.today(), -months)
    if first is None or is_allowed or first >= oldest:
        return []
    message = (
        f"changes bills from {first} on; at most {months} months back are taken, from {oldest} on, unless allowBackdating is true"
    )
    return [Problem("backdating_limit", message, field, first)]


def own_price_findings(uow: Uow, modifiers: Sequence[PlanModifier]) -> list[Problem]:
    """What is wrong with the prices that a contract has of its own."""
    own = list(own_prices(modifiers))
    return [problem for path, prices in own for problem in price_findings(prices, path)] + site_findings(uow, own)


def start(uow: Uow, contract: Contract, plan: Plan, start_on: dt.date, billing_start_on: dt.date | None) -> None:
    """The contract begins, with the trial that was agreed: its first period is the next to be proposed."""
    fields = {name: getattr(contract, name) for name in contract.__struct_fields__}
    content = replace(contract.content, life=first_life(contract.content, start_on, billing_start_on))
    begun = Contract(**{**fields, "start_on": start_on, "billing_start_on": billing_start_on, "content": content})
    uow.run(
        # from the start on, also where billing begins later: periods before that are left out where periods are made
        "UPDATE contract SET content = %s, start_on = %s, billing_start_on = %s, proposed_through = %s, next_proposal_at = %s,"
        " last_modified_at = %s WHERE contract_id = %s",
        (
            stored_content(content),
            start_on,
            billing_start_on,
            start_on,
            proposal_instant(days_of_groups(uow), begun, next_start(plan, begun, start_on)),
            uow.ctx.now(),
            contract.contract_id,
        ),
    )
    uow.emit(ContractsStarted(contract_ids=(contract.contract_id,)))


# helpers in calling order


def _segment(uow: Uow, body: ContractBody, plan: Plan | None) -> SegmentTerms | None:
    """The contract's segment, else the plan's."""
    ident = body.business_segment_ident or (plan.content.business_segment_ident if plan else None)
    return segment_by_ident(uow, ident) if ident is not None else None


def _references(uow: Uow, body: ContractBody, plan: Plan | None, segment: SegmentTerms | None, debtor: str) -> list[Problem]:
    problems: list[Problem] = []
    if plan is None:
        problems.append(Problem("plan_unknown", "does not exist", "planIdent", body.plan_ident))
    elif plan.content.lifecycle_status == "RETIRED":
        problems.append(Problem("plan_retired", "The plan takes no new contracts.", "planIdent", body.plan_ident))
    elif plan.content.individual_plan and plan.has_contracts:
        problems.append(_individual(body.plan_ident))
    if plan is not None:
        problems += source_findings(uow, plan.content.currency, "planIdent")
    if segment is None and (body.business_segment_ident is not None or plan is not None):
        problems.append(Problem("business_segment_unknown", "does not exist", "businessSegmentIdent", body.business_segment_ident))
    if debtor:
        problems += address_findings(uow, debtor, body.invoice_address_ident, body.shipping_address_ident)
        account = body.payment_information.customer_payment_account_ident
        problems += payment_account_findings(uow, debtor, account)
    for path, kind, named, known_ones in (
        ("operatingSiteIdent", "operating_site", body.operating_site_ident, known_sites),
        ("contractPriceAdaptation", "price_adaptation", body.contract_price_adaptation, known_adaptations),
    ):
        if named is not None and not known_ones(uow, [named]):
            problems.append(Problem(f"{kind}_unknown", "does not exist", path, named))
    if body.date is not None and body.date > uow.ctx.today():
        problems.append(Problem("signed_in_future", f"is after today ({uow.ctx.today()})", "date", body.date))
    return problems + own_price_findings(uow, body.plan_modifiers)


def _individual(plan_ident: str) -> Problem:
    return Problem("plan_individual", "The plan is made for one contract, which exists.", "planIdent", plan_ident)


def terms_findings(uow: Uow, body: ContractBody, plan: Plan | None) -> list[Problem]:
    """Quantities, dates and prices against the plan."""
    problems: list[Problem] = []
    if body.billing_start_date is not None and (body.start_date is None or body.billing_start_date < body.start_date):
        message = "is not on or after the start of the contract"
        problems.append(Problem("billing_start_before_start", message, "billingStartDate", body.billing_start_date))
    if plan is None:
        return problems
    problems += beginning_findings(body, plan)
    if body.start_date is not None and not problems:
        first = first_start(plan, body.start_date, body.billing_start_date)
        problems += backdating_findings(uow, first, body.allow_backdating, "startDate")
    offered = {phase.ident: {link.option_ident: link for link in phase.linked_options} for phase in plan.content.phases}
    types = {
        ident: option.type for ident, option in options_by_ident(uow, {i for links in offered.values() for i in links}).items()
    }
    seen: set[tuple[str, str]] = set()
    for index, phase in enumerate(body.option_quantities):
        if phase.phase_ident not in offered:
            path = f"optionQuantities[{index}].phaseIdent"
            problems.append(Problem("phase_unknown", "names no phase of the plan", path, phase.phase_ident))
            continue
        for position, given in enumerate(phase.option_quantity):
            path = f"optionQuantities[{index}].optionQuantity[{position}]"
            link = offered[phase.phase_ident].get(given.option_ident)
            if link is None:
                problems.append(Problem("option_unknown", "the phase does not offer it", f"{path}.optionIdent", given.option_ident))
            elif (phase.phase_ident, given.option_ident) in seen:
                problems.append(Problem("option_repeated", "is given twice", f"{path}.optionIdent", given.option_ident))
            elif given.quantity < link.minimum:
                message = f"is less than the minimum {link.minimum}"
                problems.append(Problem("quantity_below_minimum", message, f"{path}.quantity", given.quantity))
            seen.add((phase.phase_ident, given.option_ident))
    for phase_ident, links in offered.items():
        missing = [
            i for i, link in links.items() if link.minimum > 0 and (phase_ident, i) not in seen and _is_ordered(types.get(i))
        ]
        problems += [
            Problem("option_missing", f"phase {phase_ident} needs {ident}", "optionQuantities", ident) for ident in missing
        ]
    problems += relation_findings(uow, body.contract_ident, plan, body.related_contracts, "relatedContracts")
    problems += _coupons(uow, body, plan)
    known = {ident for links in offered.values() for ident in links}
    for index, modifier in enumerate(body.plan_modifiers):
        for position, entry in enumerate(modifier.option_prices):
            if entry.option_ident not in known:
                path = f"planModifiers[{index}].optionPrices[{position}].optionIdent"
                problems.append(Problem("option_unknown", "the plan does not offer it", path, entry.option_ident))
    return problems + own_name_findings(body.own_names, known)


def _coupons(uow: Uow, body: ContractBody, plan: Plan) -> list[Problem]:
    """Why coupons that are named do not hold; who redeems one at the same moment is waited for."""
    if not body.coupons:
        return []
    if body.debtor_ident:  # before the coupons: so does who redeems on a contract that stands
        uow.lock("billing", [body.debtor_ident])
    quantities = {
        phase.phase_ident: {it.option_ident: it.quantity for it in phase.option_quantity} for phase in body.option_quantities
    }
    options = options_by_ident(uow, {ident for given in quantities.values() for ident in given})
    wanted = Wanted(plan, reducible(quantities, options), body.debtor_ident)
    return coupon_findings(uow, body.coupons, wanted, "coupons[{}]", lock=True)


def _is_ordered(option_type: str | None) -> bool:
    """Usages happen; everything else is ordered."""
    return option_type not in ("USAGE", "RATED_USAGE", "TIME_BASED_USAGE", "COMMISSION")


def _content(uow: Uow, body: ContractBody, segment: SegmentTerms, debtor: str, plan: Plan) -> ContractContent:
    address = body.shipping_address_ident or body.invoice_address_ident
    found = home_at(uow, debtor, address)
    assert found is not None
    return ContractContent(
        invoice_address_ident=body.invoice_address_ident,
        shipping_address_ident=body.shipping_address_ident,
        operating_site_ident=body.operating_site_ident,
        quantities=quantities_of(body.option_quantities),
        language=language_in(uow, segment.billing_group_ident, found.country, body.language, found.language),
        tax_location=body.tax_location,
        performance_location=body.performance_location,
        payment_information=body.payment_information,
        payment_term=body.payment_term,
        plan_modifiers=body.plan_modifiers,
        own_names=body.own_names,
        properties=body.properties,
        # who takes over a running contract has had its trial
        agreed_trial=body.trial or (None if body.no_trial or body.billing_start_date is not None else plan.content.trial),
        agreed_anchor=body.billing_anchor or (anchor_of_others(uow, debtor) if body.align_billing else None),
    )


def quantities_of(given: Sequence[PhaseQuantities]) -> dict[str, dict[str, Decimal]]:
    """Phase, option: quantity. None of an option is as if it had not been named (`has_option`)."""
    return {
        phase.phase_ident: {it.option_ident: it.quantity for it in phase.option_quantity if it.quantity > ZERO} for phase in given
    }


def stored_content(content: ContractContent) -> str:
    """As a parameter of an UPDATE."""
    return ENCODER.encode(content).decode()
