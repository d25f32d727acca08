"""A bank's server by SFTP. It is known by its pinned key: nothing is sent to any other."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import asyncssh

from contor.runtime.outbound.addresses import Allowed, addresses_of

T = TypeVar("T")
log = logging.getLogger("contor.servers")
SECONDS = 60
"""For an answer."""
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


_NOT_REACHED = "it could not be reached and signed in to as the one whose key is pinned; the log of the installation says why"
"""Of every failure before the sign-in the same: what answers at which address and port of whose network is not told."""
_BROKEN_OFF = "the server did not do what it was asked; the log of the installation says why"


class Unreachable(Exception):
    """Why it could not be done, in words for the tenant."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user_name: str
    secret: str = field(repr=False)
    """A password, or a private key."""
    host_key: str


def talk(server: Server, allowed: Allowed, conversation: Callable[["asyncssh.SFTPClient"], Awaitable[T]]) -> T:
    """Sign in and hold the conversation. Raises Unreachable; the particulars are logged."""
    import asyncssh

    signed_in: list[bool] = []
    try:
        return asyncio.run(asyncio.wait_for(_talked(server, allowed, conversation, signed_in), SECONDS * 10))
    except (OSError, asyncssh.Error, TimeoutError, ValueError) as error:
        log.warning("the server %s, port %s: %s: %s", server.host, server.port, type(error).__name__, str(error)[:200])
        raise Unreachable(_BROKEN_OFF if signed_in else _NOT_REACHED) from None


async def _talked(
    server: Server, allowed: Allowed, conversation: Callable[["asyncssh.SFTPClient"], Awaitable[T]], signed_in: list[bool]
) -> T:
    connection = await _connected(server, await addresses_of(server.host, server.port, allowed))
    # a name that is no UTF-8 is one file's fault, not that of all
    async with connection, connection.start_sftp_client(path_errors="surrogateescape") as client:
        signed_in.append(True)
        said = await conversation(client)
    return said


async def _connected(server: Server, addresses: Sequence[str]) -> "asyncssh.SSHClientConnection":
    """To the first that answers."""
    import asyncssh

    pinned = asyncssh.import_public_key(server.host_key)
    keys = [asyncssh.import_private_key(server.secret)] if _PRIVATE.search(server.secret) else []
    for left, address in reversed(list(enumerate(reversed(addresses)))):
        try:
            return await asyncssh.connect(
                address,
                server.port,
                username=server.user_name,
                password=None if keys else server.secret,
                client_keys=keys,
                known_hosts=([pinned], [], []),
                agent_path=None,
                config=None,
                connect_timeout=SECONDS,
                login_timeout=SECONDS,
            )
        except OSError:
            if not left:
                raise
    raise OSError("the host has no address")
