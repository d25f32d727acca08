"""What is sold: units, measurements, products, their families and price plans, coupons, and plans in tiers."""

from contor.api.fynn.catalogue.coupons import COUPON
from contor.api.fynn.catalogue.relations import (
    MEASUREMENT,
    PLAN,
    PRICE,
    PRODUCT,
    TAX_GROUP,
    UNIT,
    Asked,
    One,
    Related,
    customers_named,
    said_as,
)
from contor.api.fynn.catalogue.table import ROUTES
from contor.api.fynn.catalogue.told import coupons_told, price_plans_told, products_told

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
    "coupons_told",
    "customers_named",
    "price_plans_told",
    "products_told",
    "said_as",
]
