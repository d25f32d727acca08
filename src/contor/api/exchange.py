"""One request on its way through a dialect: who calls, what the body says, one operation through `execute`, the answer in its voice."""

import contextlib
import functools
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from contor.api.answers import rendered_answer
from contor.api.codec import JSON, Codec, chosen, parts_of
from contor.api.dialect import Dialect, NamedDialect
from contor.api.echo import parted, unchanged, whole_in_lists, without_nulls
from contor.api.entities import guarded, tag_of_answer
from contor.api.http import DEPRECATED, RETRY_AFTER, SEGMENTS, SOON, address_of, headers_of, require_json, require_plain, segment_of
from contor.api.limits import Limits
from contor.api.resolve import readable
from contor.api.route import AnyOperation, Call, Plain, Route, permitted
from contor.api.upload import file_of, uploaded
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.shapes import SENT
from contor.runtime.execute import Runtime, adapter, agreed, require_permission
from contor.runtime.query.list_parameters import unknown
from contor.runtime.refusals import problems_of
from contor.runtime.refusals.references import unknown_references
from contor.runtime.tracing import route_is

log = logging.getLogger("contor.api")

_SAVED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
"""A file is saved, never run: what somebody uploaded must not act in the name of this host."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its body read, before anything of it is believed."""

    dialect: Dialect
    runtime: Runtime
    request: Request
    raw: bytes
    request_id: str
    began: float
    """Of the performance counter, seconds."""
    limits: Limits

    @property
    def path(self) -> str:
        return self.request.url.path

    def caller(self, operation: AnyOperation | None = None) -> Caller:
        """Who asks; for an operation that needs no permission anyone may."""
        if operation is not None and not operation.permission:
            return Caller("anyone", self.request_id)
        changes_access = operation is not None and operation.directory and not operation.reads
        return self.dialect.authenticate(self.runtime, self.request.headers, self.request_id, at_once=changes_access)

    def holder(self, made: Callable[..., Caller]) -> Caller:
        """Who holds the link that is the path."""
        return self.limits.linked(self.request, lambda: made(self.runtime, self.path_parameters(), self.request_id))

    def path_parameters(self) -> Mapping[str, str]:
        kept = bool(self.request.scope.get(SEGMENTS))
        return {name: segment_of(value, kept=kept) for name, value in self.request.path_params.items()}

    def query(self) -> Sequence[tuple[str, str]]:
        return parse_qsl(self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The body of a request that names its operation: its format, its content, and the file beside it."""

    codec: Codec
    content: object
    file: FileContent | None = None


def answered(exchange: Exchange, row: Route) -> Response:
    """The answer of the operation to which the path led."""
    route_is(row.method, row.path)
    pending = False
    try:
        caller = exchange.caller(row.operation) if row.holder is None else exchange.holder(row.holder)
        if caller.tenant_id is not None:
            exchange.request.state.rate = exchange.limits.of_tenant(caller.tenant_id)
        caller = permitted(row, caller)
        require_permission(row.operation, caller)  # before anything is read of the body
        query = exchange.query()
        path = exchange.path_parameters()
        _refuse_nul(path, query)
        body, repeated = _body(exchange, row, query, caller)
        call = Call(path, query, body, if_match=exchange.request.headers.get("if-match"))
        tried = _tried(exchange, row, call)
        with exchange.limits.trying(*tried) if tried else contextlib.nullcontext():
            status, answer = row.status, _run(exchange, row, caller, call, repeated)
        pending = row.pending is not None and row.pending(answer)
    except Refused as refused:
        status, answer = exchange.dialect.refuse(refused, exchange.path, exchange.request_id)
        exchange.request.state.refused = refused
        pending = refused.kind is Kind.NOT_READY
    except Exception:
        status, answer = _crash(exchange, f"{row.method} {row.path}", row)
    response = _response(exchange, status, answer, JSON)
    exchange.request.state.pending = pending
    if row.deprecated:
        response.headers.update(DEPRECATED)
    if pending:
        response.headers[RETRY_AFTER] = SOON
    if row.versioned and status == row.status and isinstance(answer, Mapping) and "version" in answer:
        response.headers["ETag"] = f'"{answer["version"]}"'
    elif status == row.status and (tag := tag_of_answer(row, answer)) is not None:
        response.headers["ETag"] = tag
    return response


def answered_by_name(exchange: Exchange, dialect: NamedDialect, table: Mapping[str, Route]) -> Response:
    """The answer of the operation that the body names; the format and the envelope are those of the request."""
    envelope = Envelope(chosen(dialect.codecs, exchange.request.headers.get("content-type", ""), exchange.raw), None)
    name = ""
    try:
        with exchange.limits.trying(address_of(exchange.request)):
            caller = exchange.caller()
        if caller.tenant_id is not None:
            exchange.request.state.rate = exchange.limits.of_named(dialect.name, caller.tenant_id, dialect.allowed(caller))
        require_plain(exchange.request.headers)
        envelope = _envelope(exchange, dialect)
        name = dialect.service(envelope.content)
        row = table.get(name) or table.get(name.lower())
        if row is None:
            raise Refused(Kind.NOT_FOUND, Problem("service_unknown", f"unknown SERVICE: {name[:100]}", "SERVICE", name[:100]))
        content = dialect.content(row, envelope.content)
        body = dialect.named_query(row, content) if row.filterable is not None else _shaped_by(row, content, camel=dialect.camel)
        status, answer = row.status, _run(exchange, row, caller, Call({}, (), body, envelope.file), {})
    except Refused as refused:
        status, answer = dialect.refuse(refused, exchange.path, exchange.request_id)
        exchange.request.state.refused = refused
    except Exception:
        status, answer = _crash(exchange, name or "a request without a name", table.get(name))
    if not isinstance(answer, FileContent):
        answer = dialect.enveloped(envelope.content, answer)
    return _response(exchange, status, answer, envelope.codec)


def _envelope(exchange: Exchange, dialect: NamedDialect) -> Envelope:
    kind = exchange.request.headers.get("content-type", "")
    raw, file = exchange.raw, None
    if kind.lower().startswith("multipart/"):
        parts = {part.name: part for part in parts_of(kind, raw)}
        if dialect.envelope_part not in parts:
            message = f"The body has a part named {dialect.envelope_part}."
            raise Refused(Kind.INVALID, Problem("part_missing", message, dialect.envelope_part))
        raw, kind = parts[dialect.envelope_part].content, parts[dialect.envelope_part].media_type
        file = file_of(parts[dialect.file_part]) if dialect.file_part in parts else None
    codec = chosen(dialect.codecs, kind, raw)
    return Envelope(codec, codec.read(raw), file)


def _run(exchange: Exchange, row: Route, caller: Caller, call: Call, repeated: Plain) -> object:
    headers = exchange.request.headers
    names = [exchange.request.path_params[name] for name in sorted(exchange.request.path_params)]
    operation, command = guarded(exchange.dialect, row, call, unchanged(exchange.dialect, row, call, repeated), names)
    return exchange.runtime.execute(
        operation,
        command,
        caller,
        key=_idempotency_key(row, headers),
        dry_run=headers.get("x-dry-run") == "true",
        render=functools.partial(rendered_answer, exchange.dialect, row),
    )


def _tried(exchange: Exchange, row: Route, call: Call) -> list[str]:
    """Of a request that brings credentials: its address, and whose they are. A key's name locks nobody out: its secret is not guessed."""
    if row.operation.permission or row.operation.name != "token.issue":
        return []
    email = getattr(call.body, "email", None)
    return [address_of(exchange.request), *([f"user:{email.lower()}"] if isinstance(email, str) else [])]


def _crash(exchange: Exchange, what: str, row: Route | None) -> tuple[int, object]:
    """Nothing internal is shown; the request's id finds the entry in the log."""
    operation = row.operation.name if row is not None else "none"
    log.exception("%s failed (request %s, operation %s)", what, exchange.request_id, operation)
    return exchange.dialect.crash(exchange.path, exchange.request_id)


def _response(exchange: Exchange, status: int, answer: object, codec: Codec) -> Response:
    headers = exchange.dialect.headers(exchange.request_id, time.perf_counter() - exchange.began)
    state = exchange.request.state
    if (rate := getattr(state, "rate", None)) is not None:
        headers.update(rate.headers())
    if (refused := getattr(state, "refused", None)) is not None:
        headers.update(headers_of(refused))
    if status == 401:
        headers["WWW-Authenticate"] = exchange.dialect.challenge
    if isinstance(answer, FileContent):
        headers |= _SAVED
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(answer.name)}"  # RFC 6266: any name, in ASCII
        if answer.source is not None:
            if answer.size is not None:
                headers["Content-Length"] = str(answer.size)
            return StreamingResponse(answer.pieces(), status, headers, answer.media_type)
        return Response(answer.content, status, headers, answer.media_type)
    if status == 204 or answer is None:  # RFC 9110, 15.3.5: no content, not even `null`
        return Response(b"", status, headers)
    return Response(codec.write(answer), status, headers, codec.media_type)


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
    # to read twice is harmless
    if key is None or row.method == "GET":
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Refused(Kind.INVALID, Problem("idempotency_key_invalid", "1 to 255 visible ASCII characters.", "Idempotency-Key"))
    return key


