"""Files that are fetched from the server of a bank or payment provider."""

import posixpath
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from contor.payments.gateways import TakenFile
from contor.payments.servers import Allowed, Server, talk
from contor.payments.statements import LARGEST
from contor.payments.ways.directory import is_text
from contor.runtime.work.threads import in_thread

if TYPE_CHECKING:
    import asyncssh

MOST_FILES = 1_000


class Folder(NamedTuple):
    """Where the files are."""

    path: str
    remove: bool
    """Whether a file is removed there once it is stored here."""


class LeftThere(NamedTuple):
    """The names of files that are not taken."""

    large: list[str]
    """Larger than any is read."""
    strange: list[str]
    """Their names are no text."""


def fetch(
    server: Server,
    allowed: Allowed,
    folder: Folder,
    known: Callable[[list[TakenFile]], set[TakenFile]],
    take: Callable[[TakenFile, bytes], bool],
) -> LeftThere:
    """Hand each new file of the folder to `take`, which says whether it is stored, of many the first ones. `known`: those that were taken
    as they are now. Raises Unreachable."""

    async def fetched(client: "asyncssh.SFTPClient") -> LeftThere:
        taken = 0
        found, left = await _listed(client, folder.path)
        old = await in_thread(known, found)
        for remote in found:
            path = posixpath.join(folder.path, remote.name)
            if taken == MOST_FILES:
                break
            if remote not in old:
                content = await _content(client, path)
                if not await in_thread(take, remote, content):
                    continue
                taken += 1
            if folder.remove:
                await client.remove(path)
        return left

    return talk(server, allowed, fetched)


async def _listed(client: "asyncssh.SFTPClient", folder: str) -> tuple[list[TakenFile], LeftThere]:
    """Plain files by name, and those that are left there."""
    found, left = [], LeftThere([], [])
    for entry in await client.readdir(folder):
        name, attributes = str(entry.filename), entry.attrs
        is_plain = attributes.permissions is not None and stat.S_ISREG(attributes.permissions)
        if not is_plain or name.startswith(".") or not attributes.size:
            continue
        if not is_text(name):
            left.strange.append(name)
        elif attributes.size > LARGEST:
            left.large.append(name)
        else:
            found.append(TakenFile(name, int(attributes.size), int(attributes.mtime or 0)))
    return sorted(found), LeftThere(sorted(left.large), sorted(left.strange))


async def _content(client: "asyncssh.SFTPClient", path: str) -> bytes:
    """No more than allowed, whatever the server said of its size."""
    async with client.open(path, "rb") as file:
        content = await file.read(LARGEST + 1)
    return content if isinstance(content, bytes) else content.encode()
