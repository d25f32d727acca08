"""A bank's server by SFTP. It is known by its pinned key: nothing is sent to any other."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")
SECONDS = 60
"""For an answer."""
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


class Unreachable(Exception):
    """Why it could not be done: the words of the server, or that it is another one than expected."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user_name: str
    secret: str = field(repr=False)
    """A password, or a private key."""
    host_key: str


def talk(server: Server, conversation: Callable[["asyncssh.SFTPClient"], Awaitable[T]]) -> T:
    """Sign in and hold the conversation. Raises Unreachable."""
    import asyncssh

    try:
        return asyncio.run(asyncio.wait_for(_talked(server, conversation), SECONDS * 10))
    except asyncssh.HostKeyNotVerifiable:
        raise Unreachable("the server has another key than the one that is pinned") from None
    except (OSError, asyncssh.Error, TimeoutError, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {str(error)[:200]}") from None


async def _talked(server: Server, conversation: Callable[["asyncssh.SFTPClient"], Awaitable[T]]) -> T:
    import asyncssh

    pinned = asyncssh.import_public_key(server.host_key)
    keys = [asyncssh.import_private_key(server.secret)] if _PRIVATE.search(server.secret) else []
    connection = await asyncssh.connect(
        server.host,
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
    async with connection, connection.start_sftp_client() as client:
        said = await conversation(client)
    return said
