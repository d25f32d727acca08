"""Facts about orders, and about the lines that they and contracts have. Pure."""

from contor.kernel.events import event
from contor.orders.types import HolderType


@event("order.created")
class OrdersCreated:
    order_idents: tuple[str, ...]


@event("order.updated")
class OrdersUpdated:
    """What they say, their lines, deposits or files changed."""

    order_idents: tuple[str, ...]


@event("order.cancelled")
class OrdersCancelled:
    order_idents: tuple[str, ...]


@event("contracts.lines_changed")
class ContractLinesChanged:
    """Lines or files of contracts changed."""

    contract_idents: tuple[str, ...]


def changed_of(holder: HolderType, ident: str) -> OrdersUpdated | ContractLinesChanged:
    """What happened to who holds a line that changed."""
    return OrdersUpdated(order_idents=(ident,)) if holder == "ORDER" else ContractLinesChanged(contract_idents=(ident,))
