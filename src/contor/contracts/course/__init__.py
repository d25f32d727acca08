"""What a contract's terms and prices are on a day, and the plans that follow each other in it."""

from contor.contracts.course.modifiers import Priced, has_option, has_option_in, modified_prices, own_prices, priced, terms_of
from contor.contracts.course.own_names import named, own_name_findings
from contor.contracts.course.standing import phase_on, taken_on
from contor.contracts.course.steps import (
    Quantities,
    Stretch,
    changed_prices,
    leg_on,
    phase_of_leg,
    plan_ids_of,
    plan_of,
    quantities_on,
    shown_quantities,
    stretches_of,
    terms_on,
    with_added,
    with_steps,
)

__all__ = [
    "Priced",
    "Quantities",
    "Stretch",
    "changed_prices",
    "has_option",
    "has_option_in",
    "leg_on",
    "modified_prices",
    "named",
    "own_name_findings",
    "own_prices",
    "phase_of_leg",
    "phase_on",
    "plan_ids_of",
    "plan_of",
    "priced",
    "quantities_on",
    "shown_quantities",
    "stretches_of",
    "taken_on",
    "terms_of",
    "terms_on",
    "with_added",
    "with_steps",
]