def _body(exchange: Exchange, row: Route, query: Sequence[tuple[str, str]], caller: Caller) -> tuple[object, Plain]:
    """The body as its shape, and what it only repeats of what is shown."""
    if row.filterable is None and (problems := unknown(query, row.parameters, tuple(row.parameters))):
        raise Refused(Kind.INVALID, *problems)
    if row.upload:
        require_plain(exchange.request.headers)
        return uploaded(exchange.request.headers, exchange.raw), {}
    if row.filterable is not None:
        return exchange.dialect.list_query(row, query), {}
    if row.body is None:
        if row.method != "GET" and exchange.raw.strip():  # nothing of it is taken, but what nobody can read is a mistake
            _without_input(exchange)
        return None, {}
    content, repeated = parted(row, _content(exchange, row), camel=exchange.dialect.camel)
    try:
        # to look for null in each object costs more than to look for the word; a dialect may mean it by the empty text
        has_nulls = b"null" in exchange.raw or b'""' in exchange.raw
        return _shaped_by(row, content, camel=exchange.dialect.camel, has_nulls=has_nulls), repeated
    except Refused as refused:
        also = unknown_references(exchange.runtime, caller, row.operation, readable(row, content), refused.problems)
        raise Refused(refused.kind, *refused.problems, *also) from None


