"""Where notifications go, how they are signed, and what receivers are told of who sends."""

from contor.notifications.routes.addressed import NUMBERED, ROUTES, next_sequence
from contor.notifications.routes.configuration import delete_configuration, list_types
from contor.notifications.routes.secrets import signing_key, unsealed_credential, unsealed_password, unsealed_signing_secret
from contor.notifications.routes.security import (
    NotificationSecurityView,
    create_security,
    get_security,
    security_of,
    update_security,
    view_of,
)

__all__ = [
    "NUMBERED",
    "ROUTES",
    "NotificationSecurityView",
    "create_security",
    "delete_configuration",
    "get_security",
    "list_types",
    "next_sequence",
    "security_of",
    "signing_key",
    "unsealed_credential",
    "unsealed_password",
    "unsealed_signing_secret",
    "update_security",
    "view_of",
]
