"""What the books of a tenant come to."""

from decimal import Decimal
from typing import Any

from tests.factories.desks import Desk
from tests.factories.tenants import Tenant


def owed(desk: Desk) -> Decimal:
    """What the customer owes."""
    return sum((row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case")), Decimal(0))


def sound(tenant: Tenant) -> list[str]:
    """All that the checks find, but files, which the files' worker would have made meanwhile."""
    return tenant.unsound()


def billed(tenant: Tenant) -> list[tuple[Any, ...]]:
    """Contracts, periods and amounts, in an order of their own."""
    return [
        tuple(row)
        for row in tenant.rows(
            "SELECT c.contract_ident, i.origin_ident, i.kind, i.period_start, i.period_end, i.sequence, i.processing_status, i.total"
            " FROM billable_item i JOIN contract c USING (contract_id) ORDER BY 1, 2, 3, 4, 6, 8"
        )
    ]
