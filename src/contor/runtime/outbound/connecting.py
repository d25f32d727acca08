"""Connections of calls: a name is looked up for each one, and what is connected to is the address that was judged, not the name."""

import asyncio
import importlib.util
import ssl
import sys
from collections.abc import Iterable

import httpcore

from contor.runtime.outbound.addresses import Allowed, Resolve, addresses_of, is_listed
from contor.runtime.outbound.client import NotReached

if importlib.util.find_spec("sniffio") is None:
    # httpcore imports it again with every lock, and has no setting that says by which library it runs. Python looks for a module that is
    # not there in every folder of its path each time: 235 us an import, by which a call takes 580-670 us of processor instead of 325-400
    # (3,000 calls over one connection, two cores under load). None is what the import system knows for "is not there": the same
    # ImportError as before, for everybody, and without the search. https://docs.python.org/3/reference/import.html#the-module-cache
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # typeshed knows modules alone


class Judged(httpcore.AsyncNetworkBackend):
    """Speaks to addresses that may be spoken to. Time-outs are those of the whole call."""

    def __init__(self, allowed: Allowed, resolve: Resolve, *, is_encrypted: bool) -> None:
        self._allowed, self._resolve, self._is_encrypted = allowed, resolve, is_encrypted

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises NotReached, OSError."""
        addresses = await self._judged(host, port)
        for left, address in reversed(list(enumerate(reversed(addresses)))):
            try:
                return _Stream(*await asyncio.open_connection(address, port))
            except OSError:
                if not left:
                    raise
        raise NotReached("not_resolved", "The host has no address.")

    async def _judged(self, host: str, port: int) -> list[str]:
        try:
            addresses = await addresses_of(host, port, self._allowed, self._resolve)
        except PermissionError:
            message = (
                "The host is at an address that is not spoken to: the operator lists networks beside public ones"
                " (CONTOR_OUTBOUND_NETWORKS)."
            )
            raise NotReached("address_refused", message) from None
        except (OSError, UnicodeError):
            raise NotReached("not_resolved", "The host's name is not known.") from None
        if not self._is_encrypted and not all(is_listed(address, self._allowed) for address in addresses):
            raise NotReached("unencrypted", "Nothing is sent over public networks without TLS: the address begins with http://.")
        return addresses

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            self._writer.transport.abort()
            raise
        return self

    def get_extra_info(self, info: str) -> object:
        if info == "is_readable":  # nothing was asked, so what comes is the end
            return self._reader.at_eof() or self._writer.is_closing()
        return self._writer.get_extra_info(info)
