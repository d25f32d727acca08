"""Events that are measured: who did what when, with what is said of it. Source: subscriptions, section 3; fynn API 5.4. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from pydantic import Field, GetPydanticSchema

from contor.kernel.shapes import PRINTABLE, SEEN, Sent, Text255, shape

MOST_EVENTS: Final = 1000
"""Of one request."""
MOST_PROPERTIES: Final = 50
TransactionId = Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=128), SEEN]
EventName = Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=255), SEEN]
LARGEST: Final = 10**15
"""A number of a property is below it."""
NUMBER: Final = r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?"
"""A text that counts as a number: who takes events and who counts them read the same ones, in Python and in SQL."""
_VALUE: Final = (
    bool
    | Annotated[int, Field(gt=-LARGEST, lt=LARGEST)]
    | Annotated[Decimal, Field(gt=-LARGEST, lt=LARGEST, max_digits=25, decimal_places=10)]
    | Text255
    | None
)
Value = Annotated[object, GetPydanticSchema(lambda _, handler: handler(_VALUE))]
"""A truth value, a number, a text or nothing. An object, as what makes a thousand events at once tells no number from a text."""


class Event(Sent, frozen=True):
    """Something that a customer did. Told twice by the same `transactionId`, it happened once."""

    transaction_id: TransactionId
    event_name: EventName
    customer: Text255
    """By whom: the ident."""
    timestamp: dt.datetime
    properties: Annotated[dict[EventName, Value], Field(max_length=MOST_PROPERTIES)] | None = None
    contract: Text255 | None = None
    """The ident of the one contract that counts it; else that of the customer which began first counts it."""


class EventBatch(Sent, frozen=True):
    events: Annotated[tuple[Event, ...], Field(min_length=1, max_length=MOST_EVENTS)]


@shape
class EventsTaken:
    """How many events are new, and how many were told before."""

    created: int
    known: int


class Counted(NamedTuple):
    """What the events of a period of a contract come to, of one group."""

    contract_id: int
    option_ident: str
    group: tuple[str | None, ...]
    """The values of the properties by which a measurement groups."""
    quantity: Decimal | None
    """None: no event has a value."""
    events: int
    last_at: dt.datetime
