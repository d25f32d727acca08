"""What every dialect takes from HTTP alike: which status says which refusal, and what the Authorization header holds."""

from collections.abc import Mapping

from contor.kernel.errors import Kind

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.ILLEGAL_STATE: 400,
    Kind.OUTDATED: 412,
    Kind.TOO_LARGE: 413,
    Kind.UNAVAILABLE: 503,
}


def authorization(headers: Mapping[str, str], scheme: str) -> str | None:
    """The credentials of the Authorization header in this scheme (`bearer`, `basic`); None: it holds none (RFC 9110, 11.4)."""
    named, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if named.lower() == scheme else None
