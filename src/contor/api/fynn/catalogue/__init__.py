"""What is sold: units, measurements, products, their families and price plans, coupons, and plans in tiers."""

from contor.api.fynn.catalogue.coupons import COUPON
from contor.api.fynn.catalogue.relations import MEASUREMENT, PLAN, PRICE, PRODUCT, TAX_GROUP, UNIT, Asked, One, Related, said_as
from contor.api.fynn.catalogue.table import ROUTES

__all__ = ["COUPON", "MEASUREMENT", "PLAN", "PRICE", "PRODUCT", "ROUTES", "TAX_GROUP", "UNIT", "Asked", "One", "Related", "said_as"]
