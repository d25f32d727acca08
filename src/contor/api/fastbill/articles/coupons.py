"""coupon.get and coupon.check."""

from contor.api.fastbill.articles.answers import coupon
from contor.api.fastbill.articles.types import CouponCheckFilter, CouponFilter
from contor.api.fastbill.ids import unknown
from contor.api.fastbill.writing import Fields, listed
from contor.catalogue.coupons.stored import COUPONS
from contor.catalogue.queries import known_plans
from contor.contracts.coupons import CheckCoupon, CheckedCoupon, check_coupon
from contor.kernel.operations import operation
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.resource import Listed
from contor.runtime.uow import Uow


@operation("fastbill.coupon_get", permission="catalogue.read", reads=True)
def get(uow: Uow, where: CouponFilter) -> Fields:
    """The coupon of the code, or all of them by their codes."""
    if where.code is not None:
        found = COUPONS.find(uow, (where.code,))
        return listed("coupons", [coupon(row) for row in COUPONS.shown(uow, [found])] if found and COUPONS.shown else [])
    query = ListQuery(None, (Order("code"),), PageRequest(where.limit + where.offset))
    rows = COUPONS.list.function(uow, Listed((), query)).items
    return listed("coupons", [coupon(row) for row in rows[where.offset :]])


@operation("fastbill.coupon_check", permission="catalogue.read", reads=True)
def check(uow: Uow, where: CouponCheckFilter) -> Fields:
    """Whether the coupon holds for the article today."""
    if not known_plans(uow, [where.article_number]):
        raise unknown("article_number", where.article_number)
    if COUPONS.find(uow, (where.code,)) is None:
        return {"status": "invalid"}
    found = check_coupon(uow, CheckCoupon(code=where.code, body=CheckedCoupon(plan_ident=where.article_number)))
    return {"status": "valid" if found.valid else "invalid"}
