"""Calls by HTTP to whom somebody named. Connections are kept and used again, each made to an address that was judged just then.

One event loop in a thread of its own serves every caller of the process: who waits for a slow receiver holds up nobody else.
"""

import asyncio
import os
import ssl
import threading
import time
from collections.abc import AsyncIterable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from contor.runtime.config import Config
from contor.runtime.outbound.addresses import Allowed, Resolve, resolved
from contor.runtime.outbound.urls import Target, target_of

if TYPE_CHECKING:
    import httpcore

T = TypeVar("T")
SECONDS = 10.0
"""For a whole call: name, connection, TLS, request and answer."""
LONGEST = 1024 * 1024
"""Bytes of an answer."""
KEPT_SECONDS = 4.0
"""For which a connection without calls is kept: less than servers commonly keep theirs (5 s and more)."""
MOST_POOLS = 1000
"""Receivers whose connections are kept."""
RESOLVERS = 64
"""Names looked up at the same time: a slow one holds up no other."""
AGENT = "contor"
"""Who calls, unless a receiver expects another name."""
_CONTENT = ("content-length", "transfer-encoding", "host", "connection", "user-agent", "accept-encoding")
"""Headers that the client itself says."""


@dataclass(frozen=True, slots=True)
class Call:
    url: str
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"
    seconds: float = SECONDS
    longest: int = LONGEST
    """Bytes of the answer that are read."""
    cut: bool = False
    """A longer answer is cut there, and no failure."""
    agent: str = AGENT
    """Who calls (`User-Agent`)."""


class Answer(NamedTuple):
    """A redirect is an answer like any other: it is not followed."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case; of several with one name the last."""
    body: bytes
    milliseconds: int
    """From the call to its last byte."""


class NotReached(Exception):
    """There is no answer. `code`: url_invalid, address_refused, unencrypted, not_resolved, not_connected, tls_failed, timed_out,
    broken_off, answer_too_long."""

    def __init__(self, code: str, message: str, milliseconds: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.milliseconds = code, message, milliseconds


class Outbound:
    """What a process calls others with."""

    def __init__(self, allowed: Allowed, resolve: Resolve = resolved, context: ssl.SSLContext | None = None) -> None:
        """`context`: whose certificates are believed, if not those of `trusted`."""
        self.allowed = allowed
        self._resolve, self._context = resolve, context
        self._pools: dict[tuple[str, str, int], httpcore.AsyncConnectionPool] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()

    def call(self, call: Call) -> Answer:
        """Call and wait. Raises NotReached. Not from a coroutine of `submit`."""
        return self.run(self.answer(call))

    def run(self, work: Coroutine[object, None, T]) -> T:
        """Run a coroutine in the thread of all calls, and wait for it."""
        return self.begin(work).result()

    def begin(self, work: Coroutine[object, None, T]) -> Future[T]:
        """Run a coroutine in the thread of all calls."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    async def answer(self, call: Call) -> Answer:
        """As `call`, within a coroutine of `run`."""
        began = time.monotonic()

        def failed(code: str, message: str) -> NotReached:
            return NotReached(code, message, _milliseconds(began))

        try:
            target = target_of(call.url)
        except ValueError as error:
            raise failed("url_invalid", f"The address {error}.") from None
        try:
            async with asyncio.timeout(call.seconds):
                return await self._answered(target, call, began)
        except TimeoutError:
            raise failed("timed_out", f"There was no whole answer within {call.seconds:g} s.") from None
        except NotReached as error:
            raise failed(error.code, error.message) from None
        except Exception as error:
            if (known := _known(error)) is None:
                raise
            raise failed(*known) from None

    async def _answered(self, target: Target, call: Call, began: float) -> Answer:
        import httpcore

        url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode("ascii")
        )
        async with self._pool(target).stream(
            call.method, url, headers=_headers(target, call), content=call.body or None
        ) as response:
            body = await _read(response.aiter_stream(), call)
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(response.status, headers, body, _milliseconds(began))

    def _pool(self, target: Target) -> "httpcore.AsyncConnectionPool":
        """One for each receiver: whoever is slow fills his own."""
        import httpcore

        from contor.runtime.outbound.connecting import Judged

        key = (target.scheme, target.host, target.port)
        pool = self._pools.pop(key, None)
        if pool is None:
            pool = httpcore.AsyncConnectionPool(
                ssl_context=self._context or trusted(),
                max_connections=None,
                max_keepalive_connections=32,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=Judged(self.allowed, self._resolve, is_encrypted=target.scheme == "https"),
            )
        self._pools[key] = pool  # at the end: the first is the one longest unused
        if len(self._pools) > MOST_POOLS:
            for first in list(self._pools)[: len(self._pools) - MOST_POOLS]:
                if not self._pools[first].connections:
                    del self._pools[first]
        return pool

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                loop.set_default_executor(ThreadPoolExecutor(RESOLVERS, "resolving"))
                threading.Thread(target=loop.run_forever, name="outbound", daemon=True).start()
                self._loop = loop
            return self._loop


@cache
def outbound(config: Config) -> Outbound:
    """That of this process, for an installation set up like this."""
    return Outbound(Allowed.of_calls(config))


@cache
def trusted() -> ssl.SSLContext:
    """Certificates of public authorities; of the operator's own (`SSL_CERT_FILE`, `SSL_CERT_DIR`), where these are set."""
    import certifi

    own = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    context = ssl.create_default_context(cafile=None if own else certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _headers(target: Target, call: Call) -> list[tuple[bytes, bytes]]:
    own = [(b"Host", target.authority.encode()), (b"User-Agent", call.agent.encode("ascii")), (b"Accept-Encoding", b"identity")]
    if call.body or call.method in ("POST", "PUT", "PATCH"):
        own.append((b"Content-Length", str(len(call.body)).encode()))
    given = _encoded(call.headers.items())
    return [*own, *given]


def _encoded(headers: Iterable[tuple[str, str]]) -> Sequence[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers if name.lower() not in _CONTENT]


async def _read(stream: AsyncIterable[bytes], call: Call) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in stream:
        parts.append(part)
        size += len(part)
        if size > call.longest:
            if not call.cut:
                raise NotReached("answer_too_long", f"The answer is longer than {call.longest} bytes.")
            break
    return b"".join(parts)[: call.longest]


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _known(error: Exception) -> tuple[str, str] | None:
    """Code and words of what goes wrong between two machines; None: a fault of ours."""
    import httpcore

    causes = [error, error.__cause__, error.__context__]
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        said = next(str(getattr(cause, "verify_message", "") or "") for cause in causes if isinstance(cause, ssl.SSLError))
        return "tls_failed", f"The connection could not be secured{f': {said}' if said else ''}."
    if isinstance(error, (httpcore.ConnectError, OSError)):
        return "not_connected", "It could not be connected to."
    if isinstance(error, (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)):
        return "broken_off", "The connection was broken off, or what came is no answer by HTTP."
    return None
