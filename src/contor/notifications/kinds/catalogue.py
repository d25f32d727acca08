"""What is told of products, their prices and coupons."""

from collections.abc import Iterator

from contor.catalogue.events import CouponsChanged, PricesArchived, ProductsChanged
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow


@notified(
    ProductsChanged,
    {
        "product.created": "A product was created.",
        "product.updated": "A product was changed.",
        "product.archived": "A product was archived: nobody orders it any more.",
        "product.deleted": "A product was deleted, which had no prices.",
    },
)
def products_changed(uow: Uow, fact: ProductsChanged) -> Iterator[Notice]:
    for ident in fact.product_idents:
        yield Notice(f"product.{fact.became.lower()}", f"product:{ident}", {"productIdent": ident})


@notified(PricesArchived, {"product_price.archived": "A price of a product was archived: nobody orders at it any more."})
def prices_archived(uow: Uow, fact: PricesArchived) -> Iterator[Notice]:
    for ident in fact.price_idents:
        yield Notice("product_price.archived", f"product_price:{ident}", {"priceIdent": ident})


@notified(
    CouponsChanged,
    {
        "coupon.created": "A coupon was created.",
        "coupon.updated": "A coupon was changed.",
        "coupon.toggled": "A coupon was withdrawn, or can be redeemed again.",
        "coupon.deleted": "A coupon was deleted, which nobody had redeemed.",
    },
)
def coupons_changed(uow: Uow, fact: CouponsChanged) -> Iterator[Notice]:
    for code in fact.codes:
        yield Notice(f"coupon.{fact.became.lower()}", f"coupon:{code}", {"code": code})
