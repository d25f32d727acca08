"""Serving a dialect's routes: authentication, body, one operation through `execute`, and the answer in the dialect's voice."""

import functools
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec
from anyio import to_thread
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from contor.api.kit import Call, Dialect, Route
from contor.api.openapi import openapi
from contor.api.upload import uploaded
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime, adapter, problems_of
from contor.runtime.query import Page

log = logging.getLogger("contor.api")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def build(dialect: Dialect, routes: Iterable[Route], runtime: Runtime) -> FastAPI:
    """The dialect's application. Static segments are matched before placeholders."""
    table = sorted(routes, key=lambda r: [part.startswith("{") for part in r.path.split("/")])
    app = FastAPI(title=dialect.title, version=dialect.version, docs_url=None, redoc_url=None, openapi_url=None)
    for row in table:
        app.add_route(row.path, _endpoint(dialect, row, runtime), methods=[row.method], include_in_schema=False)
    document = functools.cache(lambda: ENCODER.encode(openapi(dialect, table)))

    async def serve_openapi(request: Request) -> Response:
        return Response(await to_thread.run_sync(document), media_type="application/json")

    app.add_route(f"{dialect.prefix}/openapi.json", serve_openapi, methods=["GET"], include_in_schema=False)

    async def unrouted(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        kind = Kind.NOT_FOUND if status in (404, 405) else Kind.INVALID
        code = "method_not_allowed" if status == 405 else "path_not_found" if status == 404 else "request_malformed"
        refused = Refused(kind, Problem(code, f"{request.method} {request.url.path} is not an operation of this API."))
        request_id = runtime.new_uuid().hex
        shown, body = dialect.refuse(refused, request.url.path, request_id)
        if status == 405:
            shown, body = 405, dialect.with_status(body, 405)
        headers = {**dialect.headers(request_id, 0), **(getattr(error, "headers", None) or {})}
        return Response(ENCODER.encode(body), shown, headers, "application/json")

    app.add_exception_handler(HTTPException, unrouted)
    return app


def _endpoint(dialect: Dialect, row: Route, runtime: Runtime) -> Callable[[Request], Any]:
    limit = runtime.config.max_body_bytes

    async def endpoint(request: Request) -> Response:
        began = time.perf_counter()
        request_id = runtime.new_uuid().hex
        try:
            raw = await _read(request, limit) if row.method not in ("GET", "DELETE") or row.body is not None else b""
        except Refused as refused:
            status, body = dialect.refuse(refused, request.url.path, request_id)
            return Response(
                ENCODER.encode(body), status, {**dialect.headers(request_id, 0), "Connection": "close"}, "application/json"
            )
        return await to_thread.run_sync(_handle, dialect, row, runtime, request, raw, request_id, began)

    return endpoint


async def _read(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large."""
    too_large = Refused(Kind.TOO_LARGE, Problem("body_too_large", f"The body is larger than {limit} bytes."))
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise too_large
            chunks.append(chunk)
    except ClientDisconnect:
        raise Refused(Kind.INVALID, Problem("body_incomplete", "The connection ended before the body did.")) from None
    return b"".join(chunks)


def _handle(
    dialect: Dialect, row: Route, runtime: Runtime, request: Request, raw: bytes, request_id: str, began: float
) -> Response:
    path = request.url.path
    try:
        if row.operation.permission:
            caller = dialect.authenticate(runtime, request.headers, request_id)
        else:
            caller = Caller("anyone", request_id)
        query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        _refuse_nul(request.path_params, query)
        body = uploaded(request.headers, raw) if row.upload else _body(dialect, row, raw, query)
        call = Call(request.path_params, query, body, request.headers, caller)
        render = functools.partial(_render, dialect, row)
        answer = runtime.execute(
            row.operation,
            row.bind(call),
            caller,
            key=_idempotency_key(row, request.headers),
            dry_run=request.headers.get("x-dry-run") == "true",
            render=render,
        )
        status = row.status
    except Refused as refused:
        status, answer = dialect.refuse(refused, path, request_id)
    except Exception:
        log.exception("%s %s failed (request %s, operation %s)", row.method, row.path, request_id, row.operation.name)
        status, answer = dialect.crash(path, request_id)
    headers = dialect.headers(request_id, time.perf_counter() - began)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(answer, FileContent):
        headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(answer.name)}"  # RFC 6266: any name, in ASCII
        return Response(answer.content, status, headers, answer.media_type)
    if status == 204 or answer is None:
        return Response(b"", status, headers)
    return Response(ENCODER.encode(answer), status, headers, "application/json; charset=utf-8")


def _refuse_nul(path: Mapping[str, str], query: Sequence[tuple[str, str]]) -> None:
    """No thing is named so, and PostgreSQL knows no such text."""
    if any("\0" in value for value in path.values()):
        raise Refused(Kind.NOT_FOUND, Problem("path_malformed", "The path holds a NUL character."))
    if named := [name for name, value in query if "\0" in name + value]:
        raise Refused(
            Kind.INVALID, *(Problem("parameter_malformed", "holds a NUL character", name.replace("\0", "")) for name in named)
        )


def _idempotency_key(row: Route, headers: Mapping[str, str]) -> str | None:
    key = headers.get("idempotency-key")
    if key is None or row.method == "GET":
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Refused(Kind.INVALID, Problem("idempotency_key_invalid", "1 to 255 visible ASCII characters.", "Idempotency-Key"))
    return key


def _body(dialect: Dialect, row: Route, raw: bytes, query: Sequence[tuple[str, str]]) -> Any:
    if row.filterable is not None:
        return dialect.list_query(row, query)
    if row.body is None:
        return None
    return shaped(row.body, decoded(raw), camel=dialect.camel)


def decoded(raw: bytes) -> Any:
    """JSON as plain values with exact decimals; whatever is wrong with it is one finding."""
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation, ValueError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)[:200] or "a number is out of range"
        raise Refused(Kind.INVALID, Problem("json_malformed", f"The body is not valid JSON: {reason}")) from None


def shaped(kind: Any, content: Any, *, camel: bool) -> Any:
    """`content` as a validated shape, or every finding."""
    try:
        return adapter(kind).validate_python(content, by_alias=camel, by_name=not camel)
    except ValidationError as error:
        raise Refused(Kind.INVALID, *problems_of(error)) from None
    except RecursionError:
        raise Refused(Kind.INVALID, Problem("json_malformed", "The body is nested too deeply.")) from None


def _render(dialect: Dialect, row: Route, result: Any) -> Any:
    """The answer as plain values in the dialect's names."""
    if isinstance(result, Page):
        rows = [rendered(row.output, item, camel=dialect.camel, answer=row.answer) for item in result.items]
        return rows if row.array else dialect.page(row, result, rows)
    if (result is None and row.answer is None) or isinstance(result, FileContent):
        return result
    return rendered(row.output, result, camel=dialect.camel, answer=row.answer)


def rendered(kind: Any, result: Any, *, camel: bool, answer: Callable[[Any], Any] | None = None) -> Any:
    """One thing as plain values; what is not set is left out."""
    if answer is not None:
        return answer(result)
    wanted: Any = kind if kind is not None else type(result)
    shape = adapter(wanted)
    if isinstance(result, dict) or (isinstance(result, tuple) and result and isinstance(result[0], dict)):
        result = shape.validate_python(result, by_alias=False, by_name=True)
    return shape.dump_python(result, by_alias=camel, exclude_none=True)
