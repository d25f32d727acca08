"""Facts about organizations. Pure."""

import uuid
from typing import NamedTuple

from contor.kernel.events import event, transient


class Invited(NamedTuple):
    """Who is invited, by which organization, and the tenant of it through which is written to people, if there is one."""

    email: str
    first_name: str | None
    last_name: str | None
    organization: str
    country: str
    tenant_id: int | None


@event("environment.enabled")
class EnvironmentEnabled:
    """A new tenant: an organization got its TEST or LIVE environment. Later packages furnish it with what it needs."""

    tenant_id: int
    organization_id: uuid.UUID
    environment: str


@event("user.invited")
class UserInvited:
    """Somebody is to join an organization."""

    user_id: uuid.UUID
    organization_id: uuid.UUID
    invited: Invited | None = transient()
