"""What others are told of orders: the facts, and whom they concern."""

from contor.orders.told.events import ContractLinesChanged, OrdersCancelled, OrdersCreated, OrdersUpdated, changed_of
from contor.orders.told.parties import OrderParty, parties_of_orders

__all__ = [
    "ContractLinesChanged",
    "OrderParty",
    "OrdersCancelled",
    "OrdersCreated",
    "OrdersUpdated",
    "changed_of",
    "parties_of_orders",
]
