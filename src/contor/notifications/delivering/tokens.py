"""Tokens of receivers: asked for at the receiver's own server (OAuth 2.0, RFC 6749, 4.4), kept until they end."""

import asyncio
import base64
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from contor.notifications.delivering.claiming import Credentials
from contor.runtime.outbound import Call, NotReached, Outbound

EARLY_SECONDS = 10
"""So long before its end a token is not used any more."""
USUAL_SECONDS = 60
"""How long one is used that does not say it (`expires_in`)."""
LONGEST_SECONDS = 24 * 3600
"""... and at most, whatever it says."""
LONGEST = 64 * 1024


class _Answer(msgspec.Struct):
    access_token: str
    token_type: str = "bearer"
    expires_in: int | str | None = None


class _Token(NamedTuple):
    value: str
    until: float


class Tokens:
    """Those of one process, by tenant and version of its security configuration."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._known: dict[tuple[int, int], _Token] = {}
        self._asking: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def forget(self, tenant_id: int, credentials: Credentials, refused: Mapping[str, str]) -> None:
        """A receiver takes the one of these headers no more. One that came since stays."""
        known = self._known.get((tenant_id, credentials.version))
        if known is not None and refused == _bearer(known.value):
            del self._known[tenant_id, credentials.version]

    async def headers(self, tenant_id: int, credentials: Credentials | None, host: str) -> Mapping[str, str]:
        """What a receiver is told of who sends. Raises NotReached where there is no token."""
        if credentials is None or (credentials.said.hosts and host not in credentials.said.hosts):
            return {}
        if credentials.said.type == "BASIC":
            return {"Authorization": _basic(credentials.said.user_name or "", credentials.secret)}
        key = (tenant_id, credentials.version)
        async with self._asking[tenant_id]:  # of many who need one, one asks
            known = self._known.get(key)
            if known is None or known.until <= time.monotonic():
                known = await self._fetched(credentials)
                self._known = {other: token for other, token in self._known.items() if other[0] != tenant_id} | {key: known}
        return _bearer(known.value)

    async def _fetched(self, credentials: Credentials) -> _Token:
        said = credentials.said
        form = {"grant_type": "client_credentials"} | ({"scope": said.scope} if said.scope else {})
        headers = {
            # each part is form-encoded before (RFC 6749, 2.3.1)
            "Authorization": _basic(quote(said.client_id or "", safe=""), quote(credentials.secret, safe="")),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        asked = time.monotonic()
        try:
            answer = await self._outbound.answer(Call(said.token_url or "", urlencode(form).encode(), headers, longest=LONGEST))
        except NotReached as error:
            raise NotReached("token_failed", f"No token: {error.message}", error.milliseconds) from None
        if answer.status != 200:
            raise NotReached("token_failed", f"No token: its server answers {answer.status}.", answer.milliseconds)
        try:
            found = msgspec.json.decode(answer.body, type=_Answer)
            seconds = int(found.expires_in) if found.expires_in is not None else USUAL_SECONDS
            if not found.access_token.isascii() or not found.access_token.isprintable() or found.token_type.lower() != "bearer":
                raise ValueError
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise NotReached("token_failed", "No token: what its server answers is none.", answer.milliseconds) from None
        return _Token(found.access_token, asked + max(min(seconds, LONGEST_SECONDS) - EARLY_SECONDS, 0))


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _basic(name: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"
