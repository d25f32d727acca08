"""Who may act: API keys, users, tokens."""

from contor.organizations.access.api_keys import (
    ApiKeyView,
    CreateApiKey,
    UpdateApiKey,
    create_api_key,
    delete_api_key,
    get_api_key,
    insert_key,
    list_api_keys,
    update_api_key,
)
from contor.organizations.access.authenticate import AuthenticateClient, authenticate, authenticate_client
from contor.organizations.access.links import (
    LINK_PATH,
    PASSWORD_MAXIMUM,
    PASSWORD_MINIMUM,
    LinkView,
    MakeLink,
    ReadLink,
    UseLink,
    make_link,
    read_link,
    use_link,
)
from contor.organizations.access.pairs import BEARER, Holder, Pair, ProvePair, bearer_secret, holder_of_pair, pair_secret
from contor.organizations.access.tokens import ACCESS_SECONDS, caller_of
from contor.organizations.access.users import InviteUser, ListUsers, UserView, change_rights, invite_user, list_users, remove_user
from contor.organizations.access.who_acts import Acting, acting

__all__ = [
    "ACCESS_SECONDS",
    "BEARER",
    "LINK_PATH",
    "PASSWORD_MAXIMUM",
    "PASSWORD_MINIMUM",
    "Acting",
    "ApiKeyView",
    "AuthenticateClient",
    "CreateApiKey",
    "Holder",
    "InviteUser",
    "LinkView",
    "ListUsers",
    "MakeLink",
    "Pair",
    "ProvePair",
    "ReadLink",
    "UpdateApiKey",
    "UseLink",
    "UserView",
    "acting",
    "authenticate",
    "authenticate_client",
    "bearer_secret",
    "caller_of",
    "change_rights",
    "create_api_key",
    "delete_api_key",
    "get_api_key",
    "holder_of_pair",
    "insert_key",
    "invite_user",
    "list_api_keys",
    "list_users",
    "make_link",
    "pair_secret",
    "read_link",
    "remove_user",
    "update_api_key",
    "use_link",
]
