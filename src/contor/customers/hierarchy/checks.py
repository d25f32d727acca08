"""What must always hold of customers who belong to each other."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.runtime.uow import Uow

_LEVELS = (
    "SELECT c.customer_ident FROM customer c"
    " JOIN customer p ON p.tenant_id = c.tenant_id AND p.customer_ident = c.parent_ident"
    " JOIN customer g ON g.tenant_id = p.tenant_id AND g.customer_ident = p.parent_ident"
    " WHERE c.parent_ident IS NOT NULL AND g.parent_ident IS NOT NULL ORDER BY c.customer_ident LIMIT 100"
)
"""Who has a great-grandparent: in a cycle everybody has one."""


@check("customers.at_most_three_levels")
def three_levels(uow: Uow) -> Iterable[str]:
    """Nobody has three customers above him, so no tree has a fourth level, and there is no cycle."""
    for ident in uow.column(str, _LEVELS):
        yield f"customer {ident} is on a fourth level, or in a cycle"
