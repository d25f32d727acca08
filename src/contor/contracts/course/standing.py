"""In which phase of its plan a contract is on a day, and what it takes there. Pure."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from contor.catalogue.types import Phase, Plan
from contor.contracts.calendar import contract_runs
from contor.contracts.course.steps import shown_quantities
from contor.contracts.types import Contract

DAY = dt.timedelta(days=1)


def phase_on(contract: Contract, course: Plan, plan: Plan, day: dt.date) -> Phase:
    """The phase of `plan`, the one that holds now. Before the contract begins the first one, behind its end the last. `course`: all plans
    of the contract as they follow each other."""
    if contract.start_on is not None:
        last = contract.end_on - DAY if contract.end_on is not None else dt.date.max
        day = max(contract.start_on, min(day, last))
        for run in contract_runs(course.content, contract.start_on, contract.life):
            if run.end > day or run.is_last:
                # phases of a further plan are known by its name, too
                named = run.phase.ident.partition("#")[0]
                return next((phase for phase in plan.content.phases if phase.ident == named), plan.content.phases[0])
    first = plan.content.initial_phase
    return plan.content.phases[0] if first is None else plan.phase(first)


def taken_on(contract: Contract, phase: Phase, day: dt.date) -> Mapping[str, Decimal]:
    """Option: quantity, of a phase."""
    return shown_quantities(contract, day).get(phase.ident, {})
