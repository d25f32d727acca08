"""What is sold, by fynn's names: price plans, tiers of plans, products; and how the core calls them."""

from contor.api.fynn.catalogue.relations import PLAN, PRICE, PRODUCT, ident_of
from contor.api.fynn.checkout.answers import PlanNamed, ProductNamed
from contor.api.fynn.checkout.reading import LinkItemData
from contor.catalogue.products import prices_by_ident, prices_of_product, product_plan, products_by_ident
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow


def item_fields(uow: Uow, one: LinkItemData, where: str) -> tuple[Fields, list[Problem]]:
    """As the core's, and what is wrong with how it is named."""
    quantity = {"quantity": one.quantity}
    plan, product = one.plan, one.product
    if plan:
        price = ident_of(uow, PRICE, plan)
        if price is not None and prices_by_ident(uow, [price]):
            return {"type": "PRICE", "ident": price, **quantity}, []
        code = ident_of(uow, PLAN, plan)
        if code is not None and product_plan(uow, code) is not None:
            return {"type": "TIER", "ident": code, "tier": one.tier, **quantity}, []
        return {"type": "PLAN", "ident": plan, **quantity}, []
    if not product:
        return {"type": "PLAN", "ident": "-", **quantity}, [Problem("field_required", "is required", f"{where}.{one.type}")]
    ident = ident_of(uow, PRODUCT, product) or product
    if not products_by_ident(uow, [ident]):
        return {"type": "PRODUCT", "ident": product, **quantity}, []
    active = [price.ident for price in prices_of_product(uow, ident) if price.status == "ACTIVE" and price.customer_ident is None]
    if len(active) != 1:
        message = f"has {len(active)} price plans: say which one, as plan"
        return {"type": "PRICE", "ident": "-", **quantity}, [Problem("price_unclear", message, f"{where}.product", product)]
    return {"type": "PRICE", "ident": active[0], **quantity}, []


def plan_named(uow: Uow, type: str, ident: str, name: str | None) -> PlanNamed | None:
    """A price plan, a plan in tiers or a plan of the core."""
    if type == "PRODUCT":
        return None
    if type == "PRICE":
        return PlanNamed(id=str(PRICE.shown(uow, [ident]).get(ident, ident)), code=ident, name=name)
    if type == "TIER":
        found = product_plan(uow, ident)
        shown = str(PLAN.shown(uow, [ident]).get(ident, ident))
        return PlanNamed(id=shown, code=ident, name=found.name if found is not None else name)
    return PlanNamed(id=ident, code=ident, name=name)


def product_named(uow: Uow, type: str, ident: str, name: str | None) -> ProductNamed | None:
    """The product that a price is of, or an option that is sold alone."""
    if type == "PRODUCT":
        return ProductNamed(id=ident, name=name)
    price = prices_by_ident(uow, [ident]).get(ident) if type == "PRICE" else None
    if price is None:
        return None
    product = price.product_ident
    return ProductNamed(id=str(PRODUCT.shown(uow, [product])[product]), name=products_by_ident(uow, [product])[product].name)
