"""How `/v2` speaks: bearer tokens, camelCase, RSQL lists in `_embedded`, and one error envelope with every finding."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from contor.api.answers import camel_path
from contor.api.http import STATUS, authorization
from contor.api.route import Plain, Route
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import caller_of
from contor.organizations.rights import SCOPES, said_of
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.list_parameters import list_query
from contor.runtime.refusals import printable
from contor.runtime.uow import wall_clock

_NAMES = {413: "PAYLOAD_TOO_LARGE"}
"""Where the name that clients of this API know is not that of the standard library."""
MAX_FINDINGS = 200
_OLDER = frozenset(
    {
        "/v2/billing-groups",
        "/v2/orders/pageable",
        "/v2/orders/{orderIdent}/lineItems",
        "/v2/contracts/{contractIdent}/lineItems",
        "/v2/usages/pageable",
    }
)
"""Pages of 100 where nothing is said, asked for by pageNumber, pageSize, orderBy and direction; bare arrays have these, too."""


class PlatformVoice:
    """The dialect of `/v2`."""

    name = "platform"
    prefix = "/v2"
    title = "Contor Platform API"
    version = "2"
    description = (
        "Customers, catalogue, contracts, orders, usage, billing, documents, payments and books of one tenant.\n\n"
        "A token of the realm says who calls; its scopes say what he may do. Amounts and quantities are answered as JSON numbers, and "
        "may be sent as numbers or as texts, digit for digit. What has no value is left out of an answer. Lists are searched by RSQL. "
        "A refusal names every finding at once."
    )
    camel = True
    nulls, root = False, "/"
    challenge = "Bearer"

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        """The caller that the bearer token names; a token without a tenant cannot speak here."""
        token = authorization(headers, "bearer")
        if not token:
            raise Refused(
                Kind.UNAUTHENTICATED, Problem("token_missing", "An Authorization header with a bearer token is required.")
            )
        return caller_of(runtime, token, request_id, at_once=at_once)

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery:
        return list_query(query, older=_older(route), beside=tuple(route.parameters))

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        """(status, envelope) with every finding: where, what, and the value that was rejected, bounded."""
        status = STATUS[refused.kind]
        problems = refused.problems
        message = _sentence(problems[0]) if len(problems) == 1 else f"{len(problems)} findings, see errors."
        envelope = self._envelope(status, message, path, request_id)
        envelope["errors"] = [_finding(problem) for problem in problems[:MAX_FINDINGS]]
        return status, envelope

    def with_status(self, body: Plain, status: int) -> Plain:
        """An envelope whose status the rules of transport decide (405)."""
        return {**body, "status": _name(status)}

    def crash(self, path: str, request_id: str) -> tuple[int, Plain]:
        """Nothing internal is shown; the uuid finds the entry in the server's log."""
        return 500, {**self._envelope(500, "An unexpected error occurred.", path, request_id), "errors": []}

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        counts = {"number": page.number, "size": page.size, "totalElements": page.total, "totalPages": page.pages}
        if page.at_least:
            counts["totalIsAtLeast"] = True
        return {"_embedded": rows, "page": counts if page.next_cursor is None else {**counts, "nextCursor": page.next_cursor}}

    def headers(self, request_id: str, seconds: float) -> dict[str, str]:
        return {
            "X-Request-Id": request_id,
            "X-Response-Time": f"{seconds:.6f}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }

    def error_schema(self) -> Plain:
        text = {"type": "string"}
        value = {"anyOf": [text, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]}
        properties = {"fieldName": text, "error": text, "rejectedValue": value}
        finding = {"type": "object", "properties": properties, "required": ["error"]}
        return {
            "type": "object",
            "properties": {
                "status": {**text, "examples": ["BAD_REQUEST"]},
                "timestamp": {**text, "format": "date-time"},
                "message": text,
                "path": text,
                "uuid": {**text, "format": "uuid"},
                "errors": {"type": "array", "items": finding},
            },
            "required": ["status", "timestamp"],
        }

    def page_schema(self, route: Route, item: Plain) -> Plain:
        count = {"type": "integer", "minimum": 0}
        counts = {"number": count, "size": count, "totalElements": count, "totalPages": count}
        more = {
            "totalIsAtLeast": {
                "type": "boolean",
                "description": "There are more than were counted: `totalElements` and `totalPages` grow from page to page, and are"
                " beyond this page as long as another one follows. Left out where they are exact.",
            },
            "nextCursor": {"type": "string", "description": "The `cursor` of the next page. Left out on the last one."},
        }
        page = {"type": "object", "required": list(counts), "properties": {**counts, **more}}
        return {
            "type": "object",
            "required": ["_embedded", "page"],
            "properties": {"_embedded": {"type": "array", "items": item}, "page": page},
        }

    def security_schemes(self) -> Plain:
        flow = {"tokenUrl": "/REALM/oauth2/token", "scopes": {name: said_of(name) for name in SCOPES}}
        return {
            "oauth2": {
                "type": "oauth2",
                "description": "The client id is an API key of the realm (RFC 6749, 4.4), whose name stands for REALM in the address.",
                "flows": {"clientCredentials": flow},
            },
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        }

    def security(self, permission: str) -> list[Plain]:
        scopes = [name for name, given in SCOPES.items() if permission in given]
        return [{"oauth2": scopes[:1]}, {"bearer": []}]

    def list_parameters(self, route: Route) -> list[Plain]:
        assert route.filterable is not None
        fields = ", ".join(sorted(camel_path(name) for name in route.filterable.fields))
        search = _parameter("search", {"type": "string", "maxLength": 4000}, f"RSQL, e.g. `ident==x*`. Fields: {fields}.")
        number = {"type": "integer", "minimum": 0, "default": 0}
        size = {"type": "integer", "minimum": 1, "maximum": 100, "default": 100 if _older(route) else 20}
        cursor = _parameter(
            "cursor",
            {"type": "string", "maxLength": 8000},
            "`page.nextCursor` of the answer before, with the same search and order, in place of the page's number: however far it is,"
            " a page takes as long as the first one.",
        )
        if _older(route):
            return [
                search,
                _parameter("pageNumber", number, "0-based."),
                _parameter("pageSize", size, "Things on a page."),
                _parameter("orderBy", {"type": "string"}, "The field to sort by."),
                _parameter("direction", {"type": "string", "enum": ["ASC", "DESC"], "default": "DESC"}, "The order."),
                cursor,
            ]
        sort = {"type": "array", "items": {"type": "string"}}
        return [
            search,
            _parameter("page", number, "0-based."),
            _parameter("size", size, "Things on a page."),
            _parameter("sort", sort, "`field,asc` or `field,desc`, repeated for further fields."),
            cursor,
        ]

    def _envelope(self, status: int, message: str, path: str, request_id: str) -> Plain:
        return {
            "status": _name(status),
            "timestamp": wall_clock(),
            "message": message,
            "path": path[:500],
            "uuid": str(uuid.UUID(hex=request_id)),  # the request's id, which the log names without dashes
        }


def _older(route: Route) -> bool:
    return route.array or route.path in _OLDER


def _name(status: int) -> str:
    return _NAMES.get(status) or HTTPStatus(status).name


def _sentence(problem: Problem) -> str:
    """The finding by itself. What it is said of stands before one that says no subject: "is after today"."""
    if problem.field is None or not problem.message[:1].islower():
        return problem.message
    subject = camel_path(problem.field)[:300]
    # a finding about a parameter begins with what it says of: "page must be a whole number", "gross== takes a number"
    is_said = problem.message.startswith(subject) and not problem.message[len(subject) :][:1].isalnum()
    return problem.message if is_said else problem.of(subject)


def _finding(problem: Problem) -> Plain:
    """One entry of `errors`; a finding about no field in particular has no fieldName."""
    entry: Plain = {"error": problem.message}
    if problem.field is not None:
        entry = {"fieldName": camel_path(problem.field)[:300], **entry, "rejectedValue": printable(problem.rejected_value)}
    return entry


def _parameter(name: str, schema: Mapping[str, object], description: str) -> Plain:
    return {"name": name, "in": "query", "schema": schema, "description": description}


PLATFORM = PlatformVoice()
