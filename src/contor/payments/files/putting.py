"""A file is put to a bank's server: under a temporary name, and renamed once it is whole, so that no part of a file is ever taken."""

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from contor.payments.servers import Allowed, Server, Unreachable, talk
from contor.runtime.work.threads import in_thread

if TYPE_CHECKING:
    import asyncssh

ARRIVING = ".part"
"""Behind the name of a file that is not whole yet."""
TAKEN = "The server had it, and it lay there no more when it was looked for: the bank has taken it, or somebody removed it."


class Outgoing(NamedTuple):
    """A file for a server."""

    name: str
    content: bytes
    was_whole: bool
    """It lay there whole under its temporary name before, so it may have been renamed."""


def put(server: Server, allowed: Allowed, folder: str, file: Outgoing, whole: Callable[[], None]) -> str | None:
    """Let it lie there under its name, once; what is to be said of it. `whole` writes down that it is to be renamed: before that it never
    is, so that what is missing later on was renamed. Raises Unreachable."""
    final = posixpath.join(folder, file.name)
    part = final + ARRIVING

    async def putting(client: "asyncssh.SFTPClient") -> str | None:
        there = await _size(client, final)
        if there is not None:
            if there != len(file.content):
                raise Unreachable(f"another file of {there} bytes lies there under its name")
            return None
        if file.was_whole and await _size(client, part) is None:
            return TAKEN
        if not file.was_whole:
            async with client.open(part, "wb") as out:
                await out.write(file.content)
        if (arrived := await _size(client, part)) != len(file.content):
            raise Unreachable(f"of {len(file.content)} bytes {arrived} have arrived")
        if not file.was_whole:
            await in_thread(whole)
        await client.rename(part, final)
        return None

    return talk(server, allowed, putting)


async def _size(client: "asyncssh.SFTPClient", path: str) -> int | None:
    """None: there is no such file."""
    import asyncssh

    try:
        return (await client.stat(path)).size
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return None
