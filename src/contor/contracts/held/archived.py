"""Who is archived or deleted has no contract that runs, or will: somebody ends it first, and knows that he does."""

from collections.abc import Sequence
from typing import Final

from contor.customers.events import CustomersDeleted, StatusesChanged
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow

SHOWN: Final = 5


@on(StatusesChanged)
def keep_running(uow: Uow, fact: StatusesChanged) -> None:
    """What was never begun can be begun no more, and waits."""
    _refuse_running(uow, [ident for ident, _, status in fact.changes if status == "ARCHIVED"])


@on(CustomersDeleted)
def bill_on(uow: Uow, fact: CustomersDeleted) -> None:
    """Nothing is billed to who is deleted: a contract that runs would go on without a word."""
    _refuse_running(uow, [ident for ident, _ in fact.customers])


# helpers in calling order


def _refuse_running(uow: Uow, customers: Sequence[str]) -> None:
    """Names those that have not ended, the first ones by name. Raises CONFLICT."""
    if not customers:
        return
    running = uow.column(
        str,
        "SELECT contract_ident FROM contract WHERE customer_ident = ANY (%s) AND start_on IS NOT NULL AND (end_on IS NULL OR end_on > %s)"
        " AND end_kind IS DISTINCT FROM 'CANCELLED' ORDER BY 1 LIMIT %s",
        (list(customers), uow.ctx.today(), SHOWN + 1),
    )
    if running:
        more = " and others" if len(running) > SHOWN else ""
        message = f"Contracts of the customer run: {', '.join(running[:SHOWN])}{more}. End them first."
        raise Refused(Kind.CONFLICT, Problem("customer_has_contracts", message))
