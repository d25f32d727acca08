"""How fynn speaks: camelCase, a bearer key, API Platform's lists and problems."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from contor.api.fynn.lists import list_query_of, parameters_of
from contor.api.fynn.refusals import problem_of, titled
from contor.api.http import authorization
from contor.api.route import Plain, Route, Sought
from contor.customers.keeping.signed_in import OWN, PREFIX, read_customer_token
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import BEARER, Pair, ProvePair, holder_of_pair
from contor.organizations.rights import FYNN_SCOPES, spoken_by_fynn
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page

MOUNT: Final = "/fynn"
"""Where the dialect lies on a host that is not its alone."""
_NOTHING: Final = Sought()


class FynnVoice:
    """The dialect at `/fynn`, and at the root of hosts of its own."""

    name = "fynn"
    prefix = ""
    """Its paths are at the root; where it lies in this installation is the application's (`MOUNT`)."""
    title = "fynn API"
    version = "0.0.0"
    description = (
        "Customers, catalogue, subscriptions, usage, checkout, offers, invoices, payments and books of one tenant, as fynn names "
        "them.\n\n"
        "`Authorization: Bearer api_…` brings a key of the tenant. Amounts are minor units of their currency. Lists are searched by the "
        "names of properties, dotted or in brackets. A refusal names every finding at once."
    )
    camel = True
    nulls, root = True, MOUNT
    challenge = "Bearer"

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        """Who holds the key, or the customer who signed in. A key that was made with permissions of fynn has these alone; another one those
        that its scopes give."""
        token = authorization(headers, "bearer") or headers.get("authorization", "").strip()
        if token.startswith(PREFIX):
            link = read_customer_token(runtime, token)
            return Caller(f"customer:{link.number}", request_id, link.tenant_id, permissions=frozenset({OWN}))
        if not token.startswith(BEARER):
            message = "Authorization: Bearer with an API key is required; a key begins with api_."
            raise Refused(Kind.UNAUTHENTICATED, Problem("token_missing", message))
        proof = ProvePair(pair=Pair(email=None, secret=token.removeprefix(BEARER)))
        return holder_of_pair(runtime, proof, request_id, at_once=at_once, spoken=_as_spoken)

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery:
        return list_query_of(route.sought or _NOTHING, query, tuple(route.parameters))

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        return problem_of(refused)

    def with_status(self, body: Plain, status: int) -> Plain:
        return {**body, "status": status}

    def crash(self, path: str, request_id: str) -> tuple[int, Plain]:
        """Nothing internal is shown; the request's id finds the entry in the server's log."""
        return 500, titled(500, f"An unexpected error occurred (request {request_id}).")

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        """Rows beside how many there are; where more are found than are counted, as many as are sure."""
        pagination = {
            "totalItems": page.total,
            "itemsPerPage": page.size,
            "currentPage": page.number + 1,
            "lastPage": max(page.pages, 1),
            "pageTotalItems": len(rows),
        }
        return {"data": rows, "meta": {"pagination": pagination}}

    def headers(self, request_id: str, seconds: float) -> dict[str, str]:
        return {
            "X-Request-Id": request_id,
            "X-Response-Time": f"{seconds:.6f}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept",
        }

    def error_schema(self) -> Plain:
        text: Plain = {"type": "string"}
        violation = {
            "type": "object",
            "required": ["propertyPath", "message", "code"],
            "properties": {"propertyPath": text, "message": text, "code": {"type": "string", "format": "uuid"}},
        }
        return {
            "type": "object",
            "required": ["title", "detail", "status", "violations", "message"],
            "properties": {
                "title": text,
                "detail": {"type": "string", "description": "All findings, a line each."},
                "status": {"type": "integer"},
                "violations": {"type": "array", "items": violation},
                "message": {"type": "string", "description": "The same as `detail`."},
            },
        }

    def page_schema(self, route: Route, item: Plain) -> Plain:
        whole: Plain = {"type": "integer", "minimum": 0}
        names = ("totalItems", "itemsPerPage", "currentPage", "lastPage", "pageTotalItems")
        pagination = {"type": "object", "required": list(names), "properties": dict.fromkeys(names, whole)}
        meta = {"type": "object", "required": ["pagination"], "properties": {"pagination": pagination}}
        return {
            "type": "object",
            "required": ["data", "meta"],
            "properties": {"data": {"type": "array", "items": item}, "meta": meta},
        }

    def security_schemes(self) -> Plain:
        return {"ApiToken": {"type": "http", "scheme": "bearer"}}

    def security(self, permission: str) -> list[Plain]:
        return [{"ApiToken": []}]

    def list_parameters(self, route: Route) -> list[Plain]:
        return parameters_of(route.sought or _NOTHING)


@lru_cache(maxsize=1_000)
def _as_spoken(permissions: frozenset[str]) -> frozenset[str]:
    """What a key that gives these may do here: it follows of them alone."""
    named = permissions & FYNN_SCOPES.keys()
    if named or EVERYTHING in permissions:
        return frozenset(named) or permissions
    return permissions | spoken_by_fynn(permissions)


FYNN = FynnVoice()
