"""Serving a dialect: its table of routes as a web application. Requests are matched by path, or by the name that their body bears."""

import functools
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Router
from starlette.routing import Route as HttpRoute
from starlette.types import Receive, Scope, Send

from contor.api.codec import JSON, chosen
from contor.api.dialect import Dialect, NamedDialect
from contor.api.entities import with_entities
from contor.api.exchange import Exchange, answered, answered_by_name
from contor.api.http import SEGMENTS, address_of, by_segments, headers_of, read_body, when_ready
from contor.api.limits import Limits
from contor.api.openapi import openapi
from contor.api.route import Route
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import Runtime
from contor.runtime.work.threads import Threads

log = logging.getLogger("contor.api")
Endpoint = Callable[[Request], Awaitable[Response]]
_THREADS = Threads()
"""Of this process: the database waits for none of them in the event loop."""


def build(dialect: Dialect, routes: Iterable[Route], runtime: Runtime, limits: Limits | None = None) -> "Served":
    """The application of a dialect that matches by path. Static segments are matched before placeholders."""
    limits = limits or Limits(runtime.config)
    table = sorted(with_entities(routes), key=lambda r: [part.startswith("{") for part in r.path.split("/")])
    reads = {row.path: row for row in table if row.method == "GET"}
    served = []
    for plain in table:
        row = replace(plain, shown=plain.shown or reads.get(plain.path)) if plain.method in ("PUT", "PATCH") else plain
        reads_body = row.method not in ("GET", "DELETE") or row.body is not None
        endpoint = _endpoint(
            dialect,
            runtime,
            limits,
            functools.partial(answered, row=row),
            reads_body=reads_body,
            waits=row.pending is not None,
        )
        served.append(HttpRoute(row.path, endpoint, methods=[row.method]))
    document = functools.cache(lambda: JSON.write(openapi(dialect, table)))  # made when first asked for, not at every start

    async def serve_openapi(request: Request) -> Response:
        return Response(await _THREADS.run(document), media_type="application/json")

    served.append(HttpRoute(f"{dialect.prefix}/openapi.json", serve_openapi, methods=["GET"]))
    return _application(dialect, runtime, served)


