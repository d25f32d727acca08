"""HTTP Basic with an e-mail and an API key, on every request; add-ons name in headers the user for whom they act."""

import base64
import binascii
from collections.abc import Mapping

from contor.api.http import authorization
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import Holder, Pair, ProvePair, holder_of_pair
from contor.runtime.execute import Runtime

__all__ = ["Holder", "holder_of"]


def holder_of(runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Holder:
    """Who calls. Raises UNAUTHENTICATED: what is wrong is not told."""
    pair = _pair(authorization(headers, "basic"))
    user, secret = headers.get("x-username"), headers.get("x-password")
    behalf = Pair(email=user or "", secret=secret or "") if user is not None or secret is not None else None
    return holder_of_pair(runtime, ProvePair(pair=pair, on_behalf_of=behalf), request_id, at_once=at_once)


def _pair(encoded: str | None) -> Pair:
    try:
        email, _, secret = base64.b64decode(encoded or "", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        email = secret = ""
    if not email or not secret:
        message = "Basic credentials are required: the e-mail of the account, and its API key."
        raise Refused(Kind.UNAUTHENTICATED, Problem("credentials_missing", message))
    return Pair(email=email, secret=secret)
