"""Files of a bank's server by SFTP. The server is known by its pinned key: nothing is sent to any other."""

import asyncio
import posixpath
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from contor.payments.statements.read import LARGEST

if TYPE_CHECKING:
    import asyncssh

SECONDS = 60
MOST_FILES = 1_000
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


class Remote(NamedTuple):
    """A file on the server."""

    name: str
    size: int
    modified: int
    """Seconds since 1970."""


class Unreachable(Exception):
    """Why nothing came: the words of the server, or that it is another one than expected."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user_name: str
    secret: str
    """A password, or a private key."""
    host_key: str
    folder: str
    remove: bool
    """Whether a file is removed there once it is stored here."""


def fetch(server: Server, known: Callable[[list[Remote]], set[str]], take: Callable[[str, bytes], bool]) -> int:
    """Hand each new file of the folder to `take`, which says whether it is stored; how many came. `known`: those that
    were taken as they are now. Raises Unreachable."""
    import asyncssh

    taken = 0
    try:
        taken = asyncio.run(asyncio.wait_for(_fetched(server, known, take), SECONDS * 10))
    except asyncssh.HostKeyNotVerifiable:
        raise Unreachable("the server has another key than the one that is pinned") from None
    except (OSError, asyncssh.Error, TimeoutError, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {str(error)[:200]}") from None
    return taken


async def _fetched(server: Server, known: Callable[[list[Remote]], set[str]], take: Callable[[str, bytes], bool]) -> int:
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
    taken = 0
    async with connection, connection.start_sftp_client() as client:
        found = await _listed(client, server.folder)
        old = await asyncio.to_thread(known, found)
        for remote in found:
            path = posixpath.join(server.folder, remote.name)
            if remote.name not in old:
                content = await _content(client, path)
                if not await asyncio.to_thread(take, remote.name, content):
                    continue
                taken += 1
            if server.remove:
                await client.remove(path)
    return taken


async def _listed(client: "asyncssh.SFTPClient", folder: str) -> list[Remote]:
    """Plain files that are not too large, by name."""
    found = []
    for entry in await client.readdir(folder):
        name, attributes = str(entry.filename), entry.attrs
        is_plain = attributes.permissions is not None and stat.S_ISREG(attributes.permissions)
        if is_plain and not name.startswith(".") and 0 < (attributes.size or 0) <= LARGEST:
            found.append(Remote(name, int(attributes.size or 0), int(attributes.mtime or 0)))
    return sorted(found)[:MOST_FILES]


async def _content(client: "asyncssh.SFTPClient", path: str) -> bytes:
    """No more than allowed, whatever the server said of its size."""
    async with client.open(path, "rb") as file:
        content = await file.read(LARGEST + 1)
    return content if isinstance(content, bytes) else content.encode()
