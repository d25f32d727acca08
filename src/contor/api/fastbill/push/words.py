"""What notifications are called by receivers of FastBill, classic and Automatic.

Classic webhooks tell of customers, contacts, invoices and estimates in whole entities; Automatic notifications of customers, subscriptions,
payments and invoices, with names in small letters. Times are those of Berlin, as every time of this API.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from contor.api.codec import JSON
from contor.notifications.formats import Told
from contor.notifications.types import Policy

TRIES: Final = Policy(resends=5, first_pause_seconds=600, within_hours=24, grows_by=1, are_refusals_final=False)
"""Whatever is answered but 2xx: five more tries, one every ten minutes."""
CLASSIC: Final[Mapping[str, Collection[str]]] = {
    "customer.created": ("customer.created",),
    "customer.updated": ("customer.updated",),
    "address.created": ("customer.updated",),
    "address.updated": ("customer.updated",),
    "customer.deleted": ("customer.deleted",),
    "contact.created": ("contact.created",),
    "contact.updated": ("contact.updated",),
    "contact.deleted": ("contact.deleted",),
    "offer.created": ("estimate.created",),
    "offer.updated": ("estimate.updated",),
    "draft.created": ("invoice.created",),
    "invoice.created": ("invoice.completed", "invoice.canceled"),
}
"""Type of notification -> the events of classic webhooks."""
AUTOMATIC: Final[Mapping[str, Collection[str]]] = {
    "customer.created": ("customer.created",),
    "customer.updated": ("customer.changed",),
    "address.created": ("customer.changed",),
    "address.updated": ("customer.changed",),
    "customer.deleted": ("customer.deleted",),
    "contract.created": ("subscription.created",),
    "contract.updated": ("subscription.changed",),
    "contract.paused": ("subscription.changed",),
    "contract.resumed": ("subscription.changed",),
    "contract.renewed": ("subscription.changed",),
    "contract.terminated": ("subscription.canceled",),
    "contract.cancelled": ("subscription.canceled",),
    "contract.expired": ("subscription.closed",),
    "contract.terminationWithdrawn": ("subscription.reactivate",),
    "contract.reactivated": ("subscription.reactivate",),
    "paymentAssignment.processed": ("payment.created",),
    "paymentintent.result": ("payment.failed", "payment.refunded"),
    "dunning.created": ("payment.reminded",),
    "payment.returned": ("payment.chargeback",),
    "draft.created": ("invoice.created",),
    "draft.updated": ("invoice.changed",),
    "draft.deleted": ("invoice.deleted",),
    "invoice.created": ("invoice.created", "invoice.changed"),
    "invoice.updated": ("invoice.changed",),
}
"""Type of notification -> the events of Automatic notifications."""
_BEGINS: Final = ("customer.created", "contract.created", "draft.created", "contact.created", "offer.created")
"""Of what begins in a transaction, its changes in the same one are not told beside."""


def said_once(told: Sequence[Told]) -> list[Told]:
    """Without what another one of the same transaction says anew of the same thing."""
    begun = {(one.subject, one.recorded_at) for one in told if one.type in _BEGINS}
    last = {(one.subject, one.recorded_at, _kind(one)): one.sequence for one in told}
    persons = {(one.subject, one.recorded_at) for one in told if one.type.startswith("contact.")}
    return [
        one
        for one in told
        if (one.type in _BEGINS or not _changes(one) or (one.subject, one.recorded_at) not in begun)
        # a contact is an address of its customer, who is none the other for it
        and not (one.type.startswith("address.") and (one.subject, one.recorded_at) in persons)
        and last[one.subject, one.recorded_at, _kind(one)] == one.sequence
    ]


def payload(told: Told) -> Mapping[str, object]:
    """What the notification says."""
    said = JSON.read(told.payload.encode())
    return said if isinstance(said, Mapping) else {}


def named(values: Iterable[object]) -> list[str]:
    """The texts among them, each once."""
    return list(dict.fromkeys(value for value in values if isinstance(value, str)))


def _changes(told: Told) -> bool:
    return told.type.endswith(".updated") or told.type == "address.created"


def _kind(told: Told) -> str:
    """Addresses are part of their customer."""
    return "updated" if _changes(told) else told.type
