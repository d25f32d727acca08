"""What notifications of the core are called by receivers of webhooks, and of which thing each tells.

A row of `EVENTS` is an event: its name, the notification that it comes of, and the thing in its `data` (`things.py`). What is missing here
is told to nobody.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Said = Mapping[str, object]
"""What a notification says."""
Thing = Literal[
    "cart",
    "coupon",
    "customer",
    "dunning_document",
    "entitlements",
    "feature",
    "invoice",
    "payment_method",
    "price_plan",
    "product",
    "subscription",
]
"""A name in `things.THINGS`."""


class Event(NamedTuple):
    """An event as receivers know it."""

    name: str
    type: str
    """The notification of the core."""
    thing: Thing


def _rows(thing: Thing, **types: tuple[str, ...]) -> tuple[Event, ...]:
    """Events of a thing that are called by it: `updated=("customer.updated", …)` is `customer.updated`; `__` stands for a point."""
    return tuple([Event(f"{thing}.{name.replace('__', '.')}", type, thing) for name, found in types.items() for type in found])


EVENTS: Final[tuple[Event, ...]] = (
    *_rows(
        "customer",
        created=("customer.created",),
        updated=(
            *("customer.updated", "customer.suspended", "customer.reinstated", "address.created", "address.updated"),
            *("contact.created", "contact.updated", "contact.deleted"),
        ),
        archived=("customer.archived",),
        unarchived=("customer.unarchived",),
        deleted=("customer.deleted",),
        merged=("customer.merged",),
        parent__assigned=("customer.parent.assigned",),
        parent__removed=("customer.parent.removed",),
    ),
    *_rows(
        "invoice",
        created=("draft.created",),
        updated=("draft.updated", "invoice.updated"),
        finalized=("invoice.archived",),
        paid=("invoice.paid",),
        unpaid=("invoice.unpaid",),
        closed=("invoice.closed",),
        credited=("invoice.credited",),
        refunded=("invoice.refunded",),
        canceled=("invoice.cancelled",),
        remindered=("invoice.reminded",),
        requires_approval=("draft.approvalRequired",),
        pdf__generation_requested=("invoice.pictureRequested",),
        payment_method__updated=("paymentintent.created",),
    ),
    *_rows(
        "dunning_document",
        created=("dunning.created",),
        paid=("dunning.paid",),
        canceled=("dunning.withdrawn",),
    ),
    *_rows(
        "subscription",
        created=("contract.created",),
        activated=("contract.started",),
        updated=("contract.updated", "contract.reactivated", "contract.renewed"),
        changed=("contract.switched",),
        billed=("contract.billed",),
        canceled=("contract.terminated", "contract.cancelled"),
        cancellation_revoked=("contract.terminationWithdrawn",),
        terminated=("contract.expired",),
        paused=("contract.paused",),
        resumed=("contract.resumed",),
        trial_extended=("contract.trialExtended",),
        trial_expired=("contract.trialExpired",),
        invoice_address__updated=("contract.invoiceAddressChanged",),
        delivery_address__updated=("contract.shippingAddressChanged",),
        payment_method__updated=("contract.paymentChanged",),
        products__ordered=("contract.optionsOrdered",),
        item__quantity_changed=("contract.quantityChanged",),
        item__instant_metered=("contract.usageRecorded",),
        item__metered=("contract.usageCounted",),
    ),
    Event("subscription_item.terminated", "contract.optionsEnded", "subscription"),
    *_rows(
        "product",
        created=("product.created",),
        updated=("product.updated",),
        archived=("product.archived",),
        deleted=("product.deleted",),
    ),
    *_rows("price_plan", archived=("product_price.archived",)),
    *_rows(
        "coupon",
        created=("coupon.created",),
        updated=("coupon.updated",),
        toggled=("coupon.toggled",),
        deleted=("coupon.deleted",),
    ),
    *_rows("cart", completed=("cart.completed",), paid=("cart.paid",)),
    *_rows("payment_method", created=("paymentMethod.created",), updated=("paymentMethod.updated", "paymentMethod.removed")),
    *_rows("feature", created=("feature.created",), activated=("feature.activated",), archived=("feature.archived",)),
    Event("entitlement.state.updated", "entitlement.updated", "entitlements"),
)
NAMES: Final = tuple(sorted({event.name for event in EVENTS}))
_BY_TYPE: Final = {event.type: event for event in EVENTS}


def event_of(type: str) -> Event | None:
    """None: a receiver is told nothing of it."""
    return _BY_TYPE.get(type)


def named_by_type() -> Mapping[str, tuple[str, ...]]:
    """Type of notification -> what it is called."""
    return {type: (event.name,) for type, event in _BY_TYPE.items()}
