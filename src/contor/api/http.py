"""What every dialect takes from HTTP alike: which status says which refusal, and what the Authorization header holds."""

import re
from collections.abc import Mapping
from typing import Final

from contor.kernel.errors import Kind, Problem, Refused

ENTITY_TAG: Final = r'(?:W/)?"?([1-9][0-9]{0,17})"?|\*'
"""`If-Match` (RFC 9110, 13.1.1): one version, as `ETag` says it or bare, or any."""

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.ILLEGAL_STATE: 400,
    Kind.OUTDATED: 412,
    Kind.TOO_LARGE: 413,
    Kind.DAMAGED: 500,
    Kind.UNAVAILABLE: 503,
}


def authorization(headers: Mapping[str, str], scheme: str) -> str | None:
    """The credentials of the Authorization header in this scheme (`bearer`, `basic`); None: it holds none (RFC 9110, 11.4)."""
    named, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if named.lower() == scheme else None


def version_in(if_match: str | None) -> int | None:
    """The version that the header names; None: it is not there, or takes any (`*`). Raises INVALID."""
    given = (if_match or "*").strip()
    found = re.fullmatch(ENTITY_TAG, given)
    if found is None:
        raise Refused(Kind.INVALID, Problem("if_match_malformed", "names one version, or any by *", "If-Match", given))
    return int(found[1]) if found[1] else None
