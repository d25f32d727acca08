"""`POST /{realm}/oauth2/token`: OAuth2 client credentials (RFC 6749, 4.4), the client id is an API key of the realm."""

import base64
import binascii
from urllib.parse import parse_qsl, unquote_plus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contor.api.http import authorization
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.organizations.access import ACCESS_SECONDS, AuthenticateClient, authenticate_client
from contor.organizations.rights import SCOPES
from contor.runtime.execute import Runtime

LIMIT = 8_192
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token_route(runtime: Runtime) -> Route:
    """The route, to be served beside the dialects."""

    async def endpoint(request: Request) -> Response:
        raw = b""
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > LIMIT:
                return _error(413, "invalid_request", "The body is too large.")
        return await to_thread.run_sync(_answer, runtime, request, raw)

    return Route("/{realm}/oauth2/token", endpoint, methods=["POST"])


def _answer(runtime: Runtime, request: Request, raw: bytes) -> Response:
    form = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    form.update(parse_qsl(raw.decode("utf-8", "replace")))
    if form.get("grant_type") != "client_credentials":
        code = "unsupported_grant_type" if "grant_type" in form else "invalid_request"
        return _error(400, code, "grant_type must be client_credentials.")
    client = _basic(authorization(request.headers, "basic")) or (form.get("client_id", ""), form.get("client_secret", ""))
    scopes = form.get("scope", "").split()
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        return _error(400, "invalid_scope", f"Unknown scope: {' '.join(unknown)[:200]}")
    request_id = runtime.new_uuid().hex
    client_id, client_secret = client
    command = AuthenticateClient(request.path_params["realm"], client_id, client_secret, tuple(scopes))
    try:
        granted = runtime.execute(authenticate_client, command, Caller("client", request_id))
    except Refused as refused:
        if refused.kind is Kind.FORBIDDEN:
            return _error(400, "invalid_scope", refused.problems[0].message)
        return _error(401, "invalid_client", "Client authentication failed.", {"WWW-Authenticate": 'Basic realm="contor"'})
    answer = {
        "access_token": granted.tokens.access_token,
        "token_type": "bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(granted.scopes),
    }
    return JSONResponse(answer, headers=_NO_STORE)


def _basic(encoded: str | None) -> tuple[str, str] | None:
    if encoded is None:
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""  # nobody: a header that cannot be read must not fall back to the form
    return unquote_plus(name), unquote_plus(secret)  # form-encoded within Basic (RFC 6749, 2.3.1)


def _error(status: int, code: str, description: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": code, "error_description": description}, status, {**_NO_STORE, **(headers or {})})
