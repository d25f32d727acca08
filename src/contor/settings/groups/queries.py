"""Read business segments: the only SQL on them outside of this room."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from contor.runtime.uow import Uow


class SegmentTerms(NamedTuple):
    """A business segment, with when its billing group bills the deposits of orders."""

    segment_ident: str
    billing_group_ident: str
    deposit_invoice_creation: Literal["NONE", "AT_ORDER_CREATION"]


_SEGMENT = (
    "SELECT s.segment_ident, s.billing_group_ident, g.deposit_invoice_creation FROM business_segment s"
    " JOIN billing_group g ON g.tenant_id = s.tenant_id AND g.billing_group_ident = s.billing_group_ident WHERE "
)


def segment_by_ident(uow: Uow, ident: str) -> SegmentTerms | None:
    """The named business segment."""
    return uow.first(SegmentTerms, f"{_SEGMENT}s.segment_ident = %s", (ident,))


def known_segments(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are business segments."""
    sql = "SELECT segment_ident FROM business_segment WHERE segment_ident = ANY (%s)"
    return frozenset(uow.column(str, sql, (sorted(set(idents)),)))


def default_segment(uow: Uow) -> SegmentTerms | None:
    """The business segment of what names none."""
    return uow.first(SegmentTerms, f'{_SEGMENT}s."default"')