def _content(exchange: Exchange, row: Route) -> object:
    """What the body says; where it need not be there, none is one that says nothing."""
    if row.may_be_empty and not exchange.raw.strip():
        return {}
    require_json(exchange.request.headers)
    content = JSON.read(exchange.raw)
    return {} if row.may_be_empty and content is None else content


def _without_input(exchange: Exchange) -> None:
    require_json(exchange.request.headers)
    if not isinstance(JSON.read(exchange.raw), dict | None):
        raise Refused(Kind.INVALID, Problem("body_not_object", "Nothing is to be said here: the body is empty, or a JSON object."))


def _shaped_by(row: Route, content: object, *, camel: bool, has_nulls: bool = True) -> object:
    """What the row's body shape makes of plain values, names and ids of the dialect included."""
    if row.body is None:
        return None
    content = readable(row, content)
    return shaped(row.body, content, camel=camel, in_part=row.in_part, has_nulls=has_nulls)


def shaped(kind: object, content: object, *, camel: bool, in_part: bool = False, has_nulls: bool = True) -> object:
    """`content` as a validated shape, or every finding. `in_part`: null unsets a field; else, and in lists always, it says nothing."""
    try:
        plain = content
        if has_nulls:
            plain = whole_in_lists(content) if in_part else without_nulls(content)
        made = agreed(kind, plain, by_alias=camel, context=SENT)
        if made is None:  # once more, for the findings
            made = adapter(kind).validate_python(plain, by_alias=camel, by_name=not camel, context=SENT)
        return made
    except ValidationError as error:
        raise Refused(Kind.INVALID, *problems_of(error)) from None
    except RecursionError:
        raise Refused(Kind.INVALID, Problem("json_malformed", "The body is nested too deeply.")) from None
