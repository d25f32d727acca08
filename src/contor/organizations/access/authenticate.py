"""Prove who calls: API key and secret, refresh token, or a user's e-mail and password."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.context import Environment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.organizations.access.tokens import AUDIENCE, REFRESH_SECONDS, Turn, issue_tokens
from contor.organizations.environments import tenant_of
from contor.organizations.rights import PLATFORM_SCOPES, granted, permissions_of, scopes_of, within
from contor.organizations.tree import forget_standing, identifier
from contor.organizations.types import ApiKeyCredentials, Credentials, RefreshCredentials, Tokens, UserCredentials
from contor.runtime.secrets import password_matches, secret_matches
from contor.runtime.uow import Uow

_KEY = (
    "SELECT k.id, k.organization_id, k.environment, k.secret_hash, k.status, k.scopes FROM directory.api_key k"
    " JOIN directory.organization o ON o.id = k.organization_id AND o.deleted_at IS NULL"
)


class _Key(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    secret_hash: str
    status: str
    scopes: list[str] | None

    @property
    def permissions(self) -> frozenset[str]:
        return granted(None, self.scopes)


class _Membership(NamedTuple):
    organization_id: uuid.UUID
    role: str
    scopes: list[str] | None

    @property
    def permissions(self) -> frozenset[str]:
        return granted(self.role, self.scopes)


_MEMBERSHIP = (
    "SELECT m.organization_id, m.role, m.scopes FROM directory.membership m JOIN directory.organization o"
    " ON o.id = m.organization_id AND o.deleted_at IS NULL WHERE m.accepted_at IS NOT NULL AND m.locked_at IS NULL AND m.user_id = %(user)s"
    " AND (%(organization)s::uuid IS NULL OR m.organization_id = %(organization)s)"
    " ORDER BY m.accepted_at, m.organization_id LIMIT 1"
)
"""What somebody accepted; of several the first, unless one is named."""


_FIRST = (
    "INSERT INTO directory.refresh_family (id, turn, expires_at) VALUES (%(family)s, %(next)s, %(expires)s) ON CONFLICT DO NOTHING"
)
_NEXT = (
    "UPDATE directory.refresh_family SET turn = %(next)s, expires_at = %(expires)s"
    " WHERE id = %(family)s AND turn = %(turn)s AND revoked_at IS NULL"
)
_REVOKE = "UPDATE directory.refresh_family SET revoked_at = %(now)s WHERE id = %(family)s AND revoked_at IS NULL"
_EXPIRED = (
    "DELETE FROM directory.refresh_family WHERE id IN (SELECT id FROM directory.refresh_family WHERE expires_at < %(now)s"
    " ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED)"
)
"""Some of them, whenever one comes: they never become many."""


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
    scopes: tuple[str, ...]
    """None named: all that the key has of the platform API."""


@dataclass(frozen=True, slots=True)
class ClientTokens:
    tokens: Tokens
    scopes: tuple[str, ...]
    """What was granted."""


@operation("token.issue", permission="", directory=True)
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
    return _tokens(uow, f"key:{row.id}", row.organization_id, row.environment, row.permissions)


def _by_refresh(uow: Uow, credentials: RefreshCredentials) -> Tokens:
    """The key or membership must still stand: a disabled key refuses to refresh."""
    try:
        claims = uow.runtime.secrets.verified("refresh", credentials.refresh_token, audience=AUDIENCE, now=uow.ctx.now())
    except Refused:
        raise invalid() from None
    kind, _, name = str(claims["sub"]).partition(":")
    organization_id = identifier(claims["organization_id"])
    if kind == "key":
        found: _Key | _Membership | None = uow.first(_Key, f"{_KEY} WHERE k.id = %s AND k.status = 'enabled'", (name,))
    else:
        found = uow.first(_Membership, _MEMBERSHIP, {"user": name, "organization": organization_id})
    if found is None:
        raise invalid()
    # what was asked for at first, as far as it may still be had
    permissions = within(frozenset(claims["permissions"]), found.permissions)
    turn = Turn(uuid.UUID(claims.get("family", claims["jti"])), int(claims.get("turn", 0)))
    _use(uow, turn)
    return _tokens(uow, claims["sub"], found.organization_id, claims["env"], permissions, turn._replace(number=turn.number + 1))


def _use(uow: Uow, used: Turn) -> None:
    """Use a refresh token, which is good once (RFC 9700, 4.14.2). One that is used again was copied: all that came of its login end."""
    now = uow.ctx.now()
    family, turn = used
    values = {"family": family, "turn": turn, "next": turn + 1, "now": now, "expires": now + dt.timedelta(seconds=REFRESH_SECONDS)}
    # the first use makes the row, which lets only that one through which follows the one before
    if uow.run(_NEXT if turn else _FIRST, values):
        if not turn:
            uow.run(_EXPIRED, values)
        return
    if uow.run(_REVOKE, values):
        uow.audit("token", str(family), {"revoked": "used twice"})
        forget_standing(uow)
    raise Refused(Kind.UNAUTHENTICATED, Problem("credentials_invalid", "Invalid credentials"), stays=True)


def _by_password(uow: Uow, credentials: UserCredentials) -> Tokens:
    row = uow.first(
        _Person, "SELECT id, password_hash FROM directory.user_account WHERE lower(email) = lower(%s)", (credentials.email,)
    )
    # hashed first, also for nobody: the time must not tell who has an account
    if not password_matches(credentials.password, row.password_hash if row else None) or row is None:
        raise invalid()
    home = uow.first(_Membership, _MEMBERSHIP, {"user": row.id, "organization": credentials.organization_id})
    if home is None:
        raise invalid()
    return _tokens(uow, f"user:{row.id}", home.organization_id, credentials.env, home.permissions)


def _tokens(
    uow: Uow,
    actor: str,
    organization_id: uuid.UUID,
    environment: Environment,
    permissions: frozenset[str],
    turn: Turn | None = None,
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
        permissions=permissions,
        turn=turn,
    )


@operation("token.issue_to_client", permission="", reads=True, directory=True)
def authenticate_client(uow: Uow, command: AuthenticateClient) -> ClientTokens:
    """OAuth2 client credentials in a realm: the key must belong to the realm's own organization and environment. A scope that the key
    does not have is refused (RFC 6749, 5.2)."""
    row = uow.first(
        _Key,
        f"{_KEY} JOIN directory.environment e ON e.organization_id = k.organization_id AND e.environment = k.environment"
        " WHERE k.key = %s AND e.realm = %s",
        (command.client_id, command.realm),
    )
    if not secret_matches(command.client_secret, row.secret_hash if row else None) or row is None or row.status != "enabled":
        raise invalid()
    held = scopes_of(row.permissions)
    beyond = [scope for scope in command.scopes if scope not in held]
    if beyond:
        raise Refused(Kind.FORBIDDEN, Problem("scope_exceeded", f"The key does not have the scope {' '.join(beyond)}.", "scope"))
    scopes = command.scopes or tuple(scope for scope in PLATFORM_SCOPES if scope in held)
    return ClientTokens(_tokens(uow, f"key:{row.id}", row.organization_id, row.environment, permissions_of(scopes)), scopes)
