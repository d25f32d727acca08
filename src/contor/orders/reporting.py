"""What reports read of orders."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.uow import Uow


class _Segment(NamedTuple):
    ident: str
    segment: str


def segments_of_orders(uow: Uow, idents: Collection[str]) -> dict[str, str]:
    """The business segment of each of these orders."""
    sql = "SELECT order_ident AS ident, business_segment_ident AS segment FROM sales_order WHERE order_ident = ANY (%s)"
    return dict(uow.all(_Segment, sql, (sorted(idents),))) if idents else {}
