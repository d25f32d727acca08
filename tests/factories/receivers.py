"""A receiver of calls by HTTP on this machine: a real server, which tells what it was sent and answers what it is told to."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


@dataclass(slots=True)
class Says:
    """How the receiver answers."""

    status: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0
    """It thinks for so long."""


@dataclass(slots=True)
class Receiver:
    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    """Who connected."""
    answer: Callable[[Received], Says] = lambda request: Says()
    scheme: str = "http"

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


@contextmanager
def a_receiver(
    answer: Callable[[Received], Says] = lambda request: Says(), tls: tuple[Path, Path] | None = None
) -> Iterator[Receiver]:
    """`tls`: certificate and key."""
    receiver = Receiver(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def setup(self) -> None:
            super().setup()
            receiver.connections.append(self.client_address)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, self.rfile.read(length))
            says = receiver.answer(request)
            receiver.received.append(request)
            time.sleep(says.seconds)
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            if says.status != 204:
                self.send_header("Content-Length", str(len(says.body)))
            self.end_headers()
            self.wfile.write(says.body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    class Receiving(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever calls may go away in the middle."""

    server = Receiving(("127.0.0.1", 0), Handler)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.scheme = "https"
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
