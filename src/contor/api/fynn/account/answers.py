"""What users, roles, the tenant and its settings look like. Pure."""

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
    tenant_id: Uuid
    created_at: When | None = None


@shape
class RoleShown:
    """What several permissions together are called."""

    id: str
    name: str
    permissions: tuple[str, ...]
    is_system: bool
    """A role of the installation, which nobody changes."""


@shape
class TenantShown:
    """The organization that owns the tenant."""

    id: Uuid
    name: str
    display_name: str | None = None
    environment: Literal["test", "live"]
    email: str | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    street: str
    addition: str | None = None
    zip: str
    city: str
    state: str | None = None
    country_code: str
    """ISO 3166-1, two letters."""
    time_zone: str
    created_at: When


@shape
class TenantSettingShown:
    """One setting, with where its value comes from."""

    key: str
    value: bool | int | str
    origin: Literal["default", "organisation"]
    """`organisation`: somebody has decided it."""
    updated_at: When | None = None


@shape
class TenantSettingsShown:
    """The settings of one context."""

    context: str
    settings: tuple[TenantSettingShown, ...]


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
