"""The rows of features and entitlements."""

from collections.abc import Sequence

from contor.api.fynn.catalogue import PRICE, PRODUCT
from contor.api.fynn.features import given, kept, used
from contor.api.fynn.features.answers import FeatureShown, OverrideShown
from contor.api.fynn.ids import SUBSCRIPTION
from contor.api.fynn.kit import route
from contor.api.ids import DialectIds
from contor.api.route import AnyOperation, By, IdsOf, Route, Sought
from contor.entitlements.features import FEATURES
from contor.entitlements.overrides import OVERRIDES

_FEATURE = "/entitlement/features/{id}"
_OVERRIDES = "/subscriptions/{subscription}/entitlement-overrides"
_OF_SUBSCRIPTION = IdsOf(path={"subscription": SUBSCRIPTION})
_SOUGHT = Sought(by={"feature": By(field="feature_ident"), "createdAt": By(field="created_at", form="INSTANT")})
_ABOUT = "feature"

_BY_PRODUCT = (given.features_of_product, given.give_by_product, given.take_from_product)
_BY_PRICE = (given.features_of_price, given.give_by_price, given.take_from_price)


def _giving(path: str, right: str, name: str, of: DialectIds, verbs: Sequence[AnyOperation]) -> list[Route]:
    """What a thing gives: all of it, one said, one taken away."""
    read, give, take = verbs
    ids, one = IdsOf(path={"id": of}), f"{path}/{{feature}}"
    write = f"{right}:write"
    return [
        route("GET", path, read, permission=f"{right}:read", id=f"get{name}Features", about=_ABOUT, ids=ids),
        route("PUT", one, give, permission=write, id=f"give{name}Feature", about=_ABOUT, body="body", ids=ids),
        route("DELETE", one, take, permission=write, id=f"take{name}Feature", about=_ABOUT, ids=ids),
    ]


ROUTES: list[Route] = [
    route(
        "GET",
        "/entitlement/features",
        kept.list_features,
        permission="feature:read",
        id="getFeatures",
        about=_ABOUT,
        filterable=FEATURES.search,
        sought=kept.SOUGHT,
        output=FeatureShown,
    ),
    route(
        "POST",
        "/entitlement/features",
        kept.create_feature,
        permission="feature:write",
        id="createFeature",
        about=_ABOUT,
        body="body",
    ),
    route("GET", _FEATURE, kept.get_feature, permission="feature:read", id="getFeature", about=_ABOUT),
    route("PUT", _FEATURE, kept.update_feature, permission="feature:write", id="updateFeature", about=_ABOUT, body="body"),
    route("PUT", f"{_FEATURE}/activate", kept.activate, permission="feature:write", id="activateFeature", about=_ABOUT),
    route("PUT", f"{_FEATURE}/archive", kept.archive, permission="feature:write", id="archiveFeature", about=_ABOUT),
    route("DELETE", _FEATURE, kept.delete_feature, permission="feature:write", id="deleteFeature", about=_ABOUT),
    route(
        "GET",
        "/entitlement/state",
        used.read_state,
        permission="subscription:read",
        id="getEntitlementState",
        about="entitlement",
        parameters={name: (name, "") for name in ("customer", "subscription", "at", "feature")},
    ),
    route(
        "GET",
        _OVERRIDES,
        used.list_overrides,
        permission="subscription:read",
        id="getEntitlementOverrides",
        about="entitlement",
        filterable=OVERRIDES.search,
        sought=_SOUGHT,
        output=OverrideShown,
        ids=_OF_SUBSCRIPTION,
    ),
    route(
        "POST",
        _OVERRIDES,
        used.create_override,
        permission="subscription:write",
        id="createEntitlementOverride",
        about="entitlement",
        body="body",
        ids=_OF_SUBSCRIPTION,
    ),
    route(
        "PUT",
        f"{_OVERRIDES}/{{override}}",
        used.update_override,
        permission="subscription:write",
        id="updateEntitlementOverride",
        about="entitlement",
        body="body",
        ids=_OF_SUBSCRIPTION,
    ),
    route(
        "DELETE",
        f"{_OVERRIDES}/{{override}}",
        used.delete_override,
        permission="subscription:write",
        id="deleteEntitlementOverride",
        about="entitlement",
        ids=_OF_SUBSCRIPTION,
    ),
    *_giving("/catalogue/products/{id}/features", "product", "Product", PRODUCT, _BY_PRODUCT),
    *_giving("/price-plans/{id}/features", "price-plan", "PricePlan", PRICE, _BY_PRICE),
]
