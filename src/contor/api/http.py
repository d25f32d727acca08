"""What every dialect takes from HTTP alike: which status says which refusal, what headers hold, the body as it arrives."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import unquote

import anyio
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from contor.api.limits import TooMany
from contor.kernel.errors import Kind, Problem, Refused

ENTITY_TAG: Final = r'(?:W/)?"?([1-9][0-9]{0,17})"?|\*'
"""`If-Match` (RFC 9110, 13.1.1): one version, as `ETag` says it or bare, or any."""

SEGMENTS: Final = "contor.segments"
"""In the scope of a request whose path was read by `by_segments`."""

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.GONE: 410,
    Kind.CONFLICT: 409,
    Kind.ILLEGAL_STATE: 400,
    Kind.NOT_READY: 409,
    Kind.OUTDATED: 412,
    Kind.TOO_LARGE: 413,
    Kind.DAMAGED: 500,
    Kind.UNSUPPORTED: 415,
    Kind.TIMED_OUT: 408,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
RETRY_AFTER: Final = "Retry-After"
"""Said by an answer of something that is still being made, in seconds (RFC 9110, 10.2.3)."""
SOON: Final = "1"
DEPRECATED: Final = {"Deprecation": "@1734652800", "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT"}
"""Said by every answer of a deprecated route: since when it is (2024-12-20, RFC 9745), and from when on it may be gone (RFC 8594)."""
MOST_SECONDS: Final = 60
"""Nobody waits longer, whatever is preferred."""
MOST_WAITING: Final = 200
"""Who comes while so many wait in this process is answered at once."""
_FIRST_LOOK, _LAST_LOOK = 0.05, 0.5
"""Seconds between two looks: at first, and at most."""
_WAIT = re.compile(r'wait\s*=\s*"?([0-9]{1,9})"?', re.ASCII | re.IGNORECASE)


class _Waiting:
    """How many wait in this process."""

    count = 0


def authorization(headers: Mapping[str, str], scheme: str) -> str | None:
    """The credentials of the Authorization header in this scheme (`bearer`, `basic`); None: it holds none (RFC 9110, 11.4)."""
    named, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if named.lower() == scheme else None


def by_segments(raw_path: bytes) -> str | None:
    """The path of a request as routes are matched with it: a slash that a segment says of itself (%2F) parts no segments. None: there is
    none, and the path may be decoded as a whole."""
    if b"%2f" not in raw_path.lower():
        return None
    kept = re.sub(rb"%(2[Ff5])", rb"%25\1", raw_path)
    return unquote(kept.decode("latin-1"))


def segment_of(value: str, *, kept: bool) -> str:
    """A parameter of a path from `by_segments` (`kept`), as it was meant."""
    return re.sub("%(2[Ff5])", lambda found: unquote(found[0]), value) if kept else value


def address_of(request: Request) -> str:
    """Where a request comes from, as the trusted proxy says."""
    return request.client.host if request.client is not None else ""


def headers_of(refused: Refused) -> dict[str, str]:
    """What a refusal says of when to come back."""
    if isinstance(refused, TooMany):
        return refused.headers()
    return {"Retry-After": "1"} if refused.kind is Kind.UNAVAILABLE else {}


def require_json(headers: Mapping[str, str]) -> None:
    """Raises UNSUPPORTED for a body that says of itself that it is no JSON in UTF-8. One that says nothing is taken for JSON."""
    require_plain(headers)
    media_type, _, parameters = headers.get("content-type", "").lower().partition(";")
    named = media_type.strip()
    if named and named not in ("application/json", "text/json") and not named.endswith("+json"):
        raise Refused(Kind.UNSUPPORTED, Problem("media_type_unsupported", "The body is JSON: Content-Type: application/json."))
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters)
    if charset is not None and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise Refused(Kind.UNSUPPORTED, Problem("charset_unsupported", "The body is JSON in UTF-8."))


def require_plain(headers: Mapping[str, str]) -> None:
    """Raises UNSUPPORTED for a body that is compressed (RFC 9110, 8.4)."""
    if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise Refused(Kind.UNSUPPORTED, Problem("encoding_unsupported", "The body is sent as it is, without Content-Encoding."))


def version_in(if_match: str | None) -> int | None:
    """The version that the header names; None: it is not there, or takes any (`*`). Raises INVALID."""
    given = (if_match or "*").strip()
    found = re.fullmatch(ENTITY_TAG, given)
    if found is None:
        raise Refused(Kind.INVALID, Problem("if_match_malformed", "names one version, or any by *", "If-Match", given))
    return int(found[1]) if found[1] else None


# The body as it arrives: bounded in size and in time, and given up when the server ends

_ARRIVING: set[anyio.CancelScope] = set()


def give_up_bodies() -> None:
    """The server ends: what has not arrived yet is waited for no longer. In the thread of the event loop."""
    for scope in list(_ARRIVING):
        scope.cancel()


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """At most `limit` bytes within `seconds`. Raises TOO_LARGE as soon as it is known to be, TIMED_OUT, INVALID where the connection
    ended; whoever is refused is to be sent away, for the rest stays unread."""
    declared = request.headers.get("content-length", "")
    # a body without length comes in chunks, and is counted as it comes
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    chunks, size = list[bytes](), 0
    with anyio.move_on_after(seconds) as scope:
        _ARRIVING.add(scope)
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
            return b"".join(chunks)
        except ClientDisconnect:
            raise Refused(Kind.INVALID, Problem("body_incomplete", "The connection ended before the body did.")) from None
        finally:
            _ARRIVING.discard(scope)
    raise Refused(Kind.TIMED_OUT, Problem("body_late", f"The body did not arrive within {seconds:g} seconds, or the server ends."))


def _too_large(limit: int) -> Refused:
    return Refused(Kind.TOO_LARGE, Problem("body_too_large", f"The body is larger than {limit} bytes."))


# Waiting for what is still being made (`Prefer: wait`, RFC 7240): who waits holds neither a thread nor a connection to the database


def seconds_preferred(headers: Headers) -> int | None:
    """How long the caller prefers to wait; None: it says nothing about that, or nothing that is understood."""
    for preference in ",".join(headers.getlist("prefer")).split(","):
        if found := _WAIT.fullmatch(preference.partition(";")[0].strip()):
            return min(int(found[1]), MOST_SECONDS)  # the first one counts
    return None


async def when_ready(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """The answer as soon as what is asked for is there, or the last one within the time that the caller prefers to wait."""
    began, response = time.monotonic(), await answer()
    seconds = seconds_preferred(request.headers)
    if seconds is None or _Waiting.count >= MOST_WAITING:
        return response
    _Waiting.count += 1
    try:
        pause = _FIRST_LOOK
        while _is_pending(request) and (left := began + seconds - time.monotonic()) > 0:
            if await request.is_disconnected():
                break
            await anyio.sleep(min(pause, left))
            pause = min(2 * pause, _LAST_LOOK)
            response = await answer()
    finally:
        _Waiting.count -= 1
    response.headers["Preference-Applied"] = f"wait={seconds}"
    return response


def _is_pending(request: Request) -> bool:
    """Whether what was answered last is still being made."""
    return bool(getattr(request.state, "pending", False))
