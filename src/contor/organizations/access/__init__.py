"""Who may act: API keys, users, tokens."""

from contor.organizations.access.api_keys import (
    ApiKeyView,
    create_api_key,
    delete_api_key,
    get_api_key,
    insert_key,
    list_api_keys,
    update_api_key,
)
from contor.organizations.access.authenticate import AuthenticateClient, authenticate, authenticate_client
from contor.organizations.access.tokens import ACCESS_SECONDS, caller_of
from contor.organizations.access.users import (
    PASSWORD_MINIMUM,
    InviteUser,
    MakeLink,
    SetPassword,
    UserView,
    invite_user,
    list_users,
    make_password_link,
    remove_user,
    set_password,
)

__all__ = [
    "ACCESS_SECONDS",
    "PASSWORD_MINIMUM",
    "ApiKeyView",
    "AuthenticateClient",
    "InviteUser",
    "MakeLink",
    "SetPassword",
    "UserView",
    "authenticate",
    "authenticate_client",
    "caller_of",
    "create_api_key",
    "delete_api_key",
    "get_api_key",
    "insert_key",
    "invite_user",
    "list_api_keys",
    "list_users",
    "make_password_link",
    "remove_user",
    "set_password",
    "update_api_key",
]
