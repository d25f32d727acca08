"""Connections on which nothing more arrives are ended, however many there are, and nobody waits for them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tests.checkers.waiting import until
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from contor.api.http import read_body
from contor.commands.serving.door import LONGEST_HEAD, Server, protocol

MANY = 400
HALVES = (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab")


async def answer(request: Request) -> PlainTextResponse:
    await read_body(request, 1_000, 1)
    return PlainTextResponse("done")


@contextmanager
def serving(http: type[HttpToolsProtocol]) -> Iterator[int]:
    """A server on a free port of loopback, in a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2 * MANY)
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    server = Server(uvicorn.Config(app, http=http, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def half_open(port: int, many: int) -> Iterator[list[socket.socket]]:
    """Connections that begin a request and send no more of it."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(many)]
    try:
        for number, one in enumerate(sockets):
            one.sendall(HALVES[number % len(HALVES)])
            one.setblocking(False)
        yield sockets
    finally:
        for one in sockets:
            one.close()


def ended(one: socket.socket) -> bool:
    """Whether the server has closed it."""
    try:
        while one.recv(4_096):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
    return True


def asked(port: int) -> str:
    return httpx.get(f"http://127.0.0.1:{port}/", timeout=300).text


def test_who_sends_half_a_request_is_sent_away() -> None:
    with serving(protocol(1)) as port, half_open(port, MANY) as sockets:
        assert asked(port) == "done"  # beside all of them
        until(lambda: all(ended(one) for one in sockets), "each of them is closed")
        assert asked(port) == "done"


def test_a_server_that_does_not_look_would_keep_them() -> None:
    """The same attack on the protocol as it comes with the server: those that sent no whole head stay."""
    with serving(HttpToolsProtocol) as port, half_open(port, 6) as sockets:
        bodies = sockets[2::3]
        until(lambda: all(ended(one) for one in bodies), "whose body does not come is sent away by us")
        assert [ended(one) for one in sockets if one not in bodies] == [False] * 4


def test_a_connection_that_is_used_again_is_as_punctual() -> None:
    with serving(protocol(1)) as port, socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one.recv(4_096).startswith(b"HTTP/1.1 200")
        one.sendall(b"GET / HT")
        one.setblocking(False)
        until(lambda: ended(one), "it is closed")


def test_what_arrives_in_time_is_answered() -> None:
    """In pieces, the head and then the body."""
    with serving(protocol(60)) as port, socket.create_connection(("127.0.0.1", port)) as one:
        for piece in (b"POST / HTTP/1.1\r\nHost: x\r\nConte", b"nt-Length: 4\r\n\r\n", b"ab", b"cd"):
            one.sendall(piece)
        received: list[Any] = [one.recv(4_096)]
        assert received[0].startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("begin", "rest"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"x: a\r\n" * 2_000),
        (b"GET / HTTP/1.1\r\nHost: x\r\nx: ", b"a" * 10_000),
        (b"GET /", b"a" * 10_000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"x: a\r\n" * 2_000),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: ", b"a" * 10_000),
    ],
    ids=["headers", "header", "line", "trailers", "trailer"],
)
def test_a_head_without_end_is_not_kept(begin: bytes, rest: bytes) -> None:
    with serving(protocol(60)) as port, socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(begin)
        sent = 0
        with pytest.raises(OSError):
            while sent < 100 * LONGEST_HEAD:
                one.sendall(rest)
                sent += len(rest)
        assert asked(port) == "done"


def test_a_head_that_is_too_large_is_refused() -> None:
    with serving(protocol(60)) as port:
        assert httpx.get(f"http://127.0.0.1:{port}/", headers={"x": "a" * LONGEST_HEAD}).status_code == 431
        assert httpx.get(f"http://127.0.0.1:{port}/", headers={"x": "a" * (LONGEST_HEAD // 2)}).text == "done"
        large = httpx.post(f"http://127.0.0.1:{port}/", content=b"a" * 900, headers={"x": "a" * (LONGEST_HEAD // 2)})
        assert large.text == "done"


def test_an_answer_is_not_kept_back_until_its_head_is_acknowledged() -> None:
    seen: list[int] = []

    class Seen(protocol(60)):  # type: ignore[misc]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            seen.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with serving(Seen) as port:
        assert asked(port) == "done"
    assert seen == [1]
