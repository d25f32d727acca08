"""How a contract begins: with a trial, and on which day it is billed together with others."""

import datetime as dt

from contor.catalogue.types import Plan
from contor.contracts.calendar import Life, Trial, add
from contor.contracts.course import next_start
from contor.contracts.queries import contracts_by_id, contracts_of_customer, plans_of
from contor.contracts.types import ContractBody, ContractContent
from contor.kernel.errors import Problem
from contor.runtime.uow import Uow


def first_life(content: ContractContent, start_on: dt.date, billing_start_on: dt.date | None) -> Life | None:
    """Of a contract that begins on a day; None: its plan and dates say all of it."""
    terms = content.agreed_trial if billing_start_on is None else None
    if terms is None and content.agreed_anchor is None:
        return None
    trial = None if terms is None else Trial(until=add(start_on, 1, terms.duration), anchor=terms.anchor, usages=terms.usages)
    return Life(trial=trial, anchor_on=content.agreed_anchor)


def anchor_of_others(uow: Uow, customer_ident: str) -> dt.date | None:
    """The first day of the next interval of the customer's contract that is billed next; None: none is."""
    for contract in contracts_by_id(uow, contracts_of_customer(uow, customer_ident, 1)).values():
        if contract.proposed_through is not None:
            plan = plans_of(uow, [contract])[contract.contract_id]
            return next_start(plan, contract, contract.proposed_through)
    return None


def beginning_findings(body: ContractBody, plan: Plan) -> list[Problem]:
    """What of a beginning cannot be."""
    problems = []
    if body.trial is not None and body.no_trial:
        problems.append(Problem("trial_unclear", "is not given where noTrial says that there is none", "trial"))
    if body.trial is not None and body.billing_start_date is not None:
        message = "belongs to a new contract; one that is taken over from a billingStartDate on has had its trial"
        problems.append(Problem("trial_of_running_contract", message, "trial"))
    if body.billing_anchor is not None and body.align_billing:
        message = "is not given where alignBilling follows another contract"
        problems.append(Problem("billing_anchor_unclear", message, "billingAnchor", body.billing_anchor))
    field = "billingAnchor" if body.billing_anchor is not None else "alignBilling" if body.align_billing else None
    if field and any(phase.billing_config.sync_billing_to_billing_interval_unit for phase in plan.content.phases):
        message = "is not given for a plan whose intervals begin with those of the calendar"
        problems.append(Problem("billing_anchor_of_calendar", message, field))
    return problems
