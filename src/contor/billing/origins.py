"""Documents name the orders and contracts that they bill."""

from contor.billing.events import ItemsBilled
from contor.documents.after import Origin, keep_origins
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(ItemsBilled)
def name_origins(uow: Uow, fact: ItemsBilled) -> None:
    """Each order or contract once per document."""
    named = {(number, item.of_order, item.contract_ident) for number, items in fact.papers for item in items}
    keep_origins(uow, [Origin(number, "ORDER" if of_order else "CONTRACT", ident) for number, of_order, ident in sorted(named)])
