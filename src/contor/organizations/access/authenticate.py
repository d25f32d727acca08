"""Prove who calls: API key and secret, refresh token, or a user's e-mail and password."""

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.context import EVERYTHING, Environment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.organizations.access.tokens import AUDIENCE, issue_tokens
from contor.organizations.environments import tenant_of
from contor.organizations.tree import identifier
from contor.organizations.types import ApiKeyCredentials, Credentials, RefreshCredentials, Tokens, UserCredentials
from contor.runtime.secrets import password_matches, secret_matches
from contor.runtime.uow import Uow

_KEY = (
    "SELECT k.id, k.organization_id, k.environment, k.secret_hash, k.status FROM directory.api_key k"
    " JOIN directory.organization o ON o.id = k.organization_id AND o.deleted_at IS NULL"
)


class _Key(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    secret_hash: str
    status: str


class _Person(NamedTuple):
    id: uuid.UUID
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Authenticate:
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class AuthenticateClient:
    """OAuth2 client credentials: the client id is an API key of the realm."""

    realm: str
    client_id: str
    client_secret: str
    permissions: frozenset[str]


@operation("token.issue", permission="", reads=True, directory=True)
def authenticate(uow: Uow, command: Authenticate) -> Tokens:
    """A pair of tokens for valid credentials; every refusal says the same, so that nothing can be guessed from it."""
    credentials = command.credentials
    if isinstance(credentials, ApiKeyCredentials):
        return _by_key(uow, credentials)
    if isinstance(credentials, RefreshCredentials):
        return _by_refresh(uow, credentials)
    return _by_password(uow, credentials)


def invalid() -> Refused:
    return Refused(Kind.UNAUTHENTICATED, Problem("credentials_invalid", "Invalid credentials"))


def _by_key(uow: Uow, credentials: ApiKeyCredentials) -> Tokens:
    row = uow.first(_Key, f"{_KEY} WHERE k.key = %s", (credentials.api_key,))
    # compared first, also without a row: the time must not tell whether the key exists
    if not secret_matches(credentials.api_secret, row.secret_hash if row else None) or row is None or row.status != "enabled":
        raise invalid()
    return _tokens(uow, f"key:{row.id}", row.organization_id, row.environment)


def _by_refresh(uow: Uow, credentials: RefreshCredentials) -> Tokens:
    """The key or membership must still stand: a disabled key refuses to refresh."""
    try:
        claims = uow.runtime.secrets.verified("refresh", credentials.refresh_token, audience=AUDIENCE, now=uow.ctx.now())
    except Refused:
        raise invalid() from None
    kind, _, name = str(claims["sub"]).partition(":")
    organization_id = identifier(claims["organization_id"])
    if kind == "key":
        found = uow.first(_Key, f"{_KEY} WHERE k.id = %s AND k.status = 'enabled'", (name,))
        owner = found.organization_id if found else None
    else:
        owner = uow.scalar(
            uuid.UUID,
            "SELECT m.organization_id FROM directory.membership m JOIN directory.organization o ON o.id = m.organization_id"
            " AND o.deleted_at IS NULL WHERE m.user_id = %s AND m.organization_id = %s",
            (name, organization_id),
        )
    if owner is None:
        raise invalid()
    return _tokens(uow, claims["sub"], owner, claims["env"], frozenset(claims["permissions"]))


def _by_password(uow: Uow, credentials: UserCredentials) -> Tokens:
    row = uow.first(
        _Person, "SELECT id, password_hash FROM directory.user_account WHERE lower(email) = lower(%s)", (credentials.email,)
    )
    # hashed first, also for nobody: the time must not tell who has an account
    if not password_matches(credentials.password, row.password_hash if row else None) or row is None:
        raise invalid()
    home = uow.scalar(
        uuid.UUID,
        "SELECT m.organization_id FROM directory.membership m JOIN directory.organization o ON o.id = m.organization_id"
        " AND o.deleted_at IS NULL WHERE m.user_id = %s ORDER BY m.created_at, m.organization_id LIMIT 1",
        (row.id,),
    )
    if home is None:
        raise invalid()
    return _tokens(uow, f"user:{row.id}", home, "TEST")


def _tokens(
    uow: Uow, actor: str, organization_id: uuid.UUID, environment: Environment, permissions: frozenset[str] | None = None
) -> Tokens:
    tenant = tenant_of(uow, organization_id, environment)
    if tenant is None:
        raise invalid()
    return issue_tokens(
        uow.runtime,
        actor=actor,
        organization_id=organization_id,
        tenant_id=tenant,
        environment=environment,
        permissions=permissions or frozenset({EVERYTHING}),
    )


@operation("token.issue_to_client", permission="", reads=True, directory=True)
def authenticate_client(uow: Uow, command: AuthenticateClient) -> Tokens:
    """OAuth2 client credentials in a realm: the key must belong to the realm's own organization and environment."""
    row = uow.first(
        _Key,
        f"{_KEY} JOIN directory.environment e ON e.organization_id = k.organization_id AND e.environment = k.environment"
        " WHERE k.key = %s AND e.realm = %s",
        (command.client_id, command.realm),
    )
    if not secret_matches(command.client_secret, row.secret_hash if row else None) or row is None or row.status != "enabled":
        raise invalid()
    return _tokens(uow, f"key:{row.id}", row.organization_id, row.environment, command.permissions)
