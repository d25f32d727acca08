"""What a change makes of a contract, and everything that is wrong with it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.price_sites import site_findings
from contor.catalogue.queries import options_by_ident, plan_by_ident
from contor.catalogue.types import LinkedOption, Option, Phase, Plan
from contor.contracts.calendar import PhaseRun, contract_runs, period_at
from contor.contracts.course import Quantities, leg_on, phase_of_leg, terms_on, with_steps
from contor.contracts.queries import plans_of
from contor.contracts.terms import ChangeBody, PlanLeg, Step
from contor.contracts.types import Contract
from contor.customers.places import address_findings
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.payments.customer_accounts import payment_account_findings
from contor.runtime.uow import Uow
from contor.settings.exchange import source_findings
from contor.settings.groups import segment_by_ident
from contor.settings.queries import days_of_groups

RECURS = ("RECURRING", "QUANTITY")
"""Types of options that have a price for an interval."""
ONCE = "ONETIME"
"""Type of options that are charged once: with their phase, or with the change that orders them."""
HAPPENS = ("USAGE", "TIME_BASED_USAGE", "RATED_USAGE")


class Changed(NamedTuple):
    """The contract as it is with the change in effect."""

    contract: Contract
    step: Step | None
    """What is otherwise from the day on; None: only how it is billed."""


def changed_by(uow: Uow, contract: Contract, body: ChangeBody, number: int, day: dt.date) -> tuple[Changed, list[Problem]]:
    """The contract with the change, and what is wrong with it; `number` and `day`: of the change."""
    plan = plans_of(uow, [contract])[contract.contract_id]
    header, problems = _header(uow, contract, body)
    if contract.start_on is None or period_at(plan.content, contract.start_on, None, day, contract.life) is None:
        problems.append(Problem("contract_not_running", f"The contract does not run on {day}.", "effectiveDate", day))
        return Changed(contract, None), problems
    step = Step(number=number, day=day)
    if body.plan_ident is not None:
        leg, found = _leg(uow, contract, plan, body, step)
        problems += found
        step = replace(step, leg=leg)
    elif body.option_mappings:
        problems.append(Problem("mapping_not_expected", "is for a change of plan", "optionMappings"))
    if body.plan_ident is None and body.option_quantities:
        quantities, found = _quantities(uow, contract, plan, body, day)
        problems += found
        step = replace(step, quantities=quantities)
    problems += _repeated(body)
    if body.option_prices:
        problems += _prices(uow, contract, plan, body, step)
        step = replace(step, prices=body.option_prices)
    problems += _order(contract, body, day)
    says_more = bool(step.quantities or step.prices or step.leg)
    if not says_more and not header:
        problems.append(Problem("change_empty", "says nothing that would be otherwise", ""))
    if problems:
        return Changed(contract, None), problems
    fields = {name: value for name, value in header.items() if name not in ("business_segment_ident", "billing_group_ident")}
    content = replace(contract.content, **fields)
    if says_more:
        content = with_steps(content, contract.plan_id, [step])
    after = replace(
        contract,
        content=content,
        plan_id=step.leg.plan_id if step.leg is not None else contract.plan_id,
        business_segment_ident=str(header.get("business_segment_ident", contract.business_segment_ident)),
        billing_group_ident=str(header.get("billing_group_ident", contract.billing_group_ident)),
    )
    return Changed(after, step if says_more else None), []


# helpers in calling order


def _header(uow: Uow, contract: Contract, body: ChangeBody) -> tuple[dict[str, object], list[Problem]]:
    """How the contract is billed from the day on."""
    found: dict[str, object] = {}
    problems: list[Problem] = []
    problems += address_findings(uow, contract.customer_ident, body.invoice_address_ident, body.shipping_address_ident)
    for name in ("invoice_address_ident", "shipping_address_ident"):
        if (value := getattr(body, name)) is not None:
            found[name] = value
    if body.payment_information is not None:
        account = body.payment_information.customer_payment_account_ident
        problems += payment_account_findings(uow, contract.customer_ident, account)
        found["payment_information"] = body.payment_information
    if body.payment_term is not None:
        found["payment_term"] = body.payment_term
    if body.business_segment_ident is not None:
        segment = segment_by_ident(uow, body.business_segment_ident)
        days, path = days_of_groups(uow), "businessSegmentIdent"
        if segment is None:
            problems.append(Problem("business_segment_unknown", "does not exist", path, body.business_segment_ident))
        elif days.zone(segment.billing_group_ident) != days.zone(contract.billing_group_ident):
            message = "is of a billing group in another zone; the contract's periods and usages are dated by that of its own"
            problems.append(Problem("time_zone_differs", message, path, body.business_segment_ident))
        else:
            found |= {"business_segment_ident": segment.segment_ident, "billing_group_ident": segment.billing_group_ident}
    return found, problems


def _order(contract: Contract, body: ChangeBody, day: dt.date) -> list[Problem]:
    """A change lies behind the last change of plan; one of plan behind every change that is in effect."""
    amended = contract.content.amended
    for step in reversed(amended.steps if amended is not None else ()):
        if step.day > day and (step.leg is not None or body.plan_ident is not None):
            message = f"lies before a change that is in effect since {step.day}; it can be agreed from that day on"
            return [Problem("change_overtaken", message, "effectiveDate", day)]
    return []


def _run_on(plan: Plan, contract: Contract, day: dt.date) -> PhaseRun:
    assert contract.start_on is not None
    return next(run for run in contract_runs(plan.content, contract.start_on, contract.life) if run.end > day)


def _leg(uow: Uow, contract: Contract, plan: Plan, body: ChangeBody, step: Step) -> tuple[PlanLeg | None, list[Problem]]:
    """Another plan: with the options of the old one by their idents, or as the change maps them."""
    assert body.plan_ident is not None
    path, new = "planIdent", plan_by_ident(uow, body.plan_ident)
    if new is None:
        return None, [Problem("plan_unknown", "does not exist", path, body.plan_ident)]
    problems = list(_unfit(plan, new, path)) + source_findings(uow, new.content.currency, path)
    run = _run_on(plan, contract, step.day)
    before = terms_on(contract, step.day).content.quantities.get(run.phase.ident, {})
    options = options_by_ident(
        uow, {link.option_ident for phase in (run.phase, *new.content.phases) for link in phase.linked_options} | before.keys()
    )
    name = str(step.number)
    quantities, found = _migrated(new, before, body, options)
    leg = PlanLeg(
        plan_id=new.plan_id,
        name=name,
        quantities={phase_of_leg(phase, name): given for phase, given in quantities.items()},
        anchor=run.anchor if _goes_on(run.phase, _first_phase(new)) else None,
    )
    return leg, problems + found


def _unfit(old: Plan, new: Plan, path: str) -> Iterator[Problem]:
    before, after = old.content, new.content
    if after.lifecycle_status == "RETIRED":
        yield Problem("plan_retired", "The plan takes no new contracts.", path, new.plan_ident)
    if after.individual_plan and new.has_contracts:
        yield Problem("plan_individual", "The plan is made for one contract, which exists.", path, new.plan_ident)
    if after.type != before.type:
        yield Problem(
            "plan_type_differs", f"is a plan of type {after.type}, the contract's is one of {before.type}", path, new.plan_ident
        )
    if after.currency != before.currency:
        message = f"is billed in {after.currency}, the contract in {before.currency}: that takes a new contract"
        yield Problem("currency_differs", message, path, new.plan_ident)
    if (after.day_count, after.partial_supply) != (before.day_count, before.partial_supply):
        message = "counts days or partial supplies otherwise than was agreed with the contract: that takes a new contract"
        yield Problem("plan_counts_otherwise", message, path, new.plan_ident)


def _first_phase(plan: Plan) -> Phase:
    return plan.phase(plan.content.initial_phase or plan.content.phases[0].ident)


def _goes_on(old: Phase, new: Phase) -> bool:
    """Whether the periods of the new plan are those of the old one: the same interval, counted from the same day."""
    before, after = old.billing_config, new.billing_config
    return not after.sync_billing_to_billing_interval_unit and before.billing_interval == after.billing_interval


def _migrated(
    new: Plan, before: Mapping[str, Decimal], body: ChangeBody, options: Mapping[str, Option]
) -> tuple[Quantities, list[Problem]]:
    """The quantities in the phases of the new plan. What is charged once is not charged again, unless it is asked for."""
    offered = {link.option_ident for phase in new.content.phases for link in phase.linked_options}
    explicit = {given.option_ident: given.quantity for given in body.option_quantities}
    becomes = {entry.option_ident: entry.becomes for entry in body.option_mappings}
    problems: list[Problem] = []
    for index, entry in enumerate(body.option_mappings):
        if entry.option_ident not in before:
            path = f"optionMappings[{index}].optionIdent"
            problems.append(Problem("option_unknown", "the contract does not have it", path, entry.option_ident))
        if entry.becomes is not None and entry.becomes not in offered:
            problems.append(
                Problem("option_unknown", "the new plan does not offer it", f"optionMappings[{index}].becomes", entry.becomes)
            )
    kept: dict[str, Decimal] = {}
    for ident, quantity in before.items():
        target = becomes.get(ident, ident)
        if target is None or options[ident].type == "ONETIME":
            continue
        if target in offered:
            kept[target] = kept.get(target, ZERO) + quantity
        elif ident not in becomes:
            message = f"does not offer {ident}, which the contract has: say in optionMappings what takes its place"
            problems.append(Problem("option_not_mapped", message, "planIdent", ident))
    quantities: Quantities = {}
    for phase in new.content.phases:
        here = quantities.setdefault(phase.ident, {})
        for link in phase.linked_options:
            quantity = explicit.get(link.option_ident, kept.get(link.option_ident, ZERO))
            kind = options[link.option_ident].type
            if quantity > ZERO:
                here[link.option_ident] = quantity
            if kind in RECURS and quantity < link.minimum:
                message = f"phase {phase.ident} needs at least {link.minimum} of {link.option_ident}"
                problems.append(Problem("option_missing", message, "optionQuantities", link.option_ident))
    problems += [
        Problem("option_unknown", "the new plan does not offer it", f"optionQuantities[{index}].optionIdent", given.option_ident)
        for index, given in enumerate(body.option_quantities)
        if given.option_ident not in offered
    ]
    return quantities, problems


def _repeated(body: ChangeBody) -> Iterator[Problem]:
    named = {
        "optionQuantities": [entry.option_ident for entry in body.option_quantities],
        "optionPrices": [entry.option_ident for entry in body.option_prices],
    }
    for name, idents in named.items():
        for index, ident in enumerate(idents):
            if ident in idents[:index]:
                yield Problem("option_repeated", "is given twice", f"{name}[{index}].optionIdent", ident)


def _links(plan: Plan, contract: Contract, day: dt.date) -> dict[str, list[tuple[str, LinkedOption]]]:
    """The phases of the plan that holds on a day which offer an option, by option."""
    name, found = leg_on(contract, day), dict[str, list[tuple[str, LinkedOption]]]()
    for phase in plan.content.phases:
        if phase.ident.partition("#")[2] == name:
            for link in phase.linked_options:
                found.setdefault(link.option_ident, []).append((phase.ident, link))
    return found


def _quantities(uow: Uow, contract: Contract, plan: Plan, body: ChangeBody, day: dt.date) -> tuple[Quantities, list[Problem]]:
    """Further quantities in the phases that offer the options."""
    links = _links(plan, contract, day)
    options, now = options_by_ident(uow, links), terms_on(contract, day).content.quantities
    problems, quantities = list[Problem](), Quantities()
    for index, given in enumerate(body.option_quantities):
        path, ident = f"optionQuantities[{index}]", given.option_ident
        offered = links.get(ident)
        if offered is None:
            problems.append(Problem("option_unknown", "the plan does not offer it", f"{path}.optionIdent", ident))
            continue
        if options[ident].type not in (*RECURS, *HAPPENS, ONCE):
            problems.append(Problem("option_not_changeable", "has no quantity", f"{path}.optionIdent", ident))
        had = max((now.get(phase, {}).get(ident, ZERO) for phase, _ in offered), default=ZERO)
        if options[ident].type == ONCE and given.quantity < had:
            message = f"is charged once, and was ordered {had} times: more can be ordered, and what was charged is credited"
            problems.append(Problem("option_not_changeable", message, f"{path}.quantity", given.quantity))
        least = max(link.minimum for _, link in offered)
        if given.quantity < least:
            problems.append(
                Problem("quantity_below_minimum", f"is less than the minimum {least}", f"{path}.quantity", given.quantity)
            )
        elif not given.quantity and any(link.enable_for_all_contracts for _, link in offered):
            problems.append(
                Problem("option_not_removable", "is part of every contract of the plan", f"{path}.quantity", given.quantity)
            )
        for phase, _ in offered:
            quantities.setdefault(phase, {})[ident] = given.quantity
    return quantities, problems


def _prices(uow: Uow, contract: Contract, plan: Plan, body: ChangeBody, step: Step) -> list[Problem]:
    """Own prices are those of options that recur or are charged once, which the contract has from the day on."""
    problems: list[Problem] = []
    if step.leg is not None:
        had = {ident for given in step.leg.quantities.values() for ident in given}
    else:
        terms = terms_on(contract, step.day).content.quantities
        had = {ident for phase, given in terms.items() if phase.partition("#")[2] == leg_on(contract, step.day) for ident in given}
        had |= {ident for given in step.quantities.values() for ident, quantity in given.items() if quantity}
    options = options_by_ident(uow, [entry.option_ident for entry in body.option_prices])
    for index, entry in enumerate(body.option_prices):
        path, option = f"optionPrices[{index}].optionIdent", options.get(entry.option_ident)
        if entry.option_ident not in had or option is None:
            problems.append(Problem("option_unknown", "the contract does not have it", path, entry.option_ident))
        elif option.type not in (*RECURS, ONCE):
            message = "has no price for an interval: what happens costs what its plan says"
            problems.append(Problem("option_not_changeable", message, path, entry.option_ident))
    own = ((f"optionPrices[{index}].prices", entry.prices) for index, entry in enumerate(body.option_prices))
    return problems + site_findings(uow, own)
