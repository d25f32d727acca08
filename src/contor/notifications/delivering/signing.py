"""The headers by which a receiver knows a notification, and that it is ours and unchanged. Pure.

Standard Webhooks (github.com/standard-webhooks): `webhook-id`, `webhook-timestamp`, `webhook-signature`; beside them `X-Webhook-Signature`,
the hexadecimal HMAC-SHA256 of the body alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence


def headers_of(ident: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> Mapping[str, str]:
    """`timestamp`: of the try, in seconds since 1970. `keys`: of the route, the newest first; without one nothing is signed."""
    said = {"webhook-id": ident, "webhook-timestamp": str(timestamp)}
    if keys:
        said["webhook-signature"] = " ".join(signature(key, ident, timestamp, body) for key in keys)
        said |= body_alone(body, keys[0])
    return said


def body_alone(body: bytes, key: bytes) -> Mapping[str, str]:
    """The hexadecimal HMAC-SHA256 of the body."""
    return {"X-Webhook-Signature": hmac.new(key, body, hashlib.sha256).hexdigest()}


def signature(key: bytes, ident: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC-SHA256 over `<ident>.<timestamp>.<body>`."""
    signed = f"{ident}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
