"""Facts about features and entitlements. Pure."""

from contor.kernel.events import event


@event("features.created")
class FeaturesCreated:
    feature_idents: tuple[str, ...]


@event("features.activated")
class FeaturesActivated:
    """From now on new contracts get what plans and options give of them."""

    feature_idents: tuple[str, ...]


@event("features.archived")
class FeaturesArchived:
    """No further contract gets them."""

    feature_idents: tuple[str, ...]


@event("entitlements.changed")
class EntitlementsChanged:
    """From now on contracts give something else than a moment before."""

    contract_idents: tuple[str, ...]
