"""What users, roles and the tenant look like. Pure."""

from typing import Literal

from contor.api.fynn.manners import Uuid, When
from contor.kernel.shapes import Fields, shape


@shape
class UserShown:
    """Who uses the tenant: a person, or (`me`) the key that asks, under the e-mail of its organization."""

    id: Uuid
    email: str
    first_name: str | None = None
    last_name: str | None = None
    status: Literal["active", "invited", "locked"]
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    """By fynn's names."""
    created_at: When | None = None


@shape
class NotificationShown:
    """What was told to a receiver, and how that stands."""

    id: str
    sequence: int
    type: str
    status: Literal["waiting", "failed", "delivered"] | None = None
    """Null where nobody wanted it."""
    url: str | None = None
    tries: int
    payload: Fields
    """As it is sent by the route's own form."""
    created_at: When
