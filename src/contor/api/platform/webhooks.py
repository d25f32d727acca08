"""`POST /{realm}/payment-providers/{id}/webhooks`: what payment providers call about. A signature of theirs takes the place of a token."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contor.api.http import STATUS, address_of, headers_of, read_body
from contor.api.limits import Limits
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.organizations.clock import FindEnvironment, find_environment
from contor.payments.intents import Called, take_call
from contor.runtime.execute import Runtime

LIMIT = 1024 * 1024
"""Bytes of a call: GoCardless tells of up to 250 events in one."""
SIGNATURES = ("stripe-signature", "webhook-signature")
"""Headers with a provider's signature."""


def webhook_route(runtime: Runtime, limits: Limits) -> Route:
    """The route, to be served beside the dialects."""

    async def endpoint(request: Request) -> Response:
        try:
            limits.of_address(address_of(request))
            raw = await read_body(request, LIMIT, runtime.config.read_seconds)
            await to_thread.run_sync(_take, runtime, request, raw)
        except Refused as refused:
            return JSONResponse({"message": refused.problems[0].message}, STATUS[refused.kind], headers_of(refused))
        return JSONResponse({"received": True})

    return Route("/{realm}/payment-providers/{number:int}/webhooks", endpoint, methods=["POST"])


def _take(runtime: Runtime, request: Request, raw: bytes) -> None:
    everything = frozenset({EVERYTHING})
    who, request_id = "provider", runtime.new_uuid().hex
    realm, number = request.path_params["realm"][:255], min(request.path_params["number"], 2**62)
    found = runtime.execute(find_environment, FindEnvironment(realm=realm), Caller(who, request_id, permissions=everything))
    signature = next((request.headers[name] for name in SIGNATURES if name in request.headers), "")
    command = Called(number, raw, signature[:4096])
    runtime.execute(take_call, command, Caller(who, request_id, found.tenant_id, permissions=everything))
