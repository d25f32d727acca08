"""Secrets of what is sent: sealed where they are stored, read again only to send."""

import base64
import binascii

from contor.kernel.errors import Problem
from contor.runtime.uow import Uow

PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


def signing_key(secret: str) -> bytes:
    """The key of a secret as receivers know it, `whsec_` and base64 (Standard Webhooks). Raises ValueError where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("is not written in base64") from None
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(f"has {len(key)} bytes")
    return key


def signing_secret_problem(secret: str) -> Problem | None:
    """The finding never repeats it."""
    message = f"is no signing secret: expected is {PREFIX} and {_SHORTEST} to {_LONGEST} random bytes in base64"
    try:
        if secret.startswith(PREFIX) and signing_key(secret):
            return None
    except ValueError as error:
        message = f"{message}; it {error}"
    return Problem("signing_secret_invalid", message, "signingSecret")


def sealed_signing_secret(uow: Uow, route_ident: str, secret: str) -> str:
    return uow.runtime.secrets.seal(secret, _route(uow, route_ident))


def unsealed_signing_secret(uow: Uow, route_ident: str, sealed: str) -> str:
    """In clear: to sign, never for answers or logs."""
    return uow.runtime.secrets.unseal(sealed, _route(uow, route_ident))


def sealed_password(uow: Uow, route_ident: str, secret: str) -> str:
    return uow.runtime.secrets.seal(secret, _password(uow, route_ident))


def unsealed_password(uow: Uow, route_ident: str, sealed: str) -> str:
    """In clear: for the receiver, never for answers or logs."""
    return uow.runtime.secrets.unseal(sealed, _password(uow, route_ident))


def sealed_credential(uow: Uow, secret: str) -> str:
    return uow.runtime.secrets.seal(secret, _security(uow))


def unsealed_credential(uow: Uow, sealed: str) -> str:
    """In clear: for the receiver, never for answers or logs."""
    return uow.runtime.secrets.unseal(sealed, _security(uow))


def _route(uow: Uow, ident: str) -> str:
    return f"{uow.ctx.tenant_id}/notification-route/{ident}"


def _password(uow: Uow, ident: str) -> str:
    return f"{uow.ctx.tenant_id}/notification-route-password/{ident}"


def _security(uow: Uow) -> str:
    return f"{uow.ctx.tenant_id}/notification-security"
