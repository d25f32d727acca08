"""What is told of what is sold, of features, and of what customers may use."""

import itertools
from collections.abc import Iterator, Sequence

from contor.catalogue.events import CatalogueTurned
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.entitlements.events import EntitlementsChanged, FeaturesActivated, FeaturesArchived, FeaturesCreated
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow

_NAMES = {"PRODUCT": "product", "PRICE": "price", "COUPON": "coupon"}


@notified(
    CatalogueTurned,
    {
        "product.created": "A product was made.",
        "product.updated": "A product was changed.",
        "product.archived": "A product is not ordered any more.",
        "product.deleted": "A product was deleted.",
        "price.archived": "A price of a product is not ordered any more.",
        "coupon.created": "A coupon was made.",
        "coupon.updated": "A coupon was changed.",
        "coupon.toggled": "A coupon was withdrawn, or is redeemed again.",
        "coupon.deleted": "A coupon was deleted.",
    },
)
def catalogue_turned(uow: Uow, fact: CatalogueTurned) -> Iterator[Notice]:
    name = _NAMES[fact.kind]
    for ident, number in itertools.zip_longest(fact.idents, fact.numbers):
        yield Notice(f"{name}.{fact.turn.lower()}", f"{name}:{ident}", {f"{name}Ident": ident, f"{name}Id": number})


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


def _features(type: str, idents: Sequence[str]) -> Iterator[Notice]:
    return (Notice(type, f"feature:{ident}", {"featureIdent": ident}) for ident in idents)
