"""What is sold: units, measurements, products, their families and price plans, coupons, and plans in tiers."""

from contor.api.fynn.catalogue.coupons import COUPON, coupons_shown
from contor.api.fynn.catalogue.prices import price_plans_shown
from contor.api.fynn.catalogue.products import products_shown
from contor.api.fynn.catalogue.relations import MEASUREMENT, PLAN, PRICE, PRODUCT, TAX_GROUP, UNIT, Asked, One, Related, said_as
from contor.api.fynn.catalogue.rows import ROUTES

__all__ = [
    "COUPON",
    "MEASUREMENT",
    "PLAN",
    "PRICE",
    "PRODUCT",
    "ROUTES",
    "TAX_GROUP",
    "UNIT",
    "Asked",
    "One",
    "Related",
    "coupons_shown",
    "price_plans_shown",
    "products_shown",
    "said_as",
]
