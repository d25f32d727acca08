"""What webhooks look like. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Uuid, When
from contor.kernel.shapes import Text255, shape


@shape
class WebhookSent:
    """Who is told of what."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
    """https."""
    events: Annotated[tuple[Text255, ...], Field(min_length=1, max_length=100)]
    """By their names, see `/available-webhook-events`."""
    enabled: bool = True
    """false: what happens meanwhile waits, and is told when it is true again."""
    version: Literal["v1"] = "v1"


@shape
class WebhookShown:
    id: Uuid
    url: str
    events: tuple[str, ...]
    enabled: bool
    version: Literal["v1"] = "v1"
    secret: str | None = None
    """By which deliveries are signed. It is shown once, when the webhook is made."""
    created_at: When


@shape
class AvailableEvents:
    """What can be told."""

    data: tuple[str, ...]
