"""What users, roles and the tenant look like. Pure."""

from typing import Literal

from contor.api.fynn.manners import Uuid, When
from contor.kernel.shapes import shape


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
