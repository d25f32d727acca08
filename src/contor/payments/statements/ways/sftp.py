"""Files that are fetched from a bank's server."""

import asyncio
import posixpath
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from contor.payments.servers import Server, talk
from contor.payments.statements.read import LARGEST

if TYPE_CHECKING:
    import asyncssh

MOST_FILES = 1_000


class Folder(NamedTuple):
    """Where the files are."""

    path: str
    remove: bool
    """Whether a file is removed there once it is stored here."""


class Remote(NamedTuple):
    """A file on the server."""

    name: str
    size: int
    modified: int
    """Seconds since 1970."""


def fetch(server: Server, folder: Folder, known: Callable[[list[Remote]], set[str]], take: Callable[[str, bytes], bool]) -> int:
    """Hand each new file of the folder to `take`, which says whether it is stored; how many came. `known`: those that
    were taken as they are now. Raises Unreachable."""

    async def fetched(client: "asyncssh.SFTPClient") -> int:
        taken = 0
        found = await _listed(client, folder.path)
        old = await asyncio.to_thread(known, found)
        for remote in found:
            path = posixpath.join(folder.path, remote.name)
            if remote.name not in old:
                content = await _content(client, path)
                if not await asyncio.to_thread(take, remote.name, content):
                    continue
                taken += 1
            if folder.remove:
                await client.remove(path)
        return taken

    return talk(server, fetched)


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
