"""`POST /{realm}/oauth2/token`: OAuth2 client credentials (RFC 6749, 4.4), the client id is an API key of the realm."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, unquote_plus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contor.api.http import STATUS, address_of, authorization, headers_of, read_body
from contor.api.limits import Limits
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.organizations.access import ACCESS_SECONDS, AuthenticateClient, authenticate_client
from contor.organizations.rights import SCOPES
from contor.runtime.execute import Runtime

Pairs = Sequence[tuple[str, str]]
LIMIT = 8_192
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token_route(runtime: Runtime, limits: Limits) -> Route:
    """The route, to be served beside the dialects."""

    async def endpoint(request: Request) -> Response:
        try:
            limits.of_address(address_of(request))
            raw = await read_body(request, LIMIT, runtime.config.read_seconds)
            with limits.trying(address_of(request)):
                return await to_thread.run_sync(_answer, runtime, request, raw)
        except Refused as refused:
            message = refused.problems[0].message
            if refused.kind is Kind.UNAUTHENTICATED:
                challenge = {"WWW-Authenticate": 'Basic realm="contor"'}
                return _error(401, "invalid_client", "Client authentication failed.", challenge)
            code = "temporarily_unavailable" if refused.kind in (Kind.UNAVAILABLE, Kind.TOO_MANY) else "invalid_request"
            return _error(STATUS[refused.kind], code, message, {**headers_of(refused), "Connection": "close"})

    return Route("/{realm}/oauth2/token", endpoint, methods=["POST"])


def _answer(runtime: Runtime, request: Request, raw: bytes) -> Response:
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    sent = [*query, *parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)]
    form = dict(sent)
    if reason := _ambiguous(query, sent, request.headers):
        return _error(400, "invalid_request", reason)
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
        if refused.kind is Kind.UNAVAILABLE:
            raise
        raise Refused(Kind.UNAUTHENTICATED, *refused.problems) from None  # whatever is wrong with them: nobody's credentials
    answer = {
        "access_token": granted.tokens.access_token,
        "token_type": "bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(granted.scopes),
    }
    return JSONResponse(answer, headers=_NO_STORE)


def _ambiguous(query: Pairs, sent: Pairs, headers: Mapping[str, str]) -> str:
    """Why a request does not say clearly, or not safely, who asks for what; empty: it does."""
    names = [name for name, _ in sent]
    if len(set(names)) < len(names):
        return "A parameter stands more than once."  # RFC 6749, 3.2
    if any(name in ("client_secret", "client_assertion") for name, _ in query):
        return "A secret is sent in the body or by Basic authentication, never in the address."  # RFC 6749, 2.3.1
    basic = _basic(authorization(headers, "basic"))
    if basic is not None and ("client_secret" in names or dict(sent).get("client_id", basic[0]) != basic[0]):
        return "The client authenticates in one way only."  # RFC 6749, 2.3
    return ""


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
