"""A request straight into the application: one step to its loop and back. The client of Starlette makes a loop and its thread for every
request and goes there seven times, which costs more than most of what is asked."""

import asyncio
import threading
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Message


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop of this test process, as a server has one: with a task that lasts. The threads in which requests are answered are kept as
    long as it does; without it each request would start its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_until_complete, args=(asyncio.Event().wait(),), name="application", daemon=True).start()
    return loop


class Straight(httpx.BaseTransport):
    """Whole bodies in, whole bodies out; may be used by several threads at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request, request.read()), _loop()).result()

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        told, answered = [{"type": "http.request", "body": body}], asyncio.Event()
        status, headers, parts = 500, list[tuple[bytes, bytes]](), list[bytes]()

        async def receive() -> Message:
            if told:
                return told.pop()
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message.get("headers", ()))
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    answered.set()

        try:
            await self.app(_scope(request), receive, send)
        except Exception:  # the last handler has answered 500, then raised it again for the server's log
            assert status == 500
        return httpx.Response(
            status, headers=headers, content=b"" if request.method == "HEAD" else b"".join(parts), request=request
        )


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("testclient", 50000),
        "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
        "extensions": {},
        "state": {},
    }
