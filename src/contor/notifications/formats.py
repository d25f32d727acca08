"""How a notification is written for its receiver: the platform's form, and those that dialects register.

A dialect that has its own form says what the notifications are in its words (`events`) and writes their bodies (`compose`). A body is
written once, when it is sent for the first time on a route, and kept with its delivery: every further try sends the same bytes.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.notifications.types import Policy, chosen
from contor.runtime.uow import Uow


class Told(NamedTuple):
    """A notification, as it was written down."""

    ident: str
    sequence: int
    type: str
    subject: str
    payload: str
    created_at: dt.datetime
    """By the tenant's clock."""
    recorded_at: dt.datetime
    """Real time, the same for all of one transaction."""


class Made(NamedTuple):
    """What a notification is in the words of a form."""

    event: str
    body: str


Compose = Callable[[Uow, Sequence[Told]], Mapping[int, Made]]
"""By sequence; what is not among them is nothing in that form."""


@dataclass(frozen=True, slots=True)
class Format:
    events: Mapping[str, Collection[str]] | None = None
    """Type of notification -> what it may be called here; None: as it is called."""
    compose: Compose | None = None
    """None: the payload as it stands, byte for byte."""
    agent: str = ""
    """Who sends, where the receiver expects a name (`User-Agent`)."""
    policy: Policy | None = None
    """How often it is tried again, where the form says so; None: as the route says."""
    is_identified: bool = True
    """Headers say which notification it is also where none of them signs it."""
    signs_body_alone: bool = False
    """The only header that signs is `X-Webhook-Signature`, and its key is the secret as it is written, not what that means in base64."""

    @property
    def names(self) -> set[str]:
        """What a route chooses of; empty: the types of notifications."""
        return {name for found in (self.events or {}).values() for name in found}

    def wanted(self, pattern: str, types: Collection[str]) -> set[str]:
        """Those of the types that a route with this pattern may want."""
        if self.events is None:
            return set(chosen(pattern, types))
        return {name for name in types if chosen(pattern, self.events.get(name, ()))}


FORMATS: dict[str, Format] = {"PLATFORM": Format()}
"""By the name that routes say. Filled while packages are imported, constant afterwards."""


def register(name: str, made: Format) -> None:
    """Add the form of a dialect. Raises ValueError where another one has the name."""
    if name in FORMATS:
        raise ValueError(f"format {name} is registered twice")
    FORMATS[name] = made
