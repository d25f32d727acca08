"""What notifications of the core are called by receivers of webhooks, and of which thing each tells.

A row of `EVENTS` is an event: its name, the notification that it comes of, the thing in its `data` (`things.py`) and, where one kind of
notification means several events, when it is meant: the first row that fits counts. What is missing here is told to nobody.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

Said = Mapping[str, object]
"""What a notification says."""
Thing = Literal["coupon", "entitlements", "feature", "price plan", "product"]
"""A name in `things.THINGS`."""


def always(said: Said) -> bool:
    return True


class Event(NamedTuple):
    """An event as receivers know it."""

    name: str
    type: str
    """The notification of the core."""
    thing: Thing
    when: Callable[[Said], bool] = always


EVENTS: Final[tuple[Event, ...]] = (
    Event("product.created", "product.created", "product"),
    Event("product.updated", "product.updated", "product"),
    Event("product.deleted", "product.deleted", "product"),
    Event("product.archived", "product.archived", "product"),
    Event("price_plan.archived", "product_price.archived", "price plan"),
    Event("coupon.created", "coupon.created", "coupon"),
    Event("coupon.updated", "coupon.updated", "coupon"),
    Event("coupon.deleted", "coupon.deleted", "coupon"),
    Event("coupon.toggled", "coupon.toggled", "coupon"),
    Event("feature.created", "feature.created", "feature"),
    Event("feature.activated", "feature.activated", "feature"),
    Event("feature.archived", "feature.archived", "feature"),
    Event("entitlement.state.updated", "entitlement.updated", "entitlements"),
)
NAMES: Final = tuple(sorted({event.name for event in EVENTS}))


def event_of(type: str, said: Said) -> Event | None:
    """None: a receiver is told nothing of it."""
    return next((event for event in EVENTS if event.type == type and event.when(said)), None)


def named_by_type() -> Mapping[str, tuple[str, ...]]:
    """Type of notification -> what it may be called."""
    found: dict[str, tuple[str, ...]] = {}
    for event in EVENTS:
        found[event.type] = (*found.get(event.type, ()), event.name)
    return found