def build_named(dialect: NamedDialect, routes: Iterable[Route], runtime: Runtime, limits: Limits | None = None) -> "Served":
    """The application of a dialect whose only address, `dialect.prefix`, takes requests that name their operation."""
    table = {row.service: row for row in routes}
    limits = limits or Limits(runtime.config)
    endpoint = _endpoint(
        dialect,
        runtime,
        limits,
        functools.partial(answered_by_name, dialect=dialect, table=table),
        reads_body=True,
        refusal=functools.partial(refused_by_name, dialect),
    )

    async def unrouted(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        refused = Refused(_unrouted_kind(status), Problem("method_not_allowed", f"{request.method} is not allowed: POST is."))
        response = refused_by_name(dialect, request, refused, runtime.new_uuid().hex, status)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    return Served([HttpRoute(dialect.prefix, endpoint, methods=["POST"])], unrouted)


def refused_by_name(
    dialect: NamedDialect, request: Request, refused: Refused, request_id: str, status: int | None = None
) -> Response:
    """A refusal of what was not read, in the dialect's envelope and in the format that the request says it has."""
    codec = chosen(dialect.codecs, request.headers.get("content-type", ""), b"")
    shown, body = dialect.refuse(refused, request.url.path, request_id)
    headers = {**dialect.headers(request_id, 0), **headers_of(refused)}
    return Response(codec.write(dialect.enveloped(None, body)), status or shown, headers, codec.media_type)


def _application(dialect: Dialect, runtime: Runtime, served: list[HttpRoute]) -> "Served":
    async def unrouted(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        kind = _unrouted_kind(status)
        code = "method_not_allowed" if status == 405 else "path_not_found" if status == 404 else "request_malformed"
        refused = Refused(kind, Problem(code, f"{request.method} {request.url.path} is not an operation of this API."))
        request_id = runtime.new_uuid().hex
        shown, body = dialect.refuse(refused, request.url.path, request_id)
        if status == 405:
            shown, body = 405, dialect.with_status(body, 405)
        headers = {**dialect.headers(request_id, 0), **(getattr(error, "headers", None) or {})}
        return Response(JSON.write(body), shown, headers, "application/json")

    return Served(served, unrouted)


def _unrouted_kind(status: int) -> Kind:
    return Kind.NOT_FOUND if status in (404, 405) else Kind.INVALID


@dataclass
class _Branch:
    """The routes whose paths begin alike."""

    words: "dict[str, _Branch]" = field(default_factory=dict)
    any: "_Branch | None" = None
    """Behind a placeholder."""
    routes: list[HttpRoute] = field(default_factory=list)
    """That end here."""


class Tree(Router):
    """Asks the few routes that a path can mean, found segment by segment, and not one after the other. A word goes before a placeholder."""

    def __init__(self, routes: list[HttpRoute]) -> None:
        super().__init__(routes=routes, redirect_slashes=False)
        self._root = _Branch()
        for route in routes:
            branch = self._root
            for part in route.path.split("/"):
                if part.startswith("{"):
                    branch.any = branch = branch.any or _Branch()
                else:
                    branch = branch.words.setdefault(part, _Branch())
            branch.routes.append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        others: list[HttpRoute] = []
        for route in self._meant(scope["path"]):
            match, found = route.matches(scope)
            if match is Match.FULL:
                response = await route.endpoint(Request({**scope, **found}, receive, send))
                await response(scope, receive, send)
                return
            if match is Match.PARTIAL:  # the path, by other methods
                others.append(route)
        if not others:
            raise HTTPException(404)
        allowed = sorted({method for route in others for method in route.methods or ()})
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})

    def _meant(self, path: str) -> list[HttpRoute]:
        branches = [self._root]
        for part in path.split("/"):
            branches = [found for it in branches for found in (it.words.get(part), it.any) if found is not None]
        return [route for branch in branches for route in branch.routes]


class Served:
    """The routes of one dialect. A path with a slash at its end is another path, not one to be sent elsewhere. What an endpoint raises
    goes to the server, which says no more than that."""

    def __init__(self, routes: list[HttpRoute], unrouted: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self.router, self._unrouted = Tree(routes), unrouted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (path := by_segments(scope.get("raw_path") or b"")) is not None:
            scope = {**scope, "path": path, SEGMENTS: True}
        try:
            await self.router(scope, receive, send)
        except HTTPException as error:
            response = await self._unrouted(Request(scope, receive, send), error)
            await response(scope, receive, send)


def request_id_of(request: Request) -> str | None:
    """The id that the caller gave the request, if it is a UUID, as the answers say it."""
    try:
        return uuid.UUID(request.headers.get("x-request-id", "")).hex
    except ValueError:
        return None


def _endpoint(
    dialect: Dialect,
    runtime: Runtime,
    limits: Limits,
    answer: Callable[[Exchange], Response],
    *,
    reads_body: bool,
    waits: bool = False,
    refusal: Callable[[Request, Refused, str], Response] | None = None,
) -> Endpoint:
    config = runtime.config

    async def endpoint(request: Request) -> Response:
        began = time.perf_counter()
        request_id = request_id_of(request) or runtime.new_uuid().hex
        try:
            limits.of_address(address_of(request))
            raw = await read_body(request, config.max_body_bytes, config.read_seconds) if reads_body else b""
        except Refused as refused:
            # the rest of the body stays unread: this connection can carry no further request
            if refusal is not None:
                response = refusal(request, refused, request_id)
                response.headers["Connection"] = "close"
                return response
            status, body = dialect.refuse(refused, request.url.path, request_id)
            headers = {**dialect.headers(request_id, 0), **headers_of(refused), "Connection": "close"}
            return Response(JSON.write(body), status, headers, "application/json")
        exchange = Exchange(dialect, runtime, request, raw, request_id, began, limits)
        if waits:
            return await when_ready(request, lambda: _THREADS.run(functools.partial(answer, exchange)))
        return await _THREADS.run(functools.partial(answer, exchange))

    return endpoint
