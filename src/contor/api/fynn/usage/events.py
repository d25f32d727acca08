"""POST /api/usage-events: up to a thousand events, each told once."""

from typing import Annotated, Final

from pydantic import Field

from contor.api.fynn.catalogue import customers_named, said_as
from contor.api.fynn.manners import Instant
from contor.kernel.operations import operation
from contor.kernel.shapes import Sent, Text255, shape
from contor.runtime.uow import Uow
from contor.usage.measured import (
    MOST_EVENTS,
    MOST_PROPERTIES,
    Event,
    EventBatch,
    EventName,
    RecordEvents,
    TransactionId,
    Value,
    record_events,
)

CORE: Final = {"customer": "customerId"}


class UsageEventBody(Sent, frozen=True):
    """Something that a customer did."""

    transaction_id: TransactionId
    event_name: EventName
    customer_id: Text255
    timestamp: Instant
    properties: Annotated[dict[EventName, Value], Field(max_length=MOST_PROPERTIES)] | None = None


class UsageEventsBody(Sent, frozen=True):
    events: Annotated[tuple[UsageEventBody, ...], Field(min_length=1, max_length=MOST_EVENTS)]


@shape
class TellEvents:
    body: UsageEventsBody


@shape
class UsageEventsShown:
    accepted: int
    created: int
    """Those that are new."""
    duplicates: int
    """Those that were told before, by the same `transactionId`: nothing changes."""


@operation("fynn.usage_event_create", permission="contracts.write")
def tell_events(uow: Uow, command: TellEvents) -> UsageEventsShown:
    """All of the events, or none: every finding is told at its event."""
    sent = command.body.events
    known = customers_named(uow, {one.customer_id for one in sent})
    events = tuple(
        [
            Event(
                transaction_id=one.transaction_id,
                event_name=one.event_name,
                customer=known.get(one.customer_id, one.customer_id),
                timestamp=one.timestamp,
                properties=one.properties,
            )
            for one in sent
        ]
    )
    with said_as(CORE):
        taken = record_events(uow, RecordEvents(body=EventBatch(events=events)))
    return UsageEventsShown(accepted=len(events), created=taken.created, duplicates=taken.known)
