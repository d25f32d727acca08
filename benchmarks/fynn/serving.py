"""An installation's processes behind one socket, as `contor run` has them, and callers that take little time for themselves."""

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks import curve
from benchmarks.measure import Parts, Result, fill

CONTOR = (sys.executable, "-m", "contor.cli")
UNBOUND = {"CONTOR_TENANT_RATE": "1000000000", "CONTOR_ADDRESS_RATE": "1000000000"}
"""One tenant from one address asks for more than anybody may where nothing is said."""


class Client:
    """One connection: bytes out, bytes in."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._authorization = f"Authorization: Bearer {token}\r\n" if token else ""

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """(status, body)."""
        self.send(method, path, body)
        answer = b""
        while (found := whole(answer)) is None:
            answer += self.more()
        return found

    def send(self, method: str, path: str, body: bytes = b"") -> None:
        head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{self._authorization}"
        said = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body or method != "GET" else ""
        self._socket.sendall(f"{head}{said}\r\n".encode() + body)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered, where all went well."""
        status, content = self.ask(method, path, b"" if body is None else json.dumps(body).encode())
        assert status < 300, (method, path, status, content)
        return json.loads(content) if content else None

    def close(self) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def more(self) -> bytes:
        found = self._socket.recv(1 << 16)
        assert found, "the server ended the connection"
        return found


def whole(answer: bytes) -> tuple[int, bytes] | None:
    """(status, body) of what came so far; None: more is to come."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = answer[:end].lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return (int(answer[9:12]), answer[end + 4 :]) if len(answer) >= end + 4 + int(length or 0) else None


def answers(port: int, token: str, paths: Iterable[str], callers: int) -> Iterator[tuple[int, bytes]]:
    """What is answered, as it comes, to so many callers that each ask on as soon as they are answered: in one thread, for what threads of
    Python take to go on in turns would be taken from the servers beside them."""
    left = iter(paths)
    with selectors.DefaultSelector() as waiting:

        def ask_on(client: Client) -> None:
            if (path := next(left, None)) is not None:
                client.send("GET", path)
            else:
                waiting.unregister(client)
                client.close()

        for client in [Client(port, token) for _ in range(callers)]:
            waiting.register(client, selectors.EVENT_READ, [b""])
            ask_on(client)
        while waiting.get_map():
            for key, _ in waiting.select():
                client: Client = key.fileobj  # type: ignore[assignment]  # as it was registered
                key.data[0] += client.more()
                if (found := whole(key.data[0])) is not None:
                    key.data[0] = b""
                    ask_on(client)
                    yield found


@contextmanager
def served(environment: Mapping[str, str], **counts: int) -> Iterator[tuple[int, dict[str, list[int]]]]:
    """The port, and the ids of the processes by their part: so many API processes (`api`) and workers of documents (`documents`)."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
        port, running = door.getsockname()[1], list[tuple[str, subprocess.Popen[bytes]]]()
        for part, count in counts.items():
            command = [*CONTOR, "serve", "--fd", str(door.fileno())] if part == "api" else [*CONTOR, "work", part]
            known = {**environment, **UNBOUND, "PGAPPNAME": f"bench-{part}"}
            for _ in range(count):
                process = subprocess.Popen(command, env=known, pass_fds=(door.fileno(),), stderr=subprocess.DEVNULL)
                running.append((part, process))
        try:
            for _ in range(5 * counts["api"]):  # each of them may answer
                curve.until_served(port)
            yield port, {part: [process.pid for name, process in running if name == part] for part in counts}
        finally:
            for _, process in running:
                process.terminate()
            for _, process in running:
                process.wait(20)


def together(callers: int, one: Callable[[int], None]) -> None:
    """By so many callers at once, each in a thread of its own. What one of them raises is raised."""
    failed: list[BaseException] = []

    def safe(number: int) -> None:
        try:
            one(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=safe, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


@contextmanager
def measured(result: Result, parts: Callable[[], Parts], named: Sequence[str]) -> Iterator[None]:
    """Rate, and processor time of these parts; that of the callers, which this process is, is told apart."""
    before, began, own = parts(), time.perf_counter(), os.times()
    yield
    result.per_s = result.n / (time.perf_counter() - began)
    now, taken = os.times(), before.taken()
    fill(result, *[taken[name] for name in named])
    callers = now.user + now.system - own.user - own.system
    result.note += f"; callers {callers / result.n * 1000:.2f} CPU s per 1,000 beside"
