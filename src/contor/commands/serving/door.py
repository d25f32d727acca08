"""The HTTP server of one process: who sends nothing is not waited for, and it ends soon after it is asked to."""

import asyncio
import contextlib
import gc
import socket
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from contor.api.http import give_up_bodies
from contor.commands.logs import write_logs
from contor.commands.terminal import note_address
from contor.runtime.config import Config

LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
LONGEST_HEAD = 64 * 1024
"""Bytes of a request line with its headers, and of the trailers behind a body."""


class Server(uvicorn.Server):
    """Answers what it holds; bodies that still arrive are given up at once."""

    _loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What stands now stays to the end. Looked through for cycles again and again, it cost the request that
        # happened to trigger it 95 ms of CPU, five times what a refused body of 100 KB takes.
        gc.collect()
        gc.freeze()

    async def main_loop(self) -> None:
        """Until it is asked to end. Once a second, for the date of the answers, and not ten times: it is told when it is asked."""
        self._loop, self._asked = asyncio.get_running_loop(), asyncio.Event()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), 1.0)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._asked.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        give_up_bodies()
        await super().shutdown(sockets)


class AtOnce:
    """A transport that sends an answer's head with its body, which each took a call of the system and woke who reads them: a piece waits
    for the next one, and no longer than the turn of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held = b""

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._held:
            self._send(data)
        elif data:
            self._held = data
            self._loop.call_soon(self._send)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def _send(self, more: bytes = b"") -> None:
        held, self._held = self._held, b""
        if held and not self._transport.is_closing():  # who should read it may have gone in the meantime
            self._transport.writelines([held, more] if more else [held])


class Bounded(HttpToolsProtocol):
    """A connection whose request line and headers have to arrive within `seconds`, first ones and later ones, and are of bounded size:
    before they are complete nothing is known of who sends them, and all of them is kept."""

    seconds: float
    _awaited: asyncio.TimerHandle | None
    _head: int
    """Bytes of the head so far."""
    _untold: int
    """Bytes that came since the parser told of any."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(AtOnce(transport, self.loop))  # type: ignore[arg-type]  # asyncio gives a transport of its kind
        # On a socket that was inherited nobody sets this: the body of an answer would wait some 40 ms for the
        # acknowledgement of its headers.
        with contextlib.suppress(OSError):  # a socket of a file has no such thing, and needs none
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = self._untold = 0
        self._awaited = self.loop.call_later(self.seconds, self._send_away, LATE)

    def data_received(self, data: bytes) -> None:
        between = self.cycle is None or self.cycle.response_complete
        if self._awaited is None and between:
            self._awaited = self.loop.call_later(self.seconds, self._send_away, LATE)
        self._untold += len(data)
        super().data_received(data)
        if self._untold > LONGEST_HEAD:
            self._send_away(TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        if self._head > LONGEST_HEAD:
            self._send_away(TOO_LARGE)
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._told(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._told(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._arrived()
        self._told(0)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._told(0)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._told(0)
        super().on_message_complete()

    def _told(self, size: int) -> None:
        self._head, self._untold = self._head + size, 0
        if self._head > LONGEST_HEAD:
            raise ValueError("the head of the request is too large")  # the parser reads no further

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def _arrived(self) -> None:
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None

    def _send_away(self, why: bytes) -> None:
        self._arrived()
        if not self.transport.is_closing():
            self.transport.write(why)
            self.transport.close()


def protocol(seconds: float) -> type[HttpToolsProtocol]:
    """Of connections that wait so long for a head."""
    return type("Punctual", (Bounded,), {"seconds": seconds})


def serve(config: Config, fd: int | None) -> None:
    """Serve until SIGINT or SIGTERM, on a socket of its own or on the one that was inherited."""
    write_logs(config)
    if fd is None:  # else whoever handed the socket on has said where it is
        note_address(config)
    settings = uvicorn.Config(
        "contor.app:application",
        factory=True,
        host=config.host,
        port=config.port,
        fd=fd,
        http=protocol(config.read_seconds),
        log_config=None,
        log_level=config.log_level,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=config.trusted_proxies,
        timeout_graceful_shutdown=10,
    )
    Server(settings).run()
