"""What must hold of usages: each is billed on one item, and an item bills what its usages say."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Shown(NamedTuple):
    """An item, the quantity that it shows and that of its usages."""

    item_id: int
    shown: Decimal
    used: Decimal | None


class _Stray(NamedTuple):
    """A usage that disagrees with its item."""

    usage_ident: str
    status: str
    processing_status: str | None


@check("usage.items_bill_the_quantity_of_their_usages")
def quantities(uow: Uow) -> Iterable[str]:
    """The quantity that an item shows is the sum of the usages that it billed; usages by the clock have no quantity. A correction
    shows that of the whole period."""
    for row in uow.all(
        _Shown,
        # one basis, or several: a first block of another size or price is said by itself
        "SELECT i.item_id, s.shown, sum(u.quantity) AS used FROM billable_item i"
        " CROSS JOIN LATERAL (SELECT i.content -> 'price_calculation_basis' AS said) b"
        " CROSS JOIN LATERAL (SELECT sum((one ->> 'used_quantity')::numeric) AS shown FROM jsonb_array_elements("
        "CASE jsonb_typeof(b.said) WHEN 'array' THEN b.said ELSE jsonb_build_array(b.said) END) one) s"
        " LEFT JOIN usage u ON u.tenant_id = i.tenant_id AND u.item_id = i.item_id"
        " WHERE i.kind = 'USAGE' AND i.processing_status = 'COMPLETED' AND i.business_case = 'PURCHASE'"
        " AND s.shown IS NOT NULL GROUP BY i.item_id, s.shown HAVING coalesce(sum(u.quantity), 0) <> s.shown",
    ):
        yield f"item i-{row.item_id} bills {row.shown}, its usages are {row.used}"


@check("usage.billed_usages_have_a_billed_item")
def billed(uow: Uow) -> Iterable[str]:
    """A usage that is BILLED names an item that is billed; one that is OPEN names none."""
    for row in uow.all(
        _Stray,
        "SELECT u.usage_ident, u.status, i.processing_status FROM usage u"
        " LEFT JOIN billable_item i ON i.tenant_id = u.tenant_id AND i.item_id = u.item_id"
        " WHERE (u.status = 'BILLED' AND coalesce(i.processing_status, '') <> 'COMPLETED')"
        " OR (u.status = 'OPEN' AND u.item_id IS NOT NULL)",
    ):
        yield f"usage {row.usage_ident} is {row.status}, its item {row.processing_status}"
