"""What is told of what is sold: of products, their prices, coupons and features, and of what customers may use."""

from collections.abc import Iterator, Sequence

from contor.catalogue.events import CouponsChanged, PricesArchived, ProductsChanged
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.entitlements.events import EntitlementsChanged, FeaturesActivated, FeaturesArchived, FeaturesCreated
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow


@notified(FeaturesCreated, {"feature.created": "A feature was created, as a draft."})
def features_created(uow: Uow, fact: FeaturesCreated) -> Iterator[Notice]:
    return _features("feature.created", fact.feature_idents)


@notified(
    FeaturesActivated, {"feature.activated": "A feature is active: from now on contracts get what plans and options give of it."}
)
def features_activated(uow: Uow, fact: FeaturesActivated) -> Iterator[Notice]:
    return _features("feature.activated", fact.feature_idents)


@notified(FeaturesArchived, {"feature.archived": "A feature was archived: no further contract gets it."})
def features_archived(uow: Uow, fact: FeaturesArchived) -> Iterator[Notice]:
    return _features("feature.archived", fact.feature_idents)


@notified(EntitlementsChanged, {"entitlement.updated": "What a contract lets its customer use is something else from now on."})
def entitlements_changed(uow: Uow, fact: EntitlementsChanged) -> Iterator[Notice]:
    for contract in contracts_by_ident_unlocked(uow, fact.contract_idents).values():
        content = {
            "contractIdent": contract.contract_ident,
            "contractId": contract.contract_id,
            "customerIdent": contract.customer_ident,
        }
        yield Notice("entitlement.updated", f"contract:{contract.contract_ident}", content)


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


def _features(type: str, idents: Sequence[str]) -> Iterator[Notice]:
    return (Notice(type, f"feature:{ident}", {"featureIdent": ident}) for ident in idents)
