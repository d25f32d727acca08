"""Who ordered, and in which segment: for who tells others of orders."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class OrderParty(NamedTuple):
    order_ident: str
    customer_ident: str
    business_segment_ident: str


def parties_of_orders(uow: Uow, idents: Collection[str]) -> dict[str, OrderParty]:
    """By the order; those that do not exist are left out."""
    sql = f"SELECT {columns(OrderParty)} FROM sales_order WHERE order_ident = ANY (%s)"
    return {row.order_ident: row for row in uow.all(OrderParty, sql, (sorted(set(idents)),))} if idents else {}
