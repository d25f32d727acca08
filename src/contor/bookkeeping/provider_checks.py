"""What must hold of the costs of payment providers in the books."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.types import EntryKind
from contor.kernel.checks import check
from contor.payments.settlements import item_costs
from contor.runtime.uow import Uow


class _Cost(NamedTuple):
    reference: str
    booked: Decimal


@check("bookkeeping.fees_of_settlements_are_booked")
def fees(uow: Uow) -> Iterable[str]:
    """What a provider took from its account for an item, beside its payment's own fees, is booked once under the item."""
    costs = item_costs(uow)
    sql = (
        "SELECT e.reference, sum(l.amount) FILTER (WHERE l.side = 'D') AS booked FROM journal_entry e JOIN journal_line l"
        " ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.kind = %s AND e.reference = ANY (%s) GROUP BY e.reference"
    )
    booked = dict(uow.all(_Cost, sql, (EntryKind.PAYMENT_COST.value, [row.ident for row in costs])))
    for ident, cost in costs:
        if booked.get(ident) != abs(cost):
            yield f"settlement item {ident}: cost {cost}, {booked.get(ident, 'nothing')} is booked"
