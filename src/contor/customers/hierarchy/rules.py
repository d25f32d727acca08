"""Which customer may belong to which. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from contor.customers.types import CustomerStatus
from contor.kernel.errors import Problem

MOST_LEVELS: Final = 3
"""Of a tree: a root, what belongs to it, and what belongs to that."""


class Place(NamedTuple):
    """Where somebody stands before he is assigned."""

    above: Sequence[str]
    """From who would be the parent up to the root of his tree, himself first."""
    height: int
    """Levels of the tree whose root is the child: 1 for who has no children."""
    parent_status: CustomerStatus | None
    """None: there is no such customer, or he is deleted."""


def assignment_findings(child: str, parent: str, place: Place) -> list[Problem]:
    """Everything that speaks against the child belonging to the parent."""
    field = "parentCustomerIdent"
    if place.parent_status is None:
        return [Problem("parent_unknown", "does not exist", field, parent)]
    problems = []
    if place.parent_status != "ACTIVE":
        message = f"is {place.parent_status.lower()}: only an active customer has children"
        problems.append(Problem("parent_inactive", message, field, parent))
    if child == parent:
        problems.append(Problem("hierarchy_cycle", "is the customer himself", field, parent))
    elif child in place.above:
        problems.append(Problem("hierarchy_cycle", f"belongs to {child} already: nobody belongs to himself", field, parent))
    elif (levels := len(place.above) + place.height) > MOST_LEVELS:
        message = f"would make a tree of {levels} levels: there are at most {MOST_LEVELS}"
        problems.append(Problem("hierarchy_too_deep", message, field, parent))
    return problems
