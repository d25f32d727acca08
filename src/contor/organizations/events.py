"""Facts about organizations. Pure."""

import uuid

from contor.kernel.events import event


@event("environment.enabled")
class EnvironmentEnabled:
    """A new tenant: an organization got its TEST or LIVE environment. Later packages furnish it with what it needs."""

    tenant_id: int
    organization_id: uuid.UUID
    environment: str
