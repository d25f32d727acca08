"""Tokens: what proves to both large dialects who calls. Access tokens live five minutes at most, and as long as their key and their login
stand."""

import datetime as dt
import uuid
from typing import NamedTuple

from contor.kernel.context import EVERYTHING, Caller, Environment
from contor.kernel.shapes import Fields
from contor.organizations.access.standing import require_standing
from contor.organizations.types import Tokens
from contor.runtime.execute import Runtime
from contor.runtime.uow import Installation

ACCESS_SECONDS = 300
REFRESH_SECONDS = ACCESS_SECONDS + 86_400
AUDIENCE = "contor-api"


class Turn(NamedTuple):
    """The place of a refresh token among those that come of one login."""

    family: uuid.UUID
    number: int


def issue_tokens(
    runtime: Installation,
    *,
    actor: str,
    organization_id: uuid.UUID,
    tenant_id: int,
    environment: Environment,
    permissions: frozenset[str] = frozenset({EVERYTHING}),
    turn: Turn | None = None,
) -> Tokens:
    """A pair of tokens for `actor` (`key:<uuid>` or `user:<uuid>`) in one tenant. `turn`: of a login that is refreshed."""
    now = runtime.clock()
    claims: Fields = {
        "env": environment,
        "organization_id": str(organization_id),
        "tenant": tenant_id,
        "sub": actor,
        "permissions": sorted(permissions),
        "family": (turn.family if turn else runtime.new_uuid()).hex,
        "turn": turn.number if turn else 0,
        "jti": runtime.new_uuid().hex,
    }
    sign = runtime.secrets.sign
    return Tokens(
        access_token=sign("access", claims, audience=AUDIENCE, now=now, seconds=ACCESS_SECONDS),
        access_expires_at=now + dt.timedelta(seconds=ACCESS_SECONDS),
        refresh_token=sign("refresh", claims, audience=AUDIENCE, now=now, seconds=REFRESH_SECONDS),
        refresh_expires_at=now + dt.timedelta(seconds=REFRESH_SECONDS),
        issued_at=now,
        environment=environment,
        organization_id=organization_id,
    )


def caller_of(runtime: Runtime, token: str, request_id: str, *, at_once: bool = False) -> Caller:
    """The caller that a valid access token names, whose key or membership still stands (`at_once`: see `standing`); raises
    UNAUTHENTICATED."""
    claims = runtime.secrets.verified("access", token, audience=AUDIENCE, now=runtime.clock())
    caller = caller_of_claims(claims, request_id)
    require_standing(runtime, caller, at_once=at_once)
    return caller


def caller_of_claims(claims: Fields, request_id: str) -> Caller:
    return Caller(
        actor=claims["sub"],
        request_id=request_id,
        tenant_id=claims["tenant"],
        organization_id=uuid.UUID(claims["organization_id"]),
        environment=claims["env"],
        permissions=frozenset(claims["permissions"]),
        login=uuid.UUID(claims["family"]) if "family" in claims else None,
    )
