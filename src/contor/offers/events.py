"""Facts about offers. Pure."""

from contor.kernel.events import event


@event("offers.created")
class OffersCreated:
    """Somebody has written them."""

    offer_ids: tuple[int, ...]


@event("offers.changed")
class OffersChanged:
    """What they say, or what has become of them, is another."""

    offer_ids: tuple[int, ...]
