"""What must hold of contracts: coupons count the redemptions that stand; lists find contracts where they stand."""

from collections.abc import Iterable

from contor.catalogue.coupons.queries import counted_coupons
from contor.contracts.coupons import uses
from contor.contracts.labels import misplaced
from contor.kernel.checks import check
from contor.runtime.uow import Uow


@check("contracts.coupons_count_their_redemptions")
def coupons(uow: Uow) -> Iterable[str]:
    """No redemption is lost or counted twice. A limit that was lowered is not below what was counted."""
    by_code = uses(uow)
    for coupon in counted_coupons(uow):
        redeemed = by_code.get(coupon.code, 0)
        if redeemed != coupon.usages:
            yield f"coupon {coupon.code} counts {coupon.usages} redemptions, of which {redeemed} stand"
        if coupon.limit_total is not None and coupon.usages > coupon.limit_total:
            yield f"coupon {coupon.code} was redeemed {coupon.usages} times, more often than its limit {coupon.limit_total}"


@check("contracts.are_listed_where_they_stand")
def places(uow: Uow) -> Iterable[str]:
    """What lists find and sort contracts by is what the contracts say."""
    for ident in misplaced(uow):
        yield f"contract {ident} is listed with another standing, trial or way to pay than it has"
