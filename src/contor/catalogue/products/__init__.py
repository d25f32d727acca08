"""Products, what each costs, and plans made of such prices: for one contract, or sold in tiers."""

from contor.catalogue.products.composing import composed_plan, offer_also
from contor.catalogue.products.labels import COST_CENTRES, FAMILIES, TAX_GROUPS
from contor.catalogue.products.plans import PLANS, SetPlanStatus, activate_plan, archive_plan
from contor.catalogue.products.quantities import quantities_of
from contor.catalogue.products.queries import (
    COST_CENTRES_NUMBERED,
    FAMILIES_NUMBERED,
    PLANS_NUMBERED,
    PRICES_NUMBERED,
    PRODUCTS_NUMBERED,
    TAX_GROUPS_NUMBERED,
    ProductPlan,
    families_named,
    prices_by_ident,
    prices_in_use,
    prices_of_options,
    prices_of_product,
    product_plan,
    products_by_ident,
    products_offered,
    tiers_of,
)
from contor.catalogue.products.stored import PRICES, PRODUCTS, OnePrice, OneProduct, archive_price, archive_product
from contor.catalogue.products.types import MAIN, SETUP, Agreed, PlanItem, PlanTier, Product, ProductPrice, ProductTier

__all__ = [
    "COST_CENTRES",
    "COST_CENTRES_NUMBERED",
    "FAMILIES",
    "FAMILIES_NUMBERED",
    "MAIN",
    "PLANS",
    "PLANS_NUMBERED",
    "PRICES",
    "PRICES_NUMBERED",
    "PRODUCTS",
    "PRODUCTS_NUMBERED",
    "SETUP",
    "TAX_GROUPS",
    "TAX_GROUPS_NUMBERED",
    "Agreed",
    "OnePrice",
    "OneProduct",
    "PlanItem",
    "PlanTier",
    "Product",
    "ProductPlan",
    "ProductPrice",
    "ProductTier",
    "SetPlanStatus",
    "activate_plan",
    "archive_plan",
    "archive_price",
    "archive_product",
    "composed_plan",
    "families_named",
    "offer_also",
    "prices_by_ident",
    "prices_in_use",
    "prices_of_options",
    "prices_of_product",
    "product_plan",
    "products_by_ident",
    "products_offered",
    "quantities_of",
    "tiers_of",
]
