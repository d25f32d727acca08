"""What products and price plans give of features; a price plan is an option of the core, and what it says counts before its product."""

from dataclasses import dataclass

from contor.api.fynn.features.answers import FeatureValueSent, FeatureValueShown, FeatureValuesShown
from contor.api.fynn.features.shown import assignment, text_of
from contor.catalogue.products import PRICES, PRODUCTS
from contor.entitlements.assigned import OPTION_FEATURES, PRODUCT_FEATURES
from contor.entitlements.queries import Assignable, assignments_of
from contor.kernel.operations import operation
from contor.runtime.resource import Keyed, Resource, Written
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Giver:
    """A product or a price plan."""

    id: str


@dataclass(frozen=True, slots=True)
class OneGiven:
    id: str
    feature: str


@dataclass(frozen=True, slots=True)
class Give:
    id: str
    feature: str
    body: FeatureValueSent


@operation("fynn.product_features", permission="catalogue.read", reads=True)
def features_of_product(uow: Uow, command: Giver) -> FeatureValuesShown:
    """What a product gives."""
    PRODUCTS.require(uow, (command.id,))
    return _all(uow, "PRODUCT", command.id)


@operation("fynn.product_give_feature", permission="catalogue.write")
def give_by_product(uow: Uow, command: Give) -> FeatureValueShown:
    """Subscriptions that are made from now on get it with the product."""
    PRODUCTS.require(uow, (command.id,))
    return _given(uow, PRODUCT_FEATURES, "PRODUCT", command)


@operation("fynn.product_take_feature", permission="catalogue.write")
def take_from_product(uow: Uow, command: OneGiven) -> None:
    """Subscriptions that have it keep it."""
    PRODUCT_FEATURES.delete(uow, Keyed((command.feature, command.id)))


@operation("fynn.price_plan_features", permission="catalogue.read", reads=True)
def features_of_price(uow: Uow, command: Giver) -> FeatureValuesShown:
    """What a price plan gives, without what its product does."""
    PRICES.require(uow, (command.id,))
    return _all(uow, "OPTION", command.id)


@operation("fynn.price_plan_give_feature", permission="catalogue.write")
def give_by_price(uow: Uow, command: Give) -> FeatureValueShown:
    """Subscriptions that are made from now on get it with the price plan, whatever its product says."""
    PRICES.require(uow, (command.id,))
    return _given(uow, OPTION_FEATURES, "OPTION", command)


@operation("fynn.price_plan_take_feature", permission="catalogue.write")
def take_from_price(uow: Uow, command: OneGiven) -> None:
    """Subscriptions that have it keep it."""
    OPTION_FEATURES.delete(uow, Keyed((command.feature, command.id)))


# helpers in calling order


def _all(uow: Uow, source: Assignable, ident: str) -> FeatureValuesShown:
    return FeatureValuesShown(data=tuple([assignment(one) for one in assignments_of(uow, source, ident)]))


def _given(uow: Uow, things: Resource, source: Assignable, command: Give) -> FeatureValueShown:
    """Said anew where it was said before."""
    keys, value = (command.feature, command.id), text_of(command.body.value)
    if things.find(uow, keys) is None:
        things.create(uow, Written(keys[:1], {things.keys[-1]: command.id, "value": value}))
    else:
        things.update(uow, Written(keys, {"value": value}))
    return next(assignment(one) for one in assignments_of(uow, source, command.id) if one.feature_ident == command.feature)
